"""run: the real bot, or the playground."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import running
from bot.app import StartError, build, inbox_door, lock, lock_bot, now, open_store, serve
from bot.playing import NAME as PLAYGROUND
from bot.playing import open_playground
from bot.settings import Settings
from bot.storage import marks
from bot.telegram.watching import WebhookWatcher
from bot.telegram.webhook import PATH as WEBHOOK_PATH
from bot.telegram.webhook import webhook_route
from bot.web.health import health_route
from bot.web.inbox import routes as inbox_routes

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
    webhook, mail = settings.webhook, settings.mail
    with ExitStack() as locks:
        if not settings.database_url.startswith("postgres"):
            locks.enter_context(lock(settings, REAL))
        if webhook is None:
            locks.enter_context(lock_bot(settings, int(token.partition(":")[0])))
        tell("Reading the knowledge and opening the database …")
        house = build(settings, REAL)
        await open_store(house.database)
        async with house.database.transaction() as session:
            await marks.mark(session, marks.SERVED_REAL_TOKEN, now())
        service = serve(house, token)
        routes: list[BaseRoute] = [health_route(house.database.is_alive)]
        if mail is not None:
            routes += inbox_routes(inbox_door(house, mail[1].public_url))
        if webhook is not None:
            routes.append(webhook_route(service.poller.intake.keep, webhook[1]))

        def pages(stopping: Callable[[], bool]) -> Starlette:
            return Starlette(routes=routes)

        watcher = WebhookWatcher(service.bot, webhook[0] + WEBHOOK_PATH, webhook[1]) if webhook else None
        tell(f"Serving Telegram by {settings.updates}. Stop with Ctrl-C. (process {os.getpid()})")
        await running.run(service, pages, settings.http_host, settings.http_port, watcher.run() if watcher else None)


async def _run_playground(settings: Settings) -> None:
    if settings.http_host not in ("127.0.0.1", "localhost", "::1") and settings.playground == "auto":
        raise StartError("The playground listens on loopback only: leave HTTP_HOST at 127.0.0.1.")
    with lock(settings, PLAYGROUND):
        tell("TELEGRAM_BOT_TOKEN is not set, so Telegram is pretended.")
        tell("Reading the knowledge and opening the database …")
        service, pages = await open_playground(settings)
        tell(f"The playground is at http://127.0.0.1:{settings.http_port} – stop with Ctrl-C.")
        await running.run(service, pages, settings.http_host, settings.http_port)
