"""What a killed program had taken up and not sent yet is neither doubled nor parked."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.delivery import Channel, Sender, SendError, UnderWay, leaves_now
from bot.delivery.choosing import AT_FIRST, AT_ONCE
from bot.delivery.under_way import SLOTS
from bot.storage import deliveries
from bot.storage.deliveries import Delivery
from bot.storage.engine import Database
from bot.storage.migrating import migrate
from bot.storage.tables import DeliveryRow
from tests.world import START, Clock


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    path = tmp_path / "boot_id"
    path.write_text("first\n")
    return path


def test_the_next_process_knows_what_had_not_left(tmp_path: Path, boot: Path) -> None:
    before = UnderWay(tmp_path / "under-way", boot)
    before.taken_up([5, 6, 7])
    before.leaves(6)
    before.leaves(99)
    after = UnderWay(tmp_path / "under-way", boot)
    assert after.unsent == {5, 7}
    after = UnderWay(tmp_path / "under-way", boot)
    assert after.unsent == {5, 7}, "the one before may have been killed before it did anything"
    after.unsent_are_free()
    after.taken_up([8])
    assert UnderWay(tmp_path / "under-way", boot).unsent == {8}
    assert stat.S_IMODE(os.stat(tmp_path / "under-way").st_mode) & 0o077 == 0


def test_after_a_power_cut_nothing_in_it_counts(tmp_path: Path, boot: Path) -> None:
    UnderWay(tmp_path / "under-way", boot).taken_up([5])
    boot.write_text("second\n")
    assert UnderWay(tmp_path / "under-way", boot).unsent == frozenset()


def test_what_finds_no_room_counts_as_having_left(tmp_path: Path, boot: Path) -> None:
    before = UnderWay(tmp_path / "under-way", boot)
    before.taken_up(range(1, SLOTS + 10))
    for id in range(1, 6):
        before.leaves(id)
    before.taken_up([1000])
    assert UnderWay(tmp_path / "under-way", boot).unsent == {*range(6, SLOTS + 1), 1000}


@pytest.mark.parametrize("content", [b"", b"first", b"x" * 5000], ids=["empty", "cut off", "something else"])
def test_a_spoilt_file_says_nothing(tmp_path: Path, boot: Path, content: bytes) -> None:
    (tmp_path / "under-way").write_bytes(content)
    assert UnderWay(tmp_path / "under-way", boot).unsent == frozenset()


def test_where_it_cannot_be_kept_every_message_counts_as_having_left(
    tmp_path: Path, boot: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "under-way").mkdir()
    assert UnderWay.beside(tmp_path / "under-way") is None
    assert "is not noted" in caplog.text


class Wire:
    """A channel that never comes to an end, for some before and for some after the first byte."""

    async def send(self, delivery: Delivery) -> int | None:
        if delivery.chat_id == 3:
            raise SendError("passing", "refused")
        if delivery.chat_id == 2:
            leaves_now()
        await asyncio.Event().wait()
        return None


class Lives:
    """A program that lives several times on one store; each life ends as by SIGKILL, its work hanging in the air."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self._senders = database, Clock(), list[Sender]()

    async def waits(self, chats: int) -> None:
        async with self.database.transaction() as session:
            for chat in range(1, chats + 1):
                await deliveries.add(session, "reply", chat, {"html": "Hei"}, START)

    async def begins(self, channel: Channel, **given: Any) -> Sender:
        sender = Sender(self.database, {"telegram": channel}, self.clock, **given)
        self._senders.append(sender)
        await sender.recover()
        return sender

    async def sends(self, sender: Sender) -> dict[int, asyncio.Task[None]]:
        """What is under way after a moment, by chat."""
        await sender._round()
        await asyncio.sleep(0.05)
        return sender._busy

    async def states(self) -> dict[int, tuple[str, int]]:
        async with self.database.reading() as session:
            rows = (await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))).all()
            return {row.chat_id: (row.state, row.copies) for row in rows}

    async def ends(self) -> None:
        tasks = [task for sender in self._senders for task in sender._busy.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.database.close()


@pytest.fixture
async def lives(tmp_path: Path) -> AsyncIterator[Lives]:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    await migrate(database)
    opened = Lives(database)
    yield opened
    await opened.ends()


async def test_what_had_not_left_waits_as_if_nobody_had_taken_it_up(lives: Lives, tmp_path: Path, boot: Path) -> None:
    async def begins() -> Sender:
        known = UnderWay(tmp_path / "under-way", boot)
        return await lives.begins(Wire(), under_way=known, tell_when=("telegram",))

    await lives.waits(3)
    await lives.sends(await begins())
    assert [state for state, _ in (await lives.states()).values()] == ["sending", "sending", "waiting"]
    await begins()
    assert await lives.states() == {1: ("waiting", 0), 2: ("unknown", 1), 3: ("waiting", 0)}


async def test_what_failed_for_certain_has_not_left(
    lives: Lives, tmp_path: Path, boot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the failure is noted, it waits as if nobody had taken it up; in doubt it counts as out."""

    class Refusing:
        async def send(self, delivery: Delivery) -> int | None:
            leaves_now()
            raise SendError("passing" if delivery.chat_id == 1 else "unknown", "told so")

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    await lives.waits(2)
    known = UnderWay(tmp_path / "under-way", boot)
    sender = await lives.begins(Refusing(), under_way=known, tell_when=("telegram",))
    monkeypatch.setattr(sender._outcomes, "failed", never)
    await lives.sends(sender)
    await lives.begins(Wire(), under_way=UnderWay(tmp_path / "under-way", boot))
    assert await lives.states() == {1: ("waiting", 0), 2: ("unknown", 1)}


async def test_a_channel_that_does_not_tell_is_taken_at_its_word(lives: Lives, tmp_path: Path, boot: Path) -> None:
    await lives.waits(1)
    assert await lives.sends(await lives.begins(Wire(), under_way=UnderWay(tmp_path / "under-way", boot)))
    assert UnderWay(tmp_path / "under-way", boot).unsent == frozenset()


async def test_a_program_that_dies_again_and_again_leaves_few_in_doubt(lives: Lives) -> None:
    await lives.waits(40)
    for _ in range(6):
        sender = await lives.begins(Wire())
        lives.clock.move(seconds=3)
        await lives.sends(sender)
        await lives.sends(sender)
    states = [state for state, _ in (await lives.states()).values()]
    # Each life left four in doubt, and of those four went out once more in the next.
    assert states.count("parked") <= 2 * AT_FIRST and states.count("waiting") >= 40 - 6 * AT_FIRST


async def test_what_may_be_out_is_not_sent_again_by_who_dies_at_once(lives: Lives) -> None:
    await lives.waits(1)
    await lives.sends(await lives.begins(Wire()))
    for _ in range(5):
        lives.clock.move(seconds=1.9)
        assert not await lives.sends(await lives.begins(Wire()))
    assert await lives.states() == {1: ("unknown", 1)}
    lives.clock.move(seconds=2)
    assert await lives.sends(lives._senders[-1])


async def test_what_may_have_gone_out_does_not_take_all_the_room(lives: Lives) -> None:
    await lives.waits(40)
    async with lives.database.transaction() as session:
        first_half = update(DeliveryRow).where(col(DeliveryRow.chat_id).between(4, 20))
        await session.exec(first_half.values(state="unknown", copies=1))
    sender = await lives.begins(Wire())
    sender._choice.room = AT_ONCE
    under_way = await lives.sends(sender)
    assert sum(4 <= chat <= 20 for chat in under_way) == AT_FIRST
    assert sum(chat > 20 for chat in under_way) == 20
