"""Servers on loopback that do with each connection what the test says, plain or by TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OK = b'{"ok":true,"result":true}'


def answer(body: bytes = OK, head: bytes = b"", status: int = 200) -> bytes:
    return b"HTTP/1.1 %d -\r\nContent-Length: %d\r\n%b\r\n%b" % (status, len(body), head, body)


@dataclass
class Peer:
    """One connection, seen from the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def hear(self) -> bytes:
        """The next request's form, when all of it has come."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.head = head.decode()
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        return await self.reader.readexactly(length)

    async def say(self, *parts: bytes) -> None:
        """Each part in a packet of its own."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0.001 if len(parts) > 1 else 0)

    def hang_up(self) -> None:
        """As a program that ends: what was said arrives."""
        self.writer.close()

    def reset(self) -> None:
        """As a machine that knows nothing of this connection."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class Server:
    script: Script
    secure: bool = False
    port: int = 0
    peers: list[Peer] = field(default_factory=list)

    @property
    def url(self) -> str:
        """A method of the Bot API."""
        return f"http{'s' if self.secure else ''}://127.0.0.1:{self.port}/bot1:TOKEN/sendMessage"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        self.peers.append(peer)
        try:
            await self.script(peer)
        except (asyncio.IncompleteReadError, OSError):
            peer.writer.transport.abort()


@asynccontextmanager
async def serving(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(script, tls is not None)
    tasks = set[asyncio.Task[None]]()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(server.serve(reader, writer))
        tasks.add(task)

    door = socket.create_server(("127.0.0.1", 0))
    # What nobody reads is soon too much.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    listening = await asyncio.start_server(connected, sock=door, ssl=tls)
    server.port = door.getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for peer in server.peers:
            peer.writer.transport.abort()
        await asyncio.sleep(0)


def always(*said: bytes) -> Script:
    """The same to each request."""

    async def script(peer: Peer) -> None:
        while True:
            await peer.hear()
            await peer.say(*said)

    return script
