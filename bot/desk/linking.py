"""One more channel for a host who is there already: Telegram beside mail, or the other way round."""

from __future__ import annotations

import secrets

from bot.desk.case import Case
from bot.desk.invitations import hash_of, is_address
from bot.leads.model import Host, is_same_person
from bot.storage import hosts, invites
from bot.storage.notices import mail, reopen_mailbox
from bot.storage.tables import InviteRow
from bot.texts import say


async def offer_telegram(case: Case) -> None:
    """A one-time link to press in her own Telegram."""
    parameter = await _invite(case, None)
    if parameter:
        case.say("desk.link_telegram", link=case.addresses.start(parameter))


async def offer_mail(case: Case, email: str) -> None:
    """A one-time link in the mailbox she names; until it is used there, nothing goes to that address."""
    if not case.mail_is_on:
        case.say("desk.mail_is_off")
        return
    if not is_address(email):
        case.say("desk.link_mail_how")
        return
    email = email.strip().lower()
    parameter = await _invite(case, email)
    if parameter:
        host = case.roles[0]
        html = say(host.language, "mail.link_mail", name=host.name)
        await mail(case.session, 0, email, host.language, "invite", str(html), f"/inbox/join/{parameter}", case.now)
        case.say("desk.link_mailed", email=email)


async def link(case: Case, invite: InviteRow) -> None:
    """Whoever shows that she reads there gets that channel in all her roles."""
    joined = await case.host(invite.host_id)
    if joined is None:
        case.say("desk.invite_old")
        return
    await add_channel(case, joined, case.via.chat_id, invite.email)
    case.roles = await hosts.by_ids(case.session, [joined.id])
    case.done = True
    case.say("desk.linked", name=joined.name)


async def add_mailbox(case: Case, present: Host, email: str) -> None:
    """A host in Telegram who opened a mailed invitation there has shown to read that mailbox too."""
    await add_channel(case, present, None, email)
    case.done = True
    case.say("desk.linked_mail", name=present.name, email=email)


async def add_channel(case: Case, joined: Host, chat_id: int | None, email: str | None) -> None:
    """One more, in all roles of this person."""
    for host in await hosts.active(case.session):
        if is_same_person(host, joined):
            await hosts.add_channel(case.session, host.id, chat_id, email)
            if chat_id is None:
                await reopen_mailbox(case.session, host.id)


async def _invite(case: Case, email: str | None) -> str | None:
    if not case.roles:
        case.say("desk.no_right")
        return None
    host = case.roles[0]
    token = secrets.token_urlsafe(16)
    await invites.add(case.session, hash_of(token), host.role, host.municipality, case.now, email, host.id)
    case.done = True
    return f"{'h' if host.role == 'host' else 'c'}_{token}"
