"""Chooses and joins the real parts. The only place that knows them all."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import secrets
import socket
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url
from telegram import Bot
from telegram.request import BaseRequest

from bot.assistant import Assistant, Controller, Mind
from bot.delivery import UNLIMITED, Channel, Limits, Sender, UnderWay
from bot.desk import Addresses, Desk, SignIn
from bot.knowledge.model import Knowledge
from bot.knowledge.problems import Problem
from bot.knowledge.reading import Reading, read
from bot.knowledge.watching import Watcher
from bot.learning import Learner
from bot.mail import Collector, MailChannel
from bot.matching import UnusableFilesError
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.migrating import BrokenStore, migrate
from bot.telegram.channel import TelegramChannel
from bot.telegram.client import Client
from bot.telegram.group_places import GroupPlaces
from bot.telegram.hosting import DeskInTelegram
from bot.telegram.receiving import Poller
from bot.telegram.working import Worker
from bot.web.inbox import Door

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
    sign_in: SignIn
    wakers: list[Callable[[], None]]

    def watcher(self) -> Watcher:
        return Watcher(self.settings.knowledge_dir, self.reading, self.learner.take, self.found)

    async def found(self, problems: Sequence[Problem]) -> None:
        """What is newly wrong with the knowledge's files goes to the coordinators' chats."""
        await self.desk.tell_findings([str(problem) for problem in problems], now())


@dataclass(frozen=True, slots=True)
class Service:
    """The house with Telegram before it."""

    house: House
    bot: Bot
    bot_id: int
    poller: Poller
    worker: Worker
    sender: Sender
    #: This process's name among the replicas.
    name: str
    clock: Callable[[], datetime] = now
    #: Set where the clock was moved by hand: periodic work does not wait for its next turn.
    hurry: asyncio.Event = field(default_factory=asyncio.Event)


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
    prepare_folders(settings)
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

    inbox = settings.public_url if settings.smtp_url and settings.public_url else ""
    desk = Desk(database, knowledge, stored, Addresses(lambda: assistant.bot_name, inbox))
    desk.periods = settings.periods
    sign_in = SignIn(database, stored)
    return House(settings, database, mind, reading, learner, assistant, desk, sign_in, wakers)


async def open_store(database: Database) -> None:
    """Bring the database to the present tables. Raises StartError when it cannot be used, and says why."""
    try:
        await migrate(database)
    except BrokenStore as error:
        await database.close()
        raise StartError(str(error)) from None


def serve(
    house: House,
    token: str,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = now,
    poll_seconds: int = 50,
    limits: Limits | None = None,
    mail: Channel | None = None,
) -> Service:
    """Telegram before the house: the real one, or through `request` a pretended one. Mail goes out by `mail`, else
    as the settings say.
    """
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    api = house.settings.telegram_api_url
    bot = Bot(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=request or Client(connection_pool_size=32, read_timeout=20, connect_timeout=10),
        get_updates_request=request or Client(connection_pool_size=2, connect_timeout=10),
    )
    channels: dict[str, Channel] = {"telegram": TelegramChannel(bot, _group_places(house, bot))}
    mail = mail or mail_channel(house.settings)
    if mail is not None:
        channels["mail"] = mail
    house.desk.mail_is_on = mail is not None
    sender = Sender(
        house.database,
        channels,
        clock,
        limits or _limits(house.settings),
        name,
        under_way=_under_way(house.database),
        tell_when=() if request else ("telegram",),
    )
    house.wakers.append(sender.wake)
    worker = Worker(
        bot,
        house.database,
        house.assistant,
        DeskInTelegram(house.desk),
        lambda: house.mind.matcher,
        clock,
        house.settings.fragment_seconds,
        name,
    )
    bot_id = int(token.partition(":")[0])
    poller = Poller(bot, bot_id, house.database, clock, worker.wake, poll_seconds)
    return Service(house, bot, bot_id, poller, worker, sender, name, clock)


def _under_way(database: Database) -> UnderWay | None:
    """For SQLite, where one process serves; what a replica had taken up falls to others, who cannot read its file."""
    file = database.url.database
    return UnderWay.beside(Path(f"{file}-under-way")) if database.is_sqlite and file else None


def _group_places(house: House, bot: Bot) -> GroupPlaces:
    def place_name(slug: str | None) -> str:
        municipality = house.mind.knowledge.municipalities.get(slug or "")
        return municipality.name if municipality else ""

    return GroupPlaces(bot, house.database, place_name)


def mail_channel(settings: Settings) -> MailChannel | None:
    """None where mail is off. Raises SettingsError when it is on and something is missing."""
    return MailChannel(*settings.mail) if settings.mail else None


def mail_collector(house: House, clock: Callable[[], datetime] = now) -> Collector | None:
    """What looks into our mailbox; None where there is none. Raises SettingsError."""
    mailbox, mail = house.settings.mailbox, house.settings.mail
    if mailbox is None or mail is None:
        return None
    return Collector(mailbox, house.desk.post, mail[1].domain, house.settings.mail_authserv_id, clock)


def inbox_door(house: House, public_url: str, clock: Callable[[], datetime] = now) -> Door:
    """What the hosts' inbox is given."""
    mind = house.mind
    return Door(house.desk, house.sign_in, lambda: mind.knowledge, lambda: mind.matcher, clock, public_url)


def _limits(settings: Settings) -> Limits:
    return Limits(settings.messages_per_second) if settings.messages_per_second else UNLIMITED


def prepare_folders(settings: Settings) -> None:
    """Make DATA_DIR. Raises StartError when it or the database's folder cannot be used."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"DATA_DIR: read {str(settings.data_dir)!r}; it must be a folder that can be written ({error.strerror})"
        ) from None
    url = make_url(settings.database())
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).parent.is_dir():
        raise StartError(f"DATABASE_URL: read {settings.database_url!r}; its folder must exist")


def lock(settings: Settings, name: str) -> IO[str]:
    """Keeps a second serving process off the same file; held as long as the result is. Raises StartError."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return _lock(
        settings.data_dir / f"{name}.lock",
        f"Another process already serves from {settings.data_dir}. Stop it, or set DATA_DIR to another folder.",
    )


def lock_bot(settings: Settings, bot_id: int) -> IO[str]:
    """Keeps a second process on this machine from polling with the same token. Raises StartError."""
    telegram = zlib.crc32(settings.telegram_api_url.encode())
    return _lock(
        Path(tempfile.gettempdir()) / f"flytthit-polling-{bot_id}-{telegram:08x}.lock",
        "Another process on this machine already polls with this TELEGRAM_BOT_TOKEN. Stop it; only one may.",
    )


def _lock(path: Path, refusal: str) -> IO[str]:
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StartError(refusal) from None
    return file
