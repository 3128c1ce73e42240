"""`knowledge check`: everything that is wrong with the knowledge folder, at once.

What only the matcher can see (entries that compete for each other's questions) is checked in bot/matching; the command
line shows both lists.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.knowledge.checks import (
    dates,
    formatting,
    languages,
    lengths,
    municipalities,
    private,
    questions,
    related,
    sources,
    written_form,
)
from bot.knowledge.checks.material import gather
from bot.knowledge.problems import Problem
from bot.knowledge.reading import Reading


def check(reading: Reading, today: date, folder: Path) -> tuple[Problem, ...]:
    """The reading's problems and those of the contents, in the order of files and lines."""
    material = gather(reading, today, folder)
    found = {
        *reading.problems,
        *dates.problems(material),
        *formatting.problems(material),
        *languages.problems(material),
        *lengths.problems(material),
        *municipalities.problems(material),
        *private.problems(material),
        *questions.problems(material),
        *related.problems(material, folder),
        *sources.problems(material),
        *written_form.problems(material),
    }
    return tuple(sorted(found))
