"""Notices on their way to hosts: in Telegram where the host is there, else by mail."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, get_args

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.buttons import data, parse
from bot.dialogue.model import Button, Notice
from bot.leads.model import Host
from bot.storage import deliveries, holding, hosts, invites, leads, sharing
from bot.storage.mapping import buttons_from, buttons_to_json
from bot.storage.sharing import share
from bot.storage.tables import EndedChatRow, HeldNoticeRow
from bot.texts import label, say

#: Mails keep their order in a chat of their own, with a number that Telegram never gives.
MAILBOXES = 1 << 60
STRANGERS = MAILBOXES + (1 << 40)
Rows = tuple[tuple[Button, ...], ...]
#: What a mail is about: its subject is chosen by it.
About = Literal["notice", "reminder", "gone", "confirm", "sign_in", "invite"]
#: confirm: whether somebody who pressed an invitation is the right person.
Kind = Literal["notice", "reminder", "gone", "confirm"]
#: The verbs of the buttons that take a lead, and that say yes to somebody who was invited.
TAKE, CONFIRM = "ht", "iy"
#: Where a mail without a lead leads.
_PATHS: dict[Kind, str] = {"confirm": "/inbox/hosts"}


async def add_notices(session: AsyncSession, notices: Iterable[Notice], now: datetime) -> None:
    """To each host, or once to the group where they are told together."""
    for notice in await share(session, notices, now):
        told = (notice.kind, notice.html, notice.buttons, now, notice.reference, notice.full, notice.heard)
        await notify(session, notice.host, *told)


async def notify(
    session: AsyncSession,
    host: Host,
    kind: Kind,
    html: str,
    buttons: Rows,
    now: datetime,
    reference: str | None = None,
    full: bool = False,
    heard: bool = False,
) -> None:
    """Now, or in the host's morning. `html` is at summary level, unless it is `full`: for the private chat of the one
    who took the lead.
    """
    due_at = await holding.until(session, host, reference, now)
    if due_at is None:
        await send(session, host, kind, html, buttons, now, reference, full)
    else:
        await holding.hold(session, kind, html, buttons, reference, due_at, host.id, None, full, heard)


async def send(
    session: AsyncSession,
    host: Host,
    kind: Kind,
    html: str,
    buttons: Rows,
    now: datetime,
    reference: str | None,
    full: bool,
) -> None:
    """By the channel that is the host's now."""
    if host.chat_id is not None and not host.by_mail:
        body = {"html": html, "buttons": buttons_to_json(buttons), "full": full}
        await deliveries.add(session, kind, host.chat_id, body, now, reference)
    elif host.email:
        if full:
            html = str(say(host.language, "desk.mover_wrote_summary", reference=reference))
        path = f"/inbox/lead/{reference}" if reference else _PATHS.get(kind, "/inbox")
        await mail(session, host.id, host.email, host.language, kind, html, path, now, reference)


def take_button(host: Host, reference: str) -> Button:
    return Button(label(host.language, "desk.take"), data(TAKE, reference))


async def release(session: AsyncSession, now: datetime) -> int:
    """The notices whose morning has come go on their way, if they still say something new; their number."""
    due = await holding.take_due(session, now)
    if not due:
        return 0
    everybody = {host.id: host for host in await hosts.active(session)}
    released = 0
    for row in _still_news(due):
        if row.group_chat is not None:
            released += await sharing.release(session, row, now)
            continue
        host, buttons = everybody.get(row.host_id or 0), buttons_from(row.buttons)
        if host is not None and not await _is_settled(session, host, row, now):
            await send(session, host, kind_of(row.kind), row.html, buttons, now, row.reference, row.full)
            released += 1
    return released


def _still_news(due: Sequence[HeldNoticeRow]) -> list[HeldNoticeRow]:
    """Without what came before a newer offer of the same lead: who took it in the night has given it back since."""
    offered: set[tuple[int | None, int | None, str]] = set()
    kept = []
    for row in reversed(due):
        place = (row.host_id, row.group_chat, row.reference or "")
        if place not in offered:
            kept.append(row)
        if row.reference and _offers(buttons_from(row.buttons)):
            offered.add(place)
    return kept[::-1]


def _offers(buttons: Rows) -> bool:
    return any((press := parse(button.data)) and press.verb == TAKE for row in buttons for button in row)


def kind_of(stored: str) -> Kind:
    return next((kind for kind in get_args(Kind) if kind == stored), "reminder")


async def _is_settled(session: AsyncSession, host: Host, row: HeldNoticeRow, now: datetime) -> bool:
    """While it was held somebody else took the lead or its mover withdrew it: no offer now, and no news of what this
    host never heard of. So with a question that was answered meanwhile.
    """
    buttons, reference = buttons_from(row.buttons), row.reference
    presses = [press for line in buttons for button in line if (press := parse(button.data))]
    asks_for = {press.argument for press in presses if press.verb == CONFIRM}
    if asks_for:
        return asks_for.isdisjoint(one.code for one in await invites.waiting(session, now))
    if reference is None:
        return False
    lead = await leads.get(session, reference)
    if lead is not None and (lead.state == "new" or lead.taken_by == host.id):
        return False
    return _offers(buttons) or not (row.heard or await deliveries.may_know(session, _chats(host), reference))


async def is_told(session: AsyncSession, host: Host, reference: str) -> bool:
    """Whether this person has heard of this lead, or is about to."""
    return await deliveries.is_told(session, _chats(host), reference)


def _chats(host: Host) -> list[int]:
    return [chat for chat in (host.chat_id, MAILBOXES + host.id) if chat is not None]


async def mail(
    session: AsyncSession,
    host_id: int,
    to: str,
    language: str,
    about: About,
    html: str,
    path: str,
    now: datetime,
    reference: str | None = None,
) -> None:
    """A mail with one link, to `path` of our own pages."""
    body = {"to": to, "language": language, "about": about, "html": html, "path": path}
    kind = about if about in get_args(Kind) else "desk"
    chat = MAILBOXES + host_id if host_id else _stranger(to)
    if not host_id:
        # Whoever invites has looked at the address anew.
        await reopen(session, chat)
    await deliveries.add(session, kind, chat, body, now, reference, "mail")


def _stranger(email: str) -> int:
    """The mailbox of somebody who is no host yet: one that takes no mail must not stop the others' invitations."""
    return STRANGERS + zlib.crc32(email.encode())


async def reopen_mailbox(session: AsyncSession, host_id: int) -> None:
    """Mail is read there after all."""
    await reopen(session, MAILBOXES + host_id)


async def takes_notices(session: AsyncSession, host: Host) -> bool:
    """Whether the channel that is this host's now has not ended."""
    chat = MAILBOXES + host.id if host.by_mail or host.chat_id is None else host.chat_id
    return await session.get(EndedChatRow, chat) is None


async def reopen(session: AsyncSession, chat_id: int) -> None:
    row = await session.get(EndedChatRow, chat_id)
    if row is not None:
        await session.delete(row)
