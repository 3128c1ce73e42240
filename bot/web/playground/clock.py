"""The playground's time: the real one, moved forward by a press, so that nobody waits for a reminder.

Everything behind the playground reads the same MovableClock, the pretend Telegram too. How far it was moved is kept in
a file, or a program that starts again would find leads that come from the future.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import holidays

from bot.leads.working_time import DEFAULT, OSLO

#: What "+4 working hours" moves by: the time after which a host is reminded.
HOURS = 4
#: The last thing that comes before Easter week, ten minutes after closing time.
LAST_MINUTE = time(15, 40)
FROM_GOOD_FRIDAY = timedelta(days=7)


class MovableClock:
    def __init__(self, file: Path | None = None, real: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._file, self._real = file, real
        kept = file.read_text(encoding="ascii") if file and file.exists() else "0"
        self._ahead = timedelta(seconds=float(kept))

    def __call__(self) -> datetime:
        return self._real() + self._ahead

    @property
    def ahead(self) -> timedelta:
        """Of the real time."""
        return self._ahead

    def move_to(self, moment: datetime) -> None:
        self._keep(moment - self._real())

    def back_to_now(self) -> None:
        self._keep(timedelta())

    def _keep(self, ahead: timedelta) -> None:
        self._ahead = ahead
        if self._file:
            self._file.write_text(str(ahead.total_seconds()), encoding="ascii")


def in_working_hours(now: datetime) -> datetime:
    return DEFAULT.hours_after(now, HOURS)


def next_working_day(now: datetime) -> datetime:
    return DEFAULT.opening(DEFAULT.next_day(now.astimezone(OSLO).date()))


def friday_before_easter_week(now: datetime) -> datetime:
    """The next one: this year's, or next year's where that is over."""
    this_year, next_year = (_last_minute(now.astimezone(OSLO).year + years) for years in (0, 1))
    return this_year if this_year > now else next_year


def _last_minute(year: int) -> datetime:
    norwegian = holidays.country_holidays("NO", years=year, language="en_US")
    (good_friday,) = norwegian.get_named("Good Friday", lookup="exact")
    return datetime.combine(good_friday - FROM_GOOD_FRIDAY, LAST_MINUTE, OSLO)


#: The moves forward, by the name of their button.
MOVES: dict[str, Callable[[datetime], datetime]] = {
    "hours": in_working_hours,
    "day": next_working_day,
    "easter": friday_before_easter_week,
}


async def _none() -> int:
    return 0


async def _nothing() -> None:
    return None


class LeadsAreOpen(Exception):
    """Going back would leave open leads in the future; whoever wants that must say so."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Timekeeper:
    """Moves the clock, and sees to it that what is due by then happens at once."""

    def __init__(
        self,
        clock: MovableClock | None = None,
        open_leads: Callable[[], Awaitable[int]] = _none,
        catch_up: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        self.clock = clock or MovableClock()
        self._open_leads, self._catch_up = open_leads, catch_up
        #: Grows with each move, so that open pages hear of it.
        self.moves = 0

    @property
    def is_open(self) -> bool:
        """Whether a municipality that keeps the usual hours is at work."""
        return DEFAULT.is_open(self.clock())

    async def forward(self, move: str) -> None:
        """One of MOVES."""
        self.clock.move_to(MOVES[move](self.clock()))
        await self._moved()

    async def back_to_now(self, sure: bool) -> None:
        """Raises LeadsAreOpen when it was not said that this does not matter."""
        if not sure and (number := await self._open_leads()):
            raise LeadsAreOpen(number)
        self.clock.back_to_now()
        await self._moved()

    async def _moved(self) -> None:
        self.moves += 1
        await self._catch_up()
