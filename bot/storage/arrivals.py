"""Incoming updates: kept before they are confirmed, taken in order, parked when they cannot be handled.

A chat's arrivals are taken by one replica at a time: who claims the first that waits holds the chat's others off. A
claim is only a matter of not doing work twice; that nothing happens twice is the business of mark_done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, bindparam, case, delete, exists, func, literal, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage import leases
from bot.storage.engine import is_sqlite, on_conflict, run
from bot.storage.tables import ArrivalRow, metadata

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
    #: Whether it was a host's chat when the arrival was taken.
    of_host: bool = False


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
_ended: Table = metadata.tables["ended_chat"]
_hosts: Table = metadata.tables["host"]
_keep = on_conflict(_table, lambda insert: insert.on_conflict_do_nothing())
_heard_from = delete(_ended).where(_ended.c.chat_id.in_(bindparam("chats", expanding=True)))
_of_host = exists(literal(1)).where(_hosts.c.chat_id == _table.c.chat_id, _hosts.c.ended_at.is_(None))
_shown: list[Any] = [_table.c[name] for name in ("id", "update_id", "chat_id", "body", "received_at", "tries")]
_shown.append(_of_host.label("of_host"))
_waiting = (
    select(*_shown)
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
#: Held by another replica that lives.
_held_by_other = and_(
    _table.c.holder.is_not(None),
    _table.c.holder.is_distinct_from(bindparam("me", type_=String)),
    _table.c.holder.in_(leases.living()),
)


def _take(of_chat: ColumnElement[bool]) -> Any:
    """A chat's first waiting arrival, locked; nothing where another replica has it."""
    first = select(_table.c.id).where(_table.c.state == "waiting", of_chat).order_by(_table.c.id).limit(1)
    # The state once more: it is looked at again after the lock was got.
    free = (_table.c.id == first.scalar_subquery(), _table.c.state == "waiting", ~_held_by_other)
    return select(_table.c.id).where(*free).with_for_update(skip_locked=True)


_take_of_chat, _take_of_none = _take(_table.c.chat_id == bindparam("chat")), _take(_table.c.chat_id.is_(None))
_hold = update(_table).where(_table.c.id.in_(bindparam("ids", expanding=True))).values(holder=bindparam("me"))
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
_free_chats = _chats.having(func.sum(case((_held_by_other, 1), else_=0)) == 0)


async def keep(session: AsyncSession, bot_id: int, updates: Iterable[Incoming], now: datetime) -> int:
    """Store what is not there yet; the number of new ones. A repeat changes nothing."""
    updates = list(updates)
    defaults = {"bot_id": bot_id, "received_at": now, "state": "waiting", "tries": 0}
    rows = [{"update_id": u.update_id, "chat_id": u.chat_id, "body": u.body} | defaults for u in updates]
    if not rows:
        return 0
    if is_sqlite(session):
        new = (await run(session, _keep, rows)).rowcount
    else:
        # asyncpg does not say how many of several were new.
        new = sum([(await run(session, _keep, row)).rowcount for row in rows])
    if heard := {u.chat_id for u in updates if u.heard and u.chat_id is not None}:
        await run(session, _heard_from, {"chats": list(heard)})
    return new


async def waiting_chats(session: AsyncSession, holder: str | None = None, limit: int = 500) -> Sequence[int | None]:
    """Chats with arrivals to handle that nobody else holds, those that waited longest first."""
    if is_sqlite(session):
        rows = await run(session, _chats, {"most": limit})
    else:
        rows = await run(session, _free_chats, {"most": limit, "me": holder})
    return [chat_id for (chat_id,) in rows.all()]


async def claim(session: AsyncSession, chat_id: int | None, holder: str, limit: int = 20) -> list[Arrival]:
    """One chat's arrivals in the order they came, for this replica alone; none when another has the chat."""
    if is_sqlite(session):
        return await waiting(session, chat_id, limit)
    if chat_id is None:
        mine = await run(session, _take_of_none, {"me": holder})
    else:
        mine = await run(session, _take_of_chat, {"me": holder, "chat": chat_id})
    if mine.first() is None:
        return []
    found = await waiting(session, chat_id, limit)
    await run(session, _hold, {"ids": [arrival.id for arrival in found], "me": holder})
    return found


async def waiting(session: AsyncSession, chat_id: int | None, limit: int = 20) -> list[Arrival]:
    """One chat's arrivals in the order they came."""
    if chat_id is None:
        rows = await run(session, _waiting_nowhere, {"most": limit})
    else:
        rows = await run(session, _waiting, {"chat": chat_id, "most": limit})
    return [Arrival(r.id, r.update_id, r.chat_id, r.body or b"", r.received_at, r.tries, r.of_host) for r in rows.all()]


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
