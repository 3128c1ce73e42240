"""The weekly figures in words. Figures under five are never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from markupsafe import Markup

from bot.texts import label, say

#: From here on a figure is shown; below, it could point to a person.
SHOWN_FROM = 5


@dataclass(slots=True)
class Figures:
    """One municipality's week, or the whole region's."""

    asked: int = 0
    answered: int = 0
    #: New leads, and those of them that were taken before the stand-in's turn came.
    leads: int = 0
    in_time: int = 0
    #: Open ones whose promised day is over.
    overdue: int = 0
    #: Working hours from making a lead to its first answer by a person.
    hours: list[float] = field(default_factory=list)


def weekly(
    language: str, lines: Iterable[tuple[str, Figures]], gaps: Sequence[str], places: Mapping[str, str]
) -> Markup:
    """`lines` go by municipality slug, or "" for the whole region, which comes first."""
    told = [_line(language, places.get(slug, label(language, "desk.weekly_all")), figures) for slug, figures in lines]
    text = say(language, "desk.weekly", lines=Markup("\n").join(told))
    if gaps:
        listed = Markup("\n").join(Markup("– {}").format(gap) for gap in gaps)
        text += "\n\n" + say(language, "desk.weekly_gaps", gaps=listed)
    return text


def _line(language: str, place: str, figures: Figures) -> Markup:
    told = {
        "asked": shown(language, figures.asked),
        "answered": shown(language, figures.answered),
        "leads": shown(language, figures.leads),
    }
    line = say(language, "desk.weekly_line", place=place, **told)
    if figures.leads:
        line += say(language, "desk.weekly_in_time", number=shown(language, figures.in_time))
    if figures.overdue:
        line += say(language, "desk.weekly_overdue", number=shown(language, figures.overdue))
    if len(figures.hours) >= SHOWN_FROM:
        line += say(language, "desk.weekly_half", hours=round(median(figures.hours)))
    return line


def shown(language: str, number: int) -> str:
    if number == 0:
        return "0"
    return str(number) if number >= SHOWN_FROM else label(language, "desk.weekly_few")
