"""The playground: the real program before a pretended Telegram, with invented people to play."""

from __future__ import annotations

import logging
from collections.abc import Callable
from email.headerregistry import Address

from starlette.applications import Starlette

from bot.app import House, Service, StartError, build, inbox_door, now, serve
from bot.leads.model import Host
from bot.mail import Outbox, Sender
from bot.settings import Settings
from bot.storage import hosts, marks
from bot.storage.migrating import migrate
from bot.telegram.pretend import PretendRequest, PretendTelegram
from bot.web.health import health_route
from bot.web.inbox import routes as inbox_routes
from bot.web.playground import Person, routes

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
_HOSTS = {"host-tynset": "tynset", "host-roros": "roros", "coordinator": None}


async def open_playground(settings: Settings) -> tuple[Service, Callable[[Callable[[], bool]], Starlette]]:
    """The service and its pages, on files of their own, with the invented hosts in place."""
    # Files of its own, whatever database the real program uses.
    settings = settings.model_copy(update={"database_url": ""})
    house = build(settings, NAME)
    await migrate(house.database)
    async with house.database.reading() as session:
        if await marks.is_marked(session, marks.SERVED_REAL_TOKEN):
            raise StartError(f"{settings.database(NAME)} has served a real bot; the playground does not open it.")
    telegram = PretendTelegram(settings.data_dir / "playground-telegram.sqlite")
    public_url = f"http://127.0.0.1:{settings.http_port}"
    outbox = Outbox(Sender(Address("Flytt hit", "flytthit", "flytthit.example"), public_url))
    service = serve(house, telegram.token, PretendRequest(telegram), poll_seconds=POLL_SECONDS, mail=outbox)
    inbox = inbox_routes(inbox_door(house, public_url))

    def pages(stopping: Callable[[], bool]) -> Starlette:
        played = routes(telegram, PEOPLE, stopping=stopping, mails=lambda: tuple(outbox.mails))
        return Starlette(routes=[health_route(house.database.is_alive), *inbox, *played])

    pages(lambda: False)  # makes the people part of the pretended Telegram before they are invited
    await _let_hosts_join(house, telegram)
    return service, pages


async def _let_hosts_join(house: House, telegram: PretendTelegram) -> None:
    """The invented hosts press their invitation, as real ones would."""
    users = {persona.key: persona.user for persona in telegram.personas()}
    for key, municipality in _HOSTS.items():
        async with house.database.reading() as session:
            if await hosts.of_chat(session, users[key].id):
                continue
        parameter = await house.desk.invite("host" if municipality else "coordinator", municipality, now())
        telegram.start(users[key], parameter)
    async with house.database.transaction() as session:
        if not await hosts.of_email(session, _BY_MAIL.email):
            await hosts.add(session, _BY_MAIL, now())
