"""The log: one line an event, ids only. What an exception says may hold a mover's words, so only its kind is told."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

#: Libraries whose lines hold URLs with tokens or texts.
_TALKATIVE = ("httpx", "httpcore", "telegram", "sqlalchemy", "alembic", "uvicorn.access")


class Formatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace)) if trace else ""
        return f"{frames}{kind.__name__ if kind else 'unknown error'}"


def set_up(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It prints an answer of Telegram that it cannot read, movers' words and all, and raises the error anyway.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
