"""Who looked at a lead or did something with it: for its mover, and a line of it for its hosts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import LeadLogRow

LOOKED = "looked"


async def of_lead(session: AsyncSession, reference: str) -> Sequence[LeadLogRow]:
    rows = await session.exec(
        select(LeadLogRow).where(col(LeadLogRow.reference) == reference).order_by(col(LeadLogRow.id))
    )
    return rows.all()


async def last_look(session: AsyncSession, reference: str, but_not: Collection[int]) -> tuple[int, datetime] | None:
    """Which other host opened it last, and when."""
    rows = await session.exec(
        select(LeadLogRow.host_id, LeadLogRow.at)
        .where(
            col(LeadLogRow.reference) == reference,
            col(LeadLogRow.action) == LOOKED,
            col(LeadLogRow.host_id).is_not(None),
            col(LeadLogRow.host_id).not_in(but_not),
        )
        .order_by(col(LeadLogRow.id).desc())
        .limit(1)
    )
    found = rows.first()
    return (found[0], found[1]) if found is not None and found[0] is not None else None
