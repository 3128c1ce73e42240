"""When a host is there: the municipality's hours, the host's own days, absence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.leads.model import Host
from bot.leads.service import Services
from bot.leads.working_time import WorkingTime


def own_time(host: Host, services: Services) -> WorkingTime:
    """The hours of the municipality on the days that are the host's own."""
    municipal, chosen = services[host.municipality].working_time, host.preferences
    away = None
    if chosen.away_from or chosen.away_until:
        away = (chosen.away_from or date.min, chosen.away_until or date.max)
    return replace(municipal, weekdays=municipal.weekdays & frozenset(chosen.weekdays), away=away)


def next_there(host: Host, services: Services, now: datetime) -> datetime | None:
    """When this host can begin with something that comes now; None for who does not come back."""
    own = own_time(host, services)
    start = own.starts_counting(now)
    return start if own.works_on(start.date()) else None


def is_there(host: Host, services: Services, now: datetime, municipality: str | None) -> bool:
    """Whether the host's next day is at most one working day of this municipality away."""
    start = next_there(host, services, now)
    municipal = services[municipality].working_time
    return start is not None and start.date() <= municipal.next_day(municipal.starts_counting(now).date())


def stand_in_for(
    own: Sequence[Host],
    everybody: Iterable[Host],
    services: Services,
    now: datetime,
    municipality: str | None,
    asked: Iterable[int | None] = (),
) -> Host | None:
    """Who stands in for a lead's own hosts and is there: whom one of them chose, else another of them.

    `asked` are the ids of those who were called already.
    """
    called = set(asked)
    there = [host for host in everybody if host.id not in called and is_there(host, services, now, municipality)]
    if any(host.role == "coordinator" for host in own):
        # Movers agreed to no other readers of what goes to a coordinator.
        there = [host for host in there if host.role == "coordinator"]
    chosen = [host.preferences.stand_in for host in own]
    for host in sorted(there, key=lambda host: host.id not in chosen):
        if host.id in chosen or any(_same_place(host, other) for other in own):
            return host
    return None


def _same_place(one: Host, other: Host) -> bool:
    return one.role == other.role and one.municipality == other.municipality
