"""Covers numbers and addresses that point to a person before a question is stored."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,4}")
#: Seven digits or more, with the usual separators between: phone, account and national identity numbers.
_NUMBER = re.compile(r"(?<![\w])\+?\d(?:[ .\-/]?\d){6,18}(?!\w)")
_YEARS = re.compile(r"(?:19|20)\d\d[ .\-/]?(?:19|20)\d\d")


def mask(text: str) -> str:
    """The text with e-mail addresses and long numbers replaced by […]; two years in a row stay."""
    return _NUMBER.sub(_number, _EMAIL.sub("[…]", text))


def holds_identity_number(text: str) -> bool:
    """Whether eleven digits stand together as in a Norwegian national identity number."""
    return any(len(re.sub(r"\D", "", found[0])) == 11 for found in _NUMBER.finditer(text))


def _number(found: re.Match[str]) -> str:
    return found[0] if _YEARS.fullmatch(found[0]) else "[…]"
