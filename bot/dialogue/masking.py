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
    """Whether eleven digits stand together as in a Norwegian national identity number."""
    return any(len(re.sub(r"\D", "", found[0])) == 11 for found in _NUMBER.finditer(text))


def mask_identity_numbers(text: str) -> str:
    """The text with eleven-digit numbers covered; phone numbers stay, where they are meant to be read."""
    return _NUMBER.sub(lambda found: "[…]" if len(re.sub(r"\D", "", found[0])) == 11 else found[0], text)


def _number(found: re.Match[str]) -> str:
    harmless = _YEARS.fullmatch(found[0]) or _MONEY.fullmatch(found[0])
    return found[0] if harmless else "[…]"
