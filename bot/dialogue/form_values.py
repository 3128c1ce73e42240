"""What is typed into the form, checked and cleaned."""

from __future__ import annotations

import re

from bot.dialogue.masking import holds_identity_number, mask_identity_numbers

MAX_SHORT, MAX_MESSAGE = 300, 1500
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63}){1,4}")
_PHONE = re.compile(r"\+?\d{8,15}")


def phone(text: str) -> str | None:
    """The number without separators; None when it is none. Eight digits are a Norwegian number."""
    digits = re.sub(r"[\s.\-/()]", "", text.strip())
    digits = f"+{digits[2:]}" if digits.startswith("00") else digits
    return digits if _PHONE.fullmatch(digits) and not holds_identity_number(digits) else None


def email(text: str) -> str | None:
    address = text.strip().strip("<>,;")
    return address if len(address) <= 200 and _EMAIL.fullmatch(address) else None


def words(text: str, limit: int) -> tuple[str, bool]:
    """The text cut to its limit, identity numbers covered; True when one had to be."""
    plain = " ".join(text.split()) if limit == MAX_SHORT else text.strip()
    covered = mask_identity_numbers(plain)
    return covered[:limit], covered != plain
