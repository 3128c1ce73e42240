"""A pretend Telegram with a clock to move, and PTB's real Bot before each of its two fronts."""

import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.telegram.pretend import PretendRequest, PretendTelegram
from bot.telegram.pretend.http import app


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB's RetryAfter warns, even when it is only made, unless it is told to count in timedeltas."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


class Clock:
    """Stands still until somebody moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram(clock: Clock) -> Iterator[PretendTelegram]:
    pretended = PretendTelegram(now=clock)
    yield pretended
    pretended.close()


@pytest.fixture
async def bot(telegram: PretendTelegram) -> AsyncIterator[Bot]:
    request = PretendRequest(telegram)
    async with Bot(telegram.token, request=request, get_updates_request=request) as ready:
        yield ready


def over_http(telegram: PretendTelegram) -> HTTPXRequest:
    """PTB's own request over HTTP, without a port: httpx hands it to the application itself."""
    return HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(app(telegram))})


@pytest.fixture(params=["in process", "over http"])
async def any_bot(request: pytest.FixtureRequest, telegram: PretendTelegram) -> AsyncIterator[Bot]:
    """The same test before both fronts."""
    front = PretendRequest(telegram) if request.param == "in process" else over_http(telegram)
    async with Bot(telegram.token, base_url="http://127.0.0.1/bot", request=front, get_updates_request=front) as ready:
        yield ready


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
