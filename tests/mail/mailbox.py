"""A mail server's mailbox over IMAP on loopback, as much of it as a reader needs."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.mail import Mailbox

USER, PASSWORD = "flytthit@flytthit.example", "hemmelig og langt"
_LOGIN = re.compile(r'LOGIN "([^"]*)" "([^"]*)"')


@dataclass
class Letters:
    """What lies in the mailbox. `says` is what the server answers to a command instead of working."""

    validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    says: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    next: int = 1
    port: int = 0

    def put(self, raw: bytes) -> int:
        uid, self.next = self.next, self.next + 1
        self.mails[uid] = raw
        return uid

    @property
    def box(self) -> Mailbox:
        return Mailbox("127.0.0.1", self.port, False, USER, PASSWORD)

    def answer(self, command: str) -> list[bytes]:
        """The untagged lines; the tagged one is OK."""
        name, _, rest = command.partition(" ")
        if name == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1 STARTTLS"]
        if name == "SELECT":
            lines = (
                f"* {len(self.mails)} EXISTS",
                f"* OK [UIDVALIDITY {self.validity}] .",
                f"* OK [UIDNEXT {self.next}] .",
            )
            return [line.encode() for line in lines]
        if rest.startswith("SEARCH"):
            start = int(rest.split()[2].split(":")[0])
            newest = max(self.mails, default=0)
            # The last message always belongs to "n:*".
            found = sorted(uid for uid in self.mails if uid >= start or uid == newest)
            return [b"* SEARCH " + b" ".join(b"%d" % uid for uid in found)]
        if rest.startswith("FETCH"):
            uid, most = int(rest.split()[1]), int(rest.rpartition(".")[2].split(">")[0])
            raw = self.mails[uid][:most]
            return [b"* 1 FETCH (UID %d BODY[]<0> {%d}" % (uid, len(raw)), raw + b")"] if uid in self.mails else []
        if rest.startswith("STORE"):
            self.read.add(int(rest.split()[1]))
        return [b"* BYE"] if name == "LOGOUT" else []


@asynccontextmanager
async def serving(
    letters: Letters, tls: ssl.SSLContext | None = None, implicit: bool = False
) -> AsyncIterator[Letters]:
    """`tls` for STARTTLS, or with `implicit` from the first byte."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"* OK ready\r\n")
            await _talk(letters, reader, writer, tls)
        except (ConnectionError, ssl.SSLError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls if implicit else None)
    letters.port = server.sockets[0].getsockname()[1]
    try:
        yield letters
    finally:
        server.close()


async def _talk(
    letters: Letters, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext | None
) -> None:
    while line := (await reader.readline()).decode():
        tag, _, command = line.strip().partition(" ")
        word = command.removeprefix("UID ").partition(" ")[0]
        letters.heard.append(command)
        answer = letters.says.get(word, "OK done")
        if answer == "hang up":
            return
        if word == "LOGIN":
            login = _LOGIN.fullmatch(command)
            answer = answer if login and login.groups() == (USER, PASSWORD) else "NO wrong password of hilde"
        untagged = letters.answer(command) if answer.startswith("OK") else []
        writer.write(b"".join(each + b"\r\n" for each in untagged) + f"{tag} {answer}\r\n".encode())
        await writer.drain()
        if word == "STARTTLS" and tls is not None and answer.startswith("OK"):
            await writer.start_tls(tls)
        if word == "LOGOUT":
            return
