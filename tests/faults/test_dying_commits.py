"""SIGKILL before and after each commit of a whole story: what everybody reads is the same as if nothing had happened.

Commits are counted by the test, whatever they are for: turns, what hosts do, clocks, reminders, clean-up, forgetting.
`make test` has a few of them, FAULTS=full all.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot import points
from bot.leads.references import PATTERN
from bot.running import by_the_clock
from bot.telegram.pretend.people import FIRST_USER_ID
from tests.faults.dying import lives
from tests.faults.serving import Serving, serving
from tests.world import START, Person

FULL = os.environ.get("FAULTS") == "full"
POINTS = ("store: before a commit", "store: after a commit")
#: `make test` has so many of the commits, spread over the story.
SOME = 5
NAMES = ("Hilde Prøve", "Kari Prøve", "Mona Prøve")
HOST, COORDINATOR, MOVER = range(len(NAMES))
#: Who says what; or so many hours pass. {} is the lead's reference.
STORY: tuple[tuple[int, str] | float, ...] = (
    (MOVER, "Er det noe å leie på Tynset?"),
    (MOVER, "/vert tynset"),
    (MOVER, "ja"),
    # Nobody takes it: a reminder, the coordinator, a new day for the mover.
    25.0,
    (HOST, "/ta {}"),
    (HOST, "Svar {} Velkommen til Tynset"),
    (MOVER, "/vert alvdal"),
    (MOVER, "ja"),
    (HOST, "/borte 2026-12-24"),
    # Mornings with summaries, the day on which old rows go.
    24.0 * 5,
    (HOST, "/lukk {}"),
    (MOVER, "/glem"),
    (MOVER, "Ja, slett alt"),
    24.0,
)


@dataclass
class Play:
    """The story in a folder; how far it has come outlives the program, as the people in it do."""

    folder: Path

    async def begins(self) -> None:
        async with serving(self.folder) as program:
            world = program.world
            host, coordinator, mover = (world.mover(name) for name in NAMES)
            world.telegram.start(host.user, await world.house.desk.invite("host", "tynset", world.clock()))
            world.telegram.start(coordinator.user, await world.house.desk.invite("coordinator", None, world.clock()))
            world.telegram.start(mover.user)
            await program.rests()

    async def goes_on(self, count_to: Path | None = None) -> None:
        """From the step it had come to, to the end."""
        async with serving(self.folder) as program:
            done, hours = self._come_to()
            program.world.clock.now = START + timedelta(hours=hours)
            await self._rests(program)
            for number, step in enumerate(STORY[done:], done + 1):
                if isinstance(step, float):
                    hours += step
                    program.world.clock.move(hours=step)
                else:
                    who, words = step
                    person = _person(program, who)
                    program.world.telegram.say(person.user, words.format(_reference(_person(program, MOVER))))
                self._has_come_to(number, hours)
                await self._rests(program)
        if count_to is not None:
            _note(count_to, str(points._reached.total()))

    def _come_to(self) -> tuple[int, float]:
        progress = self.folder / "step"
        done, hours = json.loads(progress.read_text()) if progress.exists() else (0, 0.0)
        return done, hours

    def _has_come_to(self, number: int, hours: float) -> None:
        _note(self.folder / "step", json.dumps((number, hours)))

    async def tells(self) -> None:
        """What everybody has read, for the test to compare."""
        async with serving(self.folder) as program:
            read = [[_without_names(message.text) for message in _person(program, n).from_bot()] for n in range(3)]
            left = {row.state for row in await program.deliveries()}
            waiting = {row.state for row in await program.arrivals()}
        _note(self.folder / "read.json", json.dumps([read, sorted(left), sorted(waiting)]))

    @staticmethod
    async def _rests(program: Serving) -> None:
        """Everything said is answered, and the clocks have been looked at once more."""
        await program.rests()
        looking = asyncio.create_task(by_the_clock(program.world.service))
        await asyncio.sleep(1)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await program.rests()


def _note(path: Path, text: str) -> None:
    path.write_text(text)


def _person(program: Serving, number: int) -> Person:
    return Person(program.world, program.world.telegram.user(NAMES[number], id=FIRST_USER_ID + number))


def _reference(mover: Person) -> str:
    """The first lead's."""
    told = PATTERN.findall("\n".join(message.text for message in mover.from_bot()))
    return "-".join(told[0]) if told else ""


def _without_names(text: str) -> str:
    """References are drawn anew in each telling."""
    return PATTERN.sub("REF", text)


def _told(folder: Path) -> tuple[list[list[str]], list[str], list[str]]:
    read, deliveries, arrivals = json.loads((folder / "read.json").read_text())
    return read, deliveries, arrivals


def _once(texts: Sequence[str]) -> list[str]:
    """Without the one copy that a death between sending and marking leaves."""
    return [text for number, text in enumerate(texts) if number == 0 or text != texts[number - 1]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, int]:
    """How the story begins, how it ends, and how many commits it takes."""
    beginning, whole = tmp_path_factory.mktemp("beginning"), tmp_path_factory.mktemp("whole")
    assert lives(Play(beginning).begins)
    shutil.copytree(beginning, whole, dirs_exist_ok=True)
    assert lives(partial(Play(whole).goes_on, whole / "commits"), f"{POINTS[0]}#1000000")
    assert lives(Play(whole).tells)
    return beginning, whole, int((whole / "commits").read_text())


@pytest.mark.parametrize("point", POINTS)
def test_death_at_any_commit_changes_nothing(tmp_path: Path, undisturbed: tuple[Path, Path, int], point: str) -> None:
    beginning, whole, commits = undisturbed
    wanted, *_ = _told(whole)
    assert commits > len(STORY) and all(wanted)
    first = 1 + POINTS.index(point)
    for number in range(first, commits + 1) if FULL else range(first, commits + 1, commits // SOME):
        play = Play(tmp_path / str(number))
        shutil.copytree(beginning, play.folder)
        assert not lives(play.goes_on, f"{point}#{number}"), f"there is no commit {number}"
        assert lives(play.goes_on)
        assert lives(play.tells)
        read, deliveries, arrivals = _told(play.folder)
        assert [_once(texts) for texts in read] == [_once(texts) for texts in wanted], f"{point} {number}"
        assert set(deliveries) <= {"sent", "stopped"} and arrivals == ["done"]
        shutil.rmtree(play.folder)
