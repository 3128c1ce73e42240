"""Whatever the database does: nothing is confirmed that is not committed, and all is answered in the end."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import httpx
import pytest
from starlette.applications import Starlette

from bot import running
from bot.delivery import outcomes, sending
from bot.storage import engine, retention
from bot.telegram import receiving, working
from bot.telegram.pretend import Fault
from bot.telegram.webhook import PATH, SECRET_HEADER, webhook_route
from tests.faults.serving import Serving, serving
from tests.faults.store_trouble import BadFile, BadServer, PostgresTrouble, SqliteTrouble
from tests.faults.virtual_time import in_virtual_time
from tests.postgres import server
from tests.world import Person

FULL = os.environ.get("FAULTS") == "full"
MIXES = range(50) if FULL else range(1)
SECRET = "a-secret-that-is-long-enough"
SQLITE: tuple[SqliteTrouble, ...] = get_args(SqliteTrouble)
POSTGRES: tuple[PostgresTrouble, ...] = get_args(PostgresTrouble)
#: Long enough to need new pages in the file.
QUESTION = "Er det noe å leie på Tynset? " + "Vi er fire og har hund. " * 40


class Watched:
    """Movers talk to a program, and each confirmation of theirs to Telegram is held against the store."""

    def __init__(self, program: Serving) -> None:
        self.program, self.movers = program, list[Person]()
        self.unstored: set[int] = set()

    def hold_against(self, file: BadFile) -> None:
        def confirmed(method: str, params: Mapping[str, object]) -> Fault | None:
            if method.lower() == "getupdates" and (offset := int(str(params.get("offset") or 0))):
                told = {int(str(update["update_id"])) for update in self.program.world.telegram.pending()}
                self.unstored |= {id for id in told if id < offset} - file.update_ids()
            return None

        self.program.world.telegram.fault = confirmed

    def talk(self, number: int = 3) -> None:
        """So many movers ask something and become a lead."""
        telegram = self.program.world.telegram
        for _ in range(number):
            mover = self.program.world.mover(f"Mona Prøve {len(self.movers)}")
            self.movers.append(mover)
            for words in (QUESTION, "/vert tynset", "ja"):
                telegram.say(mover.user, words)

    async def check(self) -> None:
        world = self.program.world
        assert self.program.lives
        assert not self.unstored, "confirmed, but not stored"
        assert {row.state for row in await self.program.arrivals()} == {"done"}
        leads = await world.leads()
        assert sorted(lead.mover_chat for lead in leads) == sorted(mover.user.id for mover in self.movers)
        for mover in self.movers:
            (lead,) = [lead for lead in leads if lead.mover_chat == mover.user.id]
            told = [message.text for message in mover.from_bot()]
            assert sum(lead.reference in text for text in told) == 1, "the receipt came, once"


async def _sqlite(folder: Path, troubles: list[SqliteTrouble], chance: random.Random) -> None:
    async with serving(folder) as program:
        file, watched = BadFile(program.world.house.database), Watched(program)
        watched.hold_against(file)
        for trouble in troubles:
            await asyncio.sleep(chance.uniform(0, 10))
            watched.talk(1)
            await asyncio.sleep(chance.uniform(0, 3))
            async with file.meets(trouble):
                watched.talk(1)
                program.world.telegram.inject({"message": {"chat": {"id": 7}, "text": 5, "date": "never"}})
                program.world.telegram.send_kind(watched.movers[-1].user, "location")
                await asyncio.sleep(chance.uniform(3, 30))
            await program.rests()
        # The poison was parked as soon as that could be written; nothing else.
        parked = [row.chat_id for row in await program.arrivals() if row.state == "parked"]
        assert parked == [7] * len(troubles)
        await _forget_parked(program)
        await watched.check()


async def _forget_parked(program: Serving) -> None:
    async with program.world.house.database.transaction() as session:
        await (await session.connection()).exec_driver_sql("DELETE FROM arrival WHERE state = 'parked'")


@pytest.mark.parametrize("trouble", SQLITE)
def test_a_file_in_trouble(tmp_path: Path, trouble: SqliteTrouble) -> None:
    in_virtual_time(_sqlite(tmp_path, [trouble], random.Random(trouble)))


@pytest.mark.parametrize("seed", MIXES)
def test_a_file_in_mixed_trouble(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    in_virtual_time(_sqlite(tmp_path, chance.choices(SQLITE, k=6 if FULL else 3), chance))


async def _handles_nothing(folder: Path, trouble: SqliteTrouble, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(folder) as program:
        await program.stop()
        file, watched = BadFile(program.world.house.database), Watched(program)
        watched.talk(2)
        program.world.telegram.inject({"message": {"chat": {"id": 7}, "text": 5, "date": "never"}})
        program.world.telegram.say(program.world.telegram.user("Hilde"), "Hei", chat_id=_group(program))
        while program.world.telegram.pending():
            await program.world.service.poller.poll_once()
        program.start()
        async with file.meets(trouble):
            await asyncio.sleep(10)
        assert len(caplog.records) < 10 * 10, "it rests between its tries"
        await program.rests()
        await _forget_parked(program)
        await watched.check()


def _group(program: Serving) -> int:
    telegram = program.world.telegram
    boss = telegram.user("Kari Prøve")
    chat_id = telegram.group("Vertene", boss)
    telegram.add_bot(chat_id, boss)
    return chat_id


@pytest.mark.parametrize("trouble", SQLITE)
def test_what_lies_in_a_file_in_trouble(
    tmp_path: Path, trouble: SqliteTrouble, caplog: pytest.LogCaptureFixture
) -> None:
    in_virtual_time(_handles_nothing(tmp_path, trouble, caplog))


async def _looks_after_itself(folder: Path, trouble: SqliteTrouble) -> None:
    async with serving(folder) as program:
        await program.stop()
        file = BadFile(program.world.house.database)
        async with file.meets(trouble):
            working = asyncio.create_task(running.by_the_clock(program.world.service))
            await asyncio.sleep(running.LOOK_SECONDS * 1.5)
            assert not working.done()
        await asyncio.sleep(running.LOOK_SECONDS)
        async with program.world.house.database.reading() as session:
            assert not await retention.due(session, program.world.clock()), "it was cleaned up after all"
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@pytest.mark.parametrize("trouble", SQLITE)
def test_periodic_work_outlives_a_file_in_trouble(tmp_path: Path, trouble: SqliteTrouble) -> None:
    in_virtual_time(_looks_after_itself(tmp_path, trouble))


@pytest.fixture
def short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where time is real: the same rests, shorter."""
    for module, name in (
        (receiving, "FIRST_REST"),
        (working, "RETRY_SECONDS"),
        (sending, "STORE_REST_SECONDS"),
        (outcomes, "STORE_AGAIN_SECONDS"),
        (engine, "POOL_SECONDS"),
    ):
        monkeypatch.setattr(module, name, 0.2 if name == "POOL_SECONDS" else 0.05)


