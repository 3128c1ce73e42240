"""What comes in the wrong order, twice, too late, from another time, or is no update at all."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage.arrivals import Incoming
from bot.telegram.pretend import Fault
from bot.telegram.raw import incoming
from tests.faults.serving import serving
from tests.faults.virtual_time import in_virtual_time
from tests.world import START, Clock, Person, World
from tests.world import world as open_world

QUESTION = "Er det noe å leie på Tynset?"
PRESS_SECONDS = 150
COMMANDS = ("/tema", "/kommune", "/mine")
POISON: tuple[dict[str, object], ...] = (
    {"message": {"chat": {"id": 7}, "text": 5, "date": "never"}},
    {"message": {"chat": {"id": 7, "type": "private"}, "from": "nobody", "message_id": 1, "date": 0}},
    {"callback_query": {"id": 1, "from": {"id": 7}}},
    {"message": [[[[]]]]},
    {"edited_message": {"date": 10**30, "chat": {"id": 7, "type": "private"}, "message_id": 1}},
)


def _kinds(person: Person) -> list[int]:
    """Which of the commands was answered, message by message."""
    marks = ("Hva vil du lese om", "Hvilken kommune", "")
    return [next(n for n, mark in enumerate(marks) if mark in message.text) for message in person.from_bot()]


async def _poisoned(folder: Path) -> None:
    async with serving(folder) as program:
        movers = [program.world.mover(f"Mona {number}") for number in range(len(POISON))]
        for mover, update in zip(movers, POISON, strict=True):
            program.world.telegram.say(mover.user, "/tema")
            program.world.telegram.inject(update)
            program.world.telegram.say(mover.user, "/kommune")
        await program.rests()
        assert all(_kinds(mover) == [0, 1] for mover in movers)
        parked = [row for row in await program.arrivals() if row.state == "parked"]
        assert len(parked) == len(POISON) and all((row.trouble or "").startswith("unparsable") for row in parked)
        kept = [{k: v for k, v in json.loads(row.body or b"").items() if k != "update_id"} for row in parked]
        assert kept == list(POISON), "with all that came"


def test_poison_is_parked_and_all_others_are_answered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    in_virtual_time(_poisoned(tmp_path))
    assert caplog.text.count("and is parked") == len(POISON)


async def _without_ids(folder: Path) -> None:
    """They cannot be confirmed, so they come with each answer: no reason to ask without end."""
    async with serving(folder) as program:
        body: dict[str, object] = {"ok": True, "result": [{"message": {"text": "Hei"}}]}
        asked: list[str] = []

        def answers(method: str, _: Mapping[str, object]) -> Fault | None:
            asked.append(method.lower())
            return Fault.answer(200, body) if method.lower() == "getupdates" else None

        program.world.telegram.fault = answers
        await asyncio.sleep(60)
        program.world.telegram.fault = None
        assert 30 < asked.count("getupdates") < 70
        mover = program.world.mover()
        program.world.telegram.say(mover.user, "/tema")
        await program.rests()
        assert _kinds(mover) == [0]


def test_updates_without_an_id_are_asked_for_with_rests(tmp_path: Path) -> None:
    in_virtual_time(_without_ids(tmp_path))


async def _quiet_week(folder: Path, first: int, restarted: bool) -> None:
    async with serving(folder) as program:
        mover = program.world.mover()
        program.world.telegram.say(mover.user, "/tema")
        await program.rests()
        # The last confirmation has gone out, and nothing has come since.
        await asyncio.sleep(120)
        if restarted:
            await program.stop()
        program.world.clock.move(days=8)
        program.world.telegram.jump_updates(first)
        if restarted:
            program.start()
        for command in ("/kommune", "/mine", "/tema"):
            program.world.telegram.say(mover.user, command)
            await program.rests()
        assert _kinds(mover) == [0, 1, 2, 0]


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize("first", [5, 2**31 - 2, 2**40])
def test_after_a_quiet_week_the_ids_begin_anywhere(tmp_path: Path, first: int, restarted: bool) -> None:
    in_virtual_time(_quiet_week(tmp_path, first, restarted))


async def _repeats(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with serving(folder) as program:
        await program.stop()
        movers = [program.world.mover(f"Mona {number}") for number in range(6)]
        for command in COMMANDS:
            for mover in movers:
                program.world.telegram.say(mover.user, command)
        updates = [kept for update in program.world.telegram.pending() if (kept := incoming(update))]
        program.start()
        intake = program.world.service.poller.intake
        batches: list[list[Incoming]] = [[update] for update in updates * 5]
        chance.shuffle(batches)
        # As by webhook: several at once, in any order, beside the polling.
        new = await asyncio.gather(*(intake.keep(batch) for batch in batches))
        await program.rests()
        assert sum(new) <= len(updates)
        assert all(sorted(_kinds(mover)) == [0, 1, 2] for mover in movers), "each once"
        rows = await program.arrivals()
        assert len(rows) == len(updates) and {row.state for row in rows} == {"done"}


@pytest.mark.parametrize("seed", range(3))
def test_what_comes_five_times_in_any_order_is_answered_once(tmp_path: Path, seed: int) -> None:
    in_virtual_time(_repeats(tmp_path, seed))


class Stepwise:
    """Between each step of a message's way the clock may be set."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def says(self, mover: Person, text: str, *moves: float) -> None:
        """The clock is moved by so many hours: after it was stored, and after it was answered."""
        service = self.world.service
        self.world.telegram.say(mover.user, text)
        steps = (service.poller.poll_once, service.worker.handle_waiting, service.sender.send_due)
        for step, hours in zip(steps, (*moves, 0.0), strict=True):
            await step()
            self.world.clock.move(hours=hours)


