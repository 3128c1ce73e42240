"""PTB's HTTP client with a short way for what is asked with every message.

httpx spends some 3 ms of CPU on a call, more than all the rest of a turn. Here a call is a form over a kept connection,
spoken by h11, which httpx itself speaks by: some 0.2 ms. Files, downloads, proxies and transports go by httpx as ever.
Errors are httpx's own, since whoever looks for an error's cause (bot/telegram/errors.py) must find the same either way.
"""

from __future__ import annotations

import asyncio
import ssl
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import h11
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.delivery import leaves_now

#: A connection that was idle for longer is not used again, since the other side may be closing it just now.
IDLE_SECONDS = 5.0
_CHUNK = 65_536
#: Seconds between tries of a host's several addresses.
_NEXT_ADDRESS_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds; None is without end."""

    connect: float | None
    write: float | None
    read: float | None
    pool: float | None


class LeanRequest(HTTPXRequest):
    def __init__(self, connection_pool_size: int = 256, **options: Any) -> None:
        super().__init__(connection_pool_size=connection_pool_size, **options)
        timeout = self._client.timeout
        self._timeouts = Timeouts(timeout.connect, timeout.write, timeout.read, timeout.pool)
        self._lines = _Lines(connection_pool_size)
        special = options.get("httpx_kwargs") or options.get("proxy") or options.get("http_version", "1.1") != "1.1"
        self._by_httpx = bool(special) or bool({"http", "https", "all"} & urllib.request.getproxies().keys())

    async def shutdown(self) -> None:
        self._lines.close()
        await super().shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._by_httpx or method != "POST" or (request_data is not None and request_data.contains_files):
            leaves_now()
            return await super().do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        own = self._timeouts
        timeouts = Timeouts(
            _or(connect_timeout, own.connect),
            _or(write_timeout, own.write),
            _or(read_timeout, own.read),
            _or(pool_timeout, own.pool),
        )
        form = request_data.url_encoded_parameters().encode() if request_data is not None else b""
        try:
            return await self._post(_parsed(url), form, timeouts)
        except httpx.TimeoutException as error:
            raise TimedOut from error
        except httpx.HTTPError as error:
            raise NetworkError(f"httpx.{type(error).__name__}: {error}") from error

    async def _post(self, url: httpx.URL, form: bytes, timeouts: Timeouts) -> tuple[int, bytes]:
        headers = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", self.USER_AGENT),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(form))),
        ]
        request = h11.Request(method="POST", target=url.raw_path, headers=headers)
        async with self._lines.line(url, timeouts) as line:
            try:
                await line.ask(request, form, timeouts.write)
                return await line.answer(timeouts.read)
            except h11.RemoteProtocolError as error:
                raise httpx.RemoteProtocolError(str(error)) from error


@lru_cache(maxsize=64)
def _parsed(url: str) -> httpx.URL:
    """There is one for each method of the Bot API."""
    return httpx.URL(url)


def _or(given: Any, default: float | None) -> float | None:
    """PTB's mark for "not given" is no value of its own type."""
    return default if given is BaseRequest.DEFAULT_NONE else given


@dataclass(slots=True)
class _Line:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    protocol: h11.Connection = field(default_factory=lambda: h11.Connection(h11.CLIENT))
    used_at: float = 0.0

    async def ask(self, request: h11.Request, form: bytes, seconds: float | None) -> None:
        events = (request, h11.Data(form), h11.EndOfMessage())
        written = b"".join(self.protocol.send(event) or b"" for event in events)
        leaves_now()
        self.writer.write(written)
        try:
            async with asyncio.timeout(seconds):
                await self.writer.drain()
        except TimeoutError as error:
            raise httpx.WriteTimeout("") from error
        except OSError as error:
            raise httpx.WriteError(str(error)) from error

    async def answer(self, seconds: float | None) -> tuple[int, bytes]:
        """Status and content. A connection that ended before is a RemoteProtocolError of h11's."""
        status, parts = 0, list[bytes]()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    event = self.protocol.next_event()
                    if event is h11.NEED_DATA:
                        self.protocol.receive_data(await self.reader.read(_CHUNK))
                    elif isinstance(event, h11.Response):
                        status = event.status_code
                    elif isinstance(event, h11.Data):
                        parts.append(bytes(event.data))
                    elif isinstance(event, h11.EndOfMessage):
                        return status, b"".join(parts)
                    elif isinstance(event, h11.ConnectionClosed):
                        raise h11.RemoteProtocolError("closed without an answer")
        except TimeoutError as error:
            raise httpx.ReadTimeout("") from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error

    def can_be_kept(self) -> bool:
        return self.protocol.our_state is h11.DONE and self.protocol.their_state is h11.DONE

    def is_fresh(self, now: float) -> bool:
        return now - self.used_at < IDLE_SECONDS and not self.reader.at_eof() and not self.writer.is_closing()


class _Lines:
    """Connections kept for the next call, the last used first; so many in all."""

    def __init__(self, most: int) -> None:
        self._room = asyncio.Semaphore(most)
        self._kept: dict[tuple[str, str, int | None], list[_Line]] = {}
        self._tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def line(self, url: httpx.URL, timeouts: Timeouts) -> AsyncIterator[_Line]:
        """A connection for one call: kept if the call ended well, else closed, and when cancelled too."""
        try:
            async with asyncio.timeout(timeouts.pool):
                await self._room.acquire()
        except TimeoutError as error:
            raise httpx.PoolTimeout("") from error
        try:
            kept = self._kept.setdefault((url.scheme, url.host, url.port), [])
            line = self._fresh(kept) or await self._connect(url, timeouts.connect)
            try:
                yield line
            except BaseException:
                line.writer.close()
                raise
            self._keep(line, kept)
        finally:
            self._room.release()

    def close(self) -> None:
        for kept in self._kept.values():
            while kept:
                kept.pop().writer.close()

    @staticmethod
    def _fresh(kept: list[_Line]) -> _Line | None:
        now = time.monotonic()
        while kept:
            line = kept.pop()
            if line.is_fresh(now):
                return line
            line.writer.close()
        return None

    @staticmethod
    def _keep(line: _Line, kept: list[_Line]) -> None:
        if not line.can_be_kept():
            line.writer.close()
            return
        line.protocol.start_next_cycle()
        line.used_at = time.monotonic()
        kept.append(line)

    async def _connect(self, url: httpx.URL, seconds: float | None) -> _Line:
        secure = url.scheme == "https"
        if secure and self._tls is None:
            self._tls = httpx.create_ssl_context()
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await asyncio.open_connection(
                    url.host,
                    url.port or (443 if secure else 80),
                    ssl=self._tls if secure else None,
                    happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS,
                )
        except TimeoutError as error:
            raise httpx.ConnectTimeout("") from error
        except OSError as error:  # ssl.SSLError is one
            raise httpx.ConnectError(str(error)) from error
        return _Line(reader, writer)
