"""`python -m bot.telegram.pretend --port 8081 --db telegram.db`: the pretend Telegram as a process of its own.

It listens on this machine only. A bot reaches it with TELEGRAM_API_URL=http://127.0.0.1:8081 and the token printed.
"""

import argparse
from pathlib import Path

import uvicorn

from bot.telegram.pretend.core import TOKEN, PretendTelegram
from bot.telegram.pretend.http import app
from bot.telegram.pretend.pace import Pace


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.telegram.pretend", description="A pretend Telegram.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--db", type=Path, help="file for its state; in memory without one")
    parser.add_argument("--token", default=TOKEN, help="the bot's token (default: the pretend one)")
    parser.add_argument("--pace", action="store_true", help="answer 429 when the bot sends faster than Telegram takes")
    given = parser.parse_args()
    telegram = PretendTelegram(given.db, token=given.token, pace=Pace() if given.pace else None)
    print(f"Pretend Telegram at http://127.0.0.1:{given.port} for token {telegram.token}", flush=True)  # noqa: T201
    try:
        uvicorn.run(
            app(telegram),
            host="127.0.0.1",
            port=given.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,  # a bot's long poll would hold the end for a minute
        )
    finally:
        telegram.close()


if __name__ == "__main__":
    main()
