"""This process among its equals: says that it lives, hears what the others stored, takes over what a dead one held.

On SQLite there is one serving process, so there is nothing to do.
"""

from __future__ import annotations

import asyncio
import logging

from bot.app import Service, StartError
from bot.storage import leases
from bot.storage.engine import STORE_ERRORS
from bot.storage.waking import HeldElsewhere, Listener

log = logging.getLogger(__name__)

BEAT_SECONDS = leases.LIVES.total_seconds() / 3


class Replica:
    def __init__(self, service: Service, alone: bool) -> None:
        """`alone`: updates come by polling, which only one process may do."""
        self._service, self._database = service, service.house.database
        polling = f"polling {service.bot_id}" if alone else None
        self._listener = Listener(self._database, self._wake, polling)
        self._listening: asyncio.Task[None] | None = None

    async def join(self) -> None:
        """Before anything is claimed. Raises StartError when another process polls already."""
        if self._database.is_sqlite:
            return
        ready = asyncio.Event()
        self._listening = asyncio.create_task(self._listener.run(ready.set))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._listening, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._listening.done():
            self._refuse(self._listening)
        self._service.house.wakers.append(self._listener.tell)
        await self._beat()

    async def run(self) -> None:
        """Until cancelled."""
        if self._listening is None:
            await asyncio.Event().wait()
            return
        while not self._listening.done():
            await asyncio.wait({self._listening}, timeout=BEAT_SECONDS)
            try:
                await self._beat()
                await self._service.sender.recover()
            except STORE_ERRORS as error:
                log.error("the store does not hear that this replica lives: %s", type(error).__name__)
        self._refuse(self._listening)

    async def leave(self) -> None:
        if self._listening is None:
            return
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        try:
            async with self._database.transaction() as session:
                await leases.leave(session, self._service.name)
        except STORE_ERRORS:
            log.warning("the store does not hear that this replica leaves; what it held is free in a moment")

    async def _beat(self) -> None:
        async with self._database.transaction() as session:
            living = await leases.beat(session, self._service.name)
        self._service.sender.pace.share(living)

    def _wake(self) -> None:
        self._service.worker.wake()
        self._service.sender.wake()

    def _refuse(self, listening: asyncio.Task[None]) -> None:
        try:
            listening.result()
        except HeldElsewhere:
            raise StartError(
                "Another process already polls with this token. Only one may: stop it, or use UPDATES=webhook, "
                "with which any number of replicas may serve."
            ) from None
