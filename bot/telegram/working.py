"""Takes arrivals out of the store, one worker per chat in the order they came, and brings them to the right door."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.assistant import Assistant
from bot.dialogue.fragments import is_fragment
from bot.dialogue.model import Message, Pressed, Said, Showed
from bot.matching.verdict import Matcher
from bot.storage import arrivals
from bot.storage.arrivals import MAX_TRIES, Arrival
from bot.storage.engine import Database
from bot.telegram.hosting import DeskInTelegram
from bot.telegram.messages import Heard, hear

log = logging.getLogger(__name__)

#: Chats answered side by side.
AT_ONCE = 16
#: How often the store is looked through when nothing wakes us.
IDLE_SECONDS = 5.0
#: After an arrival failed: so long before it is tried again.
RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Parsed:
    arrival: Arrival
    heard: Heard


class Unparsable(Exception):
    """Not an update as Telegram defines it; names the error's kind."""


class Worker:
    def __init__(
        self,
        bot: Bot,
        database: Database,
        assistant: Assistant,
        desk: DeskInTelegram,
        matcher: Callable[[], Matcher],
        clock: Callable[[], datetime],
        fragment_seconds: float = 2.0,
    ) -> None:
        self._bot, self._database, self._assistant, self._desk = bot, database, assistant, desk
        self._matcher, self._clock, self._fragment_seconds = matcher, clock, fragment_seconds
        self._woken = asyncio.Event()
        self._busy: dict[int | None, asyncio.Task[None]] = {}

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled; turns under way are finished then, since they are short."""
        try:
            while True:
                self._woken.clear()
                await self._start_waiting()
                try:
                    await asyncio.wait_for(self._woken.wait(), IDLE_SECONDS)
                except TimeoutError:
                    continue
        finally:
            if self._busy:
                await asyncio.wait(list(self._busy.values()), timeout=5)

    async def handle_waiting(self) -> None:
        """Handle all there is and return; for tests."""
        while True:
            await self._start_waiting()
            if not self._busy:
                return
            await asyncio.gather(*self._busy.values())

    async def _start_waiting(self) -> None:
        async with self._database.reading() as session:
            chats = await arrivals.waiting_chats(session)
        for chat_id in chats:
            if len(self._busy) >= AT_ONCE:
                return
            if chat_id not in self._busy:
                task = asyncio.create_task(self._serve(chat_id))
                self._busy[chat_id] = task
                task.add_done_callback(partial(self._served, chat_id))

    def _served(self, chat_id: int | None, task: asyncio.Task[None]) -> None:
        self._busy.pop(chat_id)
        if not task.cancelled() and task.exception() is not None:
            log.error("chat %s: the store failed", chat_id, exc_info=task.exception())
        self._woken.set()

    async def _serve(self, chat_id: int | None) -> None:
        """One chat's arrivals in order, until none waits."""
        while batch := await self._batch(chat_id):
            parsed = [item for arrival in batch if (item := await self._parse(arrival))]
            # Each of a host's messages may be for another lead; after a failure each stands for itself.
            failed = any(arrival.tries for arrival in batch)
            joining = not failed and (chat_id is None or not await self._desk.is_host(chat_id))
            for group in _groups(parsed, joining):
                ids = [item.arrival.id for item in group]
                try:
                    await self._handle(group)
                except Exception as error:  # noqa: BLE001 - whatever it is, the chat's other messages go on
                    await self._note_failure(group, ids, error)
                    break

    async def _batch(self, chat_id: int | None) -> list[Arrival]:
        """What waits; where it is a mere fragment, also what follows within a moment."""
        async with self._database.reading() as session:
            batch = await arrivals.waiting(session, chat_id)
        wait = self._seconds_to_wait(batch)
        if wait > 0:
            await asyncio.sleep(wait)
            async with self._database.reading() as session:
                batch = await arrivals.waiting(session, chat_id)
        return batch

    def _seconds_to_wait(self, batch: Sequence[Arrival]) -> float:
        if not batch or self._fragment_seconds <= 0:
            return 0.0
        try:
            heard = _heard(batch[-1], self._bot)
        except Unparsable:
            return 0.0
        if heard is None or not is_fragment(heard.message, self._matcher()):
            return 0.0
        until = batch[-1].received_at + timedelta(seconds=self._fragment_seconds)
        return (until - self._clock()).total_seconds()

    async def _parse(self, arrival: Arrival) -> Parsed | None:
        """The arrival as a message; what cannot be parsed is parked, what deserves silence is done."""
        try:
            heard = _heard(arrival, self._bot)
        except Unparsable as error:
            log.error("arrival %s cannot be parsed (%s) and is parked", arrival.id, error)
            async with self._database.transaction() as session:
                await arrivals.park(session, [arrival.id], f"unparsable: {error}", self._clock())
            return None
        if heard is None or (not heard.private and not isinstance(heard.message, Pressed)):
            async with self._database.transaction() as session:
                await arrivals.mark_done(session, [arrival.id], self._clock())
            return None
        return Parsed(arrival, heard)

    async def _handle(self, group: Sequence[Parsed]) -> None:
        """One turn: a host's business goes to the desk, everything else to the assistant."""
        first, now = group[0], self._clock()
        if len(group) == 1 and await self._desk.handle(first.heard, first.arrival.id, now):
            await self._answer_press(first.heard, "")
            return
        messages = [await self._message(item.heard) for item in group]
        ids = [item.arrival.id for item in group]
        turn = await self._assistant.handle(first.heard.sender, messages, now, ids)
        await self._answer_press(first.heard, turn.toast)

    async def _message(self, heard: Heard) -> Message:
        if not isinstance(heard.message, Said) or heard.about_message is None:
            return heard.message
        lead = await self._assistant.lead_of_message(heard.sender.chat_id, heard.about_message)
        return replace(heard.message, reply_to_lead=lead)

    async def _answer_press(self, heard: Heard, toast: str) -> None:
        """Stops the little clock on a button; best effort, since Telegram keeps presses for a moment only."""
        if heard.callback_id is None:
            return
        try:
            await self._bot.answer_callback_query(heard.callback_id, toast or None)
        except TelegramError as error:
            log.info("press was not answered: %s", type(error).__name__)

    async def _note_failure(self, group: Sequence[Parsed], ids: Sequence[int], error: Exception) -> None:
        """Try again; the third time the arrival is parked, so that the rest goes on."""
        last = group[0].arrival.tries + 1 >= MAX_TRIES
        log.error("arrivals %s failed%s", ids, " and are parked" if last else "", exc_info=error)
        if last:
            await self._assistant.apologise(group[0].heard.sender, ids, type(error).__name__, self._clock())
            return
        async with self._database.transaction() as session:
            await arrivals.count_try(session, ids)
        await asyncio.sleep(RETRY_SECONDS)


def _heard(arrival: Arrival, bot: Bot) -> Heard | None:
    try:
        update = Update.de_json(json.loads(arrival.body), bot)
        return hear(update)
    except Exception as error:
        raise Unparsable(type(error).__name__) from error


def _groups(parsed: Sequence[Parsed], joining: bool) -> list[list[Parsed]]:
    """With `joining`, texts in a row are one turn; anything else is a turn of its own."""
    groups: list[list[Parsed]] = []
    for item in parsed:
        if joining and groups and _plain(item) and _plain(groups[-1][-1]):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _plain(item: Parsed) -> bool:
    return isinstance(item.heard.message, Said | Showed) and item.heard.about_message is None
