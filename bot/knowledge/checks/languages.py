"""Translations: missing, older than their original, or with other sections than it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.checks.material import Material, Page
from bot.knowledge.entry_file import SECTION_SLUGS
from bot.knowledge.model import ORIGINAL_LANGUAGE
from bot.knowledge.problems import Problem

TRANSLATED = {"nn": "nynorsk", "en": "engelsk"}
NAMES = {slug: name for name, slug in SECTION_SLUGS.items()}


def problems(material: Material) -> Iterator[Problem]:
    for page in material.pages:
        if page.language == ORIGINAL_LANGUAGE:
            yield from _missing(page, material)
        else:
            yield from _outdated(page)
            yield from _other_sections(page)


def _missing(page: Page, material: Material) -> Iterator[Problem]:
    for language, name in TRANSLATED.items():
        file = f"{page.entry.id}.{language}.md"
        # A translation that stands there but cannot be read is told of by the reading.
        if language not in page.entry.texts and not material.has_errors(file):
            yield page.problem(1, f"mangler oversettelse til {name}", f"lag {file}", "warning")


def _outdated(page: Page) -> Iterator[Problem]:
    if page.entry.texts[page.language].outdated:
        line = page.head.line(("translated_from",))
        message = f"originalen {page.entry.id}.md er endret etter at dette ble oversatt"
        remedy = f"se over oversettelsen, og kjør så «python run_bot.py knowledge translated {page.file}»"
        yield page.problem(line, message, remedy, "warning")


def _other_sections(page: Page) -> Iterator[Problem]:
    original = page.entry.texts[ORIGINAL_LANGUAGE].sections
    translated = page.entry.texts[page.language].sections
    for slug in original:
        if slug not in translated:
            message = f"delen «## {NAMES[slug]}» mangler her, men står i originalen"
            yield page.problem(page.body_line, message, "oversett den", "warning")
    for block in page.blocks:
        if block.heading is not None and SECTION_SLUGS.get(block.heading) in translated.keys() - original.keys():
            message = f"delen «## {block.heading}» står ikke i originalen"
            yield page.problem(block.line, message, "skriv den i originalen også, eller slett den", "warning")
