"""Ready-made texts that hosts begin an answer with. A municipality writes its own; until then two neutral ones help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.texts import label

#: Phrases under inbox.block: they say nothing of any place.
_SHIPPED = ("thanks", "later")
MAX_TITLE = 60
MAX_TEXT = 3000


@dataclass(frozen=True, slots=True)
class TextBlock:
    """`key` is its number where a municipality wrote it, a name where it was shipped."""

    key: str
    language: str
    title: str
    text: str


def offered(own: Sequence[TextBlock], language: str) -> tuple[TextBlock, ...]:
    """For an answer in this language: the municipality's own, else the shipped ones."""
    return tuple(block for block in own if block.language == language) or shipped(language)


def shipped(language: str) -> tuple[TextBlock, ...]:
    return tuple(
        TextBlock(
            key, language, label(language, f"inbox.block.{key}.title"), label(language, f"inbox.block.{key}.text")
        )
        for key in _SHIPPED
    )


def put_at_end(written: str, block: TextBlock) -> str:
    """What was written stays as it is."""
    return f"{written.rstrip()}\n\n{block.text}" if written.strip() else block.text
