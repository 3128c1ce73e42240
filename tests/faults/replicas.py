"""Replicas as processes of their own over one PostgreSQL and before one pretended Telegram, killed and replaced.

Each is forked from the test process, which has read everything already, and runs the loops of `run` without its pages.
What Telegram has to tell is stored by the test process, as by a webhook that goes on to answer; killing where that
stops is test_dying.py's business.
"""

from __future__ import annotations

import asyncio
import mmap
import os
import random
import signal
import struct
import sys
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from sqlalchemy import text
from sqlmodel import col, select

from bot.app import build, serve
from bot.delivery import UNLIMITED
from bot.replicas import Replica
from bot.running import by_the_clock
from bot.settings import Settings
from bot.storage import leases
from bot.storage.tables import DeliveryRow
from bot.storage.waking import Listener
from bot.telegram.pretend import Message, PretendTelegram
from bot.telegram.raw import incoming
from bot.telegram.receiving import Intake
from tests.world import START, Clock, Person, World, learnt, world

#: What waits; a message that is held back for its host's morning does not.
LEFT = text(
    "SELECT (SELECT count(*) FROM arrival WHERE state = 'waiting')"
    " + (SELECT count(*) FROM delivery WHERE state IN ('waiting', 'unknown', 'sending'))"
)
STATES = text(
    "SELECT 'arrival', state, holder, trouble, count(*) FROM arrival GROUP BY 1, 2, 3, 4"
    " UNION ALL SELECT 'delivery', state, holder, trouble, count(*) FROM delivery GROUP BY 1, 2, 3, 4"
)
LOOK_SECONDS = 0.05


