"""Notices that wait for their host's morning: nobody is called in the evening, at night, on a day off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
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
    host: Host,
    kind: str,
    html: str,
    buttons: tuple[tuple[Button, ...], ...],
    reference: str | None,
    full: bool,
    due_at: datetime,
) -> None:
    row = HeldNoticeRow(
        host_id=host.id,
        kind=kind,
        html=html,
        buttons=buttons_to_json(buttons),
        reference=reference,
        full=full,
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


async def known(session: AsyncSession, host_id: int, reference: str) -> bool:
    """Whether something about this lead waits for this host already."""
    rows = await session.exec(
        select(HeldNoticeRow.id).where(col(HeldNoticeRow.host_id) == host_id, col(HeldNoticeRow.reference) == reference)
    )
    return rows.first() is not None
