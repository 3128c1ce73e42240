"""The database: one engine for SQLite or PostgreSQL, chosen by URL, and transactions on it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from typing import Any

from sqlalchemy import CursorResult, event, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.points import reached
from bot.storage import sqlite_here
from bot.storage.together import T, Together, Write

BUSY_MILLISECONDS = 10_000
CHECKPOINT_TRIES = 20
#: PostgreSQL: connections of one replica, how long one is waited for, and how long a statement may run.
CONNECTIONS, POOL_SECONDS, STATEMENT_SECONDS = 10, 10.0, 30
log = logging.getLogger(__name__)

#: What a new SQLite connection is told; FULL, because a confirmed arrival must survive a power cut.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "secure_delete=ON",
)

#: What the database may throw: SQLAlchemy's errors, and the socket's own while PostgreSQL restarts.
STORE_ERRORS: tuple[type[Exception], ...] = (SQLAlchemyError, OSError)


def dialect_url(url: str) -> URL:
    """The URL with the driver we use; operators write plain postgresql://."""
    made = make_url(url)
    if made.get_backend_name() == "sqlite":
        return made.set(drivername=sqlite_here.DRIVER)
    return made.set(drivername="postgresql+asyncpg") if made.drivername in ("postgresql", "postgres") else made


class Database:
    """Opens transactions. Everything that belongs together happens in one."""

    def __init__(self, url: str) -> None:
        self.url = dialect_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # Parameters are movers' words and have no business in an error's text.
        self.engine: AsyncEngine = create_async_engine(
            self.url, hide_parameters=True, **(_for_sqlite() if self.is_sqlite else _for_postgresql())
        )
        self._looking = self.engine.execution_options(looking=True)
        #: SQLite lets one write at a time, and its own way of waiting for that is to sleep and try again.
        self._writing: AbstractAsyncContextManager[object] = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._together, self._looking_together = Together(self.transaction), Together(self.reading)
        self._claiming_together = Together(self.transaction)
        if self.is_sqlite:
            _prepare_sqlite(self.engine)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Commits at the end, rolls back when an exception passes."""
        async with self._writing, AsyncSession(self.engine, expire_on_commit=False) as session:
            async with session.begin():
                yield session
                reached("store: before a commit")
            reached("store: after a commit")

    async def write(self, work: Write[T]) -> T:
        """A short transaction that may share its commit with others; `work` must be fit to be done twice."""
        return await self._together.write(work)

    async def look(self, work: Write[T]) -> T:
        """A short look that may share its transaction with others', since beginning one costs more than looking."""
        return await self._looking_together.write(work)

    async def claim(self, work: Write[T]) -> T:
        """For claiming arrivals: with one serving process there is nobody to claim them from, and looking will do."""
        return await (self.look(work) if self.is_sqlite else self._claiming_together.write(work))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only looks, and so never waits for a writer."""
        async with AsyncSession(self._looking, expire_on_commit=False) as session, session.begin():
            yield session

    async def erase_traces(self) -> bool:
        """After a deletion: nothing of it stays in the write-ahead log. False when readers did not let it through."""
        if not self.is_sqlite or not self.url.database:
            return True
        for _ in range(CHECKPOINT_TRIES):
            if await asyncio.to_thread(_checkpoint, self.url.database):
                return True
            await asyncio.sleep(0.05)
        log.warning("the write-ahead log could not be emptied; the next clean-up tries again")
        return False

    async def is_alive(self) -> bool:
        """Whether the database answers, for the health check."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except STORE_ERRORS:
            return False
        return True

    async def close(self) -> None:
        for together in (self._together, self._looking_together, self._claiming_together):
            await together.finish()
        await self.engine.dispose()
        if isinstance(self.engine.dialect, sqlite_here.Here):
            self.engine.dialect.close()


#: Beginnings of PostgreSQL's codes for what passes: connection, serialization and deadlock, resources, shutting down.
_PASSING = ("08", "40", "53", "57", "58")
#: SQLite's own.
_PASSING_SQLITE = ("BUSY", "LOCKED", "FULL", "READONLY", "IOERR", "CANTOPEN", "PROTOCOL", "NOMEM")


def is_passing(error: BaseException) -> bool:
    """Whether it is the database's own trouble, so that the same may succeed later."""
    if isinstance(error, OSError | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    code = str(getattr(error.orig, "sqlstate", None) or "")
    name = str(getattr(error.orig, "sqlite_errorname", None) or "").removeprefix("SQLITE_")
    return code.startswith(_PASSING) or name.startswith(_PASSING_SQLITE)


def is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


async def run(session: AsyncSession, statement: Any, values: Values | None = None) -> CursorResult[Any]:
    """A statement on plain tables, without the ORM: for what is done with every message.

    Such statements are made once, at import, since making one costs more than carrying it out. One that was made
    by `on_conflict` is chosen by the database.
    """
    return await session.run_sync(execute, statement, values or {})


def execute(session: Session, statement: Any, values: Values) -> CursorResult[Any]:
    """The same, for what SQLAlchemy itself calls."""
    if isinstance(statement, dict):
        statement = statement[session.get_bind().dialect.name]
    return session.connection().execute(statement, values)


async def once(session: AsyncSession, read: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """What all who share a look would read alike is read once."""
    if read not in session.info:
        session.info[read] = await read(session)
    found: T = session.info[read]
    return found


def on_conflict(table: Any, finish: Callable[[Any], Any]) -> dict[str, Any]:
    """INSERT with ON CONFLICT as `insert_for`, but made at import, for both databases."""
    return {"sqlite": finish(sqlite_insert(table)), "postgresql": finish(postgresql_insert(table))}


def insert_for(session: AsyncSession, table: Any) -> Any:
    """INSERT with ON CONFLICT, which both databases have and SQLAlchemy keeps apart."""
    return (sqlite_insert if is_sqlite(session) else postgresql_insert)(table)


def _for_sqlite() -> dict[str, Any]:
    # The driver's own delayed BEGIN would let two readers both believe that they may write.
    return {
        "connect_args": {
            "factory": sqlite_here.Connection,
            "check_same_thread": False,
            "isolation_level": None,
        }
    }


def _checkpoint(path: str) -> bool:
    """Whether the log could be emptied; by a connection outside any transaction, in which it cannot."""
    with closing(sqlite3.connect(path, timeout=BUSY_MILLISECONDS / 1000)) as connection:
        return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def _for_postgresql() -> dict[str, Any]:
    # A dead connection, after a restart of the database, is found before it is used.
    return {
        "pool_size": CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": POOL_SECONDS,
        "pool_pre_ping": True,
        "connect_args": {
            "timeout": POOL_SECONDS,
            "command_timeout": STATEMENT_SECONDS,
            "server_settings": {"application_name": "flytthit", "idle_in_transaction_session_timeout": "60000"},
        },
    }


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        if connection.get_execution_options().get("looking", False):
            connection.connection.cursor().execute("BEGIN")
        else:
            connection.exec_driver_sql(sqlite_here.BEGIN_WRITING)
