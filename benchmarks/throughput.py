"""Messages a second and CPU a message through the whole path, from arrival to the answer handed over.

    python -m benchmarks.throughput              everything
    python -m benchmarks.throughput sqlite echo  only these
    python -m benchmarks.throughput --mixed      lines of tests/questions, easy and hard, not five easy ones

Each program is a process of its own before a Bot API that costs next to nothing; the bucket of 30/s is off.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.bot_api import BotApi
from benchmarks.feeder import Feeder
from benchmarks.programs import SECRET, Echo, Ours, Running
from bot.settings import ROOT
from tests.postgres import Server

EASY = (
    "Er det noe å leie på Tynset?",
    "Hva koster barnehagen?",
    "Is there work for a nurse in Røros?",
    "Kan man fiske i Glomma?",
    "Hvor lang tid tar toget til Oslo?",
)
MIXED = ROOT / "tests" / "questions" / "questions.dev.jsonl"
Give = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Load:
    messages: int
    questions: Sequence[str]

    def of(self, chat: int) -> str:
        return self.questions[chat % len(self.questions)]


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return (
            f"{self.name:34} {self.per_second:7.0f} messages/s  {self.cpu_ms:6.2f} ms CPU a message"
            f"  at 30/s: p50 {self.p50_ms:5.0f} ms, p99 {self.p99_ms:5.0f} ms"
        )


async def measure(name: str, api: BotApi, programs: Sequence[Running], give: Give, load: Load) -> Result:
    chats = itertools.count(1000)
    await _burst(api, chats, give, replace(load, messages=30))  # warm
    before = sum(program.cpu_seconds() for program in programs)
    seconds = await _burst(api, chats, give, load)
    cpu = sum(program.cpu_seconds() for program in programs) - before
    latencies = await _steady(api, chats, give, replace(load, messages=150))
    return Result(
        name,
        load.messages / seconds,
        1000 * cpu / load.messages,
        1000 * statistics.median(latencies),
        1000 * statistics.quantiles(latencies, n=100)[98],
    )


async def _burst(api: BotApi, chats: itertools.count[int], give: Give, load: Load) -> float:
    """All at once, each from another chat; the seconds until all have their answer."""
    mine = list(itertools.islice(chats, load.messages))
    start = time.monotonic()
    at_once = asyncio.Semaphore(64)

    async def one(chat: int) -> None:
        async with at_once:
            await give(api.update(chat, load.of(chat)))

    await asyncio.gather(*(one(chat) for chat in mine))
    await _answered(api, mine)
    return max(api.answered[chat] for chat in mine) - start


async def _steady(api: BotApi, chats: itertools.count[int], give: Give, load: Load) -> list[float]:
    """30 a second; how long each waited."""
    mine = list(itertools.islice(chats, load.messages))
    for chat in mine:
        await give(api.update(chat, load.of(chat)))
        await asyncio.sleep(1 / 30)
    await _answered(api, mine)
    return [api.answered[chat] - api.asked[chat] for chat in mine]


async def _answered(api: BotApi, chats: Sequence[int]) -> None:
    deadline = time.monotonic() + 120
    while missing := sum(chat not in api.answered for chat in chats):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{missing} of {len(chats)} got no answer")
        await asyncio.sleep(0.02)


async def sqlite(folder: Path, load: Load, one_core: bool = False, **settings: str) -> Result:
    api = BotApi()
    program = Ours(await api.start(), folder, "", False, **settings)
    if one_core:
        program.keep_to_one_core()
    await program.ready()

    async def give(update: dict[str, Any]) -> None:
        api.offer(update)

    try:
        name = "SQLite, polling" + (" +semantic" if settings else "") + (", 1 core" if one_core else "")
        return await measure(name, api, [program], give, load)
    finally:
        program.stop()
        api.stop()


async def echo(folder: Path, load: Load) -> Result:
    api = BotApi()
    program = Echo(await api.start(), folder)

    async def give(update: dict[str, Any]) -> None:
        api.offer(update)

    try:
        return await measure("bare PTB echo, polling", api, [program], give, load)
    finally:
        program.stop()
        api.stop()


async def postgresql(folder: Path, load: Load, replicas: int, server: Server) -> Result:
    api = BotApi()
    url = await server.fresh()
    address = await api.start()
    programs = []
    for number in range(replicas):
        (folder / str(number)).mkdir(parents=True)
        programs.append(Ours(address, folder / str(number), url, webhook=True))
    for program in programs:
        await program.ready()
    feeder = Feeder([program.port for program in programs], SECRET)
    try:
        return await measure(f"PostgreSQL, {replicas} by webhook", api, programs, feeder.give, load)
    finally:
        feeder.close()
        for program in programs:
            program.stop()
        api.stop()


async def run(wanted: Sequence[str], load: Load) -> None:
    with tempfile.TemporaryDirectory(prefix="flytthit-bench-") as name:
        folder = Path(name)
        if "echo" in wanted:
            print(await echo(folder / "echo", load), flush=True)
        on = {"SEMANTIC": "on"}
        for kind, one_core, settings in (("sqlite", False, {}), ("semantic", False, on), ("semantic1", True, on)):
            if kind in wanted:
                (folder / kind).mkdir()
                print(await sqlite(folder / kind, load, one_core, **settings), flush=True)
        if any(kind.startswith("pg") for kind in wanted):
            server = Server(fsync="on", full_page_writes="on")
            try:
                for replicas in (1, 2, 4):
                    if f"pg{replicas}" in wanted:
                        print(await postgresql(folder / f"pg{replicas}", load, replicas, server), flush=True)
            finally:
                server.close()


def main() -> None:
    kinds = ("echo", "sqlite", "semantic", "semantic1", "pg1", "pg2", "pg4")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=kinds, help=f"of {', '.join(kinds)}")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--mixed", action="store_true", help="lines of all kinds, so that the semantic stage has work")
    given = parser.parse_args()
    lines = [json.loads(line)["text"] for line in MIXED.read_text("utf-8").splitlines()] if given.mixed else EASY
    asyncio.run(run(given.kinds or kinds, Load(given.messages, lines)))


if __name__ == "__main__":
    main()
