"""What a page shows of the leads. Every look at one is in its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk import finding
from bot.desk.case import Case
from bot.leads.model import Author, Host, Lead
from bot.leads.quiet import Quiet
from bot.leads.text_blocks import TextBlock, offered
from bot.storage import answer_drafts, hosts, lead_log, leads, text_blocks
from bot.storage.quiet import of_leads

MAX_ENDED = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list; `own`: this person has taken it."""

    lead: Lead
    taker: Host | None
    own: bool
    #: Set where the mover is not heard from.
    quiet: Quiet | None = None


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
    #: Another host who opened it last, and when.
    opened_by: str = ""
    opened_at: datetime | None = None
    #: What this host wrote in reply to a mail and has not sent.
    mail_draft: str = ""
    #: Ready-made texts for an answer to this mover.
    blocks: Sequence[TextBlock] = ()
    #: Set where the mover is not heard from.
    quiet: Quiet | None = None


async def all_leads(case: Case) -> list[Listed]:
    """Those this person may see: open ones, the oldest first, then ended ones, the latest first."""
    everybody = {host.id: host for host in await hosts.active(case.session)}
    mine = {role.id for role in case.roles}
    found = [*await leads.open_leads(case.session), *await leads.ended_leads(case.session, 10 * MAX_ENDED)]
    silent = await of_leads(case.session, found, case.now)
    listed = [
        Listed(lead, everybody.get(lead.taken_by or 0), lead.taken_by in mine, silent.get(lead.reference))
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
    await leads.log(case.session, lead.reference, lead_log.LOOKED, case.now, role.id)
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
    mine = [one.id for one in case.roles]
    opened = await lead_log.last_look(case.session, lead.reference, mine)
    blocks = offered(await text_blocks.of(case.session, lead.municipality), lead.language)
    return Looked(
        lead,
        role,
        taker,
        own,
        thread,
        notes,
        opened_by=names.get(opened[0], "") if opened else "",
        opened_at=opened[1] if opened else None,
        mail_draft=await answer_drafts.get(case.session, lead.reference, mine),
        blocks=blocks,
        quiet=(await of_leads(case.session, [lead], case.now)).get(lead.reference),
    )