async def _postgres(folder: Path, troubles: list[PostgresTrouble], chance: random.Random) -> None:
    """By polling and by webhook at once, which no real bot does, but the store does not know."""
    async with serving(folder, await server().fresh()) as program:
        bad, watched = BadServer(program.world.house.database), Watched(program)
        door = Starlette(routes=[webhook_route(program.world.service.poller.intake.keep, SECRET)])
        transport = httpx.ASGITransport(app=door, raise_app_exceptions=False)
        confirmed: dict[int, int] = {}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://bot", headers={SECRET_HEADER: SECRET}
        ) as web:
            for number, trouble in enumerate(troubles):
                watched.talk(3)
                await asyncio.sleep(chance.uniform(0, 0.1))
                async with bad.meets(trouble):
                    watched.talk(3)
                    for id in range(10 * number, 10 * number + 3):
                        update = {"update_id": id, "message": {"chat": {"id": 7}, "text": 5, "date": "never"}}
                        confirmed[id] = (await web.post(PATH, content=json.dumps(update))).status_code
                    await asyncio.sleep(0.5)
                await program.rests(60)
        stored = {row.update_id for row in await program.arrivals() if row.chat_id == 7}
        assert set(confirmed.values()) <= {200, 503}
        assert {id for id, status in confirmed.items() if status == 200} <= stored
        assert {row.state for row in await program.arrivals() if row.chat_id == 7} <= {"parked"}
        await _forget_parked(program)
        await watched.check()


@pytest.mark.parametrize("trouble", POSTGRES)
async def test_a_server_in_trouble(tmp_path: Path, trouble: PostgresTrouble, short_rests: None) -> None:
    await _postgres(tmp_path, [trouble], random.Random(trouble))


@pytest.mark.parametrize("seed", MIXES)
async def test_a_server_in_mixed_trouble(tmp_path: Path, seed: int, short_rests: None) -> None:
    chance = random.Random(seed)
    await _postgres(tmp_path, chance.choices(POSTGRES, k=5 if FULL else 2), chance)
