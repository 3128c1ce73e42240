"""What a database remembers of its own use."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import LeaseRow

SERVED_REAL_TOKEN = "served a real token"  # noqa: S105 - a name, not a token
#: When a copy was last made and read back.
BACKED_UP = "backed up"


async def is_marked(session: AsyncSession, name: str) -> bool:
    return await session.get(LeaseRow, name) is not None


async def when(session: AsyncSession, name: str) -> datetime | None:
    row = await session.get(LeaseRow, name)
    return row.done_at if row else None


async def mark(session: AsyncSession, name: str, now: datetime) -> None:
    await session.merge(LeaseRow(name=name, done_at=now))
