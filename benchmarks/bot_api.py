"""A Bot API that costs next to nothing, so that what is measured is the bot: it hands out updates and notes when each
chat got its first answer. For anything but measuring, bot/telegram/pretend is the right one.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from typing import Any
from urllib.parse import parse_qs

BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:AAbenchmarkbenchmarkbenchmarkbenchmark"
_ME = {"id": BOT_ID, "is_bot": True, "first_name": "Benchmark", "username": "benchmark_bot"}


class BotApi:
    def __init__(self) -> None:
        self.asked: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self.messages: dict[int, list[str]] = {}
        self._updates: deque[dict[str, Any]] = deque()
        self._next = 1
        self._arrived = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._message_id = 0

    async def start(self) -> str:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def update(self, chat: int, text: str) -> dict[str, Any]:
        """A new message; its time counts from now."""
        self.asked[chat] = time.monotonic()
        number, self._next = self._next, self._next + 1
        person = {"id": chat, "is_bot": False, "first_name": "Mona", "language_code": "nb"}
        message = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "Mona"},
            "from": person,
            "text": text,
        }
        return {"update_id": number, "message": message}

    def offer(self, update: dict[str, Any]) -> None:
        """To be fetched by getUpdates."""
        self._updates.append(update)
        self._arrived.set()

    async def answer(self, method: str, given: dict[str, str]) -> object:
        match method.lower():
            case "getme":
                return _ME
            case "getupdates":
                return await self._get_updates(given)
            case "getwebhookinfo":
                return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            case "sendmessage":
                return self._sent(int(given["chat_id"]), given.get("text", ""))
            case _:
                return True

    async def _get_updates(self, given: dict[str, str]) -> list[dict[str, Any]]:
        offset = int(given.get("offset", 0))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), min(float(given.get("timeout", 0)), 5))
            except TimeoutError:
                return []
        return [self._updates[n] for n in range(min(len(self._updates), int(given.get("limit", 100))))]

    def _sent(self, chat: int, text: str) -> dict[str, Any]:
        self.answered.setdefault(chat, time.monotonic())
        self.messages.setdefault(chat, []).append(text)
        self._message_id += 1
        return {"message_id": self._message_id, "date": int(time.time()), "chat": {"id": chat, "type": "private"}}


class _Connection(asyncio.Protocol):
    def __init__(self, api: BotApi) -> None:
        self._api, self._buffer, self._tasks = api, b"", set[asyncio.Task[None]]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1")
            size = next(
                (int(v) for n, _, v in (h.partition(":") for h in head.split("\r\n")) if n.lower() == _LENGTH), 0
            )
            if len(self._buffer) < end + 4 + size:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + size], self._buffer[end + 4 + size :]
            task = asyncio.create_task(self._answer(head.split(" ", 2)[1].rpartition("/")[2], body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, method: str, body: bytes) -> None:
        given = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        answer = json.dumps({"ok": True, "result": await self._api.answer(method, given)}).encode()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(answer), answer)
        )


_LENGTH = "content-length"
