"""Whom a lead goes to when somebody is away, and when its clock comes to which step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.leads import clock
from bot.leads.model import Host, Lead, Preferences, Step
from bot.leads.presence import own_time, stand_in_for
from bot.leads.routing import Route, route
from bot.leads.service import Service, Services
from bot.leads.working_time import OSLO

SERVICES = Services()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=OSLO)


#: A Thursday in working hours.
NOW = at(26, 10)
HILDE = Host(1, "host", "Hilde Prøve", "tynset", 11)
ARNE = Host(2, "host", "Arne Prøve", "tynset", 12)
RUNE = Host(3, "host", "Rune Prøve", "roros", 13)
KARI = Host(4, "coordinator", "Kari Prøve", None, 14)
LEAD = Lead("TYN-7F3K", "tynset", "new", 1, "Mona Prøve", "nb", (), NOW, promised_on=date(2026, 11, 30))


def away(host: Host, until: date | None = date(2026, 11, 30), stand_in: int | None = None) -> Host:
    return replace(host, preferences=Preferences(away_from=date(2026, 11, 26), away_until=until, stand_in=stand_in))


def works(host: Host, *weekdays: int) -> Host:
    return replace(host, preferences=replace(host.preferences, weekdays=weekdays))


def names(found: Route) -> list[str]:
    return [host.name.split()[0] for host in found.to]


ROUTES: dict[str, tuple[tuple[Host, ...], list[str], date | None, date | None]] = {
    "who is there": ((HILDE, ARNE, RUNE, KARI), ["Hilde", "Arne"], date(2026, 11, 30), None),
    "only who is there": ((away(HILDE), ARNE, KARI), ["Arne"], date(2026, 11, 30), None),
    "whom the host chose": ((away(HILDE, stand_in=3), RUNE, KARI), ["Rune"], date(2026, 11, 30), None),
    "not who was chosen and is away too": (
        (away(HILDE, stand_in=3), away(RUNE), KARI),
        ["Hilde"],
        date(2026, 12, 2),
        date(2026, 12, 1),
    ),
    "nobody stands in: it waits": ((away(HILDE), RUNE, KARI), ["Hilde"], date(2026, 12, 2), date(2026, 12, 1)),
    "back tomorrow is there": ((works(HILDE, 0, 4), KARI), ["Hilde"], date(2026, 11, 30), None),
    "a part-time host, back on Monday": (
        (works(HILDE, 0, 1), KARI),
        ["Hilde"],
        date(2026, 12, 1),
        date(2026, 11, 30),
    ),
    "away for good": ((away(HILDE, until=None), KARI), ["Kari"], date(2026, 11, 30), None),
    "no working day at all": ((works(HILDE), KARI), ["Kari"], date(2026, 11, 30), None),
    "away for good, and nobody else": ((away(HILDE, until=None),), ["Hilde"], None, None),
    "a coordinator for a place without host": ((RUNE, KARI), ["Kari"], date(2026, 11, 30), None),
    "coordinators stand in for coordinators only": (
        (away(KARI, stand_in=3), RUNE),
        ["Kari"],
        date(2026, 12, 2),
        date(2026, 12, 1),
    ),
    "nobody": ((RUNE,), [], None, None),
}


@pytest.mark.parametrize(("hosts", "to", "promised", "back"), ROUTES.values(), ids=ROUTES.keys())
def test_a_lead_made_on_thursday_goes_to(
    hosts: tuple[Host, ...], to: list[str], promised: date | None, back: date | None
) -> None:
    found = route("tynset", hosts, SERVICES, NOW)
    assert (names(found), found.promised_on, found.back_on) == (to, promised, back)


def test_its_clock_runs_from_when_somebody_is_there() -> None:
    assert route("tynset", [HILDE], SERVICES, NOW).since == NOW
    assert route("tynset", [works(HILDE, 0, 4)], SERVICES, NOW).since == at(27, 8)
    assert route("tynset", [away(HILDE)], SERVICES, NOW).since == datetime(2026, 12, 1, 8, tzinfo=OSLO)


def test_a_hosts_days_are_those_of_the_municipality_too() -> None:
    services = Services({"tynset": Service(weekdays=(0, 1, 2))})
    assert own_time(works(HILDE, 2, 3, 4), services).weekdays == {2}


def test_nobody_from_elsewhere_stands_in_unless_chosen() -> None:
    assert stand_in_for([HILDE], [HILDE, RUNE, KARI], SERVICES, NOW, "tynset", [HILDE.id]) is None
    assert stand_in_for([HILDE], [HILDE, RUNE, ARNE], SERVICES, NOW, "tynset", [HILDE.id]) == ARNE


STEPS: dict[str, tuple[Lead, datetime, Step | None]] = {
    "just made": (LEAD, at(26, 13, 59), None),
    "four working hours": (LEAD, at(26, 14), "reminded"),
    "reminded already": (replace(LEAD, step="reminded"), at(27, 9, 59), None),
    "one working day": (replace(LEAD, step="reminded"), at(27, 10), "stand_in"),
    "two working days": (replace(LEAD, step="stand_in"), at(30, 10), "coordinator"),
    "nobody looked for days": (LEAD, at(30, 10), "coordinator"),
    "a step done is not done again": (replace(LEAD, step="coordinator"), at(30, 12), None),
    "the promised day is over": (
        replace(LEAD, step="coordinator"),
        datetime(2026, 12, 1, 8, tzinfo=OSLO),
        "overdue",
    ),
    "made in the afternoon: in time for the promise": (
        replace(LEAD, created_at=at(26, 14), step="stand_in"),
        at(30, 11, 30),
        "coordinator",
    ),
    "put off": (replace(LEAD, snoozed_until=at(30, 8)), at(27, 12), None),
    "nobody was there to be told": (replace(LEAD, noticed=False), at(30, 12), None),
    "closed": (replace(LEAD, state="closed"), at(30, 12), None),
    "taken: its own four hours": (replace(LEAD, state="taken", taken_by=1, waiting_since=at(27, 9)), at(27, 12), None),
    "taken and not answered": (
        replace(LEAD, state="taken", taken_by=1, waiting_since=at(27, 9)),
        at(27, 13),
        "reminded",
    ),
    "answered": (replace(LEAD, state="taken", taken_by=1, first_answer_at=at(26, 11)), at(30, 12), None),
    "new words after the answer": (
        replace(LEAD, state="taken", taken_by=1, first_answer_at=at(26, 11), waiting_since=at(26, 12)),
        at(30, 11, 59),
        None,
    ),
    "new words unanswered for two days": (
        replace(LEAD, state="taken", taken_by=1, first_answer_at=at(26, 11), waiting_since=at(26, 12)),
        at(30, 12),
        "reminded",
    ),
}


@pytest.mark.parametrize(("lead", "now", "step"), STEPS.values(), ids=STEPS.keys())
def test_the_clock(lead: Lead, now: datetime, step: Step | None) -> None:
    assert clock.due_step(lead, Service(), now) == step


def test_each_municipality_sets_its_own_limits() -> None:
    patient = Service(remind_after_hours=6, stand_in_after_days=1.5, coordinator_after_days=3)
    never = replace(LEAD, promised_on=None)
    assert clock.times(never, patient) == {
        "reminded": at(27, 8, 30),
        "stand_in": at(27, 13, 45),
        "coordinator": datetime(2026, 12, 1, 10, tzinfo=OSLO),
    }


def test_a_promise_is_renewed_only_when_it_cannot_be_kept() -> None:
    wednesday, service = date(2026, 11, 25), Service()
    hours = service.working_time
    assert clock.renewed(wednesday, hours, service, at(25, 8)) == wednesday
    assert clock.renewed(wednesday, hours, service, at(25, 14)) == date(2026, 11, 26)
    assert clock.renewed(date(2026, 12, 4), hours, service, at(25, 14)) == date(2026, 12, 4)
    assert clock.renewed(None, hours, service, at(25, 14)) == date(2026, 11, 26)


def test_a_lead_that_waits_for_its_host_says_until_when_and_is_not_late() -> None:
    waiting = replace(LEAD, waiting_since=datetime(2026, 12, 1, 8, tzinfo=OSLO), promised_on=date(2026, 12, 2))
    assert clock.waits_until(waiting, NOW) == date(2026, 12, 1)
    assert not clock.is_overdue(waiting, NOW + timedelta(days=4))
    assert clock.due_step(waiting, Service(), at(30, 15)) is None
    night = replace(LEAD, waiting_since=at(27, 8))
    assert clock.waits_until(night, at(26, 22)) is None, "every night ends; that is no waiting"
