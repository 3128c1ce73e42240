"""Whatever a mail server does: the host's notice comes, at most twice, or is put aside with an alarm."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from sqlmodel import col, select

from bot.leads.model import Host
from bot.mail import MailChannel, Server
from bot.mail import channel as channel_module
from bot.storage import hosts
from bot.storage.tables import DeliveryRow
from tests.world import SENDER, World, world

FULL = os.environ.get("FAULTS") == "full"
MIXES = range(50) if FULL else range(1)
EMAIL = "hilde@kommune.example"

Trouble = Literal[
    "refused",
    "no greeting",
    "not now, at the greeting",
    "reset before DATA",
    "not this recipient now",
    "never this recipient",
    "reset in the middle of DATA",
    "reset after DATA",
    "no answer after DATA",
    "not now, after DATA",
    "never, after DATA",
    "nonsense",
]
#: What becomes of the mail when it meets this once: it comes once, or twice, or is put aside.
OUTCOMES: dict[Trouble, Literal["once", "twice", "parked"]] = {
    "refused": "once",
    "no greeting": "once",
    "not now, at the greeting": "once",
    "reset before DATA": "once",
    "not this recipient now": "once",
    "never this recipient": "parked",
    "reset in the middle of DATA": "once",
    "reset after DATA": "twice",
    "no answer after DATA": "twice",
    "not now, after DATA": "once",
    "never, after DATA": "parked",
    "nonsense": "once",
}


class PostOffice:
    """A mail server that meets each connection with the next trouble on its list, and then works."""

    def __init__(self, *troubles: Trouble) -> None:
        self.troubles = list(troubles)
        self.mails: list[str] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def opens(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def closes(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        try:
            await self._talk(trouble, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.transport.abort()

    async def _talk(self, trouble: Trouble | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if trouble == "no greeting":
            await reader.read()
            return
        greeting = {"not now, at the greeting": "421 too busy", "nonsense": "velkommen"}.get(trouble or "", "220 hei")
        writer.write(f"{greeting}\r\n".encode())
        while line := (await reader.readline()).decode("ascii", "replace").upper().strip():
            if line == "DATA":
                if trouble == "reset before DATA":
                    return
                writer.write(b"354 go on\r\n")
                if not await self._data(trouble, reader, writer):
                    return
            else:
                answers = {"not this recipient now": "450 later", "never this recipient": "550 no such user"}
                answer = answers.get(trouble or "", "250 ok") if line.startswith("RCPT") else "250 ok"
                writer.write(f"{answer}\r\n".encode())

    async def _data(self, trouble: Trouble | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if trouble == "reset in the middle of DATA":
            await reader.readline()
            return False
        mail = (await reader.readuntil(b"\r\n.\r\n")).decode()
        answer = {"not now, after DATA": "451 later", "never, after DATA": "554 no"}.get(trouble or "", "250 taken")
        if answer.startswith("250"):
            self.mails.append(mail)
        if trouble == "reset after DATA":
            return False
        if trouble == "no answer after DATA":
            await reader.read()
            return False
        writer.write(f"{answer}\r\n".encode())
        return True


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "TIMEOUT_SECONDS", 0.2)


@asynccontextmanager
async def _by_mail(folder: Path, office: PostOffice) -> AsyncIterator[World]:
    """A host who is reached by mail only."""
    await office.opens()
    channel = MailChannel(Server("127.0.0.1", office.port, False), SENDER)
    async with world(folder, mail=lambda outbox: channel) as opened:
        async with opened.house.database.transaction() as session:
            host = Host(0, "host", "Hilde Prøve", "tynset", None, "nb", email=EMAIL)
            await hosts.add(session, host, opened.clock())
        yield opened
    office.closes()


async def _becomes_a_lead(world: World) -> str:
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.says("ja")
    return mover.reference


async def _mail(world: World) -> DeliveryRow:
    async with world.house.database.reading() as session:
        rows = await session.exec(select(DeliveryRow).where(col(DeliveryRow.channel) == "mail"))
        (row,) = rows.all()
        return row


def _copies(office: PostOffice, reference: str) -> int:
    return sum(f"lead/{reference}" in mail.replace("=\r\n", "") for mail in office.mails)


async def _until_settled(world: World) -> DeliveryRow:
    """Hours pass until the notice is sent or put aside."""
    for _ in range(30):
        await world.settle()
        row = await _mail(world)
        if row.state in ("sent", "parked"):
            return row
        world.clock.now = row.due_at
    raise TimeoutError(row.state)


@pytest.mark.parametrize("trouble", OUTCOMES)
async def test_a_notice_meets_it_once(tmp_path: Path, trouble: Trouble, caplog: pytest.LogCaptureFixture) -> None:
    office = PostOffice(*([] if trouble == "refused" else [trouble]))
    async with _by_mail(tmp_path, office) as opened:
        if trouble == "refused":
            office.closes()
        reference = await _becomes_a_lead(opened)
        if trouble == "refused":
            assert (await _mail(opened)).state == "waiting"
            await office.opens()
        row = await _until_settled(opened)
    outcome = OUTCOMES[trouble]
    assert row.state == ("parked" if outcome == "parked" else "sent"), row.trouble
    assert _copies(office, reference) == {"once": 1, "twice": 2, "parked": 0}[outcome]
    if outcome == "parked":
        alarms = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert any("parked" in alarm for alarm in alarms), alarms
        assert EMAIL not in caplog.text


@pytest.mark.parametrize("seed", MIXES)
async def test_a_notice_meets_one_after_another(tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(seed)
    troubles = [trouble for trouble in OUTCOMES if trouble != "refused"]
    office = PostOffice(*chance.choices(troubles, k=chance.randint(2, 12 if FULL else 5)))
    async with _by_mail(tmp_path, office) as opened:
        reference = await _becomes_a_lead(opened)
        row = await _until_settled(opened)
    copies = _copies(office, reference)
    assert copies <= 2
    if row.state == "sent":
        assert copies >= 1
    else:
        assert "parked" in caplog.text and row.trouble
