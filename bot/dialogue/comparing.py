"""Two or three municipalities side by side, by the figures that are known; a missing one is said."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue.buttons import data
from bot.dialogue.model import Button
from bot.dialogue.talk import Talk
from bot.knowledge.model import Figure, Municipality
from bot.texts import label, phrases

MOST = 3
#: What a file says where the source names no year.
UNDATED = "udatert"
#: Figures that are compared, in this order; others stand in the profile only.
KINDS = (
    "population",
    "area_km2",
    "administrative_centre",
    "centre_population",
    "centrality_class",
    "highest_point_m",
    "municipal_employees",
)


def compare(talk: Talk, argument: str) -> None:
    """/sammenlign tynset røros; without names, the mover's own municipalities."""
    named = talk.matcher.understand(argument).municipalities if argument.strip() else talk.conversation.municipalities
    known = [talk.knowledge.municipalities[slug] for slug in named if slug in talk.knowledge.municipalities]
    if len(known) < 2:
        talk.say("compare.which")
        return
    tell(talk, known[:MOST])


def tell(talk: Talk, municipalities: Sequence[Municipality]) -> None:
    parts = [talk.phrase("compare.title", places=talk.places([m.slug for m in municipalities]))]
    for kind in KINDS:
        figures = {m.name: _figure(m, kind) for m in municipalities}
        if any(figures.values()):
            lines = [_line(talk, name, figure) for name, figure in figures.items()]
            parts.append(Markup("<b>{}</b>\n").format(talk.phrase(f"figure.{kind}")) + Markup("\n").join(lines))
    buttons = [[Button(f"{m.name}", data("mp", m.slug)) for m in municipalities], [talk.button("host", "h")]]
    talk.reply(Markup("\n\n").join(parts), buttons)


def figure_lines(talk: Talk, municipality: Municipality) -> list[Markup]:
    """The key figures of a profile."""
    known = [figure for figure in municipality.figures if f"figure.{figure.kind}" in phrases(talk.language)]
    return [
        talk.phrase("figure.line", kind=talk.phrase(f"figure.{f.kind}"), value=f.value, year=year_words(talk, f.year))
        for f in known
    ]


def year_words(talk: Talk, year: str) -> str:
    """The year as it stands in the file, or that there is none, in the mover's language."""
    return label(talk.language, "figure.undated") if year == UNDATED else year


def _figure(municipality: Municipality, kind: str) -> Figure | None:
    return next((figure for figure in municipality.figures if figure.kind == kind), None)


def _line(talk: Talk, name: str, figure: Figure | None) -> Markup:
    if figure is None:
        return talk.phrase("compare.missing", name=name)
    return talk.phrase("compare.line", name=name, value=figure.value, year=year_words(talk, figure.year))
