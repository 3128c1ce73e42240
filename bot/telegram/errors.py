"""What Telegram can do to a message on its way, as data: does trying again help, and may it have gone out?"""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery import SendError
from bot.telegram.client import UNREADABLE

#: Beginnings of Telegram's words for "nobody is there any more".
_UNREACHABLE = ("chat not found", "user is deactivated", "bot was blocked", "bot was kicked", "user not found")
#: httpx's errors before anything was sent; PTB keeps them as the cause.
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_TOO_MANY = "too many requests"
#: Seconds to wait where Telegram says "too many" without saying how long.
_PAUSE = 5.0


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait (PTB may give a number or a timedelta)."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def send_error(error: TelegramError) -> SendError:
    """Telegram's error as a decision for delivery."""
    words = str(error)
    trouble = type(error).__name__
    match error:
        case RetryAfter():
            return SendError("passing", trouble, seconds(error))
        case Forbidden():
            return SendError("unreachable", trouble)
        case ChatMigrated():
            return SendError("moved", trouble, moved_to=error.new_chat_id)
        case BadRequest():
            gone = any(words.lower().startswith(beginning) for beginning in _UNREACHABLE)
            return SendError("unreachable" if gone else "refused", f"{trouble}: {words[:120]}")
        case InvalidToken():
            # The operator's to mend; the messages wait.
            return SendError("passing", trouble)
        case NetworkError() if _TOO_MANY in words.lower():
            return SendError("passing", "RetryAfter", _PAUSE)
        case NetworkError() if isinstance(error.__cause__, _NOTHING_SENT):
            return SendError("passing", trouble)
        case NetworkError():
            return SendError("unknown", trouble)
        case _ if words.startswith(UNREADABLE):
            return SendError("unknown", trouble)
        case _:
            return SendError("passing", f"{trouble}: {words[:120]}")
