"""PTB's HTTP client with a short way for what is asked with every message.

httpx spends some 3 ms of CPU on a call, more than all the rest of a turn. Here a call is a form over a kept connection,
spoken by h11, which httpx itself speaks by: some 0.2 ms. Files, downloads, proxies and transports go by httpx as ever.
Errors are httpx's own, since whoever looks for an error's cause (bot/telegram/errors.py) must find the same either way.
"""

from __future__ import annotations

import asyncio
import select
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
#: The longest head of an answer, as httpx takes it.
_HEAD = 102_400
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
        has_files = request_data is not None and request_data.contains_files
        if self._by_httpx or method != "POST" or has_files or self._client.is_closed or _parsed(url).userinfo:
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


class _Reader(asyncio.StreamReader):
    """Knows how much came that nobody has read."""

    unread = 0

    def feed_data(self, data: Any) -> None:
        self.unread += len(data)
        super().feed_data(data)

    async def read(self, n: int = -1) -> bytes:
        data = await super().read(n)
        self.unread -= len(data)
        return data


@dataclass(slots=True, eq=False)
class _Line:
    """One connection."""

    reader: _Reader
    writer: asyncio.StreamWriter
    protocol: h11.Connection = field(default_factory=lambda: h11.Connection(h11.CLIENT, _HEAD))
    used_at: float = 0.0

    async def ask(self, request: h11.Request, form: bytes, seconds: float | None) -> None:
        events = (request, h11.Data(form), h11.EndOfMessage())
        written = b"".join(self.protocol.send(event) or b"" for event in events)
        leaves_now()
        try:
            # By TLS only what is written bit by bit waits for the other side.
            for start in range(0, len(written), _CHUNK):
                self.writer.write(written[start : start + _CHUNK])
                async with asyncio.timeout(seconds):
                    await self.writer.drain()
        except TimeoutError as error:
            raise httpx.WriteTimeout("") from error
        except OSError:
            # Perhaps it was answered before all was asked; else reading tells what happened, as with httpx.
            return

    async def answer(self, seconds: float | None) -> tuple[int, bytes]:
        """Status and content. A connection that ended before is a RemoteProtocolError of h11's."""
        status, parts = 0, list[bytes]()
        while True:
            event = self.protocol.next_event()
            if event is h11.NEED_DATA:
                self.protocol.receive_data(await self._read(seconds))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                return status, b"".join(parts)
            elif not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError("closed without an answer")

    async def _read(self, seconds: float | None) -> bytes:
        """What comes next, within this time."""
        try:
            async with asyncio.timeout(seconds):
                return await self.reader.read(_CHUNK)
        except TimeoutError as error:
            raise httpx.ReadTimeout("") from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error

    def can_be_kept(self) -> bool:
        ended = self.protocol.our_state is h11.DONE and self.protocol.their_state is h11.DONE
        return ended and not self.protocol.trailing_data[0]

    def is_fresh(self, now: float) -> bool:
        """Whether it may be used again. What came meanwhile was not asked for, like a proxy's complaint."""
        if now - self.used_at >= IDLE_SECONDS or self.reader.unread or self.writer.is_closing():
            return False
        # The end, too, and what the loop has not told us of yet.
        news = select.poll()
        news.register(self.writer.get_extra_info("socket"), select.POLLIN)
        return not news.poll(0)

    def drop(self) -> None:
        """At once: what could not be written is not waited for."""
        self.writer.transport.abort()


class _Lines:
    """Connections kept for the next call, the last used first; so many in all."""

    def __init__(self, most: int) -> None:
        self._room = asyncio.Semaphore(most)
        self._kept: dict[tuple[str, str, int | None], list[_Line]] = {}
        self._in_use: set[_Line] = set()
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
            self._in_use.add(line)
            try:
                yield line
            except BaseException:
                line.drop()
                raise
            finally:
                self._in_use.discard(line)
            self._keep(line, kept)
        finally:
            self._room.release()

    def close(self) -> None:
        for lines in (*self._kept.values(), self._in_use):
            for line in lines:
                line.drop()
        self._kept.clear()

    @staticmethod
    def _fresh(kept: list[_Line]) -> _Line | None:
        now = time.monotonic()
        while kept:
            line = kept.pop()
            if line.is_fresh(now):
                return line
            line.drop()
        return None

    @staticmethod
    def _keep(line: _Line, kept: list[_Line]) -> None:
        if not line.can_be_kept():
            line.drop()
            return
        line.protocol.start_next_cycle()
        line.used_at = time.monotonic()
        kept.append(line)
        # Those that a burst left behind.
        while kept[0] is not line and line.used_at - kept[0].used_at >= IDLE_SECONDS:
            kept.pop(0).drop()

    async def _connect(self, url: httpx.URL, seconds: float | None) -> _Line:
        secure = url.scheme == "https"
        if secure and self._tls is None:
            self._tls = httpx.create_ssl_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        loop = asyncio.get_running_loop()
        reader = _Reader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        try:
            async with asyncio.timeout(seconds):
                transport, _ = await loop.create_connection(
                    lambda: protocol,
                    url.host,
                    url.port or (443 if secure else 80),
                    ssl=self._tls if secure else None,
                    happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS,
                )
        except TimeoutError as error:
            raise httpx.ConnectTimeout("") from error
        except OSError as error:  # ssl.SSLError is one
            raise httpx.ConnectError(str(error)) from error
        return _Line(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
