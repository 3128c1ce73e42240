"""What is due by the clock is done once, however many replicas look at the same moment, and whichever of them die.

What several replicas tell is compared with what one tells in the same story, word for word.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio
from sqlmodel import select

from bot.app import Service
from bot.desk import escalating, summaries
from bot.running import by_the_clock
from bot.storage import follow_ups, holding, leads, leases, retention, weekly
from bot.storage.tables import LeadLogRow
from bot.telegram.pretend import PretendRequest
from tests.faults.replicas import FULL, Replicas, replicas, told
from tests.postgres import server
from tests.stories.test_time import at, prefers
from tests.world import Person, World, world

LEADS = 30 if FULL else 2
#: A Wednesday.
BEGINS = at(3, 10, 9)
EVENING = at(3, 10, 21)
MOMENTS = {
    "reminders": at(3, 10, 13, 30),
    "what was put off": at(3, 10, 14),
    "morning, and what came in the night": at(3, 11, 8),
    "stand-in": at(3, 11, 9, 30),
    "coordinator": at(3, 12, 10),
    "Monday, and a promise that was not kept": at(3, 15, 8),
    "later question": at(3, 16, 11),
}
#: Three months before the later question is due.
AGREED = at(12, 16, 12, year=2026)
MORNING = "God morgen"
#: The days on which somebody is wished one.
DAYS = 4
#: What the log of a lead that nobody takes tells of it.
STEPS = ("reminded", "stand-in called", "coordinator called", "promise not kept")


@pytest.fixture
async def url() -> str:
    return await server().fresh()


@dataclass
class Outcome:
    #: Who was told what, how often; a lead's reference is shown by its mover's name.
    told: Counter[tuple[str, str]]
    #: The leads' log, by mover and action.
    done: Counter[tuple[str, str]]

    @property
    def but_mornings(self) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
        """A summary may be a step ahead, where one replica writes it while another does the steps of that minute."""
        told = Counter({key: often for key, often in self.told.items() if MORNING not in key[1]})
        return told, self.done

    def of(self, name: str, words: str) -> list[str]:
        return sorted(said for person, said in self.told.elements() if person == name and words in said)


class Crowd(Protocol):
    """Those who do the work."""

    world: World

    async def comes(self, moment: datetime) -> None:
        """All that is due by then is done, and told."""

    async def settle(self) -> None:
        """All that was said is answered."""


class SideBySide:
    """Several programs in this process, which do their periodic work at the same moment, and again."""

    def __init__(self, worlds: list[World]) -> None:
        self.world, self._worlds = worlds[0], worlds

    async def comes(self, moment: datetime) -> None:
        self.world.clock.now = moment
        for _ in range(2):
            await asyncio.gather(*(_once_around(each.service) for each in self._worlds))
        await self.settle()

    async def settle(self) -> None:
        await self.world.settle()


class Dying:
    """Several processes, of which one dies just when something has become due."""

    def __init__(self, crowd: Replicas) -> None:
        self.world, self._crowd = crowd.world, crowd

    async def comes(self, moment: datetime) -> None:
        self.world.clock.now = moment
        await asyncio.sleep(self._crowd.chance.uniform(0.0, 0.15))
        self._crowd.kill()
        await self._crowd.until(self._nothing_is_due)
        await self.settle()

    async def settle(self) -> None:
        await self._crowd.settle()

    async def _nothing_is_due(self) -> bool:
        now = self.world.clock()
        monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(), now.tzinfo)
        async with self.world.house.database.reading() as session:
            is_done = (
                await leases.is_done(session, retention.LEASE, now - retention.DAILY),
                await leases.is_done(session, weekly.LEASE, monday),
            )
            put_off = [lead.snoozed_until for lead in await leads.open_leads(session) if lead.snoozed_until]
            waits = (
                [until for until in put_off if until <= now],
                await escalating.waiting(session, now),
                await summaries.mornings_due(session, now),
                await holding.is_waiting(session, now),
                await follow_ups.due(session, now.date()),
            )
            return all(is_done) and not any(waits)


async def _once_around(service: Service) -> None:
    """One turn of the loop in which the program does its periodic work."""
    with pytest.raises(_Enough):
        await by_the_clock(replace(service, hurry=_Rest()))


class _Enough(Exception):
    pass


class _Rest(asyncio.Event):
    """Where the loop would wait for the next minute."""

    async def wait(self) -> bool:  # type: ignore[override]
        raise _Enough


@asynccontextmanager
async def side_by_side(folder: Path, url: str, number: int) -> AsyncIterator[SideBySide]:
    async with AsyncExitStack() as stack:
        worlds: list[World] = []
        for each in range(number):
            own = folder / str(each)
            own.mkdir(parents=True)
            clock = worlds[0].clock if worlds else None
            # All stand before the first one's Telegram.
            opened = world(own, url, clock, lambda mine: PretendRequest(worlds[0].telegram if worlds else mine))
            worlds.append(await stack.enter_async_context(opened))
        yield SideBySide(worlds)


@dataclass
class Cast:
    hilde: Person
    others: list[Person]
    movers: list[Person]


async def the_cast(world: World) -> Cast:
    """Hosts with a stand-in and a coordinator, movers whose leads have just come, some who may be asked later."""
    world.clock.now = BEGINS
    hilde, rune = await world.host("tynset", "Hilde Prøve"), await world.host("roros", "Rune Prøve")
    kari = await world.coordinator("Kari Prøve")
    await prefers(world, hilde, stand_in=(await prefers(world, rune)).id)
    movers = [world.mover(f"Mona {number:02}") for number in range(LEADS)]
    siri = world.mover("Siri Prøve")
    for mover in (*movers, siri):
        world.clock.move(seconds=1)
        for words in ("/vert tynset", "ja"):
            await mover.says(words)
    await world.house.desk.snooze(siri.reference, MOMENTS["what was put off"], world.via(hilde), world.clock())
    async with world.house.database.transaction() as session:
        for mover in movers:
            await follow_ups.agree(session, mover.user.id, "tynset", "nb", "1", "hash", AGREED)
    return Cast(hilde, [rune, kari, siri], movers)


async def the_story(crowd: Crowd, cast: Cast) -> Outcome:
    world, nils = crowd.world, crowd.world.mover("Nils Prøve")
    for moment in sorted([EVENING, *MOMENTS.values()]):
        await crowd.comes(moment)
        if moment == EVENING:
            for words in ("/vert tynset", "ja"):
                world.telegram.say(nils.user, words)
            await crowd.settle()
    names = {lead.reference: lead.mover_name for lead in await world.leads()}

    def shown(words: str) -> str:
        for reference, name in names.items():
            words = words.replace(reference, name)
        return words

    everybody, all_told = (cast.hilde, nils, *cast.others, *cast.movers), await told(world)
    async with world.house.database.reading() as session:
        rows = (await session.exec(select(LeadLogRow))).all()
    return Outcome(
        Counter((person.user.name, shown(words)) for person in everybody for words in all_told.texts(person)),
        Counter((names[row.reference], row.action) for row in rows),
    )


def _once_each(outcome: Outcome) -> None:
    for number in range(LEADS):
        mover = f"Mona {number:02}"
        assert [outcome.done[mover, step] for step in STEPS] == [1, 1, 1, 1], mover
        for name, words in (
            ("Hilde Prøve", f"{mover} venter på noen"),
            ("Rune Prøve", "Du er stedfortreder"),
            ("Kari Prøve", "Ingen har kunnet svare"),
            (mover, "det beklager jeg"),
            (mover, "3 måneder"),
        ):
            assert len([said for said in outcome.of(name, words) if mover in said or name == mover]) == 1, words
    assert len(outcome.of("Hilde Prøve", "Siri Prøve var utsatt til nå")) == 1
    assert len(outcome.of("Hilde Prøve", "Ny henvendelse Nils Prøve")) == 1
    assert len(outcome.of("Hilde Prøve", MORNING)) == DAYS
    assert all(len(outcome.of(name, MORNING)) <= DAYS for name in ("Rune Prøve", "Kari Prøve"))
    # The first one comes as soon as the program runs, the second on Monday.
    assert len(outcome.of("Kari Prøve", "Uka som gikk")) == 2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def of_one(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What one alone does, and tells."""
    async with side_by_side(tmp_path_factory.mktemp("alone"), await server().fresh(), 1) as one:
        return await the_story(one, await the_cast(one.world))


