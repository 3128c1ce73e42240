"""Takes waiting replies and notices out, by the channels it is given: in order per chat, marked after sending.

A channel raises SendError, which answers one question: will it help to try again, and is it known that nothing
went out?
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads import cards
from bot.storage import deliveries, hosts, leads
from bot.storage.deliveries import Delivery
from bot.storage.engine import Database
from bot.texts import say

log = logging.getLogger(__name__)

#: Seconds to wait after each failed try; after the last the delivery is parked (design: 0 s - 10 h, with jitter).
SCHEDULE = (1, 2, 5, 15, 60, 300, 900, 3600, 3 * 3600, 10 * 3600)
#: Rest before what became of a delivery is written again, when the store did not take it.
STORE_AGAIN_SECONDS = 1.0
#: How long the sender rests when nothing wakes it.
IDLE_SECONDS = 5.0
#: Chats served side by side; Telegram allows some 30 messages a second in all.
AT_ONCE = 16

Kind = Literal["passing", "unknown", "refused", "unreachable"]


class SendError(Exception):
    """Why a message was not marked sent.

    passing: nothing went out, try again (not before `retry_after` seconds); unknown: it may have gone out;
    refused: this message will never be taken; unreachable: nothing will ever be taken for this chat.
    """

    def __init__(self, kind: Kind, trouble: str, retry_after: float | None = None) -> None:
        super().__init__(trouble)
        self.kind, self.trouble, self.retry_after = kind, trouble, retry_after


class Channel(Protocol):
    async def send(self, delivery: Delivery) -> int | None:
        """Send and return the message's id, where the channel has such. Raises SendError."""
        ...


class Sender:
    """Sends what waits: at once when woken, and by the clock."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], clock: Callable[[], datetime]) -> None:
        self._database, self._channels, self._clock = database, channels, clock
        self._woken = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. What is being sent then is finished or, being unmarked, sent again after the restart."""
        async with self._database.transaction() as session:
            await deliveries.recover(session)
        try:
            while True:
                self._woken.clear()
                await self._start_due()
                await self._rest()
        finally:
            await self._finish()

    async def send_due(self) -> None:
        """Send all that is due now and return; for the terminal and tests."""
        while True:
            await self._start_due()
            if not self._busy:
                return
            await asyncio.gather(*self._busy.values())

    async def _start_due(self) -> None:
        async with self._database.reading() as session:
            chats = await deliveries.due_chats(session, self._clock())
        for chat_id in chats:
            if len(self._busy) >= AT_ONCE:
                return
            if chat_id not in self._busy:
                task = asyncio.create_task(self._serve(chat_id))
                self._busy[chat_id] = task
                task.add_done_callback(partial(self._served, chat_id))

    def _served(self, chat_id: int, task: asyncio.Task[None]) -> None:
        self._busy.pop(chat_id)
        if not task.cancelled() and task.exception() is not None:
            log.error("delivering to chat %s failed", chat_id, exc_info=task.exception())
        self._woken.set()

    async def _rest(self) -> None:
        async with self._database.reading() as session:
            due_at = await deliveries.next_due_at(session)
        seconds = IDLE_SECONDS
        if due_at is not None:
            # Due but unsent means that its chat is being served; its end wakes us.
            seconds = min(max((due_at - self._clock()).total_seconds(), 0.05), IDLE_SECONDS)
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return

    async def _finish(self) -> None:
        if self._busy:
            await asyncio.wait(list(self._busy.values()), timeout=5)

    async def _serve(self, chat_id: int) -> None:
        """One chat's messages, in order, until none is due."""
        while True:
            async with self._database.reading() as session:
                delivery = await deliveries.first_pending(session, chat_id, self._clock())
            if delivery is None or not await self._send(delivery):
                return

    async def _send(self, delivery: Delivery) -> bool:
        """Send one message and mark it; False when the chat must wait."""
        async with self._database.transaction() as session:
            await deliveries.mark_sending(session, delivery.id)
        try:
            message_id = await self._channels[delivery.channel].send(delivery)
        except SendError as error:
            await self._store(partial(self._note, delivery, error))
            return error.kind == "refused"
        except Exception as error:
            log.error("delivery %s cannot be sent", delivery.id, exc_info=error)
            await self._store(partial(self._note, delivery, SendError("refused", type(error).__name__)))
            return True
        await self._store(partial(self._mark_sent, delivery, message_id))
        return True

    async def _store(self, write: Callable[[AsyncSession], Awaitable[None]]) -> None:
        """Write until it is written: sending again because marking failed would make copies without end."""
        while True:
            try:
                async with self._database.transaction() as session:
                    await write(session)
                return
            except SQLAlchemyError as error:
                log.error("the store does not take what became of a delivery: %s", type(error).__name__)
                await asyncio.sleep(STORE_AGAIN_SECONDS)

    async def _mark_sent(self, delivery: Delivery, message_id: int | None, session: AsyncSession) -> None:
        await deliveries.mark_sent(session, delivery, message_id, self._clock())

    async def _note(self, delivery: Delivery, error: SendError, session: AsyncSession) -> None:
        log.warning("delivery %s: %s (%s)", delivery.id, error.kind, error.trouble)
        if error.kind == "unreachable":
            await deliveries.stop_chat(session, delivery.chat_id, error.trouble)
            await self._tell_host(delivery, session)
        elif error.kind == "refused" or self._is_last_try(delivery, error):
            log.error("delivery %s is parked (%s)", delivery.id, error.trouble)
            await deliveries.park(session, delivery.id, error.trouble)
        elif error.kind == "unknown":
            await deliveries.mark_unknown(session, delivery.id, self._later(delivery, error), error.trouble)
        else:
            await deliveries.postpone(session, delivery.id, self._later(delivery, error), error.trouble)

    async def _tell_host(self, delivery: Delivery, session: AsyncSession) -> None:
        """The mover of a lead is not reached here any more: whoever has the lead must know at once."""
        lead = await leads.get(session, delivery.reference) if delivery.reference else None
        if lead is None or lead.mover_chat != delivery.chat_id or lead.taken_by is None:
            return
        taker = next((host for host in await hosts.active(session) if host.id == lead.taken_by), None)
        if taker is not None and taker.chat_id is not None:
            html = say(taker.language, "desk.blocked", reference=lead.reference, mover=cards.mover_name(taker, lead))
            body = {"html": str(html), "buttons": []}
            await deliveries.add(session, "notice", taker.chat_id, body, self._clock(), lead.reference)

    def _is_last_try(self, delivery: Delivery, error: SendError) -> bool:
        """What may have gone out twice is not sent a third time."""
        copies = delivery.copies + 1
        return delivery.tries >= len(SCHEDULE) or (error.kind == "unknown" and copies >= deliveries.MAX_COPIES)

    def _later(self, delivery: Delivery, error: SendError) -> datetime:
        if error.retry_after is not None:
            return self._clock() + timedelta(seconds=error.retry_after)
        seconds = SCHEDULE[min(delivery.tries, len(SCHEDULE) - 1)]
        jitter = random.uniform(0.9, 1.1)  # noqa: S311 - spreads retries, guards nothing
        return self._clock() + timedelta(seconds=seconds * jitter)
