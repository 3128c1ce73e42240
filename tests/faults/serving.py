"""The program's own loops over a world, in virtual time: what `run` does, without a process and without waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlmodel import col, select
from telegram.request import BaseRequest

from bot.storage.tables import ArrivalRow, DeliveryRow
from bot.telegram.pretend import PretendTelegram
from bot.telegram.receiving import POLL_SECONDS
from tests.faults.virtual_time import LoopClock
from tests.faults.wire import Wire
from tests.world import World, world

_LEFT = text(
    "SELECT (SELECT count(*) FROM arrival WHERE state = 'waiting')"
    " + (SELECT count(*) FROM delivery WHERE state IN ('waiting', 'unknown', 'sending'))"
)
#: How often a test looks whether something has come about.
LOOK_SECONDS = 0.5


class Serving:
    """A program that serves. It may be stopped, as by SIGTERM, and go on."""

    def __init__(self, world: World, wire: Wire) -> None:
        self.world, self.wire = world, wire
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        service = self.world.service
        loops = (service.poller.run(), service.worker.run(), service.sender.run())
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> list[BaseException]:
        """What the loops ended with by themselves."""
        ended = [task.exception() for task in self._tasks if task.done() and not task.cancelled()]
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        return [error for error in ended if error is not None]

    async def ends_over(self, error: type[Exception]) -> None:
        """It ended by itself because of this; whoever runs it starts it again."""
        assert [type(ended) for ended in await self.stop()] == [error]
        self.start()

    @property
    def lives(self) -> bool:
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def until(self, seen: Callable[[], bool], seconds: float = 300) -> None:
        """Until that is seen; raises TimeoutError when it is not within this time of the world's."""
        for _ in range(int(seconds / LOOK_SECONDS)):
            if seen():
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise TimeoutError("it did not come about")

    async def rests(self, seconds: float = 300) -> None:
        """Until Telegram has nothing more for us, and all is answered and delivered or put aside."""
        for _ in range(int(seconds / LOOK_SECONDS)):
            await asyncio.sleep(LOOK_SECONDS)
            if not self.world.telegram.pending() and not await self._left():
                return
        raise TimeoutError("something is left to be done")

    async def _left(self) -> int:
        async with self.world.house.database.reading() as session:
            return int((await (await session.connection()).execute(_LEFT)).scalar_one())

    async def arrivals(self) -> list[ArrivalRow]:
        async with self.world.house.database.reading() as session:
            return list((await session.exec(select(ArrivalRow).order_by(col(ArrivalRow.id)))).all())

    async def deliveries(self, chat_id: int | None = None) -> list[DeliveryRow]:
        async with self.world.house.database.reading() as session:
            rows = await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))
            return [row for row in rows.all() if chat_id in (None, row.chat_id)]


@asynccontextmanager
async def serving(folder: Path, database_url: str = "") -> AsyncIterator[Serving]:
    """A program that serves before a wire which may break; its clock is the running loop's."""
    wires: list[Wire] = []

    def request(telegram: PretendTelegram) -> BaseRequest:
        wires.append(Wire(telegram))
        return wires[0].request()

    async with world(folder, database_url, clock=LoopClock(), request=request, poll_seconds=POLL_SECONDS) as opened:
        running = Serving(opened, wires[0])
        running.start()
        try:
            yield running
        finally:
            await running.stop()
