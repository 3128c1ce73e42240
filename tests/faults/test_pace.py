"""How fast is sent, to the second: each chat, each group, all; who comes first; and who is made to wait by whom."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.delivery import Limits, Sender, SendError
from bot.delivery.pace import UNLIMITED, Pace
from bot.storage import deliveries
from bot.storage.deliveries import Delivery
from bot.storage.engine import Database
from bot.storage.migrating import migrate
from tests.faults.virtual_time import LoopClock, in_virtual_time

MONA, ARNE, GROUP = 11, 12, -1001


class Timer:
    """Seconds, moved by the test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _sent(pace: Pace, timer: Timer, chat_id: int, seconds: float, step: float = 0.01) -> list[float]:
    """When something went to this chat, where it always has more."""
    times, end = list[float](), timer.now + seconds
    while timer.now < end:
        if max(pace.wait_in_all(), pace.wait(chat_id)) <= 0:
            pace.take(chat_id)
            times.append(timer.now)
        else:
            timer.now += step
    return times


def _most_in(seconds: float, times: Sequence[float]) -> int:
    return max(sum(start <= at < start + seconds for at in times) for start in times)


def test_a_chat_gets_one_a_second_after_a_short_burst() -> None:
    timer = Timer()
    times = _sent(Pace(Limits(), timer), timer, MONA, 60)
    assert len([at for at in times if at == times[0]]) == 3
    assert len(times) <= 3 + 60 and _most_in(9.5, times[3:]) <= 10


def test_a_group_gets_twenty_in_any_minute() -> None:
    timer = Timer()
    times = _sent(Pace(Limits(), timer), timer, GROUP, 600, step=0.1)
    assert _most_in(60, times) <= 20
    assert len(times) >= 10 * 15, "and not much less"


@pytest.mark.parametrize("replicas", [1, 2, 4])
def test_all_together_get_thirty_in_any_second(replicas: int) -> None:
    timer = Timer()
    paces = [Pace(Limits(), timer) for _ in range(replicas)]
    for pace in paces:
        pace.share(replicas)
    times, chat = list[float](), 1
    while timer.now < 1020:
        free = [pace for pace in paces if pace.wait_in_all() <= 0]
        for pace in free:
            chat += 1
            pace.take(chat)
            times.append(timer.now)
        timer.now += 0 if free else 0.005
    assert _most_in(1, times) <= 30 + (replicas - 1)
    assert len(times) >= 20 * 25, "and not much less"


def test_one_chat_takes_nothing_from_anothers_pace() -> None:
    timer = Timer()
    pace = Pace(Limits(), timer)
    for _ in range(3):
        pace.take(MONA)
    assert pace.wait(MONA) == pytest.approx(1.0)
    assert pace.wait(ARNE) == 0 == pace.wait(GROUP)


def test_a_clock_that_goes_back_lets_nobody_send_faster_nor_wait_longer() -> None:
    timer = Timer()
    pace = Pace(Limits(), timer)
    for _ in range(3):
        pace.take(MONA)
    timer.now -= 500
    assert pace.wait(MONA) == pytest.approx(1.0)
    timer.now += 1
    assert pace.wait(MONA) == 0


def test_without_limits_nothing_waits() -> None:
    pace = Pace(UNLIMITED, Timer())
    for _ in range(1000):
        pace.take(MONA)
    assert pace.wait_in_all() == 0 == pace.wait(MONA)


# -- the sender


class Post:
    """Notes what was handed over, and when; `refuses` tells whom to make wait, and how long."""

    def __init__(self) -> None:
        self.handed: list[tuple[int, str, float]] = []
        self.refuses: dict[int, float] = {}

    async def send(self, delivery: Delivery) -> int:
        if wait := self.refuses.pop(delivery.chat_id, None):
            raise SendError("passing", "RetryAfter", wait)
        self.handed.append((delivery.chat_id, str(delivery.body["html"]), asyncio.get_running_loop().time()))
        return len(self.handed)

    def to(self, chat_id: int) -> list[tuple[str, float]]:
        return [(words, at) for chat, words, at in self.handed if chat == chat_id]


class Office:
    """A sender before a post that only notes, in virtual time."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self.database, self.post, self.clock = database, Post(), LoopClock()
        timer = asyncio.get_running_loop().time
        self.sender = Sender(database, {"telegram": self.post}, self.clock, limits, timer=timer)

    async def stores(self, *messages: tuple[int, str, str]) -> None:
        """Chat, kind, words."""
        async with self.database.transaction() as session:
            for chat_id, kind, words in messages:
                await deliveries.add(session, kind, chat_id, {"html": words}, self.clock())
        self.sender.wake()

    async def works(self, seconds: float) -> None:
        running = asyncio.create_task(self.sender.run())
        await asyncio.sleep(seconds)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _office(folder: Path, limits: Limits) -> Office:
    database = Database(f"sqlite:///{folder / 'store.sqlite'}")
    await migrate(database)
    return Office(database, limits)


def test_replies_come_before_notices_and_these_before_reminders(tmp_path: Path) -> None:
    async def story() -> None:
        office = await _office(tmp_path, Limits(10))
        kinds = ("reminder", "notice", "reply")
        await office.stores(*((10 * n + k, kind, kind) for n in range(5) for k, kind in enumerate(kinds)))
        await office.works(10)
        assert [words for _, words, _ in office.post.handed] == ["reply"] * 5 + ["notice"] * 5 + ["reminder"] * 5
        await office.database.close()

    in_virtual_time(story())


def test_nobody_gets_a_second_before_all_have_a_first(tmp_path: Path) -> None:
    async def story() -> None:
        office = await _office(tmp_path, Limits(10))
        await office.stores(*((MONA, "reply", f"Mona {n}") for n in range(5)))
        await office.stores(*((100 + n, "reply", "først") for n in range(30)))
        await office.works(30)
        words = [words for _, words, _ in office.post.handed]
        assert words.index("Mona 1") > max(n for n, word in enumerate(words) if word == "først")
        assert [word for word, _ in office.post.to(MONA)] == [f"Mona {n}" for n in range(5)]
        await office.database.close()

    in_virtual_time(story())


def test_who_waits_by_telegrams_word_holds_up_nobody_else(tmp_path: Path) -> None:
    async def story() -> None:
        office = await _office(tmp_path, Limits())
        office.post.refuses = {MONA: 17.0}
        await office.stores((MONA, "reply", "til Mona"), (MONA, "reply", "mer til Mona"), (ARNE, "reply", "til Arne"))
        await office.works(40)
        ((_, at),) = office.post.to(ARNE)
        assert at < 1
        (first, second) = office.post.to(MONA)
        assert first[0] == "til Mona" and 17 <= first[1] < 18 and second[1] - first[1] < 1.1
        await office.database.close()

    in_virtual_time(story())


def test_a_group_full_of_notices_holds_up_no_mover(tmp_path: Path) -> None:
    async def story() -> None:
        office = await _office(tmp_path, Limits())
        await office.stores(*((GROUP, "notice", f"sak {n}") for n in range(40)))
        await office.stores((MONA, "reply", "til Mona"))
        await office.works(200)
        ((_, at),) = office.post.to(MONA)
        assert at < 1
        times = [at for _, at in office.post.to(GROUP)]
        assert len(times) == 40 and _most_in(60, times) <= 20
        await office.database.close()

    in_virtual_time(story())
