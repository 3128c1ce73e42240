"""When a municipality works: its days and hours, Norwegian public holidays, and what is due when.

All moments are aware; days and hours are reckoned in Europe/Oslo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
#: A host answers by the end of the second working day (docs/decisions/0008).
PROMISED_WORKING_DAYS = 2


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Weekdays count from Monday, 0. The default is what Norwegian municipalities keep."""

    weekdays: frozenset[int] = frozenset(range(5))
    opens: time = time(8, 0)
    closes: time = time(15, 30)

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in _public_holidays()

    def next_day(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.works_on(day):
            day += timedelta(days=1)
        return day

    def starts_counting(self, moment: datetime) -> datetime:
        """When work on something that came at `moment` can begin: at once, or at the next opening."""
        local = moment.astimezone(OSLO)
        if self.works_on(local.date()):
            if local.time() < self.opens:
                return datetime.combine(local.date(), self.opens, OSLO)
            if local.time() < self.closes:
                return local
        return datetime.combine(self.next_day(local.date()), self.opens, OSLO)

    def after_days(self, moment: datetime, days: int) -> date:
        """The day by which something that came at `moment` is done when it may take so many working days."""
        day = self.starts_counting(moment).date()
        for _ in range(days):
            day = self.next_day(day)
        return day


DEFAULT = WorkingTime()


def promised_day(moment: datetime, working_time: WorkingTime = DEFAULT) -> date:
    """By which day a mover who writes now has an answer."""
    return working_time.after_days(moment, PROMISED_WORKING_DAYS)


@cache
def _public_holidays() -> holidays.HolidayBase:
    """Filled year by year as days are asked for."""
    return holidays.country_holidays("NO")
