"""Who is told of a lead, by when its mover has an answer, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.leads.model import Host, Lead
from bot.leads.presence import is_there, next_there, stand_in_for
from bot.leads.service import Services
from bot.leads.working_time import promised_day


@dataclass(frozen=True, slots=True)
class Route:
    """Whom a new lead goes to, from when its clock runs, and what its mover is promised (None: nothing can be)."""

    to: tuple[Host, ...] = ()
    since: datetime | None = None
    promised_on: date | None = None
    stand_in: Host | None = None
    #: The day on which its hosts are back, where it waits for them.
    back_on: date | None = None


def route(municipality: str | None, hosts: Iterable[Host], services: Services, now: datetime) -> Route:
    """To those who are there; else at once to who stands in; without one it waits, and everybody is told the true day.

    Hosts who do not come back at all are not waited for: then it is the coordinators'.
    """
    everybody = tuple(hosts)
    own = recipients(municipality, everybody)
    there = tuple(host for host in own if is_there(host, services, now, municipality))
    if there:
        return _to(there, municipality, services, now)
    stand_in = stand_in_for(own, everybody, services, now, municipality)
    if stand_in is not None:
        return _to((stand_in,), municipality, services, now, stand_in)
    waited_for = tuple(host for host in own if next_there(host, services, now))
    if waited_for:
        return _to(waited_for, municipality, services, now, waits=True)
    coordinators = tuple(host for host in everybody if host.role == "coordinator" and next_there(host, services, now))
    return _to(coordinators, municipality, services, now) if coordinators else Route(own)


def _to(
    to: Sequence[Host],
    municipality: str | None,
    services: Services,
    now: datetime,
    stand_in: Host | None = None,
    waits: bool = False,
) -> Route:
    since = min(start for host in to if (start := next_there(host, services, now)))
    promised = promised_day(now, services[municipality].working_time, since)
    return Route(tuple(to), max(since, now), promised, stand_in, since.date() if waits else None)


def recipients(municipality: str | None, hosts: Iterable[Host]) -> tuple[Host, ...]:
    """The municipality's hosts; where none has joined (or no municipality is named), the coordinators."""
    everybody = tuple(hosts)
    own = tuple(host for host in everybody if host.role == "host" and host.municipality == municipality)
    return own if municipality and own else tuple(host for host in everybody if host.role == "coordinator")


def informed(lead: Lead, hosts: Iterable[Host]) -> tuple[Host, ...]:
    """Those who know of a lead that nobody has taken: its hosts, who stands in, and whom the clock called."""
    everybody = tuple(hosts)
    ids = {host.id for host in recipients(lead.municipality, everybody)} | {lead.stand_in}
    if lead.step in ("coordinator", "overdue"):
        ids |= {host.id for host in everybody if host.role == "coordinator"}
    return tuple(host for host in everybody if host.id in ids)


def may_see(host: Host, lead: Lead) -> bool:
    """The one rule of who may see and handle a lead."""
    return acts_for(host, lead.municipality) or host.id in (lead.stand_in, lead.taken_by)


def acts_for(host: Host, municipality: str | None) -> bool:
    """Who sets how a municipality works: its hosts, and the coordinators for every place."""
    return host.role == "coordinator" or (municipality is not None and host.municipality == municipality)
