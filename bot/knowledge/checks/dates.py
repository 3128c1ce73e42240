"""Texts whose review is overdue, and review dates that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.checks.material import Material
from bot.knowledge.problems import Problem
from bot.knowledge.reviews import MUNICIPALITY_MONTHS, due


def problems(material: Material) -> Iterator[Problem]:
    today = material.today
    for page in material.originals:
        entry, line = page.entry, page.head.line(("checked_on",))
        yield from _reviewed(page.file, line, entry.checked_on, entry.check_again_after_months, today)
    for slug, document in material.municipalities.items():
        if isinstance(document.value, dict):
            checked_on = date.fromisoformat(str(document.value.get("checked_on")))
            line = document.line(("checked_on",))
            yield from _reviewed(f"municipalities/{slug}.yaml", line, checked_on, MUNICIPALITY_MONTHS, today)


def _reviewed(file: str, line: int, checked_on: date, months: int, today: date) -> Iterator[Problem]:
    if checked_on > today:
        yield Problem(file, line, f"{checked_on} er ikke kommet ennå", "skriv dagen du så over teksten", "warning")
    elif due(checked_on, months) < today:
        message = f"teksten skulle vært sett over innen {due(checked_on, months)}"
        remedy = "sjekk opplysningene mot kildene, rett det som trengs, og sett checked_on til i dag"
        yield Problem(file, line, message, remedy, "warning")
