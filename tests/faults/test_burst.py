"""A burst of movers against a Bot API that enforces Telegram's limits; and, in the full run, a soak.

Time is virtual: what the limits cost is counted to the millisecond, and costs nothing here.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.delivery import Limits
from bot.delivery.pace import Pace
from bot.telegram.pretend import Pace as TelegramsPace
from tests.faults.serving import Serving, serving
from tests.faults.virtual_time import in_virtual_time
from tests.faults.wire import BREAKS, the_next, whole
from tests.world import START

FULL = os.environ.get("FAULTS") == "full"
MOVERS = 10_000 if FULL else 300
#: In which all of them write.
BURST_SECONDS = 60
SOAK_MINUTES = int(os.environ.get("SOAK_MINUTES", "60"))
PER_SECOND = 30
#: Breaks after which the program goes on by itself.
PASSING = [broken for broken in BREAKS if broken.name not in ("401", "404")]
COMMANDS = ("/tema", "/kommune", "/mine")


@dataclass
class Crowd:
    """So many movers, and when each was answered first."""

    program: Serving
    movers: list[int] = field(default_factory=list)
    asked: dict[int, float] = field(default_factory=dict)

    def asks(self, name: str, *texts: str) -> int:
        telegram = self.program.world.telegram
        user = telegram.user(name)
        self.asked[user.id] = asyncio.get_running_loop().time()
        for text in texts:
            telegram.say(user, text)
        self.movers.append(user.id)
        return user.id

    def sent(self, chat_id: int | None = None) -> list[float]:
        """When each message went out."""
        return [c.at for c in self.program.wire.calls if c.method == "sendmessage" and chat_id in (None, c.chat_id)]

    def firsts(self) -> dict[int, float]:
        found: dict[int, float] = {}
        for call in self.program.wire.calls:
            if call.method == "sendmessage" and call.chat_id is not None:
                found.setdefault(call.chat_id, call.at)
        return found


@asynccontextmanager
async def _paced(folder: Path) -> AsyncIterator[tuple[Serving, TelegramsPace]]:
    """Telegram enforces its limits; ours are measured by the same clock."""
    async with serving(folder) as program:
        telegrams = TelegramsPace(in_all_per_second=PER_SECOND)
        program.world.telegram._state.pace = telegrams
        program.world.service.sender.pace = Pace(Limits(PER_SECOND), asyncio.get_running_loop().time)
        yield program, telegrams


def _most_in(seconds: float, times: list[float]) -> int:
    """The most in any window of so many seconds."""
    first, most = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def _burst(folder: Path) -> None:
    async with _paced(folder) as (program, telegrams):
        crowd = Crowd(program)
        before, span = _memory(), BURST_SECONDS if FULL else 1
        flooder = crowd.asks("Fia Flom", *(COMMANDS[number % 3] for number in range(20)))
        for number in range(MOVERS):
            crowd.asks(f"Mona {number}", "/tema")
            await asyncio.sleep(span / MOVERS)
        await program.rests(24 * 3600)

        firsts = crowd.firsts()
        floor = max(span, len(crowd.movers) / PER_SECOND)
        assert set(firsts) == set(crowd.movers), "everybody is answered"
        assert max(firsts.values()) - min(crowd.asked.values()) <= 1.2 * floor
        if not FULL:
            # In the burst of the full run the flooder has long been answered when the last ones come.
            assert crowd.sent(flooder)[1] > max(firsts.values()), "nobody gets a second answer before all have a first"
        assert len(crowd.sent(flooder)) == 20
        assert not telegrams.refused, "Telegram never had to say that it was too much"
        assert _most_in(1, crowd.sent()) <= PER_SECOND
        assert all(len(crowd.sent(mover)) == 1 for mover in crowd.movers if mover != flooder)

        delays = sorted(
            (row.received_at - START).total_seconds() - crowd.asked[row.chat_id]
            for row in await program.arrivals()
            if row.chat_id is not None
        )
        assert delays[int(0.99 * len(delays))] < 1, "stored within a second"
        assert not FULL or _memory() < 2 * before


def test_a_burst_is_answered_at_the_pace_that_telegram_allows(tmp_path: Path) -> None:
    in_virtual_time(_burst(tmp_path))


async def _too_fast(folder: Path) -> None:
    """Where our limits are wider than Telegram's, what it says is obeyed, and nothing is lost or doubled."""
    async with _paced(folder) as (program, telegrams):
        program.world.service.sender.pace = Pace(Limits(10 * PER_SECOND, 10, 10), asyncio.get_running_loop().time)
        crowd = Crowd(program)
        for number in range(15):
            crowd.asks(f"Mona {number}", *COMMANDS, *COMMANDS)
        await program.rests(3600)
        assert telegrams.refused
        for mover in crowd.movers:
            assert sum(message.from_bot for message in program.world.telegram.messages(mover)) == 6
            rows = await program.deliveries(mover)
            assert [row.message_id for row in rows] == sorted(row.message_id or 0 for row in rows), "in order"


def test_what_telegram_finds_too_fast_comes_later_and_in_order(tmp_path: Path) -> None:
    in_virtual_time(_too_fast(tmp_path))


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


async def _soak(folder: Path, minutes: float) -> None:
    """Five messages a second, with a fault each five minutes."""
    chance = random.Random(2026)
    async with _paced(folder) as (program, _):
        telegram = program.world.telegram
        movers = [telegram.user(f"Mona {number}") for number in range(300)]
        memory, descriptors, wal = list[int](), list[int](), 0
        for number in range(int(minutes * 60 * 5)):
            telegram.say(chance.choice(movers), chance.choice((*COMMANDS, "Er det noe å leie på Tynset?")))
            await asyncio.sleep(0.2)
            if number % 1500 == (750 if FULL else 75):
                method = chance.choice(("sendMessage", "getUpdates"))
                program.wire.cut = the_next(method, chance.choice(PASSING))
            if number % 300 == (299 if FULL else 30):
                program.wire.calls.clear()
                memory.append(_memory())
                descriptors.append(_descriptors())
                wal = max(wal, (folder / "flytthit.sqlite-wal").stat().st_size)
        program.wire.cut = whole
        await program.rests(3600)
        assert program.lives
        assert wal < 64 * 2**20
        assert not FULL or memory[-1] < 1.2 * memory[len(memory) // 4]
        assert max(descriptors) - min(descriptors) <= 8


def test_a_soak(tmp_path: Path) -> None:
    in_virtual_time(_soak(tmp_path, SOAK_MINUTES if FULL else 0.5))
