"""Chooses and joins the real parts. The only place that knows them all."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.assistant import Assistant, Controller, Mind
from bot.delivery import Sender
from bot.desk import Desk
from bot.knowledge.model import Knowledge
from bot.knowledge.reading import Reading, read
from bot.knowledge.watching import Watcher
from bot.learning import Learner
from bot.matching import UnusableFilesError
from bot.settings import Settings
from bot.storage.engine import Database
from bot.telegram.channel import TelegramChannel
from bot.telegram.hosting import DeskInTelegram
from bot.telegram.receiving import Poller
from bot.telegram.working import Worker

log = logging.getLogger(__name__)


class StartError(Exception):
    """The program cannot start; says why and what to do."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything behind the doors, without any outside world: what chat, tests and run have in common."""

    settings: Settings
    database: Database
    mind: Mind
    reading: Reading
    learner: Learner
    assistant: Assistant
    desk: Desk
    wakers: list[Callable[[], None]]

    def watcher(self) -> Watcher:
        return Watcher(self.settings.knowledge_dir, self.reading, self.learner.take)


@dataclass(frozen=True, slots=True)
class Service:
    """The house with Telegram before it."""

    house: House
    bot: Bot
    bot_id: int
    poller: Poller
    worker: Worker
    sender: Sender


def build_mind(settings: Settings) -> Mind:
    """Knowledge and matcher alone, for commands that need no database."""
    return learn(settings)[1].mind


Learnt = tuple[Reading, Learner]


def learn(settings: Settings) -> Learnt:
    """Read the knowledge and load the matcher. Raises StartError when there is none."""
    reading = read(settings.knowledge_dir)
    for problem in reading.errors:
        log.error("knowledge: %s", problem)
    if not reading.knowledge.entries or not reading.knowledge.municipalities:
        raise StartError(f"No knowledge could be read from {settings.knowledge_dir}. Set KNOWLEDGE_DIR to its folder.")
    semantic = settings.semantic == "on"
    try:
        return reading, Learner(reading.knowledge, settings.knowledge_dir, settings.data_dir, semantic)
    except UnusableFilesError as error:
        raise StartError(str(error)) from error


def build(settings: Settings, database_name: str = "flytthit", learnt: Learnt | None = None) -> House:
    """Read the knowledge (unless it was read already), open the database and join the two doors.

    Migrating is the caller's.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    reading, learner = learnt or learn(settings)
    database = Database(settings.database(database_name))
    wakers: list[Callable[[], None]] = []

    def stored() -> None:
        for wake in wakers:
            wake()

    controller = Controller(settings.controller, settings.privacy_contact)
    mind = learner.mind
    assistant = Assistant(database, mind, settings.periods, controller, stored)

    def knowledge() -> Knowledge:
        return mind.knowledge

    desk = Desk(database, knowledge, stored)
    return House(settings, database, mind, reading, learner, assistant, desk, wakers)


def serve(
    house: House,
    token: str,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = now,
    poll_seconds: int = 50,
) -> Service:
    """Telegram before the house: the real one, or through `request` a pretended one."""
    api = house.settings.telegram_api_url
    bot = Bot(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=request or HTTPXRequest(connection_pool_size=32, read_timeout=20, connect_timeout=10),
        get_updates_request=request or HTTPXRequest(connection_pool_size=2, connect_timeout=10),
    )
    sender = Sender(house.database, {"telegram": TelegramChannel(bot)}, clock)
    house.wakers.append(sender.wake)
    worker = Worker(
        bot,
        house.database,
        house.assistant,
        DeskInTelegram(house.desk),
        lambda: house.mind.matcher,
        clock,
        house.settings.fragment_seconds,
    )
    bot_id = int(token.partition(":")[0])
    poller = Poller(bot, bot_id, house.database, clock, worker.wake, poll_seconds)
    return Service(house, bot, bot_id, poller, worker, sender)


def lock(settings: Settings, name: str) -> IO[str]:
    """Keeps a second serving process off the same file; held as long as the result is. Raises StartError."""
    path: Path = settings.data_dir / f"{name}.lock"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StartError(
            f"Another process already serves from {settings.data_dir}. Stop it, or set DATA_DIR to another folder."
        ) from None
    return file
