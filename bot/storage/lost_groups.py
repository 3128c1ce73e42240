"""A group that takes nothing any more: what it was to be told goes to each of its hosts."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage import deliveries, groups, holding, notices, sharing
from bot.storage.mapping import buttons_from
from bot.storage.tables import DeliveryRow
from bot.texts import say

log = logging.getLogger(__name__)


async def lost(session: AsyncSession, chat_id: int, now: datetime) -> None:
    """The bot was taken out of it, or it is gone: its hosts are told alone from now on, and that this is so."""
    group = await groups.get(session, chat_id)
    if group is None:
        return
    log.error("group %s takes nothing any more; its hosts are told alone", chat_id)
    await groups.end(session, chat_id, now)
    await _to_persons(session, group, await _unsent(session, chat_id), now)
    for held in await holding.take_of_group(session, chat_id):
        await _tell_each(session, group, held.kind, held.html, held.buttons, held.reference, now)
    for host in await sharing.members(session, group):
        html = say(host.language, "group.ended_private")
        await notices.notify(session, host, "reminder", str(html), (), now)


async def not_taken(session: AsyncSession, delivery_id: int, now: datetime) -> None:
    """One message that the group does not take, as when the bot may not write there."""
    row = await session.get(DeliveryRow, delivery_id, populate_existing=True)
    group = await groups.get(session, row.chat_id) if row else None
    if row is not None and group is not None:
        await _to_persons(session, group, [row], now)


async def _unsent(session: AsyncSession, chat_id: int) -> list[DeliveryRow]:
    rows = await session.exec(
        select(DeliveryRow)
        .where(col(DeliveryRow.chat_id) == chat_id, col(DeliveryRow.state).in_((*deliveries.UNFINISHED, "parked")))
        .order_by(col(DeliveryRow.id))
    )
    return list(rows.all())


async def _to_persons(session: AsyncSession, group: groups.Group, rows: list[DeliveryRow], now: datetime) -> None:
    for row in rows:
        body = row.body or {}
        if row.kind in deliveries.URGENCY:
            html, buttons = str(body.get("html", "")), body.get("buttons") or []
            await _tell_each(session, group, row.kind, html, buttons, row.reference, now)
        row.state, row.body, row.holder = "stopped", None, None


async def _tell_each(
    session: AsyncSession,
    group: groups.Group,
    kind: str,
    html: str,
    buttons: list[Any],
    reference: str | None,
    now: datetime,
) -> None:
    html = html.removesuffix("\n\n" + str(say(group.language, "group.hint")))
    heard = reference is not None and await deliveries.may_know(session, [group.chat_id], reference)
    told = (notices.kind_of(kind), html, buttons_from(buttons), now, reference)
    for host in await sharing.members(session, group):
        await notices.notify(session, host, *told, heard=heard)
