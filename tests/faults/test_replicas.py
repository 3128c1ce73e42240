"""Several replicas on one PostgreSQL: order per chat, nothing twice, and what a dead one held is taken over."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage import arrivals, deliveries, leases, retention
from bot.storage.arrivals import DoneAlready, Incoming
from bot.storage.engine import Database
from bot.storage.waking import HeldElsewhere, Listener
from bot.telegram.raw import incoming
from tests.postgres import server
from tests.world import START, Clock, World, world

FULL = os.environ.get("FAULTS") == "full"
REPLICAS = 3
CHATS, MESSAGES = (400, 50) if FULL else (20, 13)


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
        await deliveries.add(session, "reply", 10, {"html": "Hei"}, START)
        (head,) = await deliveries.heads(session, START)
        assert len(await deliveries.claim(session, [head.id], "a", START)) == 1
        assert await deliveries.claim(session, [head.id], "b", START) == []
        assert await deliveries.recover(session) == 0, "a lives"
        await leases.leave(session, "a")
        assert await deliveries.recover(session) == 1
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


async def test_only_one_may_poll_and_the_others_hear_what_is_stored(url: str) -> None:
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


class Crowd:
    """The same program several times over one database and one Telegram."""

    def __init__(self, worlds: list[World]) -> None:
        self.worlds = worlds

    async def work(self, dies: bool) -> None:
        """All at once until nothing is left; on the way one of them dies in the middle of its work."""
        loops = {
            each: [asyncio.create_task(each.service.worker.run()), asyncio.create_task(each.service.sender.run())]
            for each in self.worlds
        }
        if dies:
            await asyncio.sleep(0.3)
            victim = self.worlds[-1]
            for task in loops[victim]:
                task.cancel()
            await asyncio.gather(*loops[victim], return_exceptions=True)
            async with victim.house.database.transaction() as session:
                await leases.leave(session, victim.service.name)
        await self._until_done(dies)
        for task in (task for tasks in loops.values() for task in tasks):
            task.cancel()
        await asyncio.gather(*(task for tasks in loops.values() for task in tasks), return_exceptions=True)

    async def _until_done(self, dies: bool) -> None:
        database = self.worlds[0].house.database
        for _ in range(600):
            await asyncio.sleep(0.1)
            await _beat(database, *(each.service.name for each in (self.worlds[:-1] if dies else self.worlds)))
            for each in self.worlds[:-1]:
                await each.service.sender.recover()
                each.service.worker.wake()
            async with database.reading() as session:
                connection = await session.connection()
                left = await connection.execute(text(_LEFT))
                if not left.scalar_one():
                    return
        raise TimeoutError(await self._told())

    async def _told(self) -> str:
        async with self.worlds[0].house.database.reading() as session:
            rows = await (await session.connection()).execute(text(_STATES))
            return "\n".join(map(str, rows.all()))


_STATES = (
    "SELECT 'arrival', state, holder, trouble, count(*) FROM arrival GROUP BY 1, 2, 3, 4"
    " UNION ALL SELECT 'delivery', state, holder, trouble, count(*) FROM delivery GROUP BY 1, 2, 3, 4"
)
_LEFT = (
    "SELECT (SELECT count(*) FROM arrival WHERE state = 'waiting')"
    " + (SELECT count(*) FROM delivery WHERE state IN ('waiting', 'unknown', 'sending'))"
)


@pytest.mark.parametrize("dies", [False, True], ids=["all live", "one dies"])
async def test_every_chat_is_answered_in_order_and_once(tmp_path: Path, url: str, dies: bool) -> None:
    async with AsyncExitStack() as stack:
        worlds = []
        for number in range(REPLICAS):
            (tmp_path / str(number)).mkdir()
            worlds.append(await stack.enter_async_context(world(tmp_path / str(number), url)))
        first = worlds[0]
        for each in worlds[1:]:
            each.service.bot._request = first.service.bot._request
        for each in worlds:
            await _beat(first.house.database, each.service.name)
        movers = [first.mover(f"Mona {number}") for number in range(CHATS)]
        commands = ("/tema", "/kommune", "/mine")
        for turn in range(MESSAGES):
            for mover in movers:
                first.telegram.say(mover.user, commands[turn % len(commands)])
        updates = [kept for update in first.telegram.pending() if (kept := incoming(update))]
        async with first.house.database.transaction() as session:
            for start in range(0, len(updates), 100):
                await arrivals.keep(session, first.service.bot_id, updates[start : start + 100], Clock()())
        await Crowd(worlds).work(dies)
        for mover in movers:
            told = [_kind(message.text) for message in mover.from_bot()]
            wanted = [turn % len(commands) for turn in range(MESSAGES)]
            assert told == wanted or (dies and _without_copies(told) == wanted), mover.user.name


def _kind(said: str) -> int:
    return 0 if "Hva vil du lese om" in said else 1 if "Hvilken kommune" in said else 2


def _without_copies(told: list[int]) -> list[int]:
    """No two answers in a row are of the same kind, so such a pair is one answer and its copy."""
    return [kind for index, kind in enumerate(told) if index == 0 or told[index - 1] != kind]
