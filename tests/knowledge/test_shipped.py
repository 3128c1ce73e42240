"""The knowledge that the repository ships."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from bot.knowledge.checking import check
from bot.knowledge.reading import read
from tests.knowledge.builder import TODAY

ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "knowledge"


def errors(today: date) -> list[str]:
    return [str(problem) for problem in check(read(KNOWLEDGE), today, KNOWLEDGE) if problem.level == "error"]


def test_it_has_no_errors() -> None:
    found = errors(TODAY)

    assert not found, "\n".join(found)


def test_no_date_makes_an_error_of_it() -> None:
    assert errors(date(2099, 1, 1)) == errors(TODAY)


def test_every_need_has_its_entry() -> None:
    topics = yaml.safe_load((ROOT / "tests/questions/taxonomy.yaml").read_text("utf-8"))["topics"]
    needs = {f"{topic}/{need}" for topic, needs in topics.items() for need in needs}

    assert needs - set(read(KNOWLEDGE).knowledge.entries) == set()
