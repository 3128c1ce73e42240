"""The playground: the real program before a pretended Telegram, with invented people to play."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.app import House, Service, StartError, build, inbox_door, now, serve
from bot.leads.model import Host, Preferences
from bot.mail import Outbox, Sender
from bot.settings import Settings
from bot.storage import hosts, leads, marks
from bot.storage.migrating import migrate
from bot.telegram.pretend import PretendRequest, PretendTelegram
from bot.web.health import health_route
from bot.web.inbox import routes as inbox_routes
from bot.web.playground import Framed, Mailbox, MovableClock, Person, Timekeeper, routes, seed

log = logging.getLogger(__name__)

NAME = "playground"
#: The pretended Telegram answers from memory; a short poll lets the program stop at once.
POLL_SECONDS = 2
PEOPLE = (
    Person("mover-ola", "Ola", "mover", "nb", "Tenker på å flytte"),
    Person("mover-emma", "Emma", "mover", "en", "Thinks of moving"),
    Person("host-tynset", "Turid", "host", "nb", "Vert i Tynset"),
    Person("host-roros", "Rune", "host", "nb", "Vert i Røros"),
    Person("coordinator", "Kari", "coordinator", "nb", "Koordinator for regionen"),
)
#: A host who has only mail and a browser.
_BY_MAIL = Host(0, "host", "Ingrid", "os", None, email="ingrid@os.example")
MAILBOXES = (Mailbox(_BY_MAIL.name, _BY_MAIL.email, "Vert i Os, har bare e-post og nettleser"),)
_HOSTS = {"host-tynset": "tynset", "host-roros": "roros", "coordinator": None}


@dataclass(frozen=True, slots=True)
class Played:
    """All that the playground is, on files of its own; pages and tests take from it what they need."""

    service: Service
    telegram: PretendTelegram
    outbox: Outbox
    time: Timekeeper
    public_url: str

    def routes(self, stopping: Callable[[], bool] = lambda: False) -> list[BaseRoute]:
        house = self.service.house
        inbox = inbox_routes(inbox_door(house, self.public_url, self.time.clock))
        pages = routes(
            self.telegram,
            PEOPLE,
            stopping=stopping,
            mails=lambda: tuple(self.outbox.mails),
            mailboxes=MAILBOXES,
            time=self.time,
        )
        return [health_route(house.database.is_alive), *inbox, *pages]

    def pages(self, stopping: Callable[[], bool]) -> Starlette:
        return Starlette(routes=self.routes(stopping), middleware=[Middleware(Framed)])


async def open_playground(settings: Settings) -> tuple[Service, Callable[[Callable[[], bool]], Starlette]]:
    """The service and its pages, on files of their own, with the invented hosts in place."""
    # Files of its own, whatever database the real program uses.
    settings = settings.model_copy(update={"database_url": ""})
    played = await play(build(settings, NAME), f"http://127.0.0.1:{settings.http_port}")
    return played.service, played.pages


async def play(
    house: House, public_url: str, real: Callable[[], datetime] = now, poll_seconds: int = POLL_SECONDS
) -> Played:
    """Everything behind the playground runs by one clock, which can be moved."""
    settings = house.settings
    await migrate(house.database)
    async with house.database.reading() as session:
        if await marks.is_marked(session, marks.SERVED_REAL_TOKEN):
            raise StartError(f"{settings.database(NAME)} has served a real bot; the playground does not open it.")
    clock = MovableClock(settings.data_dir / "playground-clock.txt", real)
    telegram = PretendTelegram(settings.data_dir / "playground-telegram.sqlite", now=clock)
    outbox = Outbox(Sender(Address("Flytt hit", "flytthit", "flytthit.example"), public_url))
    service = serve(house, telegram.token, PretendRequest(telegram), clock, poll_seconds=poll_seconds, mail=outbox)

    async def open_leads() -> int:
        async with house.database.reading() as session:
            return len(await leads.open_leads(session))

    async def catch_up() -> None:
        service.hurry.set()
        for wake in house.wakers:
            wake()

    played = Played(service, telegram, outbox, Timekeeper(clock, open_leads, catch_up), public_url)
    seed(telegram, PEOPLE)
    await _let_hosts_join(house, telegram, clock)
    await service.poller.poll_once()
    await service.worker.handle_waiting()
    await _work_at_night(house)
    return played


async def _let_hosts_join(house: House, telegram: PretendTelegram, clock: MovableClock) -> None:
    """The invented hosts press their invitation, as real ones would."""
    users = {persona.key: persona.user for persona in telegram.personas()}
    for key, municipality in _HOSTS.items():
        async with house.database.reading() as session:
            if await hosts.of_chat(session, users[key].id):
                continue
        parameter = await house.desk.invite("host" if municipality else "coordinator", municipality, clock())
        telegram.start(users[key], parameter)
    async with house.database.transaction() as session:
        if not await hosts.of_email(session, _BY_MAIL.email):
            await hosts.add(session, _BY_MAIL, clock())


async def _work_at_night(house: House) -> None:
    """Who looks at the playground in the evening sees the notices at once; what a host chose stays."""
    async with house.database.transaction() as session:
        for host in await hosts.active(session):
            if host.preferences == Preferences():
                await hosts.set_preferences(session, host.id, Preferences(night_notices=True))
