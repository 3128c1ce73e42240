from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.reviews import due
from tests.knowledge.builder import BUY, RENT, TYNSET, KnowledgeFolder


def test_a_review_that_is_overdue(folder: KnowledgeFolder) -> None:
    folder.change(BUY, "checked_on: 2026-11-01", "checked_on: 2026-05-23")

    folder.finds(BUY, "skulle vært sett over innen 2026-11-23", at="checked_on", level="warning")


def test_the_last_day_is_not_too_late(folder: KnowledgeFolder) -> None:
    folder.change(BUY, "checked_on: 2026-11-01", "checked_on: 2026-05-24")

    folder.is_clean()


def test_a_municipality_file_is_looked_over_each_year(folder: KnowledgeFolder) -> None:
    folder.change(TYNSET, "checked_on: 2026-11-01", "checked_on: 2025-11-01")

    folder.finds(TYNSET, "skulle vært sett over innen 2026-11-01", at="checked_on", level="warning")


def test_a_day_that_has_not_come(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "checked_on: 2026-11-01", "checked_on: 2027-11-01")

    folder.finds(RENT, "2027-11-01 er ikke kommet ennå", at="checked_on", level="warning")


@pytest.mark.parametrize(
    ("checked_on", "months", "expected"),
    [
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 36, date(2029, 12, 31)),
        (date(9999, 11, 1), 99, date(9999, 2, 1)),
    ],
)
def test_when_a_review_is_due(checked_on: date, months: int, expected: date) -> None:
    assert due(checked_on, months) == expected
