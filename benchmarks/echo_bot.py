"""A bare python-telegram-bot, to compare with: it says back what was said and stores nothing."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters

from benchmarks.bot_api import TOKEN


async def echo(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
    assert update.effective_message and update.effective_message.text
    await update.effective_message.reply_text(update.effective_message.text)


async def serve_webhook(application: Any, port: int) -> None:
    """As PTB's own example customwebhookbot does it; run_webhook does the same by tornado."""

    async def take(request: Request) -> Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    web = Starlette(routes=[Route("/", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(web, port=port, log_level="warning"))
    async with application:
        await application.start()
        await server.serve()
        await application.stop()


def main() -> None:
    builder = Application.builder().token(TOKEN).base_url(f"{os.environ['API']}/bot").concurrent_updates(16)
    builder = builder.connection_pool_size(32)
    port = int(os.environ.get("WEBHOOK_PORT", "0"))
    application = builder.updater(None).build() if port else builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    if port:
        asyncio.run(serve_webhook(application, port))
    else:
        application.run_polling()


if __name__ == "__main__":
    main()
