"""The database: one engine for SQLite or PostgreSQL, chosen by URL, and transactions on it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

BUSY_MILLISECONDS = 10_000
CHECKPOINT_TRIES = 20
log = logging.getLogger(__name__)

#: What a new SQLite connection is told; FULL, because a confirmed arrival must survive a power cut.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "secure_delete=ON",
)


class Database:
    """Opens transactions. Everything that belongs together happens in one."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        # Parameters are movers' words and have no business in an error's text.
        self.engine: AsyncEngine = create_async_engine(self.url, hide_parameters=True)
        self._looking = self.engine.execution_options(looking=True)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _prepare_sqlite(self.engine)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Commits at the end, rolls back when an exception passes."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only looks, and so never waits for a writer."""
        async with AsyncSession(self._looking, expire_on_commit=False) as session, session.begin():
            yield session

    async def erase_traces(self) -> bool:
        """After a deletion: nothing of it stays in the write-ahead log. False when readers did not let it through."""
        if not self.is_sqlite or not self.url.database:
            return True
        # A connection of its own: the engine's begin a transaction, in which no checkpoint can be made.
        async with aiosqlite.connect(self.url.database, timeout=BUSY_MILLISECONDS / 1000) as connection:
            for _ in range(CHECKPOINT_TRIES):
                rows = await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                if next(iter(rows))[0] == 0:
                    return True
                await asyncio.sleep(0.05)
        log.warning("the write-ahead log could not be emptied; the next clean-up tries again")
        return False

    async def is_alive(self) -> bool:
        """Whether the database answers, for the health check."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    async def close(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # The driver's own delayed BEGIN would let two readers both believe that they may write.
        connection.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        looking = connection.get_execution_options().get("looking", False)
        connection.exec_driver_sql("BEGIN" if looking else "BEGIN IMMEDIATE")
