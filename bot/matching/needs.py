"""Several needs in one message: cut a story where people change the subject, and keep what stands clearly apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.matching.text import sentences, words

if TYPE_CHECKING:
    from bot.matching.matcher import Understood

#: Entries under one answer.
_MOST = 3
_MOST_PARTS = 6
#: A part shorter than this says nothing on its own.
_SHORTEST = 3
#: How sure a further need must be; higher than for an answer, since it was not asked for by itself.
_SURE = 0.9
_JOINTS = re.compile(
    r"(?:,? (?:og|and|samt|pluss|dessuten|i tillegg) (?=(?:hva|hvor|hvordan|hvem|når|er det|finnes|har dere|kan|kva|korleis|kor|kvar|"
    r"finst|er der|what|where|how|is there|are there|do you|can)\b))|; ",
    re.IGNORECASE,
)


def parts(text: str) -> list[str]:
    """The pieces of a message that could each be a need; nothing when it is all one piece."""
    pieces = [piece for sentence in sentences(text) for piece in _JOINTS.split(sentence)]
    found = [piece for piece in pieces if len(words(piece)) >= _SHORTEST]
    return found[:_MOST_PARTS] if len(found) > 1 else []


def of_trades(first: int, found: Sequence[int], trades: Sequence[int], classes: Sequence[str]) -> tuple[int, ...]:
    """With the entries of the trades that were named, when the answer is about work: a couple asks for two at once."""
    several = first in trades or len(set(trades)) > 1
    if not several or any(_topic(classes[first]) != _topic(classes[entry]) for entry in trades):
        return tuple(found)
    return tuple(dict.fromkeys((*found, *(entry for entry in trades if entry != first))))[: _MOST - 1]


def _topic(name: str) -> str:
    return name.partition("/")[0]


def further(first: int, judged: Sequence[Understood], classes: Sequence[str]) -> tuple[int, ...]:
    """Entries that parts ask for clearly, besides the first and at most one of a topic's siblings."""
    found: list[int] = []
    for part in judged:
        best = part.ranking.entries[0]
        clear = part.decision == "answer" and part.right >= _SURE and part.in_scope >= _SURE
        if clear and best != first and best not in found and not classes[best].startswith("assistant/"):
            found.append(best)
    return tuple(found[: _MOST - 1])
