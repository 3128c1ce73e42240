"""When a text is due to be looked over again."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date

#: A municipality's file holds figures that Statistics Norway renews each year.
MUNICIPALITY_MONTHS = 12


def due(checked_on: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(checked_on.month - 1 + months, 12)
    year = min(checked_on.year + years, MAXYEAR)
    return date(year, month + 1, min(checked_on.day, monthrange(year, month + 1)[1]))
