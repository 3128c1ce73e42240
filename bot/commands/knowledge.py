"""knowledge check, coverage, translated, train: what editors do with the files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import StartError, build_mind, now
from bot.knowledge.checking import check as check_files
from bot.knowledge.coverage import as_html, as_text
from bot.knowledge.coverage import coverage as measure_coverage
from bot.knowledge.facts_used import facts_as_text, facts_coverage
from bot.knowledge.problems import Problem
from bot.knowledge.reading import read
from bot.knowledge.schemas import write_schemas
from bot.knowledge.translations import mark_translated
from bot.matching import competition
from bot.matching.train import start as train_in_child
from bot.settings import Settings

OSLO = ZoneInfo("Europe/Oslo")


def _today() -> date:
    return now().astimezone(OSLO).date()


def check(settings: Settings, errors_only: bool, ask_all: bool) -> int:
    """Print every problem of every file, errors first; 1 when there are errors, else 0."""
    folder = settings.knowledge_dir
    problems = check_files(read(folder), _today(), folder)
    if ask_all:
        mind = build_mind(settings)
        problems = (*problems, *competition.problems(mind.knowledge, mind.matcher))
    errors = [problem for problem in problems if problem.level == "error"]
    warnings = [problem for problem in problems if problem.level == "warning"]
    _print_problems("Feil", errors)
    if not errors_only:
        _print_problems("Advarsler", warnings)
    print(f"{len(errors)} feil, {len(warnings)} advarsler")
    return 1 if errors else 0


def coverage(settings: Settings, html: Path | None, facts: bool) -> None:
    """Print which entry stands in which language for which municipality; with `facts`, which facts are used."""
    reading = read(settings.knowledge_dir)
    if facts:
        print(facts_as_text(facts_coverage(reading)))
        return
    measured = measure_coverage(reading, _today())
    if html is None:
        print(as_text(measured))
        return
    html.write_text(as_html(measured), "utf-8")
    print(f"{html}: skrevet")


def translated(settings: Settings, files: Sequence[Path]) -> int:
    """Note that these translations now follow their originals."""
    problems = mark_translated(settings.knowledge_dir, list(files))
    _print_problems("Feil", problems)
    return 1 if problems else 0


def schema(settings: Settings) -> None:
    """Write the JSON Schemas that editors' programs check with."""
    write_schemas(settings.knowledge_dir / "schema")
    print(f"{settings.knowledge_dir / 'schema'}: skrevet")


def train(settings: Settings, into: Path | None, questions: Path | None) -> None:
    """Train the matcher in a process of its own. Raises StartError when that fails."""
    folder = settings.knowledge_dir
    result = train_in_child(folder, into or folder / "trained", questions, quick=questions is None)
    sys.stdout.write(result.stdout)
    if result.returncode != 0:
        raise StartError(f"Training failed:\n{result.stderr[-2000:]}")


def _print_problems(heading: str, problems: Sequence[Problem]) -> None:
    if problems:
        print(f"{heading}:")
    for problem in problems:
        print(f"  {problem.file}:{problem.line}: {problem.message}\n      Gjør dette: {problem.remedy}")
