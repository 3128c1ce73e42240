"""Lost, doubled, and seconds to recover, when a program is killed again and again: ours and plain PTB bots.

    python -m benchmarks.durability                  everything
    python -m benchmarks.durability ours --kills 20  only this

Each program is a process of its own before the same Bot API, to which people come in bursts, as from a stand. It keeps
an update until it is confirmed, and delivers to a webhook as Telegram does: again, until it is answered 200. The kills
come at the same moments for each.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.bot_api import BotApi
from benchmarks.programs import SECRET, Echo, Ours, Running, free_port
from bot.telegram.webhook import PATH, SECRET_HEADER

SEED = 2026
Give = Callable[[dict[str, object]], None]
QUESTION = "Er det noe å leie på Tynset?"
#: How long Telegram is given to come again, and the program to answer, after the last kill.
GRACE_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    messages: int
    kills: int
    lost: int
    doubled: int
    #: Of those without an answer: put aside with an alarm, since the program died twice while sending them.
    parked: int
    recovery: float

    def __str__(self) -> str:
        return (
            f"{self.name:26} {self.messages:5} messages, {self.kills:3} kills: {self.lost:5} lost, "
            f"{self.parked:3} parked, {self.doubled:4} doubled, {self.recovery:5.1f} s to the first answer after a kill"
        )


class Webhook:
    """Brings updates to an address until each is answered 200; each chat's in order, many chats at once."""

    def __init__(self, url: str) -> None:
        self._url, self._tasks = url, set[asyncio.Task[None]]()
        # Telegram waits a minute; how many it brings at once is up to the bot, and here is no bound.
        limits = httpx.Limits(max_connections=None)
        self._client = httpx.AsyncClient(headers={SECRET_HEADER: SECRET}, timeout=60, limits=limits)

    def bring(self, update: dict[str, object]) -> None:
        task = asyncio.create_task(self._until_confirmed(update))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_confirmed(self, update: dict[str, object]) -> None:
        while True:
            try:
                if (await self._client.post(self._url, json=update)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.5)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._client.aclose()


async def measure(name: str, api: BotApi, program: Running, give: Give, kills: int, burst: int, folder: Path) -> Result:
    """A burst of messages each second, each from another chat, while the program is killed at random moments."""
    chance, chats = random.Random(SEED), list[int]()
    recoveries = deque[float]()

    async def asks() -> None:
        while True:
            for _ in range(burst):
                chats.append(10_000 + len(chats))
                give(api.update(chats[-1], QUESTION))
            await asyncio.sleep(1)

    await _first_answer(api, give, 9_999)
    asking = asyncio.create_task(asks())
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.05, 1.0))
        program.kill()
        died, answered = time.monotonic(), len(api.answered)
        program.start()
        while len(api.answered) == answered and time.monotonic() - died < GRACE_SECONDS:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        recoveries.append(time.monotonic() - died)
    asking.cancel()
    await _all_answered(api, chats)
    copies = Counter({chat: len(api.messages.get(chat, [])) for chat in chats})
    lost, doubled = sum(n == 0 for n in copies.values()), sum(n > 1 for n in copies.values())
    parked = min(lost, _parked(folder))
    return Result(name, len(chats), kills, lost - parked, doubled, parked, statistics.median(recoveries))


def _parked(folder: Path) -> int:
    store = folder / "flytthit.sqlite"
    if not store.exists():
        return 0
    with closing(sqlite3.connect(store)) as database:
        return int(database.execute("SELECT count(*) FROM delivery WHERE state = 'parked'").fetchone()[0])


async def _first_answer(api: BotApi, give: Give, chat: int) -> None:
    give(api.update(chat, QUESTION))
    deadline = time.monotonic() + GRACE_SECONDS
    while chat not in api.answered:
        if time.monotonic() > deadline:
            raise TimeoutError("the program does not answer at all")
        await asyncio.sleep(0.05)


async def _all_answered(api: BotApi, chats: Sequence[int]) -> None:
    """Until all are answered, or nothing new came for a while."""
    last, count = time.monotonic(), -1
    while time.monotonic() - last < GRACE_SECONDS / 3:
        answered = sum(chat in api.answered for chat in chats)
        if answered == len(chats):
            await asyncio.sleep(2)
            return
        if answered != count:
            last, count = time.monotonic(), answered
        await asyncio.sleep(0.1)


async def run(wanted: Sequence[str], kills: int, burst: int) -> None:
    with tempfile.TemporaryDirectory(prefix="flytthit-durability-") as name:
        for kind in wanted:
            folder = Path(name) / kind
            folder.mkdir()
            print(await _one(kind, folder, kills, burst), flush=True)


async def _one(kind: str, folder: Path, kills: int, burst: int) -> Result:
    api = BotApi()
    address = await api.start()
    by_webhook = kind.endswith("webhook")
    program: Running
    if kind.startswith("ours"):
        ours = Ours(address, folder, webhook=by_webhook)
        program, url = ours, f"http://127.0.0.1:{ours.port}{PATH}"
    else:
        port = free_port()
        program, url = Echo(address, folder, webhook_port=port if by_webhook else 0), f"http://127.0.0.1:{port}/"
    webhook = Webhook(url)
    try:
        give = webhook.bring if by_webhook else api.offer
        return await measure(NAMES[kind], api, program, give, kills, burst, folder)
    finally:
        await webhook.close()
        program.kill()
        api.stop()


NAMES = {
    "ptb": "plain PTB, run_polling",
    "ptb-webhook": "plain PTB, webhook",
    "ours": "ours, polling, SQLite",
    "ours-webhook": "ours, webhook, SQLite",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--burst", type=int, default=40, help="messages at once, each second")
    given = parser.parse_args()
    asyncio.run(run(given.kinds or tuple(NAMES), given.kills, given.burst))


if __name__ == "__main__":
    main()
