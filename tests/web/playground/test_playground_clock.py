"""The playground's clock: where each button leads, what is asked before it goes back, what open pages hear."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.leads.working_time import OSLO
from bot.telegram.pretend import PretendTelegram
from bot.web.playground import MovableClock, Timekeeper, routes
from bot.web.playground.clock import MOVES
from bot.web.playground.stream import Stream
from tests.web.playground.conftest import ORIGIN, PEOPLE

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def oslo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("move", "at", "leads_to"),
    [
        ("hours", "2026-11-24T10:00", "2026-11-24T14:00"),
        ("hours", "2026-11-24T14:00", "2026-11-25T10:30"),
        ("hours", "2026-11-27T22:00", "2026-11-30T12:00"),
        ("day", "2026-11-24T10:00", "2026-11-25T08:00"),
        ("day", "2027-03-24T15:40", "2027-03-30T08:00"),  # Easter lies between
        ("easter", "2026-11-24T10:00", "2027-03-19T15:40"),
        ("easter", "2027-03-19T15:39", "2027-03-19T15:40"),
        ("easter", "2027-03-19T15:40", "2028-04-07T15:40"),
    ],
)
def test_where_each_button_leads(move: str, at: str, leads_to: str) -> None:
    assert MOVES[move](oslo(at)) == oslo(leads_to)


def test_the_time_goes_on_from_where_it_was_moved_to_also_after_a_restart(tmp_path: Path) -> None:
    real = TUESDAY

    def now() -> datetime:
        return real

    clock = MovableClock(tmp_path / "clock.txt", now)
    assert clock() == TUESDAY
    clock.move_to(TUESDAY + timedelta(days=3))
    real += timedelta(minutes=5)
    assert clock() == TUESDAY + timedelta(days=3, minutes=5)
    assert MovableClock(tmp_path / "clock.txt", now)() == clock()
    clock.back_to_now()
    assert MovableClock(tmp_path / "clock.txt", now)() == real


class Program:
    """What stands behind the clock, played by the test."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self.open_leads, self.caught_up = 0, 0
        self.time = Timekeeper(MovableClock(real=lambda: TUESDAY), self._open_leads, self._catch_up)
        app = Starlette(routes=routes(telegram, PEOPLE, time=self.time))
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=headers)

    async def _open_leads(self) -> int:
        return self.open_leads

    async def _catch_up(self) -> None:
        self.caught_up += 1

    async def moves(self, **given: object) -> tuple[int, dict[str, object]]:
        answer = await self.client.post("/playground/move", json=given)
        return answer.status_code, answer.json()


async def test_what_is_due_by_then_happens_at_once(telegram: PretendTelegram) -> None:
    program = Program(telegram)
    assert await program.moves(move="hours") == (200, {})
    assert program.time.clock() == oslo("2026-11-24T14:00")
    assert program.caught_up == 1
    state = (await program.client.get("/playground/state")).json()
    assert state["beside"] == {"ahead": 4 * 3_600_000, "moves": 1, "is_open": True, "newest_mail": ""}


async def test_going_back_is_asked_about_while_leads_are_open(telegram: PretendTelegram) -> None:
    program = Program(telegram)
    await program.moves(move="easter")
    program.open_leads = 2
    assert await program.moves(move="now") == (409, {"error": "leads_open", "count": 2})
    assert program.time.clock() == oslo("2027-03-19T15:40")
    assert await program.moves(move="now", sure=True) == (200, {})
    assert program.time.clock() == TUESDAY
    await program.moves(move="day")
    program.open_leads = 0
    assert await program.moves(move="now") == (200, {})


@pytest.mark.parametrize(
    ("given", "status"), [({"move": "yesterday"}, 404), ({"move": 4}, 404), ({}, 404), ({"move": ["now"]}, 404)]
)
async def test_the_clock_knows_no_other_moves(telegram: PretendTelegram, given: dict[str, object], status: int) -> None:
    program = Program(telegram)
    assert (await program.moves(**given))[0] == status
    assert program.caught_up == 0


async def test_another_site_cannot_move_it(telegram: PretendTelegram) -> None:
    program = Program(telegram)
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    answer = await program.client.post("/playground/move", json={"move": "day"}, headers=foreign)
    assert answer.status_code == 403


async def test_open_pages_hear_of_a_move(telegram: PretendTelegram) -> None:
    told: dict[str, object] = {"moves": 0}
    stream = Stream(telegram, lambda: False, lambda: dict(told))
    events = stream.events(telegram.revision)
    assert (await anext(events)).startswith("retry")
    assert await anext(events) == 'event: beside\ndata: {"moves": 0}\n\n'
    told["moves"] = 1
    assert json.loads((await anext(events)).partition("data: ")[2]) == {"moves": 1}
