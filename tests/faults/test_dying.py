"""SIGKILL at every labelled point, on each way in and each database: nothing is lost, and two copies at most.

The points are found in the source, so a new one is tested without being listed. `make test` has all on SQLite by
polling; FAULTS=full also the webhook, PostgreSQL, later times and pairs of points. test_points.py has the real program.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.telegram.pretend import User
from bot.telegram.pretend.people import FIRST_USER_ID
from bot.telegram.webhook import PATH, SECRET_HEADER, webhook_route
from tests.faults.dying import lives
from tests.faults.serving import Serving, serving
from tests.faults.test_points import POISONED, QUESTION, found
from tests.faults.wire import BREAKS, the_next
from tests.postgres import server
from tests.world import Person

FULL = os.environ.get("FAULTS") == "full"
SECRET = "a-secret-that-is-long-enough"
TOO_MANY = next(broken for broken in BREAKS if broken.name == "429 without a time")
POINTS = [point for point in found() if not point.startswith(("backup", "knowledge", "training"))]
#: Passed several times in one talk.
OFTEN = [point for point in POINTS if point.startswith(("delivery", "intake", "assistant"))]
POLLING = [point for point in POINTS if not point.startswith("webhook")]


@dataclass(frozen=True)
class House:
    """Where the program keeps its things, and how updates come to it."""

    folder: Path
    url: str = ""
    webhook: bool = False

    async def begins(self) -> None:
        async with serving(self.folder, self.url) as program:
            world = program.world
            host = world.mover("Hilde Prøve")
            world.telegram.start(host.user, await world.house.desk.invite("host", "tynset", world.clock()))
            for number in range(3):
                world.telegram.user(f"Mona {number}")
            await program.rests()

    async def talks(self, number: int) -> None:
        """All that leads past a point: a question, a lead, a host's command, a failed send, an unreadable update."""
        async with serving(self.folder, self.url) as program:
            mover, host = _person(program, 1 + number), _person(program, 0)
            program.wire.cut = the_next("sendMessage", TOO_MANY)
            for words in (QUESTION, "/vert tynset", "ja"):
                program.world.telegram.say(mover.user, words)
            program.world.telegram.say(host.user, "/saker")
            program.world.telegram.inject({"message": {"chat": {"id": POISONED + number}, "text": 5, "date": "never"}})
            await self._goes_on(program)

    async def recovers(self) -> None:
        async with serving(self.folder, self.url) as program:
            await self._goes_on(program)

    async def _goes_on(self, program: Serving) -> None:
        if self.webhook:
            await _deliver(program)
        await program.rests(120)

    async def check(self, movers: int) -> None:
        async with serving(self.folder, self.url) as program:
            host, leads = _person(program, 0), await program.world.leads()
            people = [_person(program, 1 + number) for number in range(movers)]
            assert sorted(lead.mover_chat for lead in leads) == [mover.user.id for mover in people], "stored once"
            parked = [row.chat_id for row in await program.arrivals() if row.state == "parked"]
            assert parked == [POISONED + number for number in range(movers)], "the unreadable ones, and only they"
            once = [row for row in await program.deliveries() if row.state == "parked" and row.copies < 2]
            assert not once, "parked only what may be out twice"
            to_host = [message.text for message in host.from_bot()]
            for mover, lead in zip(people, sorted(leads, key=lambda lead: lead.mover_chat), strict=True):
                told = [message.text for message in mover.from_bot()]
                assert len(set(told)) >= 3, "the answer, the form and the receipt"
                assert any(lead.reference in text for text in told), "the receipt came"
                assert any(lead.reference in text for text in to_host), "the host was told"
                assert max(Counter(told).values()) <= 2, "two copies at most"
        if not self.url:
            with closing(sqlite3.connect(self.folder / "flytthit.sqlite")) as database:
                assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def _person(program: Serving, number: int) -> Person:
    names = ("Hilde Prøve", "Mona 0", "Mona 1", "Mona 2")
    user: User = program.world.telegram.user(names[number], id=FIRST_USER_ID + number)
    return Person(program.world, user)


async def _deliver(program: Serving) -> None:
    """What Telegram does with a webhook: each update until it is confirmed."""
    keep = program.world.service.poller.intake.keep
    transport = httpx.ASGITransport(Starlette(routes=[webhook_route(keep, SECRET)]))
    queue, clock = program.world.telegram._state.queue, program.world.clock
    async with httpx.AsyncClient(transport=transport, base_url="http://bot", headers={SECRET_HEADER: SECRET}) as client:
        for update in program.world.telegram.pending():
            assert (await client.post(PATH, json=update)).status_code == 200
            queue.take(int(str(update["update_id"])) + 1, 1, clock())


def _dies(house: House, number: int, point: str) -> None:
    real = bool(house.url)
    assert not lives(lambda: house.talks(number), point, real), f"the program did not come past «{point}»"
    lives(house.recovers, real_time=real)


def _survives(house: House, *points: str) -> None:
    """It dies once at each of these points, with a mover for each."""
    real = bool(house.url)
    lives(house.begins, real_time=real)
    for number, point in enumerate(points):
        _dies(house, number, point)
    assert lives(lambda: house.check(len(points)), real_time=real)


@pytest.mark.parametrize("point", POLLING)
def test_death_at_any_point_loses_nothing(tmp_path: Path, point: str) -> None:
    _survives(House(tmp_path), point)


if FULL:

    @pytest.mark.parametrize("point", POINTS)
    def test_death_at_any_point_of_the_webhook_loses_nothing(tmp_path: Path, point: str) -> None:
        _survives(House(tmp_path, webhook=True), point)

    @pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
    @pytest.mark.parametrize("point", POINTS)
    async def test_death_at_any_point_on_postgresql_loses_nothing(tmp_path: Path, point: str, webhook: bool) -> None:
        if not webhook and point.startswith("webhook"):
            return
        url = await server().fresh()
        await asyncio.to_thread(_survives, House(tmp_path, url, webhook), point)

    @pytest.mark.parametrize(("first", "second"), list(itertools.product(POLLING, repeat=2)))
    def test_death_at_one_point_and_then_at_another_loses_nothing(tmp_path: Path, first: str, second: str) -> None:
        _survives(House(tmp_path), first, second)

    @pytest.mark.parametrize("times", [2, 3])
    @pytest.mark.parametrize("point", OFTEN)
    def test_death_at_a_later_time_loses_nothing(tmp_path: Path, point: str, times: int) -> None:
        house = House(tmp_path)
        lives(house.begins)
        lives(lambda: house.talks(0), f"{point}#{times}")
        lives(house.recovers)
        assert lives(lambda: house.check(1))
