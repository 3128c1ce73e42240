"""The whole playground, as `run` serves it: all loops side by side, on a port of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from bot.app import build
from bot.leads.model import Lead
from bot.playing import NAME, Played, play
from bot.running import by_the_clock
from bot.settings import Settings
from bot.storage import leads
from tests.world import PUBLIC_URL, learnt

#: Working hours, and an evening.
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@asynccontextmanager
async def played(folder: Path, real: datetime = MORNING, poll_seconds: int = 1) -> AsyncIterator[Played]:
    """The playground behind its pages; nothing runs by itself yet."""
    settings = Settings(_env_file=None, data_dir=folder, fragment_seconds=0)
    playground = await play(build(settings, NAME, learnt()), PUBLIC_URL, lambda: real, poll_seconds)
    try:
        yield playground
    finally:
        await playground.service.house.database.close()
        playground.telegram.close()


@asynccontextmanager
async def running(playground: Played) -> AsyncIterator[str]:
    """Everything that runs by itself, and the address of the pages."""
    service, stopping = playground.service, asyncio.Event()
    app = playground.pages(stopping.is_set)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    loops = [service.poller.run(), service.worker.run(), service.sender.run(), by_the_clock(service)]
    tasks = [asyncio.create_task(loop) for loop in loops]
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        stopping.set()
        server.should_exit = True
        await asyncio.wait_for(serving, 8)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended


async def all_leads(playground: Played) -> list[Lead]:
    async with playground.service.house.database.reading() as session:
        return list(await leads.everything(session))


def told(playground: Played, user_id: int) -> list[str]:
    """All that the assistant wrote to somebody."""
    return [message.text for message in playground.telegram.messages(user_id) if message.from_bot]
