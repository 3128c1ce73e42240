"""Incoming updates: kept before they are confirmed, taken in order, parked when they cannot be handled.

A chat's arrivals are taken by one replica at a time: who claims the first that waits holds the chat's others off. A
claim is only a matter of not doing work twice; that nothing happens twice is the business of mark_done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage import leases
from bot.storage.engine import insert_for, is_sqlite, run
from bot.storage.tables import ArrivalRow, EndedChatRow, metadata

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
    #: Whether the person was heard from; false where the update says that the bot was blocked.
    heard: bool = True


class DoneAlready(Exception):
    """Another replica has handled these arrivals meanwhile; nothing of this turn may be stored."""


_table: Table = metadata.tables["arrival"]
_waiting = (
    select(*(_table.c[name] for name in ("id", "update_id", "chat_id", "body", "received_at", "tries")))
    .where(_table.c.state == "waiting", _table.c.chat_id == bindparam("chat"))
    .order_by(_table.c.id)
    .limit(bindparam("most"))
)
_waiting_nowhere = (
    select(*_waiting.selected_columns)
    .where(_table.c.state == "waiting", _table.c.chat_id.is_(None))
    .order_by(_table.c.id)
    .limit(bindparam("most"))
)
_finish = update(_table).where(_table.c.id.in_(bindparam("ids", expanding=True)), _table.c.state == "waiting")
_done = _finish.values(state="done", body=None, done_at=bindparam("now"))
_parked = _finish.values(state="parked", trouble=bindparam("why"), done_at=bindparam("now"))
_chats = (
    select(_table.c.chat_id)
    .where(_table.c.state == "waiting")
    .group_by(_table.c.chat_id)
    .order_by(func.min(_table.c.id))
    .limit(bindparam("most"))
)


async def keep(session: AsyncSession, bot_id: int, updates: Iterable[Incoming], now: datetime) -> int:
    """Store what is not there yet; the number of new ones. A repeat changes nothing."""
    updates = list(updates)
    defaults = {"bot_id": bot_id, "received_at": now, "state": "waiting", "tries": 0}
    rows = [{"update_id": u.update_id, "chat_id": u.chat_id, "body": u.body} | defaults for u in updates]
    if not rows:
        return 0
    result = await session.exec(insert_for(session, ArrivalRow).values(rows).on_conflict_do_nothing())
    heard = {u.chat_id for u in updates if u.heard and u.chat_id is not None}
    await session.exec(delete(EndedChatRow).where(col(EndedChatRow.chat_id).in_(heard)))
    return int(getattr(result, "rowcount", 0))


async def waiting_chats(session: AsyncSession, holder: str | None = None, limit: int = 500) -> Sequence[int | None]:
    """Chats with arrivals to handle that nobody else holds, those that waited longest first."""
    statement = _chats
    if not is_sqlite(session):
        statement = _chats.having(func.sum(case((_held_by_other(holder), 1), else_=0)) == 0)
    return [chat_id for (chat_id,) in (await run(session, statement, {"most": limit})).all()]


async def claim(session: AsyncSession, chat_id: int | None, holder: str, limit: int = 20) -> list[Arrival]:
    """One chat's arrivals in the order they came, for this replica alone; none when another has the chat."""
    if is_sqlite(session):
        return await waiting(session, chat_id, limit)
    first = (
        select(ArrivalRow.id)
        .where(col(ArrivalRow.state) == "waiting", _of(chat_id))
        .order_by(col(ArrivalRow.id))
        .limit(1)
        .scalar_subquery()
    )
    mine = (
        await session.exec(
            select(ArrivalRow.id)
            .where(col(ArrivalRow.id) == first, col(ArrivalRow.state) == "waiting", ~_held_by_other(holder))
            .with_for_update(skip_locked=True)
        )
    ).first()
    if mine is None:
        return []
    found = await waiting(session, chat_id, limit)
    await session.exec(
        update(ArrivalRow).where(col(ArrivalRow.id).in_([arrival.id for arrival in found])).values(holder=holder)
    )
    return found


async def waiting(session: AsyncSession, chat_id: int | None, limit: int = 20) -> list[Arrival]:
    """One chat's arrivals in the order they came."""
    if chat_id is None:
        rows = await run(session, _waiting_nowhere, {"most": limit})
    else:
        rows = await run(session, _waiting, {"chat": chat_id, "most": limit})
    return [Arrival(r.id, r.update_id, r.chat_id, r.body or b"", r.received_at, r.tries) for r in rows.all()]


async def mark_done(session: AsyncSession, ids: Iterable[int], now: datetime) -> None:
    """The turn is stored, so the words may go. Raises DoneAlready, so that of two turns on them only one is stored."""
    ids = list(ids)
    if ids and (await run(session, _done, {"ids": ids, "now": now})).rowcount != len(ids):
        raise DoneAlready


async def park(session: AsyncSession, ids: Iterable[int], trouble: str, now: datetime) -> None:
    """Put aside with the raw bytes; somebody must look at it."""
    await run(session, _parked, {"ids": list(ids), "why": trouble, "now": now})


async def count_try(session: AsyncSession, ids: Iterable[int]) -> None:
    await session.exec(update(ArrivalRow).where(col(ArrivalRow.id).in_(list(ids))).values(tries=ArrivalRow.tries + 1))


def _of(chat_id: int | None) -> ColumnElement[bool]:
    return col(ArrivalRow.chat_id).is_(None) if chat_id is None else col(ArrivalRow.chat_id) == chat_id


def _held_by_other(holder: str | None) -> ColumnElement[bool]:
    """Held by another replica that lives."""
    held = col(ArrivalRow.holder)
    return and_(held.is_not(None), held.is_distinct_from(holder), held.in_(leases.living()))
