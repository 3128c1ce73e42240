"""Hosts come by invitation, through a chat or by mail, and go when an operator says so."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.desk import telling
from bot.desk.case import Case
from bot.dialogue.dates import spoken
from bot.leads import routing
from bot.leads.model import Host, Role
from bot.leads.working_time import promised_day
from bot.storage import hosts, leads, sign_ins
from bot.texts import DEFAULT

MAX_NAME = 64


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def join(case: Case, parameter: str) -> Host | None:
    """Use the invitation in the parameter of its link; None when it cannot be used, and why is said."""
    invite = await hosts.use_invite(case.session, hash_of(parameter[2:]), case.via.chat_id, case.now)
    if isinstance(invite, str):
        case.say(f"desk.invite_{invite}")
        return None
    email = invite.email or ""
    if case.via.chat_id is None:
        # The link was read in a mailbox: that is who somebody without a chat is.
        case.roles = await hosts.of_email(case.session, email)
    role: Role = "coordinator" if invite.role == "coordinator" else "host"
    present = [host for host in case.roles if host.role == role and host.municipality == invite.municipality]
    if present:
        case.say("desk.invite_already")
        case.done = True
        return present[0]
    name = " ".join(case.via.name.split())[:MAX_NAME]
    new = Host(0, role, name, invite.municipality, case.via.chat_id, DEFAULT, email=email)
    host = await hosts.add(case.session, new, case.now)
    case.done = True
    case.say(f"desk.joined_{role}", name=host.name, place=case.place(host.municipality))
    await _hand_over_waiting(case, host)
    return host


async def _hand_over_waiting(case: Case, host: Host) -> None:
    """Leads that nobody was there for go to the one who has just joined, and their movers hear of it."""
    waiting = [
        lead
        for lead in await leads.open_leads(case.session)
        if not lead.noticed and routing.may_see(host, lead.municipality)
    ]
    if waiting:
        case.say("desk.joined_waiting", count=len(waiting))
    for lead in waiting:
        promised = promised_day(case.now)
        if host.by_mail:
            await telling.tell_of_lead(case, replace(lead, promised_on=promised), [host])
        else:
            html = telling.lead_notice(case, lead, host)
            await case.reply_on_lead(lead, html, [[case.button("take", "ht", lead.reference)]])
        await leads.mark_noticed(case.session, lead.reference, promised)
        await telling.tell_mover(case, lead, host, "lead.now_noticed", day=spoken(promised, lead.language))


async def remove(case: Case, host: Host) -> None:
    """No rights, no sessions, no links from now on; the open leads go to whoever is there."""
    await hosts.end(case.session, host, case.now)
    if host.email and not await hosts.of_email(case.session, host.email):
        await sign_ins.end_all(case.session, host.email)
    case.done = True
    left = await hosts.active(case.session)
    for lead in await leads.open_leads(case.session):
        if lead.taken_by == host.id:
            await leads.give_back(case.session, lead.reference, lead.municipality)
            await leads.log(case.session, lead.reference, "given back", case.now, host.id)
            await telling.tell_of_lead(case, lead, routing.recipients(lead.municipality, left))
