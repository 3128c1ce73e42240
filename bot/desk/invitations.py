"""One-time links that make somebody a host, kept as hashes. A coordinator's link waits for a coordinator's yes."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.case import Addresses, Case
from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.model import Button
from bot.leads.model import Host, Role, persons
from bot.leads.notices import OSLO
from bot.storage import hosts, invites, notices
from bot.storage.invites import Waiting
from bot.storage.notices import mail
from bot.storage.tables import InviteRow
from bot.texts import DEFAULT, label, say

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
MAX_ADDRESS = 254
#: The verb of the button that says no to somebody who was invited.
REFUSE = "in"


@dataclass(frozen=True, slots=True)
class Mailed:
    """An invitation as its page shows it. `name`: who gets her mail linked by it; empty for somebody new."""

    name: str
    #: Where those are hosts of the same place in Telegram who may be meant: what each is called, and the way for them.
    in_telegram: tuple[str, ...] = ()
    start: str = ""

    def could_be(self, name: str) -> bool:
        """Whether somebody of this name may be host there already; in Telegram most have a first name only."""
        return _first(name) in {_first(known) for known in self.in_telegram}


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_address(text: str) -> bool:
    """Whether mail could go there."""
    return len(text.strip()) <= MAX_ADDRESS and _ADDRESS.fullmatch(text.strip()) is not None


async def invite(
    case: Case, role: Role, municipality: str | None, email: str = "", invited_by: Host | None = None
) -> str:
    """The link's parameter; it works once, for seven days. With `email`, it is mailed there too; else whoever presses
    it waits for a coordinator's yes, if a coordinator made it.
    """
    token = secrets.token_urlsafe(16)
    parameter = f"{'h' if role == 'host' else 'c'}_{token}"
    email = email.strip().lower()
    by = invited_by.id if invited_by else None
    await invites.add(case.session, hash_of(token), role, municipality, case.now, email or None, invited_by=by)
    if email:
        html = say(DEFAULT, f"mail.invite_{role}", place=case.place(municipality))
        await mail(case.session, 0, email, DEFAULT, "invite", str(html), f"/inbox/join/{parameter}", case.now)
    return parameter


async def look(session: AsyncSession, parameter: str, addresses: Addresses, now: datetime) -> Mailed | None:
    """None when it cannot be used, or was not mailed."""
    found = await invites.look(session, hash_of(parameter[2:]), now)
    if isinstance(found, str) or not found.email:
        return None
    active = await hosts.active(session)
    if found.host_id is None:
        there = [host for host in active if host.role == found.role and host.municipality == found.municipality]
        names = tuple(host.name for host in there if host.chat_id is not None and host.email != found.email)
        return Mailed("", names, addresses.start(parameter) if names else "")
    host = next((host for host in active if host.id == found.host_id), None)
    return Mailed(host.name) if host else None


def _first(name: str) -> str:
    return next(iter(name.casefold().split()), "")


# -- until a coordinator says who it is


def waits_for_yes(case: Case, invite: InviteRow) -> bool:
    """A mailbox is proof enough, and a coordinator who presses would say yes to herself."""
    by_coordinator = any(role.role == "coordinator" for role in case.roles)
    return invite.invited_by is not None and not invite.email and not by_coordinator


async def wait(case: Case, invite: InviteRow) -> None:
    """Whoever presses first waits; the coordinator who made the link, else the others, are asked who it is."""
    chat, name = case.via.chat_id, case.via.name
    if chat is None:
        case.say("desk.invite_unknown")
        return
    coordinators = [host for host in await hosts.active(case.session) if host.role == "coordinator"]
    inviter = next((host for host in coordinators if host.id == invite.invited_by), None)
    first = await invites.bind(case.session, invite.token_hash, chat, name)
    waiting = await _waiting_with(case, invite, chat)
    if waiting is None:
        case.say("desk.invite_used")
        return
    if first:
        reached = inviter is not None and await notices.takes_notices(case.session, inviter)
        for host in persons([inviter] if inviter and reached else coordinators):
            await _ask(case, host, waiting)
    by = inviter.name if inviter else label(case.language, "desk.invite_waits_coordinator")
    case.say("desk.invite_waits", inviter=by, place=case.place(invite.municipality))


async def _waiting_with(case: Case, invite: InviteRow, chat_id: int) -> Waiting | None:
    found = await invites.waiting(case.session, case.now)
    return next((one for one in found if one.token_hash == invite.token_hash and one.chat_id == chat_id), None)


async def _ask(case: Case, host: Host, waiting: Waiting) -> None:
    html, row = question(case, host.language, waiting, typed=not host.by_mail)
    await notices.notify(case.session, host, "confirm", str(html), (row,), case.now)


def question(case: Case, language: str, waiting: Waiting, typed: bool = True) -> tuple[Markup, tuple[Button, ...]]:
    """Whether it is the right person, with the buttons that answer it; `typed` adds what may be written instead."""
    name, day = waiting.name or label(language, "desk.nameless"), waiting.expires_at.astimezone(OSLO).date()
    place = case.place(waiting.municipality)
    html = say(language, "desk.confirm_ask", name=name, place=place, day=spoken(day, language))
    if typed:
        html += "\n\n" + say(language, "desk.confirm_typed", code=waiting.code)
    answers = ((notices.CONFIRM, "desk.confirm_yes"), (REFUSE, "desk.confirm_no"))
    return html, tuple(Button(label(language, key), data(verb, waiting.code)) for verb, key in answers)
