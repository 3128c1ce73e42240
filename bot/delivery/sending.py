"""The sender: at once when woken, and by the clock."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery.choosing import LOOK_AGAIN_SECONDS, Choice
from bot.delivery.errors import Channel, SendError
from bot.delivery.outcomes import Outcomes
from bot.delivery.pace import UNLIMITED, Limits, Pace
from bot.delivery.under_way import UnderWay, leaves_now, leaving
from bot.points import reached
from bot.storage import deliveries
from bot.storage.deliveries import Delivery
from bot.storage.engine import STORE_ERRORS, Database

log = logging.getLogger(__name__)

#: How long the sender rests when nothing wakes it.
IDLE_SECONDS = 5.0
#: What may be out when the program died goes once more, and only once: not while it may be about to die again.
SETTLES_IN = timedelta(seconds=2)
#: After the store failed.
STORE_REST_SECONDS = 1.0
#: While messages are under way, those that end within this time are followed up together.
GATHER_SECONDS = 0.01


class Sender:
    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        limits: Limits = UNLIMITED,
        holder: str = "",
        timer: Callable[[], float] = time.monotonic,
        under_way: UnderWay | None = None,
        tell_when: Collection[str] = (),
    ) -> None:
        """`holder` is this replica's name; `timer` is what the pace is measured by.

        Channels in `tell_when` say by `leaves_now` that a message goes to the wire; others are taken at their word
        as soon as they are asked.
        """
        self._database, self._channels, self._clock, self._holder = database, channels, clock, holder
        self._outcomes = Outcomes(database, clock)
        self._under_way, self._tell_when = under_way, tell_when
        #: Of many replicas one that starts again and again must not hold up the others.
        self._starts = True
        self.pace = Pace(limits, timer)
        self._woken = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        #: Chats to which something goes out for the second time.
        self._again: set[int] = set()
        self._choice = Choice(database)

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. What is being sent then is finished or, being unmarked, sent again after the restart."""
        recovered = False
        try:
            while True:
                self._woken.clear()
                try:
                    if not recovered:
                        await self.recover()
                        recovered = True
                    await self._round()
                    await self._rest()
                except STORE_ERRORS as error:
                    log.error("the store does not say what is to be sent: %s", type(error).__name__)
                    await asyncio.sleep(STORE_REST_SECONDS)
        finally:
            if self._busy:
                await asyncio.wait(list(self._busy.values()), timeout=5)

    async def recover(self) -> None:
        """Take up what a dead program, or a dead replica, left unfinished."""
        async with self._database.transaction() as session:
            again_at = self._clock() + SETTLES_IN
            if self._starts and self._database.is_sqlite:
                await deliveries.wait_anew(session, again_at)
            found = await deliveries.recover(session, again_at, self._under_way.unsent if self._under_way else ())
        if self._under_way is not None:
            self._under_way.unsent_are_free()
        self._starts = False
        if found:
            log.warning("%s deliveries were cut off while being sent", found)
            self.wake()

    async def send_due(self) -> None:
        """Send all that may go now and return; for the terminal and tests."""
        while True:
            await self._round()
            if not self._busy:
                return
            await asyncio.gather(*self._busy.values())

    async def _round(self) -> None:
        """Begin to send what may go now, as much as there is room for."""
        now = self._clock()
        chosen = await self._choice.next(self.pace, self._busy.keys(), len(self._again), now)
        if not chosen:
            return

        async def claim(session: AsyncSession) -> list[Delivery]:
            claimed = await deliveries.claim(session, chosen, self._holder, now)
            # Before the commit: a program may be killed right after it.
            self._nothing_left_of(claimed)
            reached("delivery: before it is marked as being sent")
            return claimed

        claimed = await self._database.write(claim)
        if len(claimed) < len(chosen):
            self._choice.forget()
        for delivery in claimed:
            task = asyncio.create_task(self._send(delivery))
            self._busy[delivery.chat_id] = task
            if delivery.state == "unknown":
                self._again.add(delivery.chat_id)
            task.add_done_callback(partial(self._ended, delivery.chat_id))
        reached("delivery: after it was marked as being sent")

    def _ended(self, chat_id: int, task: asyncio.Task[None]) -> None:
        self._busy.pop(chat_id, None)
        self._again.discard(chat_id)
        if not task.cancelled() and task.exception() is not None:
            log.error("delivering to chat %s failed", chat_id, exc_info=task.exception())
        self._woken.set()

    async def _rest(self) -> None:
        held_up = self._choice.held_up
        seconds = IDLE_SECONDS if held_up is None else min(held_up, IDLE_SECONDS)
        if seconds > LOOK_AGAIN_SECONDS and not self._woken.is_set() and not self._busy:
            async with self._database.reading() as session:
                due_at = await deliveries.next_due_at(session, self._clock())
            if due_at is not None:
                seconds = min(seconds, max((due_at - self._clock()).total_seconds(), 0.0) + 0.001)
        try:
            # Not wait_for: before Python 3.12 it loses a cancellation that comes just as it is woken.
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        if self._busy:
            await asyncio.sleep(GATHER_SECONDS)

    async def _send(self, delivery: Delivery) -> None:
        """Send one message and note what became of it."""
        if self._under_way is not None:
            leaving.set(partial(self._under_way.leaves, delivery.id))
        try:
            message_id = await self._hand_over(delivery)
        except SendError as error:
            if error.kind != "unknown":
                self._nothing_left_of([delivery])
            await self._outcomes.failed(delivery, error)
        except Exception as error:
            log.error("delivery %s cannot be sent", delivery.id, exc_info=error)
            await self._outcomes.failed(delivery, SendError("refused", type(error).__name__))
        else:
            reached("delivery: sent")
            await self._outcomes.sent(delivery, message_id)
            self._choice.sent()
        finally:
            leaves_now()

    def _nothing_left_of(self, taken_up: Iterable[Delivery]) -> None:
        if self._under_way is not None:
            self._under_way.taken_up(delivery.id for delivery in taken_up)

    async def _hand_over(self, delivery: Delivery) -> int | None:
        if delivery.ended:
            raise SendError("unreachable", "ended")
        if delivery.channel not in self._tell_when:
            leaves_now()
        return await self._channels[delivery.channel].send(delivery)
