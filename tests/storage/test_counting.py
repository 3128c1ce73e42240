"""Counters are added up in a transaction and written at its end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Conversation, Feedback
from bot.storage import counting
from bot.storage.engine import Database

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
MOVER = Conversation(10, "Mona", "nb")


async def helped(session: AsyncSession) -> None:
    await counting.count_feedback(session, MOVER, [Feedback("housing/rent-home", True)], NOW)


async def fails(session: AsyncSession) -> None:
    await helped(session)
    raise RuntimeError


async def counted(database: Database) -> list[int]:
    async with database.engine.connect() as connection:
        return [count for (count,) in await connection.execute(text("SELECT count FROM counter"))]


async def test_turns_that_share_a_transaction_count_each_once(database: Database) -> None:
    async with database.transaction() as session:
        await helped(session)
        await helped(session)
    await database.write(helped)
    assert await counted(database) == [3]


async def test_what_is_not_stored_is_not_counted(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await database.write(fails)
    assert await counted(database) == []
