"""SIGKILL of the real program at labelled points, over HTTP. The points are found in the source.

test_dying.py has all of them; here `make test` has one of each kind, since each costs a start of the whole program.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.faults.program import Program, Telegram

#: Not reached by a talk over polling: test_dying.py and test_file_changes.py have these.
ELSEWHERE = ("webhook: ", "backup: ", "knowledge: ", "training: ")
QUESTION = "Er det noe å leie på Tynset?"


#: Chats of updates that cannot be read begin here.
POISONED = 7_000


def found() -> list[str]:
    """All there are."""
    sources = (path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    return sorted({name for source in sources for name in re.findall(r'reached\("([^"]+)"', source)})


def points() -> list[str]:
    here = [name for name in found() if not name.startswith(ELSEWHERE)]
    return here if os.environ.get("FAULTS") == "full" else ["assistant: before the turn is stored", "delivery: sent"]


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Telegram]:
    pretended = Telegram(tmp_path)
    try:
        await pretended.ready()
        yield pretended
    finally:
        await pretended.close()


async def _talk(telegram: Telegram, host: int, number: int) -> int:
    """Everything that leads past a point: a question, a lead, a host's command, a failed send, an unreadable update."""
    mover = (await telegram.do("user", name=f"Mona Prøve {number}", language_code="nb"))["id"]
    await telegram.do("fault", method="sendMessage", kind="too_many_requests", retry_after=1)
    await telegram.do("say", user=mover, text=QUESTION)
    await telegram.do("say", user=mover, text="/vert tynset")
    await telegram.do("say", user=mover, text="ja")
    await telegram.do("say", user=host, text="/saker")
    await telegram.do("inject", update={"message": {"chat": {"id": POISONED + number}, "text": 5, "date": "never"}})
    return int(mover)


async def _quiet(telegram: Telegram, store: Path) -> None:
    """Until everything is taken, answered and delivered."""
    for _ in range(600):
        await asyncio.sleep(0.1)
        if (await telegram.do("pending"))["updates"]:
            continue
        with closing(sqlite3.connect(store)) as database:
            left = "SELECT (SELECT count(*) FROM arrival WHERE state = 'waiting') + (SELECT count(*) FROM delivery"
            if not database.execute(f"{left} WHERE state IN ('waiting', 'unknown', 'sending'))").fetchone()[0]:
                return
    raise TimeoutError("something is left to be done")


async def _recovers(program: Program, telegram: Telegram, store: Path) -> None:
    program.start()
    await program.healthy()
    await _quiet(telegram, store)
    program.kill()


async def test_death_at_any_point_loses_nothing(tmp_path: Path, telegram: Telegram) -> None:
    program, store = Program(tmp_path, telegram), tmp_path / "data" / "flytthit.sqlite"
    try:
        host = (await telegram.do("user", name="Hilde Prøve", language_code="nb"))["id"]
        await telegram.do("start", user=host, payload=program.invitation("host", "invite", "tynset"))
        movers = []
        for number, point in enumerate(points()):
            program.start(DIE_AT_POINT=point)
            movers.append(await _talk(telegram, host, number))
            assert await program.dies(), f"the program did not come past «{point}»"
            if point.startswith("delivery"):
                # What dies twice in a row while it is sent is parked, as it may be out twice; see test_delivery.
                await _recovers(program, telegram, store)
        await _recovers(program, telegram, store)
    finally:
        program.close()

    with closing(sqlite3.connect(store)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        references = dict(database.execute("SELECT mover_chat, reference FROM lead").fetchall())
        parked = [row[0] for row in database.execute("SELECT chat_id FROM arrival WHERE state = 'parked'").fetchall()]
        once = "SELECT count(*) FROM delivery WHERE state = 'parked' AND copies < 2"
        assert database.execute(once).fetchone()[0] == 0, "parked only what may be out twice"
    assert set(references) == set(movers), "every mover became a lead, once"
    assert sorted(parked) == [POISONED + number for number in range(len(movers))], "the unreadable ones, and only they"
    to_host = await telegram.from_bot(host)
    for mover in movers:
        told = await telegram.from_bot(mover)
        assert len(set(told)) >= 3, "the answer, the form and the receipt"
        assert any(references[mover] in text for text in told), "the receipt came"
        assert any(references[mover] in text for text in to_host), "the host was told"
        assert max(Counter(told).values()) <= 2, "two copies at most"
