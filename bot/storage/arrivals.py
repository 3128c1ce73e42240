"""Incoming updates: kept before they are confirmed, taken in order, parked when they cannot be handled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import ArrivalRow

#: A turn that failed so often is parked, so that what came after it goes on.
MAX_TRIES = 3


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came. chat_id is None where none could be found in it."""

    id: int
    update_id: int
    chat_id: int | None
    body: bytes
    received_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update before it is kept."""

    update_id: int
    chat_id: int | None
    body: bytes


async def keep(session: AsyncSession, bot_id: int, updates: Iterable[Incoming], now: datetime) -> int:
    """Store what is not there yet; the number of new ones. A repeat changes nothing."""
    rows = [
        {"bot_id": bot_id, "update_id": u.update_id, "chat_id": u.chat_id, "body": u.body, "received_at": now}
        for u in updates
    ]
    if not rows:
        return 0
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    defaults = {"state": "waiting", "tries": 0}
    statement = insert(ArrivalRow).values([row | defaults for row in rows]).on_conflict_do_nothing()
    result = await session.exec(statement)
    return int(getattr(result, "rowcount", 0))


async def waiting_chats(session: AsyncSession) -> Sequence[int | None]:
    """Chats with arrivals to handle, those that waited longest first."""
    rows = await session.exec(
        select(ArrivalRow.chat_id)
        .where(col(ArrivalRow.state) == "waiting")
        .group_by(col(ArrivalRow.chat_id))
        .order_by(func.min(ArrivalRow.id))
    )
    return rows.all()


async def waiting(session: AsyncSession, chat_id: int | None, limit: int = 20) -> list[Arrival]:
    """One chat's arrivals in the order they came."""
    same_chat = col(ArrivalRow.chat_id).is_(None) if chat_id is None else col(ArrivalRow.chat_id) == chat_id
    rows = await session.exec(
        select(ArrivalRow)
        .where(col(ArrivalRow.state) == "waiting", same_chat)
        .order_by(col(ArrivalRow.id))
        .limit(limit)
    )
    return [
        Arrival(row.id or 0, row.update_id, row.chat_id, row.body or b"", row.received_at, row.tries)
        for row in rows.all()
    ]


async def mark_done(session: AsyncSession, ids: Iterable[int], now: datetime) -> None:
    """The turn is stored, so the words may go."""
    await session.exec(
        update(ArrivalRow).where(col(ArrivalRow.id).in_(list(ids))).values(state="done", body=None, done_at=now)
    )


async def park(session: AsyncSession, ids: Iterable[int], trouble: str, now: datetime) -> None:
    """Put aside with the raw bytes; somebody must look at it."""
    await session.exec(
        update(ArrivalRow).where(col(ArrivalRow.id).in_(list(ids))).values(state="parked", trouble=trouble, done_at=now)
    )


async def count_try(session: AsyncSession, ids: Iterable[int]) -> None:
    await session.exec(update(ArrivalRow).where(col(ArrivalRow.id).in_(list(ids))).values(tries=ArrivalRow.tries + 1))
