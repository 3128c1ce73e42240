"""Hands updates to webhooks as Telegram does, but at next to no cost, so that what is measured is the bot."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from typing import Any

from bot.telegram.webhook import PATH, SECRET_HEADER


class Feeder:
    """Gives each update to the next of several programs, over connections that are kept."""

    def __init__(self, ports: Sequence[int], secret: str) -> None:
        self._ports = itertools.cycle(ports)
        self._free: dict[int, list[_Connection]] = {port: [] for port in ports}
        self._head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n{SECRET_HEADER}: {secret}\r\n"

    async def give(self, update: dict[str, Any]) -> None:
        """Until it was confirmed."""
        port, body = next(self._ports), json.dumps(update).encode()
        free = self._free[port]
        while free and free[-1].has_ended:
            free.pop().close()
        connection = free.pop() if free else await _Connection.to(port)
        head = f"{self._head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        await connection.post(head.encode() + body)
        free.append(connection)

    def close(self) -> None:
        for free in self._free.values():
            for connection in free:
                connection.close()


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> _Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, request: bytes) -> None:
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        await self._reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
        if head.split(b" ", 2)[1] != b"200":
            raise RuntimeError(f"an update was not confirmed: {head[:40]!r}")

    @property
    def has_ended(self) -> bool:
        """Whether the program closed it, as it does with what was idle for some seconds."""
        return self._reader.at_eof()

    def close(self) -> None:
        self._writer.close()
