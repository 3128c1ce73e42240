"""Keeps knowledge true to its files while the program runs: a change is live within three seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.knowledge.keeping import keep_last_good
from bot.knowledge.model import Knowledge
from bot.knowledge.problems import Problem
from bot.knowledge.reading import Reading, read

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
Stamp = frozenset[tuple[str, int, int]]


def stamp(folder: Path) -> Stamp:
    """Names, times and sizes of all files; differs when anything changed."""
    found = set()
    for path in folder.rglob("*"):
        if path.suffix in (".md", ".txt", ".yaml"):
            try:
                status = path.stat()
            except OSError:
                # Gone between listing and looking: the next look sees it gone.
                continue
            found.add((str(path), status.st_mtime_ns, status.st_size))
    return frozenset(found)


class Watcher:
    def __init__(
        self,
        folder: Path,
        first: Reading,
        changed: Callable[[Knowledge], Awaitable[None]],
        found: Callable[[Sequence[Problem]], Awaitable[None]] | None = None,
    ) -> None:
        """`changed` is called with the new knowledge, `found` with errors that were not there before."""
        self._folder, self._changed, self._found = folder, changed, found
        self._knowledge = first.knowledge
        self._problems = first.problems
        self._stamp = stamp(folder)

    async def run(self) -> None:
        """Look every second, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception:
                # Whatever an editor's half-saved file does, the bot goes on with what it has.
                log.exception("reading knowledge failed; the last good state stays")

    async def look(self) -> bool:
        """Read again if a file changed; True when the knowledge did."""
        present = await asyncio.to_thread(stamp, self._folder)
        if present == self._stamp:
            return False
        reading = await asyncio.to_thread(read, self._folder)
        self._stamp = present
        new = [problem for problem in reading.errors if problem not in self._problems]
        for problem in new:
            log.error("knowledge: %s", problem)
        self._problems = reading.problems
        self._knowledge = keep_last_good(self._knowledge, reading)
        await self._changed(self._knowledge)
        if new and self._found is not None:
            await self._found(new)
        return True
