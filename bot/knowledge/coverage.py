"""What the knowledge holds: entry by language and municipality, with age, owner and number of example questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.entry_file import SECTION_SLUGS
from bot.knowledge.model import ORIGINAL_LANGUAGE, Entry
from bot.knowledge.reading import Reading
from bot.knowledge.reviews import due

LANGUAGES = (ORIGINAL_LANGUAGE, "nn", "en")
MUNICIPALITIES: Mapping[str, str] = {slug: name for name, slug in SECTION_SLUGS.items()}

#: Entries that rules recognise, not example questions (bot/matching/emergency.py).
BY_RULES = ("assistant/emergency",)

#: ok: there and up to date; old: made from an older original; missing: to be written; none: nothing to say here.
State = Literal["ok", "old", "missing", "none"]
SIGNS: Mapping[State, str] = {"ok": "ja", "old": "eldre", "missing": "MANGLER", "none": "–"}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. `general` has a state by language, `sections` one by municipality and language."""

    entry_id: str
    title: str
    owner: str
    age_days: int
    overdue: bool
    questions: int
    general: Mapping[str, State]
    sections: Mapping[str, Mapping[str, State]]

    @property
    def topic(self) -> str:
        return self.entry_id.partition("/")[0]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What an editor should do, in words."""
        return tuple(self._gaps())

    def _gaps(self) -> Iterator[str]:
        yield from (f"{language} mangler" for language, state in self.general.items() if state == "missing")
        yield from (f"{language} er eldre enn originalen" for language, state in self.general.items() if state == "old")
        for slug, states in self.sections.items():
            missing = [language for language, state in states.items() if state == "missing"]
            if missing:
                yield f"{MUNICIPALITIES[slug]} mangler på {' og '.join(missing)}"
        if self.overdue:
            yield "skulle vært sett over"
        if not self.questions and self.entry_id not in BY_RULES:
            yield "ingen eksempelspørsmål"


@dataclass(frozen=True, slots=True)
class Coverage:
    """`broken` names the entries whose files could not be read."""

    rows: tuple[Row, ...]
    broken: tuple[str, ...]
    made_on: date

    @property
    def with_gaps(self) -> int:
        return sum(bool(row.gaps) for row in self.rows)

    @property
    def topics(self) -> Mapping[str, tuple[Row, ...]]:
        topics: dict[str, tuple[Row, ...]] = {}
        for row in self.rows:
            topics[row.topic] = (*topics.get(row.topic, ()), row)
        return topics


def coverage(reading: Reading, today: date) -> Coverage:
    rows = (_row(entry, today) for entry in reading.knowledge.entries.values())
    return Coverage(tuple(sorted(rows, key=lambda row: row.entry_id)), tuple(sorted(reading.broken)), today)


def as_text(coverage: Coverage) -> str:
    """A line for each entry; a municipality's column names the languages that have its section."""
    heads = ["svar", "eier", "dager", "spm", *LANGUAGES, *MUNICIPALITIES.values(), "mangler"]
    table = [heads, *(_cells(row) for row in coverage.rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(heads) - 1)]
    lines = ["  ".join([*(cell.ljust(w) for cell, w in zip(line, widths, strict=False)), line[-1]]) for line in table]
    lines += ["", f"{len(coverage.rows)} svar, {coverage.with_gaps} med mangler, {coverage.made_on}"]
    lines += [f"kan ikke leses: {entry_id}" for entry_id in coverage.broken]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_html(coverage: Coverage) -> str:
    """One page that needs nothing else: no script, no picture, prints on paper."""
    # Made anew at each call: the page is asked for seldom, and nothing is held that a change of the file would miss.
    templates = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    page = environment.get_template("coverage.html")
    return page.render(coverage=coverage, languages=LANGUAGES, municipalities=MUNICIPALITIES, signs=SIGNS)


def _row(entry: Entry, today: date) -> Row:
    return Row(
        entry_id=entry.id,
        title=entry.title(ORIGINAL_LANGUAGE),
        owner=entry.owner,
        age_days=(today - entry.checked_on).days,
        overdue=due(entry.checked_on, entry.check_again_after_months) < today,
        questions=len(entry.questions),
        general={language: _general(entry, language) for language in LANGUAGES},
        sections={slug: {lang: _section(entry, slug, lang) for lang in LANGUAGES} for slug in MUNICIPALITIES},
    )


def _general(entry: Entry, language: str) -> State:
    if language not in entry.texts:
        return "missing"
    return "old" if entry.texts[language].outdated else "ok"


def _section(entry: Entry, slug: str, language: str) -> State:
    """A section is missing only where the original has one: where the facts are silent, none is wanted."""
    if slug not in entry.texts[ORIGINAL_LANGUAGE].sections:
        return "none"
    if language not in entry.texts or slug not in entry.texts[language].sections:
        return "missing"
    return _general(entry, language)


def _cells(row: Row) -> list[str]:
    sections = (
        " ".join(language for language, state in states.items() if state in ("ok", "old")) or "–"
        for states in row.sections.values()
    )
    general = (SIGNS[row.general[language]] for language in LANGUAGES)
    numbers = (str(row.age_days), str(row.questions))
    return [row.entry_id, row.owner, *numbers, *general, *sections, "; ".join(row.gaps)]
