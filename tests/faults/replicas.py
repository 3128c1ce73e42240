"""Replicas as processes of their own over one PostgreSQL and before one pretended Telegram, killed and replaced.

Each is forked from the test process, which has read everything already, and runs the loops of `run` without its pages.
What Telegram has to tell is stored by the test process, as by a webhook that goes on to answer; a death in there is
the business of test_dying.py.
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
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from sqlalchemy import delete, func, text
from sqlmodel import col, select

from bot import replicas as beating
from bot import running
from bot.app import build, serve
from bot.delivery import UNLIMITED
from bot.replicas import Replica
from bot.settings import Settings
from bot.storage import leases
from bot.storage.deliveries import MAX_COPIES
from bot.storage.tables import DeliveryRow, ReplicaRow
from bot.storage.waking import Listener
from bot.telegram.pretend import PretendTelegram
from bot.telegram.raw import incoming
from bot.telegram.receiving import Intake
from tests.world import START, Clock, Person, World, learnt, world

FULL = os.environ.get("FAULTS") == "full"
#: What waits; a notice that is held for its host's morning does not.
LEFT = text(
    "SELECT (SELECT count(*) FROM arrival WHERE state = 'waiting')"
    " + (SELECT count(*) FROM delivery WHERE state IN ('waiting', 'unknown', 'sending'))"
)
_STATES = text(
    "SELECT 'arrival', state, holder, trouble, count(*) FROM arrival GROUP BY 1, 2, 3, 4"
    " UNION ALL SELECT 'delivery', state, holder, trouble, count(*) FROM delivery GROUP BY 1, 2, 3, 4"
)
#: How often a test looks, and a replica at what is due by the clock.
LOOK_SECONDS = 0.05
#: How often a replica looks for what the dead have left; the real ones every five seconds.
BEAT_SECONDS = 0.2


class SharedClock(Clock):
    """One time for all processes, also for those forked later: it runs, and the test may set it."""

    def __init__(self, start: datetime = START) -> None:
        self._ahead = mmap.mmap(-1, 8)
        super().__init__(start)

    def __call__(self) -> datetime:
        return self.now

    @property
    def now(self) -> datetime:
        (ahead,) = struct.unpack("d", self._ahead[:])
        return datetime.fromtimestamp(ahead + time.monotonic(), UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._ahead[:] = struct.pack("d", moment.timestamp() - time.monotonic())


class _BotApi(asyncio.Protocol):
    """The pretended Telegram over HTTP, spoken just well enough for our own client, and so at little cost."""

    def __init__(self, telegram: PretendTelegram, called: Callable[[], None]) -> None:
        """`called` is told of each call that has had its effect, before it is answered."""
        self._telegram, self._called, self._buffer = telegram, called, b""
        self._tasks = set[asyncio.Task[None]]()

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
        self._called()
        self._transport.write(b"HTTP/1.1 %d -\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))


class Replicas:
    """So many, each replaced at once when it is killed; `world` is the test's own eyes on store and Telegram."""

    def __init__(self, world: World, folder: Path, chance: random.Random) -> None:
        self.world = world
        self._folder, self.chance = folder, chance
        self.die_each(0)
        self._pids: list[int] = []
        self._deaths: list[int] = []
        self._funerals: list[asyncio.Task[None]] = []
        self._listener = Listener(world.house.database, lambda: None)
        self._listening = asyncio.create_task(self._listener.run())
        service = world.service
        self._intake = Intake(service.bot_id, service.house.database, world.clock, self._listener.tell)
        self._address = ""
        self._server: asyncio.Server | None = None

    @property
    def killed(self) -> int:
        return len(self._deaths)

    async def start(self, number: int) -> None:
        """Until all of them serve."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _BotApi(self.world.telegram, self._called), "127.0.0.1", 0)
        self._address = "http://{}:{}".format(*self._server.sockets[0].getsockname()[:2])
        for _ in range(number):
            self._born()
        await self.until(self._all_live)

    async def stop(self) -> None:
        for pid in self._pids:
            _kill(pid)
        self._listening.cancel()
        await asyncio.gather(self._listening, *self._funerals, return_exceptions=True)
        if self._server is not None:
            self._server.close()

    def kill(self) -> None:
        """One of them, as by a power cut. In full it counts among the living until its lease has run out."""
        pid = self._pids.pop(self.chance.randrange(len(self._pids)))
        self._deaths.append(_kill(pid))
        if not FULL:
            self._funerals.append(asyncio.create_task(self._bury(pid)))
        self._born()

    def die_each(self, calls: int) -> None:
        """From now on one is killed after so many calls of Telegram, more or less, again and again; 0 ends that."""
        self._die_each = calls
        self._calls_left = self.chance.randint(1, calls) if calls else 0

    async def hear(self) -> None:
        """What Telegram has to tell is stored, and confirmed."""
        updates = self.world.telegram.pending()
        kept = [update for update in map(incoming, updates) if update is not None]
        for start in range(0, len(kept), 50):
            await self._intake.keep(kept[start : start + 50])
        if kept:
            self.world.telegram._state.queue.take(kept[-1].update_id + 1, 1, self.world.clock())

    async def settle(self, seconds: float = 300) -> None:
        """Until everything said is stored, answered and delivered, or put aside, and all are at their work."""
        await self.hear()
        await asyncio.gather(*self._funerals)
        assert all(death == signal.SIGKILL for death in self._deaths), "none died by itself"
        await self.until(self._nothing_is_left, seconds)
        await self.until(self._all_live)

    async def until(self, seen: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
        for _ in range(int(seconds / LOOK_SECONDS)):
            if await seen():
                return
            await asyncio.sleep(LOOK_SECONDS)
        async with self.world.house.database.reading() as session:
            rows = await (await session.connection()).execute(_STATES)
            raise TimeoutError("it did not come about:\n" + "\n".join(map(str, rows.all())))

    # -- inside

    async def _bury(self, pid: int) -> None:
        """As if its lease had run out, which takes fifteen seconds."""
        async with self.world.house.database.transaction() as session:
            await session.exec(delete(ReplicaRow).where(col(ReplicaRow.name).contains(f"-{pid}-")))
        self._listener.tell()

    def _called(self) -> None:
        self._calls_left -= 1
        if self._die_each and self._calls_left <= 0:
            self.kill()
            self._calls_left = self.chance.randint(1, 2 * self._die_each)

    def _born(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            _be_a_replica(self.world, self._folder, self._address)
        self._pids.append(pid)

    async def _all_live(self) -> bool:
        return await self._count(select(func.count()).select_from(leases.living().subquery())) == len(self._pids)

    async def _nothing_is_left(self) -> bool:
        return await self._count(LEFT) == 0

    async def _count(self, statement: Any) -> int:
        async with self.world.house.database.reading() as session:
            return int((await (await session.connection()).execute(statement)).scalar_one())


def _kill(pid: int) -> int:
    """By which signal it ended."""
    os.kill(pid, signal.SIGKILL)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def _be_a_replica(world: World, folder: Path, address: str) -> NoReturn:
    """Nothing of the test process may go on in here."""
    try:
        running.LOOK_SECONDS = LOOK_SECONDS
        if not FULL:
            beating.BEAT_SECONDS = BEAT_SECONDS
        with asyncio.Runner() as runner:
            runner.run(_serve(world, folder / str(os.getpid()), address))
    except BaseException:  # noqa: BLE001 - whatever it is, it must not come back into the test process
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)


async def _serve(world: World, folder: Path, address: str) -> None:
    """As `run` does, before the other Telegram."""
    url = world.house.settings.database_url
    settings = Settings(_env_file=None, data_dir=folder, database_url=url, telegram_api_url=address, fragment_seconds=0)
    house = build(settings, learnt=learnt())
    service = serve(house, world.telegram.token, None, world.clock, limits=UNLIMITED, mail=world.outbox)
    replica = Replica(service, alone=False)
    await replica.join()
    loops = (service.worker.run(), service.sender.run(), replica.run(), running.by_the_clock(service))
    await asyncio.gather(*loops, _until_orphaned())


async def _until_orphaned() -> None:
    """No replica outlives the tests."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(1)
    raise SystemExit


