"""What a short line means after another one: "og hva med Alvdal?", "hva koster det?", "går det tog da?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from bot.knowledge.model import ORIGINAL_LANGUAGE, Entry, Knowledge
from bot.matching.ranking import Ranking, share_out
from bot.matching.text import listed
from bot.matching.verdict import Context, Decision
from bot.matching.wording import HERE

if TYPE_CHECKING:
    from bot.matching.matcher import Understood
    from bot.matching.model import Line

#: Longer lines say themselves what they are about.
_LONGEST = 16
#: Words that carry no subject: a line of these and a place repeats the last question.
_EMPTY = frozenset(
    listed("""
    og å men enn hva ka kva va hå med me mæ om i på til te ti fra frå for da då der det dæ d er e gjelder gjeld også òg au
    helst gjerne heller eller så hvordan korleis korsn åssen and what about how in at same also too or but rather maybe
    preferably near around then that is it nabokommunen nabobygda kommune kommunen kommuna municipality of from oppi borti
    nedi nede oppe inne samme som blir bli vart ok okei okay ja nei yes no hos i stedet rundt omkring ved nærheten
    kanskje vi jeg æ je eg mener mente meiner meinte tenker tenkte mean meant instead wait vent a w co z und was ist mit och
    vad hur hvis if ka hen hvor er dere dei de andre kommunane kommunene kommunan alle hele heile resten regionen the other
    whole region ones municipalities for eksempel bygda stedet
    """)
)
#: What people ask about the thing just spoken of. With nothing but these the line has no subject of its own.
_ABOUT_IT = frozenset(
    listed("""
    koster kosta koste kostar pris prisen prisene prisnivå dyrt dyr billig mye mykje mytji mye penger cost costs price much
    expensive cheap måned måneden månaden month året lang lenge tid tar tek ta bruker long take takes time ofte often når
    when gratis free støtte støtta hjelp søke søker søkjer apply må får kan kø ventetid ventetida lett lettere vanskelig hard
    easier ledig ledige plass noe noen nokon noko any some vanlig nok både begge alle bare berre lov åpent ope open regne
    betale pay går gå finnes finst fins har have they do does can could det den dem there here it them this these those
    hvilken hvilke hvilket which mange many langt far bra god good egentlig really fortsatt still lettest billigst best størst billett billetten
    svar regne vente sees ses folk de dem den
    """)
)
#: Nothing of place or subject is taken over by these, nor any subject handed on.
PLACELESS = frozenset(
    f"assistant/{name}"
    for name in listed(
        "thanks-and-bye complaint greeting are-you-human what-can-you-do change-language privacy emergency"
    )
)
#: So many places are held in mind.
_MOST_PLACES = 3
#: A line this sure of itself needs no context.
_SURE_ALONE = 0.95
#: How much the reading with the old subject in front counts; found on tests/questions/followups.jsonl.
_WEIGHT_TOGETHER = 0.45
_WEIGHT_ABOUT_IT = 0.85
#: Entries named as related to the last one are what people go on to; the last one itself they have just read.
_RELATED = 2.0
_SAME = 0.15
_SAME_ABOUT_IT = 0.8
#: What the region is like as a whole is hardly a subject to go on from.
_GENERAL_TOPIC, _WEIGHT_GENERAL = "region", 0.3
#: Both readings together must give an entry this much, or it is only suggested; less is enough for what the line alone,
#: fairly sure of itself, would be answered with.
_AGREED = 0.72
_SURE_ENOUGH_ALONE, _AGREED_WITH_LINE = 0.8, 0.5
#: In the middle of a conversation a short line is rarely about something else altogether.
_IN_SCOPE_HERE = 0.4
_SHORT = 9


class Kind(Enum):
    NEW = "new"
    SAME_ENTRY = "same entry"
    #: Nothing but "hva koster det?": of something spoken of before.
    ABOUT_IT = "about it"
    MAYBE = "maybe"


def kind_of(line: Line, context: Context, knowledge: Knowledge) -> Kind:
    entry = context.entry
    if entry is None or entry not in knowledge.entries or entry in PLACELESS or line.count > _LONGEST:
        return Kind.NEW
    rest = [word for word in line.wording.words if word != HERE and word not in _EMPTY]
    named = line.places.municipalities or line.places.whole_region
    if named and not line.places.outside and all(word in ("fjellregionen",) for word in rest):
        return Kind.SAME_ENTRY
    if all(word in _ABOUT_IT for word in rest):
        return Kind.ABOUT_IT
    return Kind.MAYBE


def spoken_of(entry: Entry) -> str:
    """The word that stands best for what was spoken of: editors put it first among the keywords."""
    text = entry.texts[ORIGINAL_LANGUAGE]
    return text.keywords[0] if text.keywords else text.title


def blend(kind: Kind, alone: Understood, together: Understood, classes: Sequence[str], entry: Entry) -> Understood:
    """The line's own reading mixed with the one that has the subject spoken of before in front."""
    if kind is Kind.MAYBE and alone.decision == "answer" and alone.right >= _SURE_ALONE:
        return alone
    weight, same = (_WEIGHT_ABOUT_IT, _SAME_ABOUT_IT) if kind is Kind.ABOUT_IT else (_WEIGHT_TOGETHER, _SAME)
    if entry.topic == _GENERAL_TOPIC:
        weight *= _WEIGHT_GENERAL
    kinship = np.array([_RELATED if name in entry.related else 1.0 for name in classes])
    held_back = np.array([same if name == entry.id else 1.0 for name in classes])
    added = together.ranking.shares * held_back
    shares = ((1 - weight) * alone.ranking.shares + weight * added / added.sum()) * kinship
    # What is out of scope was decided before: the words put in front are always in scope.
    shares[-1] = 1e-6
    ranking = replace(share_out(np.log(shares / shares.sum() + 1e-9)), clues=alone.ranking.clues)
    # A line with a subject of its own, and one we do not know, is not answered by saying the last answer again.
    again = kind is Kind.MAYBE and alone.decision == "none" and classes[ranking.entries[0]] == entry.id
    agreed = not again and float(ranking.shares[ranking.entries[0]]) >= _needed(kind, alone, ranking)
    return replace(
        alone,
        ranking=ranking,
        right=max(alone.thresholds.answer, 0.8) if agreed else 0.0,
        in_scope=max(alone.in_scope, alone.thresholds.choose) if _stays(kind, alone) else alone.in_scope,
    )


