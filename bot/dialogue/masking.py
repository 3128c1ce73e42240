"""Covers numbers and addresses that point to a person before a question is stored."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,4}")
#: Seven digits or more, with the usual separators between: phone, account and national identity numbers.
_NUMBER = re.compile(r"(?<!\d)[+(]?\d(?:[\s.\-/()]{0,2}\d){6,18}(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d\d[ .\-/]?(?:19|20)\d\d")
#: 2 500 000: seven or eight digits in groups of three are money, not a phone number.
_MONEY = re.compile(r"\d{1,2}(?:[ .\u00a0]\d{3}){2}")


def mask(text: str) -> str:
    """The text with e-mail addresses and long numbers replaced by […]; years and sums of money stay."""
    return _NUMBER.sub(_number, _EMAIL.sub("[…]", text))


def holds_identity_number(text: str) -> bool:
    """Whether a Norwegian national identity number or D number stands in the text."""
    return any(_is_identity(found[0]) for found in _NUMBER.finditer(text))


def mask_identity_numbers(text: str) -> str:
    """The text with eleven-digit numbers covered; phone numbers stay, where they are meant to be read."""
    return _NUMBER.sub(lambda found: "[…]" if _is_identity(found[0]) else found[0], text)


def _is_identity(number: str) -> bool:
    """Eleven digits that begin with a day and a month; a Swedish phone number has eleven too, but a + before it.

    D numbers have 4 added to the first digit, test numbers 4 or 8 to the third.
    """
    digits = re.sub(r"\D", "", number)
    if len(digits) != 11 or number.startswith("+"):
        return False
    day, month = int(digits[:2]), int(digits[2:4])
    return 1 <= day % 40 <= 31 and 1 <= month % 40 <= 12


def _number(found: re.Match[str]) -> str:
    harmless = _YEARS.fullmatch(found[0]) or _MONEY.fullmatch(found[0])
    return found[0] if harmless else "[…]"
