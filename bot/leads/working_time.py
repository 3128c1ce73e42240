"""When a municipality works, or one of its hosts: days and hours, Norwegian public holidays, and what is due when.

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
#: Whoever does not work within a year does not come back; the search for a day ends there.
FAR = timedelta(days=366)
#: So that time passes even where somebody set hours that are none.
SHORTEST_DAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Weekdays count from Monday, 0. The default is what Norwegian municipalities keep."""

    weekdays: frozenset[int] = frozenset(range(5))
    opens: time = time(8, 0)
    closes: time = time(15, 30)
    #: The first and the last day of an absence.
    away: tuple[date, date] | None = None

    @property
    def hours_a_day(self) -> float:
        day = date.min
        length = datetime.combine(day, self.closes) - datetime.combine(day, self.opens)
        return max(length, SHORTEST_DAY) / timedelta(hours=1)

    def works_on(self, day: date) -> bool:
        if self.away and self.away[0] <= day <= self.away[1]:
            return False
        return day.weekday() in self.weekdays and day not in _public_holidays()

    def next_day(self, day: date) -> date:
        """The first working day after `day`, or a day that is FAR away."""
        last = day + FAR
        day += timedelta(days=1)
        while not self.works_on(day) and day < last:
            day += timedelta(days=1)
        return day

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, OSLO)

    def closing(self, day: date) -> datetime:
        return max(datetime.combine(day, self.closes, OSLO), self.opening(day) + SHORTEST_DAY)

    def starts_counting(self, moment: datetime) -> datetime:
        """When work on something that came at `moment` can begin: at once, or at the next opening."""
        local = moment.astimezone(OSLO)
        if self.works_on(local.date()) and local < self.closing(local.date()):
            return max(local, self.opening(local.date()))
        return self.opening(self.next_day(local.date()))

    def is_open(self, moment: datetime) -> bool:
        return self.starts_counting(moment) <= moment

    def after_days(self, moment: datetime, days: int) -> date:
        """The day by which something that came at `moment` is done when it may take so many working days."""
        day = self.starts_counting(moment).date()
        for _ in range(days):
            day = self.next_day(day)
        return day

    def hours_after(self, moment: datetime, hours: float) -> datetime:
        """When so many working hours have passed; what would be at closing time is at the next opening."""
        at, left = self.starts_counting(moment), timedelta(hours=hours)
        while left >= (rest := self.closing(at.date()) - at):
            left -= rest
            at = self.opening(self.next_day(at.date()))
        return at + left

    def days_after(self, moment: datetime, days: float) -> datetime:
        """When so many working days have passed: one is from a time of day to the same time on the next."""
        return self.hours_after(moment, days * self.hours_a_day)

    def hours_between(self, start: datetime, end: datetime) -> float:
        """The working hours that lie between two moments."""
        at, passed = self.starts_counting(start), timedelta()
        while at < end:
            closing = self.closing(at.date())
            passed += min(closing, end.astimezone(OSLO)) - at
            at = self.opening(self.next_day(at.date()))
        return passed / timedelta(hours=1)


DEFAULT = WorkingTime()


def promised_day(moment: datetime, working_time: WorkingTime = DEFAULT, back_at: datetime | None = None) -> date:
    """By which day a mover who writes now has an answer; one working day is for those who come back at `back_at`."""
    day = working_time.after_days(moment, PROMISED_WORKING_DAYS)
    return max(day, working_time.after_days(back_at, 1)) if back_at else day


@cache
def _public_holidays() -> holidays.HolidayBase:
    """Filled year by year as days are asked for."""
    return holidays.country_holidays("NO")
