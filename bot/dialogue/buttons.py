"""Callback data: `1:verb:argument`, stateless and valid for ever while browsing."""

from __future__ import annotations

from typing import NamedTuple

VERSION = "1"
MAX_BYTES = 64  # Telegram's limit


class Press(NamedTuple):
    verb: str
    argument: str


def data(verb: str, argument: str = "") -> str:
    """Data for a button. Raises ValueError where Telegram would refuse it."""
    whole = f"{VERSION}:{verb}:{argument}"
    if len(whole.encode()) > MAX_BYTES:
        raise ValueError(f"callback data over {MAX_BYTES} bytes: {whole}")
    return whole


def parse(raw: str) -> Press | None:
    """The press, or None for anything we never made."""
    version, _, rest = raw.partition(":")
    verb, separator, argument = rest.partition(":")
    return Press(verb, argument) if version == VERSION and separator and verb else None
