"""What a short line means after another one: "og hva med Alvdal?", "hva koster det?", "går det tog da?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from bot.knowledge.model import Entry, Knowledge
from bot.matching.ranking import Ranking
from bot.matching.verdict import Context, Decision
from bot.matching.wording import HERE

if TYPE_CHECKING:
    from bot.matching.matcher import Understood
    from bot.matching.model import Line

#: Longer lines say themselves what they are about.
_LONGEST = 14
#: Words that carry no subject of their own; a line of these and a place repeats the last question.
_EMPTY = frozenset(
    [
        "og",
        "å",
        "men",
        "enn",
        "hva",
        "ka",
        "kva",
        "va",
        "med",
        "me",
        "om",
        "i",
        "på",
        "til",
        "te",
        "ti",
        "fra",
        "frå",
        "for",
        "da",
        "då",
        "der",
        "det",
        "dæ",
        "d",
        "er",
        "e",
        "gjelder",
        "gjeld",
        "også",
        "òg",
        "au",
        "helst",
        "gjerne",
        "heller",
        "heller",
        "eller",
        "så",
        "hvordan",
        "korleis",
        "korsn",
        "åssen",
        "and",
        "what",
        "about",
        "how",
        "in",
        "at",
        "for",
        "there",
        "same",
        "also",
        "too",
        "or",
        "but",
        "rather",
        "maybe",
        "preferably",
        "near",
        "around",
        "then",
        "that",
        "is",
        "it",
        "nabokommunen",
        "kommune",
        "kommunen",
        "kommuna",
        "municipality",
        "of",
        "from",
        "oppi",
        "borti",
        "nedi",
        "nede",
        "oppe",
        "inne",
        "samme",
        "same",
        "det",
        "som",
        "blir",
        "bli",
        "vart",
        "samme",
        "ok",
        "okei",
        "okay",
        "ja",
        "nei",
        "yes",
        "no",
        "hos",
        "i",
        "stedet",
        "stede",
        "heller",
        "rundt",
        "omkring",
        "ved",
        "nærheten",
        "kanskje",
        "vi",
        "jeg",
        "mener",
        "mente",
        "eg",
        "meiner",
        "meinte",
        "æ",
        "tenker",
        "tenkte",
        "på",
        "mean",
        "meant",
        "instead",
        "wait",
        "vent",
        "a",
        "w",
        "co",
        "z",
        "und",
        "was",
        "ist",
        "mit",
        "och",
        "vad",
        "hur",
        "hvis",
        "if",
        "så",
    ]
)
#: Nothing of place or subject is taken over by these, nor handed on.
_PLACELESS = frozenset(
    {"assistant/thanks-and-bye", "assistant/complaint", "assistant/greeting", "assistant/are-you-human",
     "assistant/what-can-you-do", "assistant/change-language", "assistant/privacy"}
)  # fmt: skip


class Kind(Enum):
    NEW = "new"
    SAME_ENTRY = "same entry"
    MAYBE = "maybe"


def kind_of(line: Line, context: Context, knowledge: Knowledge) -> Kind:
    entry = context.entry
    if entry is None or entry not in knowledge.entries or entry in _PLACELESS or line.count > _LONGEST:
        return Kind.NEW
    rest = [word for word in line.wording.words if word != HERE and word not in _EMPTY]
    if line.places.municipalities and not line.places.outside and not rest:
        return Kind.SAME_ENTRY
    return Kind.MAYBE


def spoken_of(entry: Entry) -> str:
    """A few words that stand for what was spoken of."""
    text = entry.texts["nb"]
    return " ".join((text.title, *text.keywords[:2]))


def blend(
    line: Line, alone: Understood, together: Understood, context: Context, classes: Sequence[str], knowledge: Knowledge
) -> Understood:
    """Of the two readings, the line's own when it is sure of itself, else their mixture."""
    if alone.decision == "answer" and alone.right >= 0.85:
        return alone
    entry = knowledge.entries[context.entry or ""]
    near = np.array([_kinship(name, entry) for name in classes])
    mixed = (0.6 * alone.ranking.shares + 0.4 * together.ranking.shares) * near
    mixed = (mixed / mixed.sum()).astype(np.float32)
    order = tuple(np.argsort(-mixed, kind="stable").tolist())
    ranking = Ranking(order, mixed, alone.ranking.clues)
    first = ranking.entries[0]
    right = max(alone.right if alone.ranking.entries[0] == first else 0.0, float(mixed[first]))
    in_scope = max(alone.in_scope, min(1.0, 1 - float(mixed[-1])) if near[first] > 1 else 0.0)
    return replace(alone, ranking=ranking, right=right, in_scope=in_scope)


def _kinship(name: str, entry: Entry) -> float:
    if name in entry.related or name == entry.id:
        return 2.0
    return 1.5 if name.partition("/")[0] == entry.topic else 1.0


def place_of(context: Context) -> tuple[str, ...]:
    return (context.municipality,) if context.municipality else ()


def municipalities(line: Line, entry: str | None, decision: Decision, context: Context) -> tuple[str, ...]:
    """The places named, or the one spoken of before."""
    if line.places.municipalities:
        return line.places.municipalities
    if decision == "none" or entry in _PLACELESS or line.places.whole_region:
        return ()
    return place_of(context)


def next_context(entry: str | None, places: tuple[str, ...], line: Line, context: Context) -> Context:
    if entry in _PLACELESS:
        return Context(context.entry, context.municipality)
    if line.places.whole_region or len(places) > 1:
        return Context(entry, None)
    return Context(entry, places[0] if places else context.municipality)
