"""One program that is broken, killed and started again, while its Telegram, its time and its people go on."""

from __future__ import annotations

import asyncio
import gc
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram.error import TelegramError

from bot import points
from bot.app import build, serve
from bot.delivery import UNLIMITED
from bot.mail import Outbox
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.sqlite_here import Here
from bot.telegram.pretend import PretendTelegram
from tests.faults.model.store import Store
from tests.faults.model.witness import Alarms, BadPost, SlowWire, Witness
from tests.faults.store_trouble import BadFile, SqliteTrouble
from tests.faults.virtual_time import VirtualLoop
from tests.world import SENDER, Clock, World, learnt

T = TypeVar("T")
#: How long the program's own loops run where they must: some tries of each.
SERVING_SECONDS = 5.0
POLL_SECONDS = 1
#: More faults of one call than a story plans.
PATIENCE = 50
_WAITS = {
    "arrival": "SELECT count(*) FROM arrival WHERE state = 'waiting'",
    "delivery": "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'unknown', 'sending')",
}


class Died(BaseException):
    """Nothing of the program goes on after this."""


class _Points:
    """Stands in for `os` in bot/points.py: what is to happen at a point happens in here, and not by a signal."""

    def __init__(self) -> None:
        self.then: Callable[[], None] = lambda: None

    def getpid(self) -> int:
        return 0

    def kill(self, _pid: int, _signal: int) -> None:
        points._WANTED = ""
        self.then()


async def _at_once(_dialect: Here, work: Callable[[], T]) -> T:
    return work()


