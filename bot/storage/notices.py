"""Notices on their way to hosts: in Telegram where the host is there, else by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Button, Notice
from bot.leads.model import Host
from bot.storage import deliveries
from bot.storage.mapping import buttons_to_json
from bot.storage.tables import EndedChatRow

#: Mails keep their order in a chat of their own, with a number that Telegram never gives.
MAILBOXES = 1 << 60
Rows = tuple[tuple[Button, ...], ...]
#: What a mail is about: its subject is chosen by it.
About = Literal["notice", "reminder", "sign_in", "invite"]


async def add_notices(session: AsyncSession, notices: Iterable[Notice], now: datetime) -> None:
    for notice in notices:
        await notify(session, notice.host, notice.kind, notice.html, notice.buttons, now, notice.reference)


async def notify(
    session: AsyncSession,
    host: Host,
    kind: Literal["notice", "reminder"],
    html: str,
    buttons: Rows,
    now: datetime,
    reference: str | None = None,
) -> None:
    """`html` is at summary level, unless it is for the private chat of the one who took the lead."""
    if host.chat_id is not None:
        body = {"html": html, "buttons": buttons_to_json(buttons)}
        await deliveries.add(session, kind, host.chat_id, body, now, reference)
    elif host.email:
        path = f"/inbox/lead/{reference}" if reference else "/inbox"
        await mail(session, host.id, host.email, host.language, kind, html, path, now, reference)


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
    await deliveries.add(session, kind, MAILBOXES + host_id, body, now, reference, "mail")


async def reopen_mailbox(session: AsyncSession, host_id: int) -> None:
    """Mail is read there after all."""
    row = await session.get(EndedChatRow, MAILBOXES + host_id)
    if row is not None:
        await session.delete(row)
