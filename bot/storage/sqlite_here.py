"""SQLite without a thread in between, for SQLAlchemy's asyncio engine.

aiosqlite sends every statement to a thread and back, which costs more than the statement: a statement takes some
20 µs, the way there and back some 200. So statements are done here and now. Only what may wait goes to a thread:
the beginning of a write (for another process's lock) and the commit of one (for the disk).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def _aside(work: Callable[[], T]) -> T:
    """In a thread, and to its end even when we are cancelled: a half-done commit must not meet a rollback."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


class Connection:
    """What SQLAlchemy's dialect asks of an aiosqlite connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._connection: sqlite3.Connection | None = sqlite3.connect(
            *args, **{**kwargs, "check_same_thread": False, "isolation_level": None}
        )
        self._written = 0

    def __await__(self) -> Generator[Any, None, Connection]:
        yield from ()
        return self

    @property
    def _conn(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("Connection closed")
        return self._connection

    @property
    def isolation_level(self) -> str | None:
        return self._conn.isolation_level

    @property
    def _tx(self) -> Connection:
        return self

    def put_nowait(self, order: tuple[asyncio.Future[Any], Callable[[], Any]]) -> None:
        """The dialect puts orders into aiosqlite's queue; here they are carried out."""
        future, function = order
        future.set_result(function())

    def cursor(self) -> Cursor:
        return Cursor(self, self._conn.cursor())

    async def create_function(self, *args: Any, **kwargs: Any) -> None:
        self._conn.create_function(*args, **kwargs)

    async def begin_writing(self, operation: str) -> None:
        await _aside(lambda: self._conn.execute(operation))
        self._written = self._conn.total_changes

    async def commit(self) -> None:
        if not self._conn.in_transaction:
            return
        if self._conn.total_changes == self._written:
            self._conn.commit()
        else:
            await _aside(self._conn.commit)

    async def rollback(self) -> None:
        self._conn.rollback()

    async def close(self) -> None:
        self.stop()

    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class Cursor:
    def __init__(self, connection: Connection, cursor: sqlite3.Cursor) -> None:
        self._connection, self._cursor = connection, cursor
        self.arraysize = 1

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Cursor:
        if operation == BEGIN_WRITING:
            await self._connection.begin_writing(operation)
        else:
            self._cursor.execute(operation, parameters)
        return self

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> Cursor:
        self._cursor.executemany(operation, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


BEGIN_WRITING = "BEGIN IMMEDIATE"