def _does_not_wait(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class Stage:
    """Made once; `begins` sets it up for a story.

    Whenever the program starts all of it is new, but for the engine: that has its statements compiled, which would take
    a third of the time, and knows nothing of what is in the file.
    """

    def __init__(self) -> None:
        # What was read and compiled stays to the end; looking through it for garbage took an eighth of the time.
        learnt()
        gc.freeze()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.folder = Path(tempfile.mkdtemp(prefix="flytthit-model-"))
        self._patch, self._points = pytest.MonkeyPatch(), _Points()
        self._patch.setattr(points, "os", self._points)
        # Without threads a story goes the same way each time.
        self._patch.setattr(Here, "_aside", _at_once)
        for name in ("asyncio", "bot", "telegram"):
            # To write out some thousand errors that are wanted takes longer than to make them.
            self._patch.setattr(logging.getLogger(name), "propagate", False)
        self._engine: AsyncEngine | None = None
        self._bad_file: BadFile | None = None

    def close(self) -> None:
        self.runner.run(self.world.house.database.close())
        self.runner.close()
        self._patch.undo()
        shutil.rmtree(self.folder)
        gc.unfreeze()

    # -- a story

    def begins(self, beginning: Path) -> None:
        for file in self.folder.iterdir():
            file.unlink()
        shutil.copytree(beginning, self.folder, dirs_exist_ok=True)
        self.clock, self.alarms = Clock(), Alarms()
        logging.getLogger("bot").addHandler(self.alarms)
        self.telegram = PretendTelegram(self.folder / "telegram.sqlite", now=self.clock)
        self.store = Store(self.folder / "flytthit.sqlite")
        self.witness = self.telegram.fault = Witness(self.telegram, self.store)
        self.outbox = Outbox(SENDER)
        self.post = BadPost(self.outbox, self.witness)
        self._breaking = AsyncExitStack()
        self.trouble: SqliteTrouble | None = None
        self._dead = asyncio.Event()
        self._rises()

    def ends(self) -> None:
        self.nothing_is_planned()
        self.is_mended()
        logging.getLogger("bot").removeHandler(self.alarms)
        self.runner.run(self.world.house.database.engine.dispose())
        self.store.close()
        self.telegram.close()

    @property
    def whole(self) -> bool:
        """Whether the store takes what it is given."""
        return self.trouble is None

    def _rises(self) -> None:
        house = build(Settings(_env_file=None, data_dir=self.folder, fragment_seconds=0), learnt=learnt())
        self._have_an_engine(house.database)
        token, self.wire = self.telegram.token, SlowWire(self.telegram)
        service = serve(house, token, self.wire, self.clock, POLL_SECONDS, UNLIMITED, self.post)
        self.world = World(service, self.telegram, self.clock, self.outbox)

    def _have_an_engine(self, database: Database) -> None:
        if self._engine is None:
            self._engine = database.engine
            # No power is cut in here, and waiting for the disk would take most of the time.
            event.listen(self._engine.sync_engine, "connect", _does_not_wait)
            self._bad_file = BadFile(database)
        else:
            assert isinstance(database.engine.dialect, Here)
            database.engine.dialect.close()
            database.engine, database._looking = self._engine, self._engine.execution_options(looking=True)

    # -- what the program does

    def run(self, story: Coroutine[Any, Any, T]) -> T | None:
        """None where the program died of it; it has been started again then."""
        if not points._WANTED:
            return self.runner.run(story)
        return self.runner.run(self._until_dead(story))

    def settle(self) -> None:
        """All that can be done now is done, however often it dies of it."""
        died = True
        while died:
            self._dead.clear()
            self.run(self._settles() if self.whole else self._serves())
            died = self._dead.is_set()

    def serve(self, first: Callable[[], object], later: Callable[[], object]) -> None:
        """Two things happen one after the other while the program's own loops run."""

        came = False

        async def come() -> None:
            nonlocal came
            first()
            await asyncio.sleep(POLL_SECONDS)
            came = True
            later()

        async def both() -> None:
            await asyncio.gather(come(), self._serves())

        self._dead.clear()
        self.run(both())
        if not came:
            # It died meanwhile, and people go on.
            later()

    async def _settles(self) -> None:
        service = self.world.service
        for _ in range(PATIENCE):
            try:
                while self.telegram.pending():
                    await service.poller.poll_once()
                break
            except TelegramError:
                continue
        if self.store.number(_WAITS["arrival"]):
            await service.worker.handle_waiting()
        if self.store.number(_WAITS["delivery"]):
            await service.sender.send_due()

    async def _serves(self) -> None:
        """By its own loops, which bear a store in trouble."""
        service = self.world.service
        loops = (service.poller.run(), service.worker.run(), service.sender.run())
        tasks = [asyncio.create_task(loop) for loop in loops]
        await asyncio.sleep(SERVING_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- its store

    def breaks(self, trouble: SqliteTrouble) -> None:
        self.is_mended()
        self.runner.run(self._breaks(trouble))

    def breaks_at(self, point: str, trouble: SqliteTrouble) -> None:
        """When it comes there while it serves. A point between two transactions."""

        def then() -> None:
            self._broken = asyncio.get_running_loop().create_task(self._breaks(trouble))

        self._plan(point, 1, then)

    async def _breaks(self, trouble: SqliteTrouble) -> None:
        assert self._bad_file is not None
        await self._breaking.enter_async_context(self._bad_file.meets(trouble))
        self.trouble = trouble

    def is_mended(self) -> None:
        self.runner.run(self._breaking.aclose())
        self.trouble = None

    # -- its death

    def dies_at(self, point: str, times: int) -> None:
        """It will be killed when it comes there for the so-manieth time."""
        self._plan(point, times, self._is_killed)

    def nothing_is_planned(self) -> None:
        points._WANTED = ""

    def _plan(self, point: str, times: int, then: Callable[[], None]) -> None:
        points._WANTED, points._TIMES, self._points.then = point, str(times), then
        points._reached.clear()

    def _is_killed(self) -> None:
        """What lies in its files now is all that is left of it."""
        self.witness.is_dead = True
        self.witness.deaths += 1
        with closing(sqlite3.connect(self._relic)) as relic, closing(sqlite3.connect(self.store.path)) as store:
            store.backup(relic)
        self._under_way = self._file("-under-way").read_bytes()
        self._dead.set()
        raise Died

    async def _until_dead(self, story: Coroutine[Any, Any, T]) -> T | None:
        acting, dying = asyncio.create_task(story), asyncio.create_task(self._dead.wait())
        await asyncio.wait((acting, dying), return_when=asyncio.FIRST_COMPLETED)
        if not self._dead.is_set():
            dying.cancel()
            return acting.result()
        await self._is_buried(acting)
        self._rises()
        await self.world.service.sender.recover()
        return None

    async def _is_buried(self, acting: asyncio.Task[Any]) -> None:
        rest = (asyncio.all_tasks() | {acting}) - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self._breaking.aclose()
        await self.world.house.database.engine.dispose()
        self.trouble = None
        self.store.close()
        for ending in ("-wal", "-shm"):
            self._file(ending).unlink(missing_ok=True)
        self._relic.replace(self.store.path)
        self._file("-under-way").write_bytes(self._under_way)
        self.store.open()
        self.witness.is_dead = False

    @property
    def _relic(self) -> Path:
        return self.folder / "relic.sqlite"

    def _file(self, ending: str) -> Path:
        return Path(f"{self.store.path}{ending}")
