"""SQLite without a thread in between, for SQLAlchemy's asyncio engine: docs/decisions/0013-sqlite-here.md.

Python's own driver is called here and now, since a statement takes some 20 µs and the way to a thread and back 200.
Only what may wait goes to a thread: to begin a write where another process has the lock, and to commit it (the disk).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import await_

T = TypeVar("T")
DRIVER = "sqlite+here"
BEGIN_WRITING = "BEGIN IMMEDIATE"
#: One writes at a time; the others are for transactions past `Database`, as migrations are.
_THREADS = 4
#: SQLite's error codes carry further detail above this.
_KIND = 0xFF


class Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks this of its own asyncio cursors; the one private name that we answer to."""


class Connection(sqlite3.Connection):
    #: total_changes when the transaction began: where it is the same at the end, the disk is not waited for.
    changes_before = 0

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)


class Here(SQLiteDialect_pysqlite):
    """What SQLAlchemy takes for an asyncio driver, with hooks of its own where one must wait."""

    driver = "here"
    is_async = True
    has_terminate = True
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Threads of our own, so that a commit does not wait for those who think.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sqlite")

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        await_(_at_once())
        if statement != BEGIN_WRITING:
            cursor.execute(statement, parameters)
            return
        if not _begins_at_once(cursor):
            await_(self._aside(lambda: cursor.execute(statement)))
        cursor.connection.changes_before = cursor.connection.total_changes

    def do_commit(self, dbapi_connection: Any) -> None:
        connection = dbapi_connection.driver_connection
        if connection.total_changes == connection.changes_before:
            connection.commit()
        else:
            await_(self._aside(connection.commit))
            connection.changes_before = connection.total_changes

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.close()

    def close(self) -> None:
        """The engine is done with: its threads must not outlive it."""
        self._threads.shutdown(wait=False)

    async def _aside(self, work: Callable[[], T]) -> T:
        """In a thread, and to its end even when we are cancelled: a half-done commit must not meet a rollback."""
        task = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise


def _begins_at_once(cursor: sqlite3.Cursor) -> bool:
    """The lock is nearly always free, and then nothing waits."""
    wait = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        cursor.execute(BEGIN_WRITING)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _KIND != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={wait}")
    return True


async def _at_once() -> None:
    """Waits for nothing: SQLAlchemy takes a driver that never awaits for a synchronous one, and refuses it."""


registry.register("sqlite.here", __name__, Here.__name__)
