"""What a database may do to us, done for real: the errors are the database's own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Any, Literal

from sqlalchemy import event, text

from bot.storage.engine import Database
from tests.postgres import server

SqliteTrouble = Literal["busy", "disk full", "read-only"]
PostgresTrouble = Literal["restart", "crash", "backends killed", "serialization failures", "pool empty"]

_FINE = {"busy_timeout": "10000", "query_only": "OFF", "max_page_count": str(2**30)}
_TROUBLE: dict[SqliteTrouble, dict[str, str]] = {
    # Another process holds the lock for longer than we wait.
    "busy": {"busy_timeout": "1"},
    "disk full": {"max_page_count": "1"},
    "read-only": {"query_only": "ON"},
}


class BadFile:
    """Makes trouble in a SQLite database, whichever connection is used."""

    def __init__(self, database: Database) -> None:
        self._path = database.url.database or ""
        self._pragmas = _FINE
        event.listen(database.engine.sync_engine, "checkout", self._checked_out)

    @asynccontextmanager
    async def meets(self, trouble: SqliteTrouble) -> AsyncIterator[None]:
        self._pragmas = _FINE | _TROUBLE[trouble]
        with closing(sqlite3.connect(self._path, isolation_level=None)) as other:
            if trouble == "busy":
                other.execute("BEGIN IMMEDIATE")
            yield
        self._pragmas = _FINE

    def update_ids(self) -> set[int]:
        """What is stored for good, as another process sees it."""
        with closing(sqlite3.connect(self._path)) as other:
            return {row[0] for row in other.execute("SELECT update_id FROM arrival")}

    def _checked_out(self, connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        for name, value in self._pragmas.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()


class BadServer:
    """Makes trouble in a PostgreSQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._name = database.url.database or ""

    @asynccontextmanager
    async def meets(self, trouble: PostgresTrouble) -> AsyncIterator[None]:
        match trouble:
            case "restart" | "crash":
                server().restart(crash=trouble == "crash")
                yield
            case "backends killed":
                await self._kill_backends()
                yield
                await self._kill_backends()
            case "serialization failures":
                await self._isolation("serializable")
                yield
                await self._isolation("read committed")
            case "pool empty":
                async with AsyncExitStack() as held:
                    for _ in range(10):
                        connection = await held.enter_async_context(self._database.engine.connect())
                        await connection.execute(text("SELECT 1"))
                    yield

    async def _isolation(self, level: str) -> None:
        """Connections that are open keep theirs, so they are ended."""
        connection = await server().connect()
        try:
            await connection.execute(f"ALTER DATABASE {self._name} SET default_transaction_isolation = '{level}'")
        finally:
            await connection.close()
        await self._kill_backends()

    async def _kill_backends(self) -> None:
        connection = await server().connect()
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", self._name
            )
        finally:
            await connection.close()
        await asyncio.sleep(0)
