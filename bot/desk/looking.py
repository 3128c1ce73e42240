"""What a page shows of the leads. Every look at one is in its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk import finding
from bot.desk.case import Case
from bot.leads.model import Author, Host, Lead
from bot.storage import hosts, leads

MAX_ENDED = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list; `own`: this person has taken it."""

    lead: Lead
    taker: Host | None
    own: bool


@dataclass(frozen=True, slots=True)
class Written:
    """Something in the thread or a note. `by` is a host's name, empty for the mover."""

    author: Author
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """A lead as its page shows it. What was withdrawn is not shown any more."""

    lead: Lead
    role: Host
    taker: Host | None
    own: bool
    thread: Sequence[Written]
    notes: Sequence[Written]


async def all_leads(case: Case) -> list[Listed]:
    """Those this person may see: open ones, the oldest first, then ended ones, the latest first."""
    everybody = {host.id: host for host in await hosts.active(case.session)}
    mine = {role.id for role in case.roles}
    found = [*await leads.open_leads(case.session), *await leads.ended_leads(case.session, 10 * MAX_ENDED)]
    listed = [
        Listed(lead, everybody.get(lead.taken_by or 0), lead.taken_by in mine)
        for lead in found
        if finding.role_for(case.roles, lead)
    ]
    ended = [one for one in listed if not one.lead.open][:MAX_ENDED]
    return [*(one for one in listed if one.lead.open), *ended]


async def look(case: Case, reference: str) -> Looked | None:
    """One lead, for somebody who may see it; None for everybody else."""
    found = await finding.find(case, reference)
    if found is None:
        return None
    lead, role = found
    case.done = True
    await leads.log(case.session, lead.reference, "looked", case.now, role.id)
    names = await hosts.names(case.session)
    taker = await case.host(lead.taken_by)
    own = lead.taken_by in {one.id for one in case.roles}
    if lead.state == "withdrawn":
        return Looked(lead, role, taker, own, (), ())
    thread = [
        Written(message.author, names.get(message.host_id or 0, ""), message.text, message.at)
        for message in await leads.thread(case.session, lead.reference)
    ]
    notes = [
        Written("host", names.get(row.host_id, ""), row.text, row.at)
        for row in await leads.notes(case.session, lead.reference)
    ]
    return Looked(lead, role, taker, own, thread, notes)
