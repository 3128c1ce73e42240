"""The whole playground, as `run` serves it: all loops side by side, on a port of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.app import build
from bot.leads.model import Lead
from bot.playing import NAME, Played, play
from bot.running import by_the_clock
from bot.settings import Settings
from bot.storage import leads
from tests.serving import on_a_port
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
    loops = [service.poller.run(), service.worker.run(), service.sender.run(), by_the_clock(service)]
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        async with on_a_port(playground.pages(stopping.is_set)) as address:
            try:
                yield address
            finally:
                # Pages that listen for news end only when they are told.
                stopping.set()
    finally:
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
