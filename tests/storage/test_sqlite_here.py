"""What may wait goes to a thread, nothing else; and a commit is never left half done."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.engine import Database

LOCK_SECONDS = 0.3


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    async with opened.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE thing (name TEXT)"))
    yield opened
    await opened.close()


async def names(database: Database) -> list[str]:
    async with database.reading() as session:
        rows = await (await session.connection()).execute(text("SELECT name FROM thing"))
        return [name for (name,) in rows]


async def add(database: Database, name: str, trouble: Exception | None = None) -> None:
    async with database.transaction() as session:
        await (await session.connection()).execute(text("INSERT INTO thing VALUES (:name)"), {"name": name})
        if trouble is not None:
            raise trouble


async def test_another_process_with_the_lock_does_not_hold_the_loop(database: Database) -> None:
    with closing(sqlite3.connect(database.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(add(database, "ours"))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await asyncio.sleep(LOCK_SECONDS)
        assert loop.time() - begun < 2 * LOCK_SECONDS
        assert await names(database) == [], "readers never wait"
        assert not writing.done()
        other.execute("COMMIT")
    await writing
    assert await names(database) == ["ours"]


async def test_a_write_is_kept_and_one_that_fails_is_not(database: Database) -> None:
    await add(database, "kept")
    with pytest.raises(RuntimeError):
        await add(database, "lost", RuntimeError())
    assert await names(database) == ["kept"]


async def test_a_cancelled_write_is_stored_wholly_or_not_at_all_and_holds_up_nobody(database: Database) -> None:
    for turn in range(30):
        writing = asyncio.create_task(add(database, str(turn)))
        await asyncio.sleep(0.0003 * turn)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await add(database, "last")
    assert (await names(database))[-1] == "last"


async def test_a_look_sees_one_moment(database: Database) -> None:
    await add(database, "first")
    async with database.reading() as session:
        connection = await session.connection()
        before = (await connection.execute(text("SELECT count(*) FROM thing"))).scalar_one()
        await add(database, "second")
        after = (await connection.execute(text("SELECT count(*) FROM thing"))).scalar_one()
    assert (before, after) == (1, 1)
