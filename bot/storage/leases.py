"""Who is serving, and whose turn periodic work is.

On PostgreSQL any number of equal replicas serve. Each says again and again that it lives, by the database's clock, as
their own may differ; what a dead one held is free. On SQLite there is one serving process and nothing to share.
"""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.storage.engine import insert_for, is_sqlite
from bot.storage.tables import LeaseRow, ReplicaRow

#: A replica that was not heard from for so long is dead; it says so three times as often.
LIVES = timedelta(seconds=15)


def living() -> SelectOfScalar[str]:
    """The names of the replicas that live, as a subquery."""
    return select(ReplicaRow.name).where(col(ReplicaRow.alive_until) > func.now())


async def beat(session: AsyncSession, name: str) -> int:
    """This replica lives; the number of those that do."""
    row = insert_for(session, ReplicaRow).values(name=name, alive_until=func.now() + LIVES)
    await session.exec(
        row.on_conflict_do_update(index_elements=["name"], set_={"alive_until": row.excluded.alive_until})
    )
    await session.exec(delete(ReplicaRow).where(col(ReplicaRow.alive_until) < func.now() - LIVES))
    return (await session.exec(select(func.count()).select_from(living().subquery()))).one()


async def leave(session: AsyncSession, name: str) -> None:
    """This replica stops: what it holds is free at once."""
    await session.exec(delete(ReplicaRow).where(col(ReplicaRow.name) == name))


async def is_due(session: AsyncSession, name: str, every: timedelta, now: datetime) -> bool:
    """Whether periodic work is to be done, and by us: nobody else may begin it before this transaction ends."""
    if not is_sqlite(session):
        key = zlib.crc32(name.encode())
        mine = (await session.exec(select(func.pg_try_advisory_xact_lock(key)))).one()
        if not mine:
            return False
    row = await session.get(LeaseRow, name, populate_existing=True)
    return row is None or now - row.done_at >= every


async def is_done(session: AsyncSession, name: str, since: datetime) -> bool:
    """Whether periodic work was done since then; a look that holds nobody up."""
    row = await session.get(LeaseRow, name, populate_existing=True)
    return row is not None and row.done_at > since


async def set_done(session: AsyncSession, name: str, now: datetime) -> None:
    """In the same transaction as the work, so that it was done wholly or not at all."""
    await session.merge(LeaseRow(name=name, done_at=now))
