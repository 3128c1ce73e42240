"""Messages a second and CPU a message through the whole path, from arrival to the answer handed over.

    python -m benchmarks.throughput              everything
    python -m benchmarks.throughput sqlite echo  only these

Each program is a process of its own before a Bot API that costs next to nothing; the bucket of 30/s is off.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bot_api import BotApi
from benchmarks.feeder import Feeder
from benchmarks.programs import SECRET, Echo, Ours, Running
from tests.postgres import Server

QUESTIONS = (
    "Er det noe å leie på Tynset?",
    "Hva koster barnehagen?",
    "Is there work for a nurse in Røros?",
    "Kan man fiske i Glomma?",
    "Hvor lang tid tar toget til Oslo?",
)
Give = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return (
            f"{self.name:26} {self.per_second:7.0f} messages/s  {self.cpu_ms:6.2f} ms CPU a message"
            f"  at 30/s: p50 {self.p50_ms:5.0f} ms, p99 {self.p99_ms:5.0f} ms"
        )


async def measure(name: str, api: BotApi, programs: Sequence[Running], give: Give, messages: int) -> Result:
    chats = itertools.count(1000)
    await _burst(api, chats, give, 30)  # warm
    before = sum(program.cpu_seconds() for program in programs)
    seconds = await _burst(api, chats, give, messages)
    cpu = sum(program.cpu_seconds() for program in programs) - before
    latencies = await _steady(api, chats, give, 150)
    return Result(
        name,
        messages / seconds,
        1000 * cpu / messages,
        1000 * statistics.median(latencies),
        1000 * statistics.quantiles(latencies, n=100)[98],
    )


async def _burst(api: BotApi, chats: itertools.count[int], give: Give, messages: int) -> float:
    """All at once, each from another chat; the seconds until all have their answer."""
    mine = list(itertools.islice(chats, messages))
    start = time.monotonic()
    at_once = asyncio.Semaphore(64)

    async def one(chat: int) -> None:
        async with at_once:
            await give(api.update(chat, QUESTIONS[chat % len(QUESTIONS)]))

    await asyncio.gather(*(one(chat) for chat in mine))
    await _answered(api, mine)
    return max(api.answered[chat] for chat in mine) - start


async def _steady(api: BotApi, chats: itertools.count[int], give: Give, messages: int) -> list[float]:
    """30 a second; how long each waited."""
    mine = list(itertools.islice(chats, messages))
    for chat in mine:
        await give(api.update(chat, QUESTIONS[chat % len(QUESTIONS)]))
        await asyncio.sleep(1 / 30)
    await _answered(api, mine)
    return [api.answered[chat] - api.asked[chat] for chat in mine]


async def _answered(api: BotApi, chats: Sequence[int]) -> None:
    deadline = time.monotonic() + 120
    while missing := sum(chat not in api.answered for chat in chats):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{missing} of {len(chats)} got no answer")
        await asyncio.sleep(0.02)


async def sqlite(folder: Path, messages: int, **settings: str) -> Result:
    api = BotApi()
    program = Ours(await api.start(), folder, "", False, **settings)
    await program.ready()

    async def give(update: dict[str, Any]) -> None:
        api.offer(update)

    try:
        return await measure("SQLite, polling" + (" +semantic" if settings else ""), api, [program], give, messages)
    finally:
        program.stop()
        api.stop()


async def echo(folder: Path, messages: int) -> Result:
    api = BotApi()
    program = Echo(await api.start(), folder)

    async def give(update: dict[str, Any]) -> None:
        api.offer(update)

    try:
        return await measure("bare PTB echo, polling", api, [program], give, messages)
    finally:
        program.stop()
        api.stop()


async def postgresql(folder: Path, messages: int, replicas: int, server: Server) -> Result:
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
        return await measure(f"PostgreSQL, {replicas} by webhook", api, programs, feeder.give, messages)
    finally:
        feeder.close()
        for program in programs:
            program.stop()
        api.stop()


async def run(wanted: Sequence[str], messages: int) -> None:
    with tempfile.TemporaryDirectory(prefix="flytthit-bench-") as name:
        folder = Path(name)
        if "echo" in wanted:
            print(await echo(folder / "echo", messages), flush=True)
        for kind, settings in (("sqlite", {}), ("semantic", {"SEMANTIC": "on"})):
            if kind in wanted:
                (folder / kind).mkdir()
                print(await sqlite(folder / kind, messages, **settings), flush=True)
        if any(kind.startswith("pg") for kind in wanted):
            server = Server(fsync="on", full_page_writes="on")
            try:
                for replicas in (1, 2, 4):
                    if f"pg{replicas}" in wanted:
                        print(await postgresql(folder / f"pg{replicas}", messages, replicas, server), flush=True)
            finally:
                server.close()


def main() -> None:
    kinds = ("echo", "sqlite", "semantic", "pg1", "pg2", "pg4")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=kinds, help=f"of {', '.join(kinds)}")
    parser.add_argument("--messages", type=int, default=1000)
    given = parser.parse_args()
    asyncio.run(run(given.kinds or kinds, given.messages))


if __name__ == "__main__":
    main()