@pytest.mark.parametrize("number", [2, 4] if FULL else [4])
async def test_what_is_due_is_told_once_by_whichever_replica(
    tmp_path: Path, url: str, number: int, of_one: Outcome, caplog: pytest.LogCaptureFixture
) -> None:
    async with side_by_side(tmp_path, url, number) as several:
        cast = await the_cast(several.world)
        with caplog.at_level(logging.INFO, "bot.running"):
            outcome = await the_story(several, cast)
    _once_each(outcome)
    assert outcome.but_mornings == of_one.but_mornings
    cleaned = [record for record in caplog.records if record.message.startswith("retention:")]
    assert len(cleaned) == len({"Wednesday", "Friday", "Monday", "Tuesday"})


@pytest.mark.parametrize("number", [2, 4] if FULL else [2])
async def test_what_is_due_is_told_once_though_replicas_die(
    tmp_path: Path, url: str, number: int, of_one: Outcome
) -> None:
    async with replicas(tmp_path, url) as crowd:
        cast = await the_cast(crowd.world)
        await crowd.start(number)
        outcome = await the_story(Dying(crowd), cast)
        assert crowd.killed == len(MOMENTS) + 1
    _once_each(outcome)
    assert outcome.but_mornings == of_one.but_mornings


async def test_what_is_past_its_time_is_deleted_by_one(
    tmp_path: Path, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with side_by_side(tmp_path, url, 4) as several:
        with caplog.at_level(logging.INFO, "bot.running"):
            for day in range(3):
                several.world.clock.now = at(3, 10 + day, 9)
                await several.world.mover(f"Mona {day}").says("/tema")
                await several.comes(several.world.clock.now)
            await several.comes(at(3, 25, 9))
            await several.comes(at(3, 26, 9))
    one = "retention: 1 arrival, 1 delivery"
    nothing = "retention: nothing to delete"
    assert [record.message for record in caplog.records] == [nothing, nothing, nothing, one, one]
