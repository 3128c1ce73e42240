"""Days and hours that are promised must be true of a Norwegian municipality's working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.leads.working_time import DEFAULT, OSLO, WorkingTime, promised_day


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


HOURS: dict[str, tuple[datetime, float, datetime]] = {
    "within a morning": (at(24, 9), 4, at(24, 13)),
    "over a night": (at(24, 14), 4, at(25, 10, 30)),
    "over a weekend": (at(27, 15, 40), 4, at(30, 12)),
    "what would be at closing is at the next opening": (at(24, 11, 30), 4, at(25, 8)),
    "before opening": (at(24, 3), 0, at(24, 8)),
    "Wednesday before Easter": (at(24, 14, month=3, year=2027), 4, at(30, 10, 30, month=3, year=2027)),
    "over the night in which summer time begins": (at(26, 9, month=10), 7.5, at(27, 9, month=10)),
    "two whole days": (at(24, 10), 15, at(26, 10)),
}


@pytest.mark.parametrize(("moment", "hours", "then"), HOURS.values(), ids=HOURS.keys())
def test_working_hours_pass_only_while_somebody_works(moment: datetime, hours: float, then: datetime) -> None:
    assert DEFAULT.hours_after(moment, hours) == then
    assert DEFAULT.hours_after(moment.astimezone(UTC), hours) == then


@pytest.mark.parametrize(
    ("moment", "days", "then"),
    [
        (at(24, 10), 1, at(25, 10)),
        (at(24, 10), 0.5, at(24, 13, 45)),
        (at(27, 15, 40), 1, at(1, 8, month=12)),
        (at(24, 10), 2, at(26, 10)),
        (at(26, 15, 40, month=3, year=2027), 2, at(1, 8, month=4, year=2027)),
    ],
)
def test_working_days_may_be_parts_of_days(moment: datetime, days: float, then: datetime) -> None:
    assert DEFAULT.days_after(moment, days) == then


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(24, 9), at(24, 11), 2),
        (at(24, 14), at(25, 9), 2.5),
        (at(27, 15, 40), at(30, 8, 30), 0.5),
        (at(24, 20), at(24, 22), 0),
        (at(24, 11), at(24, 9), 0),
    ],
)
def test_hours_between_are_working_hours(start: datetime, end: datetime, hours: float) -> None:
    assert DEFAULT.hours_between(start, end) == pytest.approx(hours)


def test_an_absence_is_no_working_time() -> None:
    away = WorkingTime(away=(date(2026, 11, 25), date(2026, 11, 27)))
    assert away.starts_counting(at(24, 16)) == at(30, 8)
    assert away.next_day(date(2026, 11, 24)) == date(2026, 11, 30)


def test_settings_that_leave_no_time_end_the_search_all_the_same() -> None:
    never = WorkingTime(weekdays=frozenset())
    assert never.next_day(date(2026, 11, 24)) == date(2027, 11, 25)
    upside_down = WorkingTime(opens=time(15), closes=time(8))
    assert upside_down.hours_after(at(24, 9), 0.1) > at(24, 9)


def test_one_working_day_is_for_who_comes_back() -> None:
    """Back on Tuesday: an answer by Wednesday."""
    assert promised_day(at(26, 10), back_at=at(1, 8, month=12)) == date(2026, 12, 2)
    assert promised_day(at(24, 10), back_at=at(24, 10)) == date(2026, 11, 26)
