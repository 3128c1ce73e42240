"""The wire between the bot's real HTTP client and the pretended Telegram, and all the ways in which it breaks."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import httpx

from bot.telegram.client import Client
from bot.telegram.pretend import PretendTelegram
from bot.telegram.pretend.http import app

#: What becomes of a message whose call breaks so: it comes once, or twice, or the chat ends, or moves.
Outcome = Literal["once", "twice", "ended", "moved"]
#: Seconds that Telegram asks us to wait.
RETRY_AFTER = 37
_CHAT = re.compile(rb'(?:\bchat_id=|name="chat_id"\r\n\r\n)(-?\d+)')


@dataclass(frozen=True, slots=True)
class Break:
    """One way to break: with an error of the client's, or with an answer; after the call did its work, or before."""

    name: str
    outcome: Outcome
    error: httpx.TransportError | None = None
    status: int = 0
    body: bytes = b""
    effect: bool = False

    def __str__(self) -> str:
        return self.name


def _says(status: int, description: str, **parameters: int) -> tuple[int, bytes]:
    answer: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    return status, json.dumps(answer | ({"parameters": parameters} if parameters else {})).encode()


def _told(name: str, outcome: Outcome, status: int, description: str, **parameters: int) -> Break:
    code, body = _says(status, description, **parameters)
    return Break(name, outcome, status=code, body=body)


_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
BREAKS = (
    Break("DNS", "once", httpx.ConnectError("[Errno -2] Name or service not known")),
    Break("refused", "once", httpx.ConnectError("All connection attempts failed")),
    Break("TLS", "once", httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")),
    Break("no connection in time", "once", httpx.ConnectTimeout("")),
    Break("no connection free", "once", httpx.PoolTimeout("")),
    Break("reset before the effect", "once", httpx.WriteError("Connection reset by peer")),
    Break("reset after the effect", "twice", httpx.ReadError("Connection reset by peer"), effect=True),
    Break("timeout after the effect", "twice", httpx.ReadTimeout(""), effect=True),
    Break("half a body", "twice", httpx.RemoteProtocolError("peer closed connection"), effect=True),
    Break("invalid JSON", "twice", status=200, body=b'{"ok":true,"result":', effect=True),
    Break("a hotel's login page", "once", status=200, body=b"<html>Velkommen til hotellet</html>"),
    Break("JSON that is no answer", "once", status=200, body=b"[]"),
    Break("no result in the answer", "once", status=200, body=b'{"ok":true}'),
    Break("an error that is no object", "once", status=500, body=b"[]"),
    _told("401", "once", 401, "Unauthorized"),
    _told("403 blocked", "ended", 403, "Forbidden: bot was blocked by the user"),
    _told("403 deactivated", "ended", 403, "Forbidden: user is deactivated"),
    _told("403 never started", "ended", 403, "Forbidden: bot can't initiate conversation with a user"),
    _told("403 kicked", "ended", 403, "Forbidden: bot was kicked from the supergroup chat"),
    _told("403 no member", "ended", 403, "Forbidden: bot is not a member of the channel chat"),
    _told("404", "once", 404, "Not Found"),
    _told("409", "once", 409, "Conflict: terminated by other getUpdates request"),
    _told("429", "once", 429, f"Too Many Requests: retry after {RETRY_AFTER}", retry_after=RETRY_AFTER),
    _told("429 without a time", "once", 429, "Too Many Requests"),
    _told("500", "once", 500, "Internal Server Error"),
    Break("502 of a proxy", "once", status=502, body=_HTML),
    Break("502 after the effect", "twice", status=502, body=_HTML, effect=True),
)


def migration(new: int) -> Break:
    """The group is now another chat."""
    return _told("400 migrated", "moved", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=new)


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    chat_id: int | None
    at: float


#: Asked at each call: how it breaks, or None.
Cut = Callable[[Call], Break | None]


def whole(call: Call) -> Break | None:
    return None


class Wire(httpx.AsyncBaseTransport):
    """Under the real client; `cut` is set by the test, `calls` are all that came, whole or broken."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self._whole = httpx.ASGITransport(app(telegram))
        self.cut: Cut = whole
        self.calls: list[Call] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = _CHAT.search(await request.aread())
        method, now = request.url.path.rpartition("/")[2].lower(), asyncio.get_running_loop().time()
        call = Call(method, int(found[1]) if found else None, now)
        self.calls.append(call)
        broken = self.cut(call)
        if broken is None:
            return await self._whole.handle_async_request(request)
        if broken.effect:
            response = await self._whole.handle_async_request(request)
            await response.aread()
        if broken.error is not None:
            raise broken.error
        return httpx.Response(broken.status, content=broken.body)

    def request(self) -> Client:
        """What the bot is given: the client it really uses, over this wire."""
        return Client(connection_pool_size=32, httpx_kwargs={"transport": self})


def each_once(method: str, breaks: dict[int, Break], times: int = 1) -> Cut:
    """For each of these chats the method breaks in its own way, so many times."""
    left = dict.fromkeys(breaks, times)

    def cut(call: Call) -> Break | None:
        if call.method != method.lower() or call.chat_id is None or not left.get(call.chat_id):
            return None
        left[call.chat_id] -= 1
        return breaks[call.chat_id]

    return cut


def the_next(method: str, broken: Break, times: int = 1) -> Cut:
    """The next calls of this method break, whosever they are."""
    left = [broken] * times

    def cut(call: Call) -> Break | None:
        return left.pop() if call.method == method.lower() and left else None

    return cut