def _needed(kind: Kind, alone: Understood, ranking: Ranking) -> float:
    """The share that the first entry of both readings must have to be the answer."""
    sure = kind is Kind.MAYBE and alone.decision == "answer" and alone.right >= _SURE_ENOUGH_ALONE
    return _AGREED_WITH_LINE if sure and ranking.entries[0] == alone.ranking.entries[0] else _AGREED


def _stays(kind: Kind, alone: Understood) -> bool:
    return kind is Kind.ABOUT_IT or (alone.line.count <= _SHORT and alone.in_scope >= _IN_SCOPE_HERE)


def remembered(places: tuple[str, ...]) -> tuple[str, ...]:
    """Two or three that are weighed against each other; who names more speaks of the region."""
    return places if len(places) <= _MOST_PLACES else ()


def municipalities(line: Line, entry: str | None, decision: Decision, context: Context) -> tuple[str, ...]:
    """The places named, or the one spoken of before."""
    if line.places.municipalities:
        return line.places.municipalities
    if decision == "none" or entry in PLACELESS or line.places.whole_region:
        return ()
    return context.municipalities


def next_context(entry: str | None, places: tuple[str, ...], line: Line, context: Context) -> Context:
    """`entry`: what the line was about, also when it was about a place elsewhere ("nei, jeg mente Os i Østerdalen")."""
    if entry in PLACELESS:
        # "Hei, vi vil til Røros" asks nothing, and yet the next question is about Røros.
        return replace(context, municipalities=remembered(places)) if places else context
    if line.places.whole_region:
        return Context(entry)
    return Context(entry, remembered(places or context.municipalities))
