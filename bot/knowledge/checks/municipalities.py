"""The municipality files. That all are there and have the right keys is told by the reading."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.checks.material import Material
from bot.knowledge.facts_used import municipality_facts
from bot.knowledge.problems import Problem


def problems(material: Material) -> Iterator[Problem]:
    facts = material.reading.knowledge.facts
    for slug, municipality in material.reading.knowledge.municipalities.items():
        document = material.municipalities.get(slug)
        if document is None:
            continue
        file = f"municipalities/{slug}.yaml"
        if municipality.slug != slug:
            line = document.line(("slug",))
            yield Problem(file, line, f"slug er «{municipality.slug}» i filen {slug}.yaml", f"skriv slug: {slug}")
        for path, fact in municipality_facts(municipality):
            line = document.line(path)
            if fact not in facts:
                yield Problem(file, line, f"opplysningen «{fact}» finnes ikke", "finn riktig id i knowledge/facts/")
            elif facts[fact].confidence == "low":
                yield Problem(
                    file,
                    line,
                    f"opplysningen «{fact}» er usikker (low)",
                    "bruk en annen eller la den være ute",
                    "warning",
                )
