"""A playground with a small bot behind it: PTB's real Bot, written here, that answers with buttons."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from telegram import Bot, BotCommand, CopyTextButton, InlineKeyboardMarkup, Update
from telegram import InlineKeyboardButton as Button

from bot.telegram.pretend import PretendRequest, PretendTelegram
from bot.web.playground import Person, routes
from tests.serving import on_a_port

ORIGIN = "http://127.0.0.1:8080"

PEOPLE = [
    Person("kari", "Kari", "mover", "nb", "Vil ha mer plass"),
    Person("jonas", "Jonas", "mover", "en", "Nurse from Leipzig"),
    Person("tynset", "Tone", "host", "nb", "Vert i Tynset"),
    Person("roros", "Rune", "host", "nn", "Vert i Røros"),
    Person("coordinator", "Kristin", "coordinator", "nb", "Koordinator"),
]


def ids(telegram: PretendTelegram) -> dict[str, int]:
    return {persona.key: persona.user.id for persona in telegram.personas()}


@pytest.fixture
def telegram(tmp_path: Path) -> Iterator[PretendTelegram]:
    pretended = PretendTelegram(tmp_path / "telegram.db")
    yield pretended
    pretended.close()


def visiting(telegram: PretendTelegram) -> httpx.AsyncClient:
    """A browser's requests from the page itself, without a port."""
    transport = httpx.ASGITransport(Starlette(routes=routes(telegram, PEOPLE)))
    from_own_page = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=from_own_page)


@pytest.fixture
async def client(telegram: PretendTelegram) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(telegram) as ready:
        yield ready


KEYBOARD = InlineKeyboardMarkup(
    [
        [Button("Toast", callback_data="toast"), Button("Alert", callback_data="alert")],
        [Button("Edit", callback_data="edit"), Button("Write to the host", callback_data="host")],
        [
            Button("Copy", copy_text=CopyTextButton("TYN-7F3K")),
            Button("Link", url="https://t.me/FlyttHitBot?start=link"),
        ],
    ]
)


class EchoBot:
    """Says back what is said, as formatted text with buttons under it."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self._telegram = telegram
        request = PretendRequest(telegram)
        self._bot = Bot(telegram.token, request=request, get_updates_request=request)

    async def run(self) -> None:
        async with self._bot:
            await self._bot.set_my_commands([BotCommand("tema", "Se tema"), BotCommand("glem", "Slett alt om meg")])
            await self._bot.set_my_description("Jeg er en automatisk tjeneste.")
            offset = 0
            while True:
                for update in await self._bot.get_updates(offset=offset, timeout=5):
                    offset = update.update_id + 1
                    await self._answer(update)

    async def _answer(self, update: Update) -> None:
        if update.callback_query:
            await self._pressed(update)
        elif update.message and update.message.text:
            said = update.message.text.replace("&", "&amp;").replace("<", "&lt;")
            text = f"Du sa <b>{said}</b>. Del https://t.me/FlyttHitBot?start=m_tynset eller se /tema"
            await update.message.reply_html(text, reply_markup=KEYBOARD)
        elif update.message:
            await update.message.reply_text("Jeg leser bare tekst", do_quote=True)

    async def _pressed(self, update: Update) -> None:
        query = update.callback_query
        assert query is not None
        match query.data:
            case "toast":
                await query.answer("En liten beskjed")
            case "alert":
                await query.answer("En stor beskjed", show_alert=True)
            case "edit":
                await query.answer()
                await query.edit_message_text("Endret i chatten")
            case _:
                await query.answer()
                await self._bot.send_message(ids(self._telegram)["tynset"], "En ny henvendelse: TYN-7F3K")


@asynccontextmanager
async def served(telegram: PretendTelegram, port: int = 0) -> AsyncIterator[str]:
    """The playground on a port of this machine, with the bot behind it."""
    stopping = asyncio.Event()
    app = Starlette(routes=routes(telegram, PEOPLE, stopping=stopping.is_set))
    async with on_a_port(app, port) as address:
        echoing = asyncio.create_task(EchoBot(telegram).run())
        try:
            yield address
        finally:
            echoing.cancel()
            with suppress(asyncio.CancelledError):
                await echoing
            stopping.set()