async def _works_on(world: World, morning: datetime) -> None:
    """What was held for the host's working hours goes out in them."""
    world.clock.now = morning
    await world.house.desk.run_clock(world.clock())
    await world.settle()


@pytest.mark.parametrize("moves", [(25, 0), (-25, 0), (0, 25), (0, -25), (25, -25), (-25, 25)])
async def test_a_clock_that_is_set_keeps_nobody_waiting(world: World, moves: tuple[float, float]) -> None:
    host = await world.host("tynset")
    mover, later = world.mover(), world.mover("Arne Prøve")
    stepwise = Stepwise(world)
    for words in (QUESTION, "/vert tynset", "ja"):
        before = len(mover.from_bot())
        await stepwise.says(mover, words, *moves)
        assert len(mover.from_bot()) > before, words
    (lead,) = await world.leads()
    assert lead.reference in mover.last.text
    await _works_on(world, START + timedelta(days=7))
    assert any(lead.reference in message.text for message in host.from_bot())
    await host.says(f"/ta {lead.reference}")
    await host.says(f"Svar {lead.reference} Velkommen hit")
    assert "Velkommen hit" in mover.last.text
    await later.says(QUESTION)
    later.sees_entry("housing/rent-home")


@pytest.mark.parametrize("moves", [25, -25])
async def test_a_program_started_with_another_clock_goes_on(tmp_path: Path, moves: float) -> None:
    async with open_world(tmp_path) as before:
        mover = before.mover()
        await before.host("tynset")
        await mover.says("/vert tynset")
        before.telegram.say(mover.user, "ja")
        await before.service.poller.poll_once()
        await before.service.worker.handle_waiting()
    async with open_world(tmp_path, clock=Clock(START + timedelta(hours=moves))) as after:
        await after.settle()
        (lead,) = await after.leads()
        told = [message.text for message in after.telegram.messages(mover.user) if message.from_bot]
        assert lead.reference in told[-1]


#: Clocks in Oslo go back at 01:00 UTC, so that 02:30 comes twice; and forward, so that it never comes.
@pytest.mark.parametrize("night", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)])
async def test_the_night_in_which_the_clocks_change(world: World, night: datetime) -> None:
    host = await world.host("tynset")
    references = []
    for minutes in (30, 59, 60, 90, 150):
        world.clock.now = night + timedelta(minutes=minutes)
        mover = world.mover(f"Mona {minutes}")
        await mover.says(QUESTION)
        mover.sees_entry("housing/rent-home")
        await mover.says("/vert tynset")
        await mover.says("ja")
        references.append(mover.reference)
    await _works_on(world, night + timedelta(days=3, hours=9))
    told = "\n".join(message.text for message in host.from_bot())
    assert all(reference in told for reference in references)
    await host.says(f"/ta {references[0]}")
    assert "har tatt" in host.text


async def _outage(folder: Path, seconds: float) -> None:
    """Somebody presses while nobody serves; Telegram keeps presses for 150 s, messages for a day."""
    async with serving(folder) as program:
        world = program.world
        world.telegram.start(world.mover("Hilde Prøve").user, await world.house.desk.invite("host", "tynset", START))
        mover = world.mover()
        world.telegram.say(mover.user, "/vert tynset")
        await program.rests()
        await program.stop()
        form = mover.last
        yes = next(button for button in form.buttons if button.text.startswith("Ja"))
        world.telegram.press(mover.user, form.id, yes.callback_data or "")
        await asyncio.sleep(seconds)
        program.start()
        await program.rests()
        if seconds > PRESS_SECONDS:
            assert await world.leads() == [], "Telegram has forgotten the press"
            world.telegram.say(mover.user, "ja")
            await program.rests()
        (lead,) = await world.leads()
        assert sum(lead.reference in message.text for message in mover.from_bot()) == 1
        # The button is still there, and pressing it again makes no second lead.
        if any(button.callback_data == yes.callback_data for message in mover.from_bot() for button in message.buttons):
            world.telegram.press(mover.user, form.id, yes.callback_data or "")
            await program.rests()
        assert len(await world.leads()) == 1


@pytest.mark.parametrize("seconds", [140, 160, 20 * 3600])
def test_a_button_pressed_while_nobody_serves(tmp_path: Path, seconds: float) -> None:
    in_virtual_time(_outage(tmp_path, seconds))
