"""Several replicas on one PostgreSQL: order per chat, nothing twice, and what a dead one held is taken over.

Who gets a lead and who is reminded is in test_replicas_work.py. `make test` makes 400 claims here, FAULTS=full 15,000.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage import arrivals, deliveries, leases, retention, waking
from bot.storage.arrivals import DoneAlready, Incoming
from bot.storage.deliveries import Head
from bot.storage.engine import Database
from bot.storage.tables import ReplicaRow
from bot.storage.waking import HeldElsewhere, Listener
from tests.faults.replicas import FULL, replicas, told
from tests.postgres import server
from tests.world import START

#: So many replicas, and whether they are killed.
CROWDS = [(2, False), (2, True), (4, False), (4, True)] if FULL else [(2, False), (4, True)]
CHATS, MESSAGES = (150, 25) if FULL else (20, 10)
COMMANDS = ("/tema", "/kommune", "/mine")


@pytest.fixture
async def url() -> str:
    return await server().fresh()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    yield opened
    await opened.close()


async def _beat(database: Database, *names: str) -> None:
    async with database.transaction() as session:
        for name in names:
            await leases.beat(session, name)


async def _keep(database: Database, *updates: tuple[int, int]) -> None:
    async with database.transaction() as session:
        await arrivals.keep(session, 7, [Incoming(id, chat, b"{}") for id, chat in updates], START)


async def _reply(session: AsyncSession) -> Head:
    """One that waits for chat 10."""
    await deliveries.add(session, "reply", 10, {"html": "Hei"}, START)
    (head,) = await deliveries.heads(session, START)
    return head


async def test_a_chat_is_claimed_by_one_and_taken_over_when_that_one_dies(database: Database) -> None:
    await _beat(database, "a", "b")
    await _keep(database, (1, 10), (2, 10), (3, 20))
    async with database.transaction() as session:
        assert [arrival.update_id for arrival in await arrivals.claim(session, 10, "a")] == [1, 2]
    await _keep(database, (4, 10))
    async with database.transaction() as session:
        assert await arrivals.claim(session, 10, "b") == []
        assert list(await arrivals.waiting_chats(session, "b")) == [20]
    async with database.transaction() as session:
        await leases.leave(session, "a")
    async with database.transaction() as session:
        assert [arrival.update_id for arrival in await arrivals.claim(session, 10, "b")] == [1, 2, 4]


async def test_who_was_not_heard_from_for_long_holds_nothing(database: Database) -> None:
    await _beat(database, "a", "b")
    await _keep(database, (1, 10))
    async with database.transaction() as session:
        head = await _reply(session)
        assert len(await arrivals.claim(session, 10, "a")) == len(
            await deliveries.claim(session, [head.id], "a", START)
        )
    async with database.transaction() as session:
        await session.exec(
            update(ReplicaRow).where(col(ReplicaRow.name) == "a").values(alive_until=func.now() - leases.LIVES)
        )
        assert await leases.beat(session, "b") == 1
        assert len(await arrivals.claim(session, 10, "b")) == 1
        assert await deliveries.recover(session, START) == 1


async def test_while_one_takes_another_neither_gets_it_nor_waits(database: Database) -> None:
    await _beat(database, "a", "b")
    await _keep(database, (1, 10))
    async with database.transaction() as session:
        head = await _reply(session)
    async with database.transaction() as first, database.transaction() as second, asyncio.timeout(10):
        assert len(await arrivals.claim(first, 10, "a")) == 1
        assert await arrivals.claim(second, 10, "b") == []
        assert len(await deliveries.claim(first, [head.id], "a", START)) == 1
        assert await deliveries.claim(second, [head.id], "b", START) == []


async def test_two_who_handled_the_same_arrival_store_it_once(database: Database) -> None:
    await _keep(database, (1, 10))
    async with database.transaction() as session:
        (arrival,) = await arrivals.waiting(session, 10)
        await arrivals.mark_done(session, [arrival.id], START)
    with pytest.raises(DoneAlready):
        async with database.transaction() as session:
            await arrivals.mark_done(session, [arrival.id], START)


async def test_what_a_dead_one_was_sending_goes_out_once_more(database: Database) -> None:
    await _beat(database, "a", "b")
    async with database.transaction() as session:
        head = await _reply(session)
        assert len(await deliveries.claim(session, [head.id], "a", START)) == 1
        assert await deliveries.claim(session, [head.id], "b", START) == []
        assert await deliveries.recover(session, START) == 0, "a lives"
        await leases.leave(session, "a")
        assert await deliveries.recover(session, START) == 1
        (again,) = await deliveries.claim(session, [head.id], "b", START)
    assert (again.state, again.copies) == ("unknown", 1)


async def test_periodic_work_is_done_once_by_whoever_comes_first(database: Database) -> None:
    done: list[str] = []

    async def work(name: str) -> None:
        async with database.transaction() as session:
            if await leases.is_due(session, "reminders", timedelta(hours=1), START):
                await asyncio.sleep(0.1)
                done.append(name)
                await leases.set_done(session, "reminders", START)

    await asyncio.gather(*(work(name) for name in "abcd"))
    await work("late")
    assert len(done) == 1
    async with database.transaction() as session:
        assert await retention.due(session, START)


async def test_only_one_may_poll_and_the_others_hear_what_is_stored(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waking, "LOCK_SECONDS", 0.3)
    heard, ready = asyncio.Event(), asyncio.Event()
    one, two = Database(url), Database(url)
    first = Listener(one, lambda: None, "polling 7")
    listening = asyncio.create_task(first.run(ready.set))
    await ready.wait()
    try:
        with pytest.raises(HeldElsewhere):
            await Listener(two, lambda: None, "polling 7").run()
        hears = asyncio.Event()
        other = asyncio.create_task(Listener(two, heard.set).run(hears.set))
        await hears.wait()
        heard.clear()
        first.tell()
        await asyncio.wait_for(heard.wait(), 5)
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await one.close()
        await two.close()


async def test_it_goes_on_after_the_database_was_restarted(url: str) -> None:
    database = Database(url)
    await _keep(database, (1, 10))
    server().restart(crash=True)
    for attempt in range(3):
        try:
            await _keep(database, (2, 10))
            break
        except Exception:  # noqa: BLE001 - connections that were open are found dead, once
            assert attempt < 2
    async with database.reading() as session:
        assert [arrival.update_id for arrival in await arrivals.waiting(session, 10)] == [1, 2]
    await database.close()


@pytest.mark.parametrize(("number", "dying"), CROWDS)
async def test_every_chat_is_answered_in_order_and_once(tmp_path: Path, url: str, number: int, dying: bool) -> None:
    async with replicas(tmp_path, url) as crowd:
        await crowd.start(number)
        movers = [crowd.world.mover(f"Mona {each}") for each in range(CHATS)]
        crowd.die_each(CHATS * MESSAGES // (5 if FULL else 2) if dying else 0)
        for turn in range(MESSAGES):
            for mover in movers:
                crowd.world.telegram.say(mover.user, COMMANDS[turn % len(COMMANDS)])
            await crowd.hear()
        await crowd.settle()
        assert bool(crowd.killed) == dying
        all_told = await told(crowd.world)
        assert dying or not all_told.copies()
        for mover in movers:
            assert all_told.came_in_order(mover)
            kinds = [_kind(said) for said in all_told.texts(mover)]
            assert kinds == [turn % len(COMMANDS) for turn in range(MESSAGES)], mover.user.name


def _kind(said: str) -> int:
    return 0 if "Hva vil du lese om" in said else 1 if "Hvilken kommune" in said else 2
