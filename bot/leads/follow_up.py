"""A mover's separate yes to one question after 3 and 12 months: have you moved? The answer is counted without name."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
MONTHS = (3, 12)
#: So long an answer is waited for; then the question counts as not answered.
ANSWER_DAYS = 14
Answer = Literal["moved", "not_yet", "not_moving"]
ANSWERS: tuple[Answer, ...] = ("moved", "not_yet", "not_moving")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Which question comes next, and when; `asked_at` once it was asked and is waited for."""

    municipality: str | None
    language: str
    agreed_at: datetime
    months: int
    due_on: date
    asked_at: datetime | None = None

    @property
    def is_last(self) -> bool:
        return self.months == MONTHS[-1]


def due_on(agreed_at: datetime, months: int) -> date:
    """The same day so many months later; the month's last where it has no such day."""
    day = agreed_at.astimezone(OSLO).date()
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
