"""The whole program before a pretended Telegram, for tests that sound like the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from functools import cache
from pathlib import Path

from telegram.request import BaseRequest

from bot.app import House, Learnt, Service, build, learn, serve
from bot.assistant import Mind
from bot.delivery import UNLIMITED, Channel
from bot.desk import Via
from bot.leads.model import Lead, Role
from bot.leads.references import PATTERN
from bot.mail import Outbox, Sender
from bot.settings import Settings
from bot.storage import conversations, leads
from bot.storage.migrating import migrate
from bot.telegram.pretend import Message, PretendRequest, PretendTelegram, User

PUBLIC_URL = "http://127.0.0.1:8080"
SENDER = Sender(Address("Flytt hit", "flytthit", "flytthit.example"), PUBLIC_URL)
#: A Tuesday morning in working hours.
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Clock:
    """The time, moved by the test."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@cache
def learnt() -> Learnt:
    """The real knowledge and matcher, read once for all tests."""
    return learn(Settings(_env_file=None))


def shipped_mind() -> Mind:
    return learnt()[1].mind


class World:
    """One program, its database and its Telegram."""

    def __init__(self, service: Service, telegram: PretendTelegram, clock: Clock, outbox: Outbox) -> None:
        self.service, self.telegram, self.clock, self.outbox = service, telegram, clock, outbox
        #: Those who joined by `host` or `coordinator`, in that order.
        self.hosts: list[Person] = []

    @property
    def house(self) -> House:
        return self.service.house

    def mover(self, name: str = "Mona Prøve", language_code: str | None = "nb") -> Person:
        return Person(self, self.telegram.user(name, language_code))

    async def host(self, municipality: str = "tynset", name: str = "Hilde Prøve") -> Person:
        return await self._joined("host", municipality, name)

    async def coordinator(self, name: str = "Kari Prøve") -> Person:
        return await self._joined("coordinator", None, name)

    async def _joined(self, role: Role, municipality: str | None, name: str) -> Person:
        person = self.mover(name)
        await person.starts(await self.house.desk.invite(role, municipality, self.clock()))
        self.hosts.append(person)
        return person

    async def settle(self) -> None:
        """Until everything said is stored, answered and delivered."""
        more = True
        while more:
            more = bool(await self.service.poller.poll_once() or self.telegram.pending())
            await self.service.worker.handle_waiting()
            await self.service.sender.send_due()

    def via(self, person: Person) -> Via:
        """What this person does in the own chat."""
        return Via(person.user.id)

    async def is_now(self, moment: datetime) -> None:
        """The clock has come to this moment, what is due by it is done, and told."""
        self.clock.now = moment
        await self.house.desk.run_clock(moment)
        await self.settle()

    async def leads(self) -> list[Lead]:
        async with self.house.database.reading() as session:
            return list(await leads.everything(session))


@asynccontextmanager
async def world(
    folder: Path,
    database_url: str = "",
    clock: Clock | None = None,
    request: Callable[[PretendTelegram], BaseRequest] = PretendRequest,
    mail: Callable[[Outbox], Channel] | None = None,
    poll_seconds: int = 0,
) -> AsyncIterator[World]:
    """A fresh program in `folder`; opened again on the same folder it goes on where it was.

    Its database is SQLite in that folder, unless an URL of PostgreSQL is given. `request` is the wire to Telegram,
    `mail` what stands before the outbox.
    """
    clock = clock or Clock()
    settings = Settings(_env_file=None, data_dir=folder, database_url=database_url, fragment_seconds=0)
    telegram = PretendTelegram(folder / "telegram.sqlite", now=clock)
    house = build(settings, learnt=learnt())
    await migrate(house.database)
    outbox = Outbox(SENDER)
    post = mail(outbox) if mail else outbox
    service = serve(house, telegram.token, request(telegram), clock, poll_seconds, UNLIMITED, post)
    try:
        yield World(service, telegram, clock, outbox)
    finally:
        await house.database.close()
        telegram.close()


class Person:
    """Somebody in Telegram. `replies` is what the bot sent or changed since this person's last word."""

    def __init__(self, world: World, user: User) -> None:
        self.world, self.user = world, user
        self._seen = 0

    async def says(self, text: str, reply_to: Message | None = None) -> None:
        self._begin()
        self.world.telegram.say(self.user, text, reply_to=reply_to.id if reply_to else None)
        await self.world.settle()

    async def starts(self, parameter: str | None = None) -> None:
        self._begin()
        self.world.telegram.start(self.user, parameter)
        await self.world.settle()

    async def presses(self, label: str) -> None:
        """Press the newest button whose label contains this."""
        for message in reversed(self.from_bot()):
            if any(label in button.text for button in message.buttons):
                await self.presses_data(message, message.button(label).callback_data or "")
                return
        raise LookupError(f"no button {label!r}; the last are {[b.text for b in self.last.buttons]}")

    async def presses_data(self, message: Message, data: str, forged: bool = False) -> None:
        self._begin()
        self.world.telegram.press(self.user, message.id, data, forged=forged)
        await self.world.settle()

    async def shows(self, kind: str) -> None:
        self._begin()
        self.world.telegram.send_kind(self.user, kind)
        await self.world.settle()

    @property
    def replies(self) -> list[Message]:
        return [message for message in self.from_bot() if message.revision > self._seen]

    @property
    def text(self) -> str:
        """All replies to the last word as one text."""
        return "\n".join(message.text for message in self.replies)

    @property
    def last(self) -> Message:
        return self.from_bot()[-1]

    def from_bot(self) -> list[Message]:
        return [message for message in self.world.telegram.messages(self.user) if message.from_bot]

    @property
    def reference(self) -> str:
        """The newest reference that was told."""
        told = PATTERN.findall("\n".join(message.text for message in self.from_bot()))
        assert told, "no reference was told"
        return "-".join(told[-1])

    def labels(self) -> list[str]:
        return [button.text for message in self.replies for button in message.buttons]

    def sees_entry(self, entry_id: str, language: str = "nb") -> None:
        """The last reply tells this entry, however it is worded."""
        entry = shipped_mind().knowledge.entries[entry_id]
        assert any(m.text.startswith(entry.title(language)) for m in self.replies), (entry_id, self.text)

    def is_offered(self, entry_id: str, language: str = "nb") -> None:
        """Among the buttons of the last reply is one for this entry."""
        assert shipped_mind().knowledge.entries[entry_id].title(language) in self.labels(), self.labels()

    async def remembered(self) -> str:
        """Reference of the lead whose host this person is writing to, or an empty text."""
        async with self.world.house.database.reading() as session:
            conversation, _ = await conversations.load(session, self.user.id)
        return (conversation.partner or "") if conversation else ""

    def _begin(self) -> None:
        self._seen = self.world.telegram.revision
