"""Takes arrivals out of the store, one worker per chat in the order they came, and brings them to the right door."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from telegram import Bot
from telegram.error import TelegramError

from bot.assistant import Assistant
from bot.desk import Via
from bot.dialogue.fragments import is_fragment
from bot.dialogue.model import Message, Said, Sender
from bot.matching.verdict import Matcher
from bot.points import reached
from bot.storage import arrivals
from bot.storage.arrivals import MAX_TRIES, Arrival, DoneAlready
from bot.storage.engine import STORE_ERRORS, Database, is_passing
from bot.telegram.groups import GroupsInTelegram
from bot.telegram.hosting import DeskInTelegram
from bot.telegram.messages import Heard
from bot.telegram.parsing import Parsed, groups, heard_in, is_blocked
from bot.telegram.unparsable import Unparsable

log = logging.getLogger(__name__)

#: Chats answered side by side; those that merely wait for the rest of a sentence do not count.
AT_ONCE = 32
#: How often the store is looked through when nothing wakes us.
IDLE_SECONDS = 5.0
#: After an arrival failed: so long before it is tried again.
RETRY_SECONDS = 1.0
#: While chats are being answered, those that end within this time are followed up together.
GATHER_SECONDS = 0.005


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
        holder: str = "",
    ) -> None:
        """`holder` is this replica's name."""
        self._bot, self._database, self._assistant, self._desk = bot, database, assistant, desk
        self._matcher, self._clock, self._fragment_seconds = matcher, clock, fragment_seconds
        self._holder = holder
        self._groups = GroupsInTelegram(desk.desk, bot)
        self._woken = asyncio.Event()
        self._busy: dict[int | None, asyncio.Task[None]] = {}
        #: Chats found waiting and not yet begun, so that a long queue is read once and not with each message.
        self._found: deque[int | None] = deque()
        self._resting: set[int | None] = set()
        #: The order in which chats were served: who writes without end waits for those who wrote once.
        self._served: dict[int | None, int] = {}
        self._turns = 0

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled; turns under way are finished then, since they are short."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self._round()
                except STORE_ERRORS as error:
                    log.error("the store does not say what waits: %s", type(error).__name__)
                    await asyncio.sleep(RETRY_SECONDS)
                await self._rest()
        finally:
            if self._busy:
                await asyncio.wait(list(self._busy.values()), timeout=5)

    async def handle_waiting(self) -> None:
        """Handle all there is and return; for tests."""
        while True:
            await self._round()
            if not self._busy:
                return
            await asyncio.gather(*self._busy.values())

    async def _round(self) -> None:
        """Begin to serve the chats that wait, as many as there is room for."""
        self._begin()
        if not self._full:
            await self._find()
            self._begin()

    def _begin(self) -> None:
        while self._found and not self._full:
            chat_id = self._found.popleft()
            if chat_id not in self._busy:
                task = asyncio.create_task(self._serve(chat_id))
                self._busy[chat_id] = task
                task.add_done_callback(partial(self._ended, chat_id))

    async def _find(self) -> None:
        chats = await self._database.look(lambda session: arrivals.waiting_chats(session, self._holder))
        self._found.extend(sorted(chats, key=lambda chat_id: self._served.get(chat_id, 0)))
        waiting = set(chats)
        self._served = {chat_id: turn for chat_id, turn in self._served.items() if chat_id in waiting}

    @property
    def _full(self) -> bool:
        return len(self._busy) - len(self._resting) >= AT_ONCE

    def _ended(self, chat_id: int | None, task: asyncio.Task[None]) -> None:
        self._busy.pop(chat_id)
        self._turns += 1
        self._served[chat_id] = self._turns
        if not task.cancelled() and task.exception() is not None:
            log.error("chat %s: serving failed", chat_id, exc_info=task.exception())
        self._woken.set()

    async def _rest(self) -> None:
        try:
            # Not wait_for: before Python 3.12 it loses a cancellation that comes just as it is woken.
            async with asyncio.timeout(IDLE_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return
        if len(self._busy) > len(self._resting):
            await asyncio.sleep(GATHER_SECONDS)

    async def _serve(self, chat_id: int | None) -> None:
        try:
            await self._serve_waiting(chat_id)
        except STORE_ERRORS as error:
            log.error("chat %s: the store failed: %s", chat_id, type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _serve_waiting(self, chat_id: int | None) -> None:
        """What waits of one chat, in order. What comes meanwhile is served in a later round, so others get theirs."""
        if chat_id is not None and chat_id < 0:
            await self._serve_group(chat_id)
            return
        batch = await self._batch(chat_id)
        parsed = [item for arrival in batch if (item := await self._parse(arrival))]
        # Each of a host's messages may be for another lead; after a failure each stands for itself.
        failed = any(arrival.tries for arrival in batch)
        joining = not failed and not any(arrival.of_host for arrival in batch)
        for group in groups(parsed, joining):
            ids = [item.arrival.id for item in group]
            try:
                await self._handle(group)
            except DoneAlready:
                log.warning("arrivals %s were handled by another replica meanwhile", ids)
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, the chat's other messages go on
                if await self._note_failure(group[0].arrival, ids, error):
                    await self._give_up(group[0].heard.sender, ids, type(error).__name__)
                return

    async def _serve_group(self, chat_id: int) -> None:
        """In a group every message stands for itself."""
        for arrival in await self._claim(chat_id):
            try:
                await self._groups.handle(arrival, self._clock())
            except DoneAlready:
                log.warning("arrival %s was handled by another replica meanwhile", arrival.id)
                return
            except Unparsable as error:
                log.error("arrival %s cannot be parsed (%s) and is parked", arrival.id, error)
                await self._park([arrival.id], f"unparsable: {error}")
            except Exception as error:  # noqa: BLE001 - whatever it is, the group's other messages go on
                if await self._note_failure(arrival, [arrival.id], error):
                    # Nobody is told: a group is no place for apologies.
                    await self._park([arrival.id], type(error).__name__)
                return

    async def _give_up(self, sender: Sender, ids: Sequence[int], trouble: str) -> None:
        """Park it with an apology; where even that fails, without one, so that it is not tried for ever."""
        try:
            await self._assistant.apologise(sender, ids, trouble, self._clock())
        except Exception as error:
            if is_passing(error):
                raise
            log.error("arrivals %s are parked without an apology", ids, exc_info=error)
            await self._park(ids, trouble)

    async def _park(self, ids: Sequence[int], trouble: str) -> None:
        async with self._database.transaction() as session:
            await arrivals.park(session, ids, trouble, self._clock())
            reached("arrival: before it is parked")

    async def _batch(self, chat_id: int | None) -> list[Arrival]:
        """What waits; where it is a mere fragment, also what follows within a moment."""
        batch = await self._claim(chat_id)
        wait = self._seconds_to_wait(batch)
        if wait > 0:
            self._resting.add(chat_id)
            self._woken.set()
            try:
                await asyncio.sleep(wait)
            finally:
                self._resting.discard(chat_id)
            batch = await self._claim(chat_id)
        return batch

    async def _claim(self, chat_id: int | None) -> list[Arrival]:
        return await self._database.claim(lambda session: arrivals.claim(session, chat_id, self._holder))

    def _seconds_to_wait(self, batch: Sequence[Arrival]) -> float:
        if not batch or self._fragment_seconds <= 0:
            return 0.0
        try:
            heard = heard_in(batch[-1], self._bot)
        except Unparsable:
            return 0.0
        if heard is None or not is_fragment(heard.message, self._matcher()):
            return 0.0
        until = batch[-1].received_at + timedelta(seconds=self._fragment_seconds)
        # A clock that was set back must not make anybody wait longer.
        return min((until - self._clock()).total_seconds(), self._fragment_seconds)

    async def _parse(self, arrival: Arrival) -> Parsed | None:
        """The arrival as a message; what cannot be parsed is parked, what deserves silence is done."""
        try:
            heard = heard_in(arrival, self._bot)
            blocked = heard is None and is_blocked(arrival, self._bot)
        except Unparsable as error:
            log.error("arrival %s cannot be parsed (%s) and is parked", arrival.id, error)
            await self._park([arrival.id], f"unparsable: {error}")
            return None
        if blocked and arrival.chat_id is not None:
            await self._desk.desk.blocked(arrival.chat_id, Via(arrival_ids=(arrival.id,)), self._clock())
            return None
        if heard is None or not heard.private:
            async with self._database.transaction() as session:
                await arrivals.mark_done(session, [arrival.id], self._clock())
            return None
        return Parsed(arrival, heard)

    async def _handle(self, group: Sequence[Parsed]) -> None:
        """One turn: a host's business goes to the desk, everything else to the assistant."""
        first, now = group[0], self._clock()
        # What others than hosts write is never for the desk, which is spared looking that up.
        for_desk = len(group) == 1 and (first.arrival.of_host or not isinstance(first.heard.message, Said))
        if for_desk and await self._desk.handle(first.heard, first.arrival.id, now):
            reached("desk: after the turn was stored")
            await self._answer_press(first.heard, "")
            return
        messages = [await self._message(item.heard) for item in group]
        ids = [item.arrival.id for item in group]
        turn = await self._assistant.handle(first.heard.sender, messages, now, ids)
        reached("assistant: after the turn was stored")
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

    async def _note_failure(self, first: Arrival, ids: Sequence[int], error: Exception) -> bool:
        """Try again; True the third time: the caller parks it, so that the rest goes on. The store's troubles pass."""
        passing = is_passing(error)
        last = not passing and first.tries + 1 >= MAX_TRIES
        if passing:
            log.error("arrivals %s must wait for the store: %s", ids, type(error).__name__)
        else:
            log.error("arrivals %s failed%s", ids, " and are parked" if last else "", exc_info=error)
        if last:
            return True
        if not passing:
            async with self._database.transaction() as session:
                await arrivals.count_try(session, ids)
        await asyncio.sleep(RETRY_SECONDS)
        return False