@asynccontextmanager
async def replicas(folder: Path, url: str, seed: int = 2026) -> AsyncIterator[Replicas]:
    """A world whose work is done by replicas; they serve from `start` on, when all who play are there."""
    async with world(folder, url, SharedClock()) as opened:
        several = Replicas(opened, folder, random.Random(seed))
        try:
            yield several
        finally:
            await several.stop()


class Told:
    """What everybody was told, without copies, of which there may be as many as the store admits."""

    def __init__(self, world: World, rows: list[DeliveryRow]) -> None:
        self._world = world
        self._rows: dict[int, list[DeliveryRow]] = defaultdict(list)
        for row in rows:
            self._rows[row.chat_id].append(row)
        #: Messages of which nobody knows whether they went out twice or not at all; the operator was told.
        self.parked = [row for row in rows if row.state == "parked"]
        assert all(row.state in ("sent", "parked") for row in rows)
        assert all((row.copies, row.trouble) == (MAX_COPIES, "crashed while sending") for row in self.parked)

    def rows(self, person: Person) -> list[DeliveryRow]:
        return self._rows[person.user.id]

    def copies(self) -> int:
        return sum(row.copies - 1 for rows in self._rows.values() for row in rows)

    def texts(self, person: Person) -> list[str]:
        """As they were decided, also what was put aside."""
        messages = {message.id: message for message in person.from_bot()}
        told = []
        for row in self.rows(person):
            parked = row.state == "parked"
            told.append(str((row.body or {}).get("html")) if parked else messages.pop(row.message_id or 0).text)
        admitted = sum(row.copies - (row.state == "sent") for row in self.rows(person))
        assert len(messages) <= admitted, f"{len(messages)} messages too many, and {admitted} may be"
        return told

    def came_in_order(self, person: Person) -> bool:
        """That of one after the other: what two decide for one chat at the same time has no order."""
        came = [row.message_id for row in self.rows(person) if row.message_id]
        return came == sorted(came)


async def told(world: World) -> Told:
    async with world.house.database.reading() as session:
        rows = await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))
        return Told(world, list(rows.all()))