class SharedClock(Clock):
    """One time for all processes, also those forked later: it runs, and the test may set it."""

    def __init__(self, start: datetime = START) -> None:
        self._ahead = mmap.mmap(-1, 8)
        super().__init__(start)

    @property
    def now(self) -> datetime:
        (ahead,) = struct.unpack("d", self._ahead[:])
        return datetime.fromtimestamp(ahead + time.monotonic(), UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._ahead[:] = struct.pack("d", moment.timestamp() - time.monotonic())


class BotApi(asyncio.Protocol):
    """The pretended Telegram over HTTP, spoken just well enough for our own client, and so at little cost."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self._telegram, self._buffer, self._tasks = telegram, b"", set[asyncio.Task[None]]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) >= length:
            self._buffer = rest[length:]
            task = asyncio.create_task(self._answer(head.split(b" ", 2)[1].decode(), rest[:length]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, path: str, form: bytes) -> None:
        token, _, method = path.removeprefix("/bot").partition("/")
        status, body = await self._telegram.call(token, method, dict(parse_qsl(form.decode())))
        self._transport.write(b"HTTP/1.1 %d -\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))


class Replicas:
    """So many, each replaced at once when it is killed; `world` is the test's own eyes on store and Telegram."""

    def __init__(self, world: World, folder: Path, chance: random.Random) -> None:
        self.world, self.killed = world, 0
        self._folder, self._chance, self._address = folder, chance, ""
        self._pids: list[int] = []
        self._listener = Listener(world.house.database, lambda: None)
        service = world.service
        self._intake = Intake(service.bot_id, service.house.database, world.clock, self._listener.tell)

    async def start(self, number: int) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: BotApi(self.world.telegram), "127.0.0.1", 0)
        self._address = "http://{}:{}".format(*self._server.sockets[0].getsockname()[:2])
        ready = asyncio.Event()
        self._telling = asyncio.create_task(self._listener.run(ready.set))
        await ready.wait()
        for _ in range(number):
            self._born()
        await self._until(lambda: self._living(), number)

    async def stop(self) -> None:
        for pid in self._pids:
            _end(pid)
        self._telling.cancel()
        await asyncio.gather(self._telling, return_exceptions=True)
        self._server.close()

    def kill(self) -> None:
        """One of them, as by a power cut; what it held is free when its lease has run out."""
        pid = self._pids.pop(self._chance.randrange(len(self._pids)))
        assert _end(pid) == signal.SIGKILL, "it lived until it was killed"
        self.killed += 1
        self._born()

    async def kill_each(self, least: float, most: float) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._chance.uniform(least, most))
            self.kill()

    async def hear(self) -> None:
        """What Telegram has to tell is stored and confirmed."""
        updates = self.world.telegram.pending()
        kept = [update for update in map(incoming, updates) if update is not None]
        for start in range(0, len(kept), 50):
            await self._intake.keep(kept[start : start + 50])
        if kept:
            self.world.telegram._state.queue.take(kept[-1].update_id + 1, 1, self.world.clock())

    async def rest(self, seconds: float = 300) -> None:
        """Until nothing is left to be answered or sent."""
        await self._until(lambda: self._count(LEFT), 0, seconds)

    async def told(self, person: Person) -> list[Message]:
        """What this person was told, in order and without copies, of which there may be as many as the store admits."""
        sent = {row.message_id: row for row in await self.sent_to(person)}
        messages = person.from_bot()
        copies = len(messages) - len(sent)
        admitted = sum(row.copies - 1 for row in sent.values())
        assert copies <= admitted, f"{copies} messages too many, and {admitted} may be"
        return [message for message in messages if message.id in sent]

    async def sent_to(self, person: Person) -> list[DeliveryRow]:
        """In the order they were stored."""
        rows = [row for row in await self.deliveries() if row.chat_id == person.user.id]
        return [row for row in rows if row.state == "sent"]

    async def deliveries(self) -> list[DeliveryRow]:
        async with self.world.house.database.reading() as session:
            return list((await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))).all())

    # -- inside

    def _born(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            _be_a_replica(self.world, self._folder, self._address)
        self._pids.append(pid)

    async def _living(self) -> int:
        return await self._count(select(leases.living().subquery().c.name).with_only_columns(text("count(*)")))

    async def _count(self, statement: Any) -> int:
        async with self.world.house.database.reading() as session:
            return int((await (await session.connection()).execute(statement)).scalar_one())

    async def _until(self, look: Any, wanted: int, seconds: float = 60) -> None:
        for _ in range(int(seconds / LOOK_SECONDS)):
            if await look() == wanted:
                return
            await asyncio.sleep(LOOK_SECONDS)
        async with self.world.house.database.reading() as session:
            rows = await (await session.connection()).execute(STATES)
            raise TimeoutError("\n".join(map(str, rows.all())))


def _end(pid: int) -> int:
    """By which signal it ended."""
    os.kill(pid, signal.SIGKILL)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def _be_a_replica(world: World, folder: Path, address: str) -> NoReturn:
    """Nothing of the test process may go on in here; the alarm ends what outlives it."""
    try:
        signal.alarm(900)
        with asyncio.Runner() as runner:
            runner.run(_serve(world, folder / str(os.getpid()), address))
    except BaseException:  # noqa: BLE001 - whatever it is, it must not come back into the test process
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)


async def _serve(world: World, folder: Path, address: str) -> None:
    folder.mkdir()
    given = world.house.settings
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        database_url=given.database_url,
        telegram_api_url=address,
        fragment_seconds=0,
    )
    house = build(settings, learnt=learnt())
    service = serve(house, world.telegram.token, None, world.clock, limits=UNLIMITED, mail=world.outbox)
    replica = Replica(service, alone=False)
    await replica.join()
    async with asyncio.TaskGroup() as group:
        for loop in (service.worker.run(), service.sender.run(), replica.run(), by_the_clock(service)):
            group.create_task(loop)


@asynccontextmanager
async def replicas(folder: Path, url: str, seed: int = 2026) -> AsyncIterator[Replicas]:
    """A world whose work is to be done by replicas; they are started by `start`, when all who play are there."""
    async with world(folder, url, SharedClock()) as opened:
        several = Replicas(opened, folder, random.Random(seed))
        try:
            yield several
        finally:
            await several.stop()
