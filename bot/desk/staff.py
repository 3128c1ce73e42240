"""Who is host where: what the coordinator sees of it, invites and removes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk import invitations, joining
from bot.desk.case import Case
from bot.leads.model import Host
from bot.storage import hosts, leads


@dataclass(frozen=True, slots=True)
class Member:
    host: Host
    #: Leads this host has taken and not closed.
    open_leads: int
    #: The coordinator cannot remove herself or another coordinator; the operator can.
    removable: bool


def is_coordinator(case: Case) -> bool:
    """Whether this person is; who is not is told that it is for coordinators."""
    if any(role.role == "coordinator" for role in case.roles):
        return True
    case.say("desk.coordinators_only")
    return False


async def members(case: Case) -> Sequence[Member] | None:
    """Everybody, for a coordinator."""
    if not is_coordinator(case):
        return None
    taken = Counter(lead.taken_by for lead in await leads.open_leads(case.session))
    active = await hosts.active(case.session)
    return [Member(host, taken[host.id], host.role == "host") for host in active]


async def invite(case: Case, municipality: str, email: str = "") -> str | None:
    """The parameter of a one-time link for a municipality (slug or name); with `email` it is mailed there and shown to
    nobody else.
    """
    if not is_coordinator(case):
        return None
    wanted = municipality.strip().lower()
    slug = next((slug for slug, name in case.places.items() if wanted in (slug, name.lower())), None)
    if slug is None:
        case.say("desk.invite_where", places=", ".join(case.places.values()))
        return None
    if email and not case.mail_is_on:
        case.say("desk.mail_is_off")
        return None
    if email and not invitations.is_address(email):
        case.say("desk.invite_bad_address")
        return None
    inviter = next(role for role in case.roles if role.role == "coordinator")
    parameter = await invitations.invite(case, "host", slug, email, inviter)
    case.done = True
    place = case.place(slug)
    if email:
        case.say("desk.invite_mailed", place=place, email=email.strip().lower())
    else:
        case.say("desk.invite_link", place=place, link=case.addresses.start(parameter))
    return parameter


async def remove(case: Case, host_id: int) -> None:
    found = await find(case, host_id)
    if found is not None:
        await joining.remove(case, found)


async def find(case: Case, host_id: int) -> Host | None:
    """A host that this coordinator may remove."""
    if not is_coordinator(case):
        return None
    host = await case.host(host_id)
    return host if host is not None and host.role == "host" else None
