"""Updates that are not as Telegram defines them. PTB takes whatever stands where a number or a text should."""

from __future__ import annotations

from collections.abc import Iterable


class Unparsable(Exception):
    """Not an update as Telegram defines it; names the error's kind, or what is wrong."""


def check(numbers: Iterable[object], texts: Iterable[object]) -> None:
    """None counts as not given. Raises Unparsable for what is no number of 64 bits, or no text."""
    for number in numbers:
        if number is not None and (type(number) is not int or abs(number) >= 2**63):
            raise Unparsable("no number")
    for text in texts:
        if text is not None and not isinstance(text, str):
            raise Unparsable("no text")
