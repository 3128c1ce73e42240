"""Hosts come by invitation, through a chat or by mail, and go when an operator says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.desk import invitations, linking, telling
from bot.desk.case import Case
from bot.desk.invitations import hash_of
from bot.dialogue.dates import spoken
from bot.leads import routing
from bot.leads.model import Host, Lead, Role
from bot.leads.presence import stand_in_for
from bot.leads.working_time import promised_day
from bot.storage import hosts, invites, leads, services, sign_ins
from bot.texts import DEFAULT

MAX_NAME = 64


async def join(case: Case, parameter: str) -> Host | None:
    """Use the invitation in the parameter of its link; None when it cannot be used, or not yet, and why is said."""
    invite = await invites.look(case.session, hash_of(parameter[2:]), case.now)
    if isinstance(invite, str):
        case.say(f"desk.invite_{invite}")
        return None
    present = _present(case, invite.role, invite.municipality)
    if present is not None and invite.host_id is None and not invite.email:
        # The link is left to the one it is meant for.
        case.say("desk.invite_already")
        case.done = True
        return present
    if invitations.waits_for_yes(case, invite):
        await invitations.wait(case, invite)
        return None
    if not await invites.use(case.session, invite.token_hash, case.via.chat_id, case.now):
        case.say("desk.invite_used")
        return None
    if invite.host_id is not None:
        await linking.link(case, invite)
        return case.roles[0] if case.done else None
    email = invite.email or ""
    if case.via.chat_id is None:
        # The link was read in a mailbox: that is who somebody without a chat is.
        case.roles = await hosts.of_email(case.session, email)
    role: Role = "coordinator" if invite.role == "coordinator" else "host"
    return await welcome(case, role, invite.municipality, email)


async def welcome(case: Case, role: Role, municipality: str | None, email: str = "") -> Host:
    """This person is host from now on, and gets what waited for somebody."""
    case.done = True
    present = _present(case, role, municipality)
    if present is not None:
        if email and email != present.email:
            await linking.add_mailbox(case, present, email)
        else:
            case.say("desk.invite_already")
        return present
    name = " ".join(case.via.name.split())[:MAX_NAME]
    new = Host(0, role, name, municipality, case.via.chat_id, DEFAULT, email=email)
    if case.roles:
        # All roles of a person have the same channels, days and card.
        known = case.roles[0]
        chat_id, email = new.chat_id or known.chat_id, email or known.email
        new = replace(known, id=0, role=role, name=name, municipality=municipality, chat_id=chat_id, email=email)
    host = await hosts.add(case.session, new, case.now)
    if case.roles and email:
        await linking.add_channel(case, host, None, email)
    case.say(f"desk.joined_{role}", name=host.name, place=case.place(host.municipality))
    await _hand_over_waiting(case, host)
    return host


def _present(case: Case, role: str, municipality: str | None) -> Host | None:
    """The role that this person has already."""
    return next((host for host in case.roles if host.role == role and host.municipality == municipality), None)


async def _hand_over_waiting(case: Case, host: Host) -> None:
    """Leads that nobody was there for go to the one who has just joined, and their movers hear of it."""
    waiting = [
        lead for lead in await leads.open_leads(case.session) if not lead.noticed and routing.may_see(host, lead)
    ]
    if waiting:
        case.say("desk.joined_waiting", count=len(waiting))
    every_service = await services.everything(case.session)
    for lead in waiting:
        route = routing.route(lead.municipality, [host], every_service, case.now)
        promised, since = route.promised_on or promised_day(case.now), route.since or case.now
        if host.by_mail:
            await telling.tell_of_lead(case, replace(lead, promised_on=promised), [host])
        else:
            html = await telling.lead_notice(case, lead, host)
            await case.reply_on_lead(lead, html, [[case.button("take", "ht", lead.reference)]])
        await leads.mark_noticed(case.session, lead.reference, promised, since)
        await telling.tell_mover(case, lead, host, "lead.now_noticed", day=spoken(promised, lead.language))


async def remove(case: Case, host: Host) -> None:
    """No rights, sessions, links or waiting from now on; the open leads go to the stand-in, else to who is there."""
    await hosts.end(case.session, host, case.now)
    if host.chat_id is not None:
        await invites.end_waiting(case.session, host.chat_id, case.now)
    if host.email:
        await invites.end_mailed(case.session, host.email, host.municipality, case.now)
        if not await hosts.of_email(case.session, host.email):
            await sign_ins.end_all(case.session, host.email)
    case.done = True
    await telling.tell_group_of_removal(case, host)
    left, known = await hosts.active(case.session), await services.everything(case.session)
    for lead in await leads.open_leads(case.session):
        if lead.taken_by == host.id:
            await leads.give_back(case.session, lead.reference, lead.municipality, case.now)
            await leads.log(case.session, lead.reference, "given back", case.now, host.id)
        elif not _was_alone(host, lead, left):
            continue
        given = replace(lead, state="new", taken_by=None)
        stand_in = stand_in_for([host], left, known, case.now, lead.municipality)
        if stand_in is not None and stand_in.id == host.preferences.stand_in:
            await leads.set_stand_in(case.session, lead.reference, stand_in.id)
            await telling.tell_of_lead(case, replace(given, stand_in=stand_in.id), [stand_in])
        else:
            await telling.tell_of_lead(case, given, routing.recipients(lead.municipality, left))


def _was_alone(host: Host, lead: Lead, left: Sequence[Host]) -> bool:
    """Whether nobody else of the municipality knows of a lead that is still free."""
    if lead.state != "new" or not lead.noticed or host.role != "host" or lead.municipality != host.municipality:
        return False
    return all(other.municipality != host.municipality for other in left)
