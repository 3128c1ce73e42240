"""run: the real bot, or the playground."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from starlette.applications import Starlette

from bot import running
from bot.app import StartError, build, lock, now, serve
from bot.playing import NAME as PLAYGROUND
from bot.playing import open_playground
from bot.settings import Settings
from bot.storage import marks
from bot.storage.migrating import migrate
from bot.web.health import health_route

REAL = "flytthit"


def tell(line: str) -> None:
    """Steps of the start, for whoever sits before the terminal."""
    print(line, file=sys.stderr, flush=True)


async def run(settings: Settings, playground: bool) -> None:
    """Serve until stopped. Raises StartError when it cannot."""
    token = settings.telegram_bot_token
    if playground and token:
        raise StartError(
            "The playground never runs beside a real token: unset TELEGRAM_BOT_TOKEN, or leave --playground out."
        )
    if token:
        await _run_real(settings, token.get_secret_value())
    elif playground or settings.playground == "auto":
        await _run_playground(settings)
    else:
        raise StartError(
            "TELEGRAM_BOT_TOKEN is missing. Set it to the token from @BotFather, or ask for the playground with "
            "`run --playground`."
        )


async def _run_real(settings: Settings, token: str) -> None:
    with lock(settings, REAL):
        tell("Reading the knowledge and opening the database …")
        house = build(settings, REAL)
        await migrate(house.database)
        async with house.database.transaction() as session:
            await marks.mark(session, marks.SERVED_REAL_TOKEN, now())

        def pages(stopping: Callable[[], bool]) -> Starlette:
            return Starlette(routes=[health_route(house.database.is_alive)])

        tell(f"Serving Telegram by long polling. Stop with Ctrl-C. (process {os.getpid()})")
        await running.run(serve(house, token), pages, settings.http_host, settings.http_port)


async def _run_playground(settings: Settings) -> None:
    if settings.http_host not in ("127.0.0.1", "localhost", "::1") and settings.playground == "auto":
        raise StartError("The playground listens on loopback only: leave HTTP_HOST at 127.0.0.1.")
    with lock(settings, PLAYGROUND):
        tell("TELEGRAM_BOT_TOKEN is not set, so Telegram is pretended.")
        tell("Reading the knowledge and opening the database …")
        service, pages = await open_playground(settings)
        tell(f"The playground is at http://127.0.0.1:{settings.http_port} – stop with Ctrl-C.")
        await running.run(service, pages, settings.http_host, settings.http_port)
