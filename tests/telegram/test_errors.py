"""What Telegram can do to a message, as a table."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.errors import Kind
from bot.telegram.errors import send_error


def _caused(error: TelegramError, cause: Exception) -> TelegramError:
    """As PTB raises it: `raise error from cause`."""
    error.__cause__ = cause
    return error


TABLE: dict[str, tuple[TelegramError, Kind]] = {
    "blocked": (Forbidden("Forbidden: bot was blocked by the user"), "unreachable"),
    "deactivated": (Forbidden("Forbidden: user is deactivated"), "unreachable"),
    "never started": (Forbidden("Forbidden: bot can't initiate conversation with a user"), "unreachable"),
    "kicked": (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "unreachable"),
    "chat not found": (BadRequest("Chat not found"), "unreachable"),
    "moved": (ChatMigrated(-1002204310551), "moved"),
    "bad tags": (BadRequest("Can't parse entities: unclosed start tag at byte offset 3"), "refused"),
    "too long": (BadRequest("Message is too long"), "refused"),
    "empty": (BadRequest("Message text is empty"), "refused"),
    "bad button": (BadRequest("BUTTON_DATA_INVALID"), "refused"),
    "wrong token": (InvalidToken("Unauthorized"), "passing"),
    "wrong address": (EndPointNotFound("Not Found"), "passing"),
    "somebody else polls": (Conflict("terminated by other getUpdates request"), "passing"),
    "429 without a time": (NetworkError("Too Many Requests"), "passing"),
    "no connection": (_caused(NetworkError("httpx.ConnectError: "), httpx.ConnectError("")), "passing"),
    "connecting took too long": (_caused(TimedOut(), httpx.ConnectTimeout("")), "passing"),
    "no free connection": (_caused(TimedOut("Pool timeout: All connections"), httpx.PoolTimeout("")), "passing"),
    "no answer in time": (_caused(TimedOut(), httpx.ReadTimeout("")), "unknown"),
    "sending took too long": (_caused(TimedOut(), httpx.WriteTimeout("")), "unknown"),
    "cut while answering": (_caused(NetworkError("httpx.ReadError: "), httpx.ReadError("")), "unknown"),
    "half an answer": (
        _caused(NetworkError("httpx.RemoteProtocolError: "), httpx.RemoteProtocolError("")),
        "unknown",
    ),
    "an answer that is no JSON": (TelegramError("Invalid server response"), "unknown"),
    "bad gateway": (NetworkError("Bad Gateway"), "unknown"),
    "Telegram's own fault": (NetworkError("Internal Server Error"), "unknown"),
}


@pytest.mark.parametrize(("error", "kind"), TABLE.values(), ids=TABLE.keys())
def test_the_error_decides_whether_it_is_tried_again(error: TelegramError, kind: Kind) -> None:
    assert send_error(error).kind == kind


@pytest.mark.parametrize("wait", [37, timedelta(seconds=37)])
def test_the_time_to_wait_is_told(wait: int | timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    decided = send_error(RetryAfter(wait))
    assert (decided.kind, decided.retry_after) == ("passing", 37.0)


def test_the_trouble_names_the_kind_of_error() -> None:
    assert "Forbidden" in send_error(Forbidden("x")).trouble
    assert "TimedOut" in send_error(TimedOut()).trouble
