"""Notices on their way to hosts: in Telegram where the host is there, else by mail."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.buttons import data, parse
from bot.dialogue.model import Button, Notice
from bot.leads.model import Host
from bot.storage import deliveries, holding, hosts, leads
from bot.storage.mapping import buttons_from, buttons_to_json
from bot.storage.sharing import share
from bot.storage.tables import DeliveryRow, EndedChatRow
from bot.texts import label, say

#: Mails keep their order in a chat of their own, with a number that Telegram never gives.
MAILBOXES = 1 << 60
STRANGERS = MAILBOXES + (1 << 40)
Rows = tuple[tuple[Button, ...], ...]
#: What a mail is about: its subject is chosen by it.
About = Literal["notice", "reminder", "sign_in", "invite"]
Kind = Literal["notice", "reminder"]
#: The verb of the button that takes a lead.
TAKE = "ht"


async def add_notices(session: AsyncSession, notices: Iterable[Notice], now: datetime) -> None:
    """To each host, or once to the group where they are told together."""
    for notice in await share(session, notices, now):
        await notify(session, notice.host, notice.kind, notice.html, notice.buttons, now, notice.reference, notice.full)


async def notify(
    session: AsyncSession,
    host: Host,
    kind: Kind,
    html: str,
    buttons: Rows,
    now: datetime,
    reference: str | None = None,
    full: bool = False,
) -> None:
    """Now, or in the host's morning. `html` is at summary level, unless it is `full`: for the private chat of the one
    who took the lead.
    """
    due_at = await holding.until(session, host, reference, now)
    if due_at is None:
        await send(session, host, kind, html, buttons, now, reference, full)
    else:
        await holding.hold(session, host, kind, html, buttons, reference, full, due_at)


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
        path = f"/inbox/lead/{reference}" if reference else "/inbox"
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
    for row in due:
        host, buttons = everybody.get(row.host_id), buttons_from(row.buttons)
        if host is not None and not await _is_settled(session, host, row.reference, buttons):
            kind: Kind = "notice" if row.kind == "notice" else "reminder"
            await send(session, host, kind, row.html, buttons, now, row.reference, row.full)
            released += 1
    return released


async def _is_settled(session: AsyncSession, host: Host, reference: str | None, buttons: Rows) -> bool:
    """While it was held somebody else took the lead or its mover withdrew it: no offer now, and no news of what this
    host never heard of.
    """
    if reference is None:
        return False
    lead = await leads.get(session, reference)
    if lead is not None and (lead.state == "new" or lead.taken_by == host.id):
        return False
    offers = any(press.verb == TAKE for row in buttons for button in row if (press := parse(button.data)))
    return offers or not await is_told(session, host, reference)


async def is_told(session: AsyncSession, host: Host, reference: str) -> bool:
    """Whether this person has heard of this lead, or is about to."""
    chats = [chat for chat in (host.chat_id, MAILBOXES + host.id) if chat is not None]
    rows = await session.exec(
        select(DeliveryRow.id).where(
            col(DeliveryRow.reference) == reference,
            col(DeliveryRow.chat_id).in_(chats),
            col(DeliveryRow.kind).in_(deliveries.FOR_HOSTS),
            col(DeliveryRow.state).in_((*deliveries.UNFINISHED, "sent")),
        )
    )
    return rows.first() is not None


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
    kind = about if about in ("notice", "reminder") else "desk"
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


async def reopen(session: AsyncSession, chat_id: int) -> None:
    row = await session.get(EndedChatRow, chat_id)
    if row is not None:
        await session.delete(row)
