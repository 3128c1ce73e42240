"""SIGKILL at random moments while people talk: every message is answered, every lead delivered."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.program import Program, Telegram

SEED = 2026
KILLS = int(os.environ.get("KILLS", "1000" if os.environ.get("FAULTS") == "full" else "20"))
#: One of so many kills comes while it starts, the others while it catches up or does its ordinary work.
STARTING = 4
START_SECONDS, LIVES_SECONDS = (0.1, 1.5), (0.0, 0.8)
#: A new mover comes after so long, as long as there are kills.
COMES_SECONDS = (1.0, 3.0)
QUESTIONS = (
    "Er det noe å leie på Tynset?",
    "Hva koster barnehagen?",
    "Is there work for a nurse in Røros?",
    "Kan man fiske i Glomma?",
)


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Telegram]:
    pretended = Telegram(tmp_path)
    try:
        await pretended.ready()
        yield pretended
    finally:
        await pretended.close()


@pytest.fixture
def program(tmp_path: Path, telegram: Telegram) -> Iterator[Program]:
    real = Program(tmp_path, telegram)
    yield real
    real.close()


async def _mover(telegram: Telegram, number: int, chance: random.Random) -> int:
    """Four questions and a lead, at a person's irregular pace; the user's id."""
    user = (await telegram.do("user", name=f"Mona Prøve {number}", language_code="nb"))["id"]
    for question in QUESTIONS:
        await telegram.do("say", user=user, text=question)
        await asyncio.sleep(chance.uniform(0.05, 1.2))
    await telegram.do("say", user=user, text="/vert tynset")
    await asyncio.sleep(chance.uniform(0.1, 0.5))
    await telegram.do("say", user=user, text="ja")
    return int(user)


async def _killer(program: Program, chance: random.Random) -> None:
    for number in range(KILLS):
        if number % STARTING:
            await program.healthy()
        await asyncio.sleep(chance.uniform(*(LIVES_SECONDS if number % STARTING else START_SECONDS)))
        program.kill()
        program.start()


async def _crowd(telegram: Telegram, until: asyncio.Task[None]) -> list[int]:
    """Movers who come one after the other and talk at the same time, until there is no more killing."""
    chance, talks = random.Random(SEED), list[asyncio.Task[int]]()
    while not until.done():
        talks.append(asyncio.create_task(_mover(telegram, len(talks), random.Random(SEED + len(talks)))))
        await asyncio.sleep(chance.uniform(*COMES_SECONDS))
    return await asyncio.gather(*talks)


async def _all_done(database: Path) -> None:
    """Until no arrival waits and nothing is to be sent."""
    for _ in range(600):
        await asyncio.sleep(0.1)
        with closing(sqlite3.connect(database)) as store:
            waiting = store.execute("SELECT count(*) FROM arrival WHERE state = 'waiting'").fetchone()[0]
            unsent = store.execute("SELECT count(*) FROM delivery WHERE state IN ('waiting', 'unknown')").fetchone()[0]
        if not waiting and not unsent:
            return
    raise TimeoutError(f"{waiting} arrivals and {unsent} deliveries are left")


async def _nothing_pending(telegram: Telegram) -> None:
    for _ in range(600):
        if not (await telegram.do("pending"))["updates"]:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("Telegram still has updates")


async def test_nothing_is_lost_when_the_program_is_killed(tmp_path: Path, telegram: Telegram, program: Program) -> None:
    chance = random.Random(SEED)
    await telegram.do("inject", update={"message": {"chat": {"id": 7}, "text": 5, "date": "never"}})
    host = (await telegram.do("user", name="Hilde Prøve", language_code="nb"))["id"]
    await telegram.do("start", user=host, payload=program.invitation("host", "invite", "tynset"))
    program.start()
    await program.healthy()

    killing = asyncio.create_task(_killer(program, chance))
    movers = await _crowd(telegram, killing)
    await killing
    await program.healthy()
    await _nothing_pending(telegram)
    database = tmp_path / "data" / "flytthit.sqlite"
    await _all_done(database)

    with closing(sqlite3.connect(database)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        parked = store.execute("SELECT count(*) FROM arrival WHERE state = 'parked'").fetchone()[0]
        references = {row[0]: row[1] for row in store.execute("SELECT mover_chat, reference FROM lead")}
    assert parked == 1, "the unparsable update, and only that"
    assert set(references) == set(movers), "every mover became a lead"

    to_host = "\n".join(await telegram.from_bot(host))
    unanswered = 0
    for mover in movers:
        answers = await telegram.from_bot(mover)
        # Each of the questions, the form and the receipt is at least one message.
        unanswered += max(0, len(QUESTIONS) + 2 - len(answers))
        assert references[mover] in "\n".join(answers), "the receipt came"
        assert references[mover] in to_host, "the host was told"
    assert unanswered == 0


async def test_it_stops_in_time_and_a_second_one_is_refused(telegram: Telegram, program: Program) -> None:
    program.start()
    await program.healthy()
    second = program.command("run")
    assert second.returncode == 2
    assert "already serves" in second.stderr
    assert program.stop() < 10
