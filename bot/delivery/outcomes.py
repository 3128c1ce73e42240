"""What becomes of a message that was sent, or was not."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery.errors import SendError
from bot.points import reached
from bot.storage import deliveries, groups, lost_groups, quiet
from bot.storage.deliveries import Delivery
from bot.storage.engine import STORE_ERRORS, Database
from bot.storage.together import Write

log = logging.getLogger(__name__)

#: Seconds to wait after each failed try; after the last the delivery is parked (design: 0 s - 10 h, with jitter).
SCHEDULE = (1, 2, 5, 15, 60, 300, 900, 3600, 3 * 3600, 10 * 3600)
#: Rest before what became of a delivery is written again, when the store did not take it.
STORE_AGAIN_SECONDS = 1.0


class Outcomes:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def sent(self, delivery: Delivery, message_id: int | None) -> None:
        async def write(session: AsyncSession) -> None:
            await deliveries.mark_sent(session, delivery, message_id, self._clock())
            reached("delivery: before it is marked sent")

        await self._store(write)
        reached("delivery: after it was marked sent")
        if delivery.kind == "farewell":
            # The last word to somebody who asked to be forgotten: its row is gone, and so must its traces be.
            await self._database.erase_traces()

    async def failed(self, delivery: Delivery, error: SendError) -> None:
        log.warning("delivery %s: %s (%s)", delivery.id, error.kind, error.trouble)
        await self._store(partial(self._note, delivery, error))
        reached("delivery: after a failure was noted")

    async def _store(self, write: Write[None]) -> None:
        """Write until it is written: sending again because marking failed would make copies without end."""
        while True:
            try:
                await self._database.write(write)
                return
            except STORE_ERRORS as error:
                log.error("the store does not take what became of a delivery: %s", type(error).__name__)
                await asyncio.sleep(STORE_AGAIN_SECONDS)

    async def _note(self, delivery: Delivery, error: SendError, session: AsyncSession) -> None:
        if delivery.chat_id < 0:
            await self._note_group(delivery, error, session)
        if error.kind == "unreachable":
            await quiet.chat_ended(session, delivery.chat_id, error.trouble, self._clock(), delivery.reference)
        elif error.kind == "moved" and error.moved_to is not None:
            await groups.move(session, delivery.chat_id, error.moved_to)
        elif error.kind == "refused" or self._is_last_try(delivery, error):
            log.error("delivery %s is parked (%s)", delivery.id, error.trouble)
            await deliveries.park(session, delivery.id, error.trouble, out=error.kind == "unknown")
        elif error.kind == "unknown":
            await deliveries.mark_unknown(session, delivery.id, self._later(delivery, error), error.trouble)
        else:
            told = error.retry_after is not None
            await deliveries.postpone(session, delivery.id, self._later(delivery, error), error.trouble, not told)

    async def _note_group(self, delivery: Delivery, error: SendError, session: AsyncSession) -> None:
        """What a group does not take goes to its hosts."""
        if error.kind == "unreachable":
            await lost_groups.lost(session, delivery.chat_id, self._clock())
        elif error.kind == "refused":
            await lost_groups.not_taken(session, delivery.id, self._clock())

    def _is_last_try(self, delivery: Delivery, error: SendError) -> bool:
        """What may have gone out twice is not sent a third time."""
        if error.retry_after is not None:
            return False
        return delivery.tries >= len(SCHEDULE) or (
            error.kind == "unknown" and delivery.copies + 1 >= deliveries.MAX_COPIES
        )

    def _later(self, delivery: Delivery, error: SendError) -> datetime:
        if error.retry_after is not None:
            return self._clock() + timedelta(seconds=error.retry_after)
        seconds = SCHEDULE[min(delivery.tries, len(SCHEDULE) - 1)]
        jitter = random.uniform(0.9, 1.1)  # noqa: S311 - spreads retries, guards nothing
        return self._clock() + timedelta(seconds=seconds * jitter)
