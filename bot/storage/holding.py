"""Notices that wait for the morning of their host or group: nobody is called in the evening, at night, on a day off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Button
from bot.leads.model import Host
from bot.leads.presence import next_there
from bot.storage import leads, services
from bot.storage.mapping import buttons_to_json
from bot.storage.tables import HeldNoticeRow

#: Who wrote on a lead so lately is at work on it, whatever the clock says.
AT_WORK = timedelta(hours=1)


async def until(session: AsyncSession, host: Host, reference: str | None, now: datetime) -> datetime | None:
    """When this host is told of something that comes now; None: at once."""
    if host.preferences.night_notices:
        return None
    start = next_there(host, await services.everything(session), now)
    if start is None or start <= now:
        # Who does not come back is told at once: it would never be morning.
        return None
    if reference and await leads.host_wrote_since(session, reference, host.id, now - AT_WORK):
        return None
    return start


async def hold(
    session: AsyncSession,
    kind: str,
    html: str,
    buttons: tuple[tuple[Button, ...], ...],
    reference: str | None,
    due_at: datetime,
    host_id: int | None = None,
    group_chat: int | None = None,
    full: bool = False,
    heard: bool = False,
) -> None:
    """For a host or for a group."""
    row = HeldNoticeRow(
        host_id=host_id,
        group_chat=group_chat,
        kind=kind,
        html=html,
        buttons=buttons_to_json(buttons),
        reference=reference,
        full=full,
        heard=heard,
        due_at=due_at,
    )
    session.add(row)


async def take_due(session: AsyncSession, now: datetime) -> Sequence[HeldNoticeRow]:
    """Those whose time has come, in the order they came; who takes them out tells them."""
    rows = await session.exec(delete(HeldNoticeRow).where(col(HeldNoticeRow.due_at) <= now).returning(HeldNoticeRow))
    return sorted(rows.scalars().all(), key=lambda row: row.id or 0)


async def is_waiting(session: AsyncSession, now: datetime) -> bool:
    rows = await session.exec(select(HeldNoticeRow.id).where(col(HeldNoticeRow.due_at) <= now).limit(1))
    return rows.first() is not None


async def until_in_group(session: AsyncSession, group_chat: int, reference: str | None) -> datetime | None:
    """Until when something about this lead waits for this group: what comes after it does not overtake it."""
    if reference is None:
        return None
    rows = await session.exec(
        select(func.max(HeldNoticeRow.due_at)).where(
            col(HeldNoticeRow.group_chat) == group_chat, col(HeldNoticeRow.reference) == reference
        )
    )
    return rows.first()


async def take_of_group(session: AsyncSession, group_chat: int) -> Sequence[HeldNoticeRow]:
    """All that waits for a group which is none any more, in the order it came."""
    mine = col(HeldNoticeRow.group_chat) == group_chat
    rows = (await session.exec(delete(HeldNoticeRow).where(mine).returning(HeldNoticeRow))).scalars().all()
    for row in rows:
        # It may be held again for each host, and SQLite gives the number of a deleted row to the next.
        session.expunge(row)
    return sorted(rows, key=lambda row: row.id or 0)


async def move_group(session: AsyncSession, group_chat: int, new: int) -> None:
    """What waits for this group goes to another, or it has another number now."""
    await session.exec(update(HeldNoticeRow).where(col(HeldNoticeRow.group_chat) == group_chat).values(group_chat=new))


async def known(session: AsyncSession, host_id: int, reference: str) -> bool:
    """Whether something about this lead waits for this host already."""
    rows = await session.exec(
        select(HeldNoticeRow.id).where(col(HeldNoticeRow.host_id) == host_id, col(HeldNoticeRow.reference) == reference)
    )
    return rows.first() is not None
