"""Days and hours that are promised must be true of a Norwegian municipality's working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.leads.working_time import OSLO, WorkingTime, promised_day


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("moment", "promised"),
    [
        (at(24, 10), date(2026, 11, 26)),  # Tuesday morning: Thursday
        (at(24, 22, 30), date(2026, 11, 27)),  # Tuesday night counts from Wednesday
        (at(27, 15, 40), date(2026, 12, 2)),  # Friday after closing counts from Monday
        (at(24, 7), date(2026, 11, 26)),  # before opening is the same day
        (at(26, 15, 40, month=3, year=2027), date(2027, 4, 1)),  # Good Friday: from Tuesday after Easter
        (at(14, 9, month=5, year=2027), date(2027, 5, 19)),  # Whit Monday is 17 May in 2027
        (at(24, 9, month=12), date(2026, 12, 29)),  # Christmas
    ],
)
def test_an_answer_is_promised_by_the_second_working_day(moment: datetime, promised: date) -> None:
    assert promised_day(moment) == promised
    assert promised_day(moment.astimezone(UTC)) == promised, "however the moment is written"


def test_a_part_time_municipality_has_its_own_days() -> None:
    tuesdays = WorkingTime(weekdays=frozenset({1}), opens=time(9), closes=time(12))
    assert tuesdays.after_days(at(24, 13), 1) == date(2026, 12, 8)
