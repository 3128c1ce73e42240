"""A bare python-telegram-bot, to compare with: it says back what was said and stores nothing."""

from __future__ import annotations

import os
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters

from benchmarks.bot_api import TOKEN


async def echo(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
    assert update.effective_message and update.effective_message.text
    await update.effective_message.reply_text(update.effective_message.text)


def main() -> None:
    builder = Application.builder().token(TOKEN).base_url(f"{os.environ['API']}/bot").concurrent_updates(16)
    application = builder.connection_pool_size(32).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
