"""The weekly figures in words. Figures under five are never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from bot.texts import label, say

#: From here on a figure is shown; below, it could point to a person.
SHOWN_FROM = 5


def weekly(
    language: str, lines: Iterable[tuple[str, Sequence[int]]], gaps: Sequence[str], places: Mapping[str, str]
) -> Markup:
    """`lines` are (municipality slug or "", (asked, answered, leads)), the whole region first."""
    told = [
        say(
            language,
            "desk.weekly_line",
            place=places.get(slug, label(language, "desk.weekly_all")),
            asked=shown(language, asked),
            answered=shown(language, answered),
            leads=shown(language, leads),
        )
        for slug, (asked, answered, leads) in lines
    ]
    text = say(language, "desk.weekly", lines=Markup("\n").join(told))
    if gaps:
        listed = Markup("\n").join(Markup("– {}").format(gap) for gap in gaps)
        text += "\n\n" + say(language, "desk.weekly_gaps", gaps=listed)
    return text


def shown(language: str, number: int) -> str:
    if number == 0:
        return "0"
    return str(number) if number >= SHOWN_FROM else label(language, "desk.weekly_few")
