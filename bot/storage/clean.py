"""Characters that no database can hold are taken out at the door; the arrival keeps the raw bytes."""

from __future__ import annotations


def clean(text: str) -> str:
    """Without NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
