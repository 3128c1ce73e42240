"""parked list, retry, drop: what could not be handled or sent, and what becomes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.app import StartError, now, open_store
from bot.settings import Settings
from bot.storage import parked
from bot.storage.engine import Database

REAL = "flytthit"


async def show(settings: Settings) -> None:
    """Everything that is parked; no words of anybody."""
    database = await _open(settings)
    try:
        async with database.reading() as session:
            everything = await parked.everything(session)
    finally:
        await database.close()
    for item in everything:
        print(f"{item.name:8} {item.kind:10} chat {item.chat_id}  {item.since:%Y-%m-%d %H:%M} UTC  {item.trouble}")
    print(f"{len(everything)} parked")


async def retry(settings: Settings, names: Sequence[str]) -> None:
    """Back into the queue; the running program takes them up within seconds."""
    await _each(settings, names, parked.retry, "waits again")


async def drop(settings: Settings, names: Sequence[str]) -> None:
    await _each(settings, names, parked.drop, "dropped")


_Action = Callable[[AsyncSession, str, datetime], Awaitable[bool]]


async def _each(settings: Settings, names: Sequence[str], action: _Action, done: str) -> None:
    """Raises StartError when a name is none."""
    database = await _open(settings)
    try:
        async with database.transaction() as session:
            for name in await parked.names(session, names):
                print(f"{name}: {done if await action(session, name, now()) else 'not parked'}")
    except ValueError as error:
        raise StartError(str(error)) from None
    finally:
        await database.close()


async def _open(settings: Settings) -> Database:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database(REAL))
    await open_store(database)
    return database
