"""Arrivals: kept once, in the order they came."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import select

from bot.storage import arrivals
from bot.storage.arrivals import Incoming
from bot.storage.engine import Database
from bot.storage.tables import ArrivalRow

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BOT = 7


async def _keep(database: Database, *updates: tuple[int, int | None], bot: int = BOT) -> int:
    incoming = [Incoming(update_id, chat_id, b"{}") for update_id, chat_id in updates]
    async with database.transaction() as session:
        return await arrivals.keep(session, bot, incoming, NOW)


async def test_a_repeat_changes_nothing(database: Database) -> None:
    assert await _keep(database, (1, 10), (2, 10)) == 2
    assert await _keep(database, (1, 10), (2, 10), (3, 10)) == 1
    assert await _keep(database, (1, 10)) == 0


async def test_a_repeat_of_what_is_done_is_not_handled_again(database: Database) -> None:
    await _keep(database, (1, 10))
    async with database.transaction() as session:
        (first,) = await arrivals.waiting(session, 10)
        await arrivals.mark_done(session, [first.id], NOW)
    await _keep(database, (1, 10))
    async with database.reading() as session:
        assert list(await arrivals.waiting_chats(session)) == []


async def test_two_bots_may_have_the_same_update_id(database: Database) -> None:
    assert await _keep(database, (1, 10)) == 1
    assert await _keep(database, (1, 10), bot=8) == 1


async def test_nothing_to_keep_is_no_error(database: Database) -> None:
    assert await _keep(database) == 0


async def test_a_chat_gets_its_own_in_the_order_they_came(database: Database) -> None:
    """Not by update id: after a quiet week Telegram starts anywhere."""
    await _keep(database, (900, 10), (901, 20), (902, 10))
    await _keep(database, (5, 10), (6, None))
    async with database.reading() as session:
        assert [a.update_id for a in await arrivals.waiting(session, 10)] == [900, 902, 5]
        assert [a.update_id for a in await arrivals.waiting(session, 20)] == [901]
        assert [a.update_id for a in await arrivals.waiting(session, None)] == [6]
        assert list(await arrivals.waiting_chats(session)) == [10, 20, None]


async def test_what_is_done_loses_its_words_and_what_is_parked_keeps_them(database: Database) -> None:
    await _keep(database, (1, 10), (2, 10))
    async with database.transaction() as session:
        first, second = await arrivals.waiting(session, 10)
        await arrivals.mark_done(session, [first.id], NOW)
        await arrivals.park(session, [second.id], "KeyError", NOW)
    async with database.reading() as session:
        rows = (await session.exec(select(ArrivalRow).order_by("id"))).all()
    assert [(row.state, row.body, row.trouble) for row in rows] == [
        ("done", None, None),
        ("parked", b"{}", "KeyError"),
    ]


async def test_ids_of_telegrams_size_fit(database: Database) -> None:
    await _keep(database, (2**62, -1_002_204_310_551), (-5, 2**62))
    async with database.reading() as session:
        assert set(await arrivals.waiting_chats(session)) == {-1_002_204_310_551, 2**62}
