"""Runs the service until it is told to stop: all its loops side by side, the pages beside them."""

from __future__ import annotations

import asyncio
import logging
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from telegram import BotCommandScopeAllGroupChats
from telegram.error import TelegramError

from bot.app import Service, mail_collector
from bot.dialogue.commands import MENU
from bot.pulling import keep_pulling
from bot.replicas import Replica
from bot.storage import retention
from bot.storage.engine import STORE_ERRORS
from bot.telegram.groups import MENU as GROUP_MENU
from bot.texts import label, languages

log = logging.getLogger(__name__)

STOP_SECONDS = 10
LOOK_SECONDS = 60.0
#: Emptying SQLite's log is done past SQLAlchemy.
_STORE_ERRORS: tuple[type[Exception], ...] = (*STORE_ERRORS, sqlite3.Error)


#: Makes the pages; what it is given says whether the program is stopping, so that open pages do not hold it.
Pages = Callable[[Callable[[], bool]], Starlette]


async def run(
    service: Service, pages: Pages, host: str, port: int, webhook: Coroutine[Any, Any, None] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, or until a part ends with an error.

    Updates come by polling, unless `webhook` is given, which looks after the webhook.
    """
    replica = Replica(service, alone=webhook is None)
    await replica.join()
    server: _Server

    def stopping() -> bool:
        return server.should_exit

    server = _Server(
        uvicorn.Config(
            pages(stopping), host=host, port=port, log_config=None, timeout_graceful_shutdown=2, lifespan="off"
        )
    )
    loops = {
        "receiving": webhook or service.poller.run(),
        "answering": service.worker.run(),
        "delivering": service.sender.run(),
        "replicas": replica.run(),
        "knowledge": service.house.watcher().run(),
        "periodic work": by_the_clock(service),
        "menu": prepare_bot(service),
    }
    settings = service.house.settings
    if settings.knowledge_pull == "on":
        loops["pulling"] = keep_pulling(settings.knowledge_dir)
    collector = mail_collector(service.house)
    if collector is not None:
        loops["reading mail"] = collector.run()
    service.house.learner.learn_if_needed()
    async with _stop_signal() as stopped:
        await _until_stopped(loops, server, stopped)
    await replica.leave()
    await service.house.learner.stop()
    await service.house.database.close()
    log.info("stopped")


async def _until_stopped(loops: dict[str, Coroutine[Any, Any, None]], server: _Server, stopped: asyncio.Event) -> None:
    tasks = {asyncio.create_task(loop, name=name) for name, loop in loops.items()}
    serving = asyncio.create_task(server.serve(), name="pages")
    waiting = asyncio.create_task(stopped.wait())
    running = {task for task in tasks if task.get_name() != "menu"}
    try:
        done, _ = await asyncio.wait({*running, serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {waiting}:
            log.error("%s ended by itself; stopping", task.get_name())
            task.result()
    finally:
        server.should_exit = True
        for task in {*tasks, waiting}:
            task.cancel()
        await asyncio.wait({*tasks, serving, waiting}, timeout=STOP_SECONDS - 2)


@asynccontextmanager
async def _stop_signal() -> AsyncIterator[asyncio.Event]:
    """Set by SIGTERM or SIGINT."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    try:
        yield stopped
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """Signals are ours: the pages stop together with the rest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def by_the_clock(service: Service) -> None:
    """Each minute, the clocks of the leads; once a day, delete what is past its time; once a week, the figures."""
    while True:
        try:
            now = service.clock()
            await service.house.desk.run_clock(now)
            await service.house.desk.tell_week_if_due(now)
            await service.house.desk.ask_follow_ups(now)
            await clean_up_if_due(service, now)
        except _STORE_ERRORS as error:
            log.error("periodic work failed: %s; again in %.0f s", type(error).__name__, LOOK_SECONDS)
        await _wait(service.hurry, LOOK_SECONDS)


async def _wait(hurry: asyncio.Event, seconds: float) -> None:
    """So long, or until the clock was moved."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await hurry.wait()
    hurry.clear()


async def clean_up_if_due(service: Service, now: datetime) -> None:
    database = service.house.database
    async with database.transaction() as session:
        if not await retention.due(session, now):
            return
        gone = await retention.clean_up(session, service.house.settings.periods, now)
    await database.erase_traces()
    log.info("retention: %s", ", ".join(f"{number} {name}" for name, number in gone.items()) or "nothing to delete")


async def prepare_bot(service: Service) -> None:
    """The command menu in each language. Repeated until Telegram answers."""
    bot = service.bot
    while True:
        try:
            service.house.assistant.bot_name = (await bot.get_me()).username
            for language in languages():
                menu = [(command, label(language, f"commands.{command}")) for command in MENU]
                code = "" if language == "nb" else language
                await bot.set_my_commands(menu, language_code=code)
                of_hosts = [(command, label(language, f"group.menu.{command}")) for command in GROUP_MENU]
                await bot.set_my_commands(of_hosts, BotCommandScopeAllGroupChats(), code)
            return
        except TelegramError as error:
            log.warning("setting the menu: %s; again in 30 s", type(error).__name__)
            await asyncio.sleep(30)
