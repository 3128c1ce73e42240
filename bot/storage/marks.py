"""What a database remembers of its own use."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import LeaseRow

SERVED_REAL_TOKEN = "served a real token"  # noqa: S105 - a name, not a token


async def is_marked(session: AsyncSession, name: str) -> bool:
    return await session.get(LeaseRow, name) is not None


async def mark(session: AsyncSession, name: str, now: datetime) -> None:
    await session.merge(LeaseRow(name=name, done_at=now))
