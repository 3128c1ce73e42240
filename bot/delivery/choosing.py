"""What goes out next, and how much at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.delivery.pace import Pace
from bot.storage import deliveries
from bot.storage.deliveries import URGENCY, Head
from bot.storage.engine import Database

#: Messages under way at the same time, each to another chat.
AT_ONCE = 32
#: After a start, and of what may have gone out before: a program that dies again and again leaves as few in doubt.
AT_FIRST = 4
#: Where so many more may go than there is room or pace for, the store is not asked again within this time.
LOOK_AGAIN_SECONDS, ENOUGH = 0.1, 100


class Choice:
    def __init__(self, database: Database) -> None:
        self._database = database
        #: How many may be under way: each that was sent makes room for one more.
        self.room = AT_FIRST
        #: Seconds until the pace lets the next one go; None when nothing is held up by it.
        self.held_up: float | None = None
        #: Found the last time and not sent yet, and when that was.
        self._found: list[Head] = []
        self._found_at = 0.0

    async def next(self, pace: Pace, busy: Collection[int], again: int, now: datetime) -> list[int]:
        """The deliveries to be claimed now: none for a `busy` chat; `again` go out for the second time already."""
        self.held_up = None
        if len(busy) >= self.room:
            return []
        await self._find(pace, now)
        return self._choose(pace, busy, again)

    def sent(self) -> None:
        self.room = min(self.room + 1, AT_ONCE)

    def forget(self) -> None:
        """What was found has changed meanwhile."""
        self._found = []

    async def _find(self, pace: Pace, now: datetime) -> None:
        """The heads, unless there still are many from a moment ago: with thousands waiting, looking costs the most."""
        if len(self._found) >= ENOUGH and pace.timer() - self._found_at < LOOK_AGAIN_SECONDS:
            return
        async with self._database.reading() as session:
            self._found = await deliveries.heads(session, now)
        self._found_at = pace.timer()

    def _choose(self, pace: Pace, busy: Collection[int], again: int) -> list[int]:
        """The most urgent first; among equals who got nothing yet, then who waited longest."""
        chosen: list[int] = []
        free = [head for head in self._found if head.chat_id not in busy]
        free.sort(key=lambda head: (URGENCY.get(head.kind, 0), pace.served_at(head.chat_id), head.id))
        for head in free:
            if len(busy) + len(chosen) >= self.room:
                break
            if head.again and again >= AT_FIRST:
                continue
            if (wait := pace.wait_in_all()) > 0:
                self._hold_up(wait)
                break
            if (wait := pace.wait(head.chat_id)) > 0:
                self._hold_up(wait)
                continue
            pace.take(head.chat_id)
            chosen.append(head.id)
            again += head.again
        taken = set(chosen)
        self._found = [head for head in free if head.id not in taken]
        return chosen

    def _hold_up(self, seconds: float) -> None:
        self.held_up = min(seconds, self.held_up if self.held_up is not None else seconds)
