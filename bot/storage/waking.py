"""Wakes the replicas when one of them has stored something: PostgreSQL's NOTIFY, with their polling as the safety net.

The connection also holds what must be held by one process only, as a lock that ends with the connection.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Callable
from typing import Any

from bot.storage.engine import Database

log = logging.getLogger(__name__)

CHANNEL = "flytthit"
#: What is stored within this time makes one notification. Who stored it is at it already, so the others are for what
#: is too much for one; woken at once, each would look for what is taken the next moment.
GATHER_SECONDS = 0.1
REST_SECONDS = 1.0
#: How long a lock is waited for: a dead process's connection ends a moment after it.
LOCK_SECONDS = 5.0


class HeldElsewhere(Exception):
    """Another process holds what this one must hold alone."""


class Listener:
    def __init__(self, database: Database, wake: Callable[[], None], alone: str | None = None) -> None:
        """`wake` is called when another replica stored something; `alone` names what only one process may do."""
        self._database, self._wake, self._alone = database, wake, alone
        self._news = asyncio.Event()

    def tell(self) -> None:
        """Something was stored here; the others are told."""
        self._news.set()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Until cancelled. Raises HeldElsewhere."""
        while True:
            try:
                await self._listen(ready)
            except HeldElsewhere:
                raise
            except Exception as error:  # noqa: BLE001 - the driver's errors have no common parent
                log.warning("not listening to the database: %s; looking by the clock", type(error).__name__)
            await asyncio.sleep(REST_SECONDS)

    async def _listen(self, ready: Callable[[], None]) -> None:
        async with self._database.engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            try:
                await self._lock(raw)
                ended = asyncio.Event()
                raw.add_termination_listener(lambda _: self._end(ended))
                await raw.add_listener(CHANNEL, self._heard)
                ready()
                # What was stored while nobody listened.
                self._wake()
                while not ended.is_set():
                    await self._news.wait()
                    await asyncio.sleep(GATHER_SECONDS)
                    self._news.clear()
                    await raw.execute(f"NOTIFY {CHANNEL}")
            finally:
                # Not for others: it listens and may hold a lock.
                await connection.invalidate()

    def _end(self, ended: asyncio.Event) -> None:
        ended.set()
        self._news.set()

    def _heard(self, connection: Any, pid: int, *_: object) -> None:
        if pid != connection.get_server_pid():
            self._wake()

    async def _lock(self, raw: Any) -> None:
        if self._alone is None:
            return
        key = zlib.crc32(self._alone.encode())
        try:
            await raw.fetchval("SELECT pg_advisory_lock($1)", key, timeout=LOCK_SECONDS)
        except TimeoutError:
            raise HeldElsewhere(self._alone) from None
