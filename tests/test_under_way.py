"""What a killed program had taken up and not sent yet is neither doubled nor parked."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.delivery import SendError, UnderWay, leaves_now
from bot.delivery.sending import AT_FIRST, AT_ONCE, Sender
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
    assert UnderWay(tmp_path / "under-way", boot).unsent == frozenset(), "it is told once"
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


class Wire:
    """A channel that never comes to an end, for some before and for some after the first byte."""

    def __init__(self) -> None:
        self.out: list[int] = []

    async def send(self, delivery: Delivery) -> int | None:
        if delivery.chat_id == 3:
            raise SendError("passing", "refused")
        if delivery.chat_id == 2:
            leaves_now()
            self.out.append(delivery.id)
        await asyncio.Event().wait()
        return None


async def _states(database: Database) -> dict[int, tuple[str, int]]:
    async with database.reading() as session:
        rows = (await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))).all()
        return {row.chat_id: (row.state, row.copies) for row in rows}


async def test_what_had_not_left_waits_as_if_nobody_had_taken_it_up(tmp_path: Path, boot: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    await migrate(database)
    async with database.transaction() as session:
        for chat in (1, 2, 3):
            await deliveries.add(session, "reply", chat, {"html": "Hei"}, START)
    wire = Wire()

    def sender() -> Sender:
        known = UnderWay(tmp_path / "under-way", boot)
        return Sender(database, {"telegram": wire}, Clock(), under_way=known, tell_when=("telegram",))

    killed = sender()
    await killed._round()
    await asyncio.sleep(0.05)
    assert {chat: state for chat, (state, _) in (await _states(database)).items()} == {
        1: "sending",
        2: "sending",
        3: "waiting",
    }
    # Its tasks hang as a SIGKILL leaves them: without an end.
    await sender().recover()
    assert await _states(database) == {1: ("waiting", 0), 2: ("unknown", 1), 3: ("waiting", 0)}
    for task in list(killed._busy.values()):
        task.cancel()
    await asyncio.gather(*killed._busy.values(), return_exceptions=True)
    await database.close()


async def test_a_channel_that_does_not_tell_is_taken_at_its_word(tmp_path: Path, boot: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    await migrate(database)
    async with database.transaction() as session:
        await deliveries.add(session, "reply", 1, {"html": "Hei"}, START)
    killed = Sender(database, {"telegram": Wire()}, Clock(), under_way=UnderWay(tmp_path / "under-way", boot))
    await killed._round()
    await asyncio.sleep(0.05)
    assert UnderWay(tmp_path / "under-way", boot).unsent == frozenset()
    for task in list(killed._busy.values()):
        task.cancel()
    await asyncio.gather(*killed._busy.values(), return_exceptions=True)
    await database.close()


class Silent:
    """A channel that takes everything and never answers."""

    async def send(self, delivery: Delivery) -> int | None:
        await asyncio.Event().wait()
        return None


async def test_a_program_that_dies_again_and_again_leaves_few_in_doubt(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    await migrate(database)
    async with database.transaction() as session:
        for chat in range(1, 41):
            await deliveries.add(session, "reply", chat, {"html": "Hei"}, START)
    left: list[asyncio.Task[None]] = []
    for _ in range(6):
        sender = Sender(database, {"telegram": Silent()}, Clock())
        await sender.recover()
        await sender._round()
        await sender._round()
        left += sender._busy.values()
    states = [state for state, _ in (await _states(database)).values()]
    # Each life left four in doubt, and of those four went out once more in the next.
    assert states.count("parked") <= 2 * AT_FIRST and states.count("waiting") >= 40 - 6 * AT_FIRST
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await database.close()


async def test_what_may_have_gone_out_does_not_take_all_the_room(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    await migrate(database)
    async with database.transaction() as session:
        for chat in range(1, 41):
            await deliveries.add(session, "reply", chat, {"html": "Hei"}, START)
        await session.exec(update(DeliveryRow).where(col(DeliveryRow.chat_id) <= 20).values(state="unknown", copies=1))
    sender = Sender(database, {"telegram": Silent()}, Clock())
    sender._room = AT_ONCE
    await sender._round()
    assert sum(chat <= 20 for chat in sender._busy) == AT_FIRST
    assert sum(chat > 20 for chat in sender._busy) == 20
    for task in sender._busy.values():
        task.cancel()
    await asyncio.gather(*sender._busy.values(), return_exceptions=True)
    await database.close()
