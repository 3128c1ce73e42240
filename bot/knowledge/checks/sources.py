"""Every statement rests on a fact or a named source."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.checks.material import Material, Page
from bot.knowledge.facts_used import facts_in_use
from bot.knowledge.not_used import FILE
from bot.knowledge.problems import Problem

#: What the assistant says of itself needs nobody else's word.
NEEDS_NO_SOURCE = ("assistant",)


def problems(material: Material) -> Iterator[Problem]:
    for page in material.originals:
        if not page.entry.sources and page.entry.topic not in NEEDS_NO_SOURCE:
            yield page.problem(1, "svaret har ingen kilde", "skriv minst én under sources")
        yield from _facts(page, material)
    yield from _not_used(material)


def _facts(page: Page, material: Material) -> Iterator[Problem]:
    known = material.reading.knowledge.facts
    for index, source in enumerate(page.entry.sources):
        for position, fact in enumerate(source.facts):
            line = page.head.line(("sources", index, "facts", position))
            if fact not in known:
                yield page.problem(line, f"opplysningen «{fact}» finnes ikke", "finn riktig id i knowledge/facts/")
            elif known[fact].confidence == "low":
                message = f"opplysningen «{fact}» er usikker (low)"
                yield page.problem(line, message, "la den være ute, eller skriv hvem som sier det", "warning")


def _not_used(material: Material) -> Iterator[Problem]:
    known = material.reading.knowledge.facts
    used = facts_in_use(material.reading.knowledge)
    for fact, reason in material.reading.not_used.items():
        if fact not in known:
            yield Problem(
                FILE, reason.line, f"opplysningen «{fact}» finnes ikke", "rett skrivemåten eller slett linjen"
            )
        elif fact in used:
            message = f"opplysningen «{fact}» brukes i {used[fact][0]}"
            yield Problem(FILE, reason.line, message, "slett linjen", "warning")
