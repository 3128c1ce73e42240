"""Answers are read on a phone: the part for the region and each municipality's part are short."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.checks.material import Material
from bot.knowledge.markup import visible_length
from bot.knowledge.problems import Problem

GENERAL, SECTION = 600, 500


def problems(material: Material) -> Iterator[Problem]:
    for page in material.pages:
        for block in page.blocks:
            most = GENERAL if block.heading is None else SECTION
            # What is not seen never makes a text longer, so most texts need not be parsed.
            length = len(block.text) if len(block.text) <= most else visible_length(block.text)
            if length > most:
                part = f"delen «{block.heading}»" if block.heading else "den felles delen"
                remedy = f"kort ned {length - most} tegn, eller flytt noe til et annet svar"
                yield page.problem(block.line, f"{part} er {length} tegn; høyst {most}", remedy)
