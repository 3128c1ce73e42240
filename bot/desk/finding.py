"""The lead and the role in which somebody may handle it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk import telling
from bot.desk.case import Case
from bot.leads import routing
from bot.leads.model import Host, Lead
from bot.storage import leads
from bot.texts import say


def role_for(roles: Sequence[Host], lead: Lead) -> Host | None:
    """The role in which somebody may handle a lead: the one who took it first of all."""
    allowed = [role for role in roles if routing.may_see(role, lead)]
    return next((role for role in allowed if role.id == lead.taken_by), allowed[0] if allowed else None)


async def find(case: Case, reference: str) -> tuple[Lead, Host] | None:
    """The lead and the role in which this person may handle it; else the person is told."""
    if not case.roles:
        case.say("desk.no_right")
        return None
    lead = await leads.get(case.session, reference)
    host = role_for(case.roles, lead) if lead else None
    if lead is None or host is None:
        # A lead of another municipality is as unknown as an invented one.
        case.say("desk.unknown")
        return None
    return lead, host


async def find_own(case: Case, reference: str, take: bool = False) -> tuple[Lead, Host] | None:
    """As find, but only for the one who took the lead, and only while it is open. With `take`, a lead that nobody has
    is taken on the way: in a browser somebody who answers has seen that it is free.
    """
    found = await find(case, reference)
    if found is None:
        return None
    lead, host = found
    if lead.state == "new" and take and await leads.take(case.session, lead.reference, host.id, case.now):
        await leads.log(case.session, lead.reference, "taken", case.now, host.id)
        await telling.tell_other_hosts(case, lead, host)
        lead = await leads.get(case.session, lead.reference) or lead
    own = next((role for role in case.roles if role.id == lead.taken_by), None)
    if lead.state == "taken" and own is not None:
        return lead, own
    if lead.state == "new":
        rows = [[case.button("take", "ht", lead.reference)]]
        case.say("desk.take_first", rows, reference=lead.reference)
    else:
        await say_why_not(case, lead, host)
    return None


async def say_why_not(case: Case, lead: Lead, host: Host) -> None:
    present = await leads.get(case.session, lead.reference) or lead
    if present.state == "withdrawn":
        case.say("desk.withdrawn", reference=lead.reference)
    elif present.state == "closed":
        case.say("desk.closed_already", reference=lead.reference)
    elif present.taken_by == host.id:
        rows = [[case.button("answer", "ha", lead.reference), case.button("close", "hz", lead.reference)]]
        mover = await case.mover_name(lead, host)
        html = say(case.language, "desk.taken_by_you", reference=lead.reference, mover=mover)
        await case.reply_on_lead(lead, html, rows)
    else:
        taker = await case.host(present.taken_by)
        case.say("desk.taken_already", reference=lead.reference, host=taker.name if taker else "?")
