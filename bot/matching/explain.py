"""Why a verdict came out as it did, in words an editor understands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.ranking import Evidence

if TYPE_CHECKING:
    from bot.matching.matcher import Understood


def reasons(evidence: Evidence, number: int) -> tuple[str, ...]:
    """What spoke for one entry."""
    found = []
    if int(np.argmax(evidence.ngrams[:-1])) == number:
        found.append("ordene ligner mest på eksemplene her")
    if evidence.nearest.ratio[number] >= 0.75:
        found.append(f"skrevet nesten som et eksempel ({evidence.nearest.ratio[number]:.0%} likt)")
    if evidence.meaning is not None and int(np.argmax(evidence.meaning.scores[:-1])) == number:
        found.append("meningen ligner mest på eksemplene her")
    return tuple(found)


def sentences(understood: Understood, classes: Sequence[str], lines: Sequence[str]) -> tuple[str, ...]:
    ranking, evidence, bars = understood.ranking, understood.evidence, understood.thresholds
    first, second = ranking.entries[:2]
    shares = ranking.shares
    told = [
        f"Nærmest: {classes[first]} ({shares[first]:.0%}), så {classes[second]} ({shares[second]:.0%}); "
        f"utenfor temaet: {shares[-1]:.0%}.",
        f"Sikkerhet for at det første er rett: {understood.right:.0%} (svarer fra {bars.answer:.0%}).",
        f"Sikkerhet for at spørsmålet hører til her: {understood.in_scope:.0%} (foreslår fra {bars.choose:.0%}).",
        f"{evidence.known:.0%} av ordene finnes i eksemplene.",
    ]
    if evidence.nearest.example is not None:
        told.append(f"Likeste eksempel: «{lines[evidence.nearest.example]}».")
    told.append("Meningen ble også sammenlignet." if understood.with_meaning else "Ordene alene var nok.")
    places = understood.line.places
    if places.municipalities:
        told.append(f"Steder i regionen: {', '.join(places.municipalities)}.")
    if places.outside:
        told.append(f"Steder utenfor: {', '.join(places.outside)}.")
    language = understood.line.language
    told.append(f"Språk: {language.code} ({language.confidence:.0%}).")
    return tuple(told)
