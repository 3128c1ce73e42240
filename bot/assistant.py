"""The one door for every mover's chat: load the conversation, decide the turn, store it whole."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue import taking_along
from bot.dialogue.buttons import parse
from bot.dialogue.companions import LINK_PREFIX, hash_of_token
from bot.dialogue.following import first_guess
from bot.dialogue.model import Commanded, Conversation, Forget, Message, Pressed, Reply, Said, Sender, Situation, Turn
from bot.dialogue.respond import respond
from bot.knowledge.model import Knowledge
from bot.leads.model import Lead
from bot.leads.periods import Periods
from bot.matching.verdict import Matcher
from bot.points import reached
from bot.storage import arrivals, companions, conversations, deliveries, follow_ups, hosts, lead_files, leads, services
from bot.storage.engine import Database, once
from bot.storage.movers import Glance, glance
from bot.storage.turns import reply_body, save_turn
from bot.texts import say

log = logging.getLogger(__name__)

#: A turn that finds the conversation changed under it is decided anew; so often in a row is no coincidence.
ATTEMPTS = 5
#: Characters that are read in some milliseconds.
LONG = 300
#: One for the draft, one for each municipality's reference, one for a companion's link.
TOKENS = 12


@dataclass(slots=True)
class Mind:
    """Knowledge and matcher as they are now; exchanged whole when the files change."""

    knowledge: Knowledge
    matcher: Matcher


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for personal data; a missing one is said, never invented."""

    name: str | None = None
    privacy_contact: str | None = None


class Assistant:
    def __init__(
        self,
        database: Database,
        mind: Mind,
        periods: Periods,
        controller: Controller,
        stored: Callable[[], None],
    ) -> None:
        """`stored` is called after each commit, so that what waits is sent at once."""
        self._database, self._mind, self._periods, self._controller = database, mind, periods, controller
        self._stored = stored
        #: Telegram's name for the bot; set when Telegram has told it.
        self.bot_name: str | None = None

    async def handle(
        self, sender: Sender, messages: Sequence[Message], now: datetime, arrival_ids: Sequence[int] = ()
    ) -> Turn:
        """One turn of one mover. Whatever happens, it is stored wholly or not at all."""
        for attempt in range(ATTEMPTS):
            try:
                turn = await self._turn(sender, messages, now, arrival_ids)
                break
            except (conversations.Outdated, IntegrityError):
                # Somebody saved the conversation meanwhile, or a new reference was taken already: decide again.
                if attempt == ATTEMPTS - 1:
                    raise
        self._stored()
        if any(isinstance(change, Forget) for change in turn.changes):
            await self._erase_traces()
        return turn

    async def _erase_traces(self) -> None:
        try:
            await self._database.erase_traces()
        except sqlite3.Error as error:
            # The turn is stored; the daily clean-up empties the log once more.
            log.error("emptying the write-ahead log failed: %s", type(error).__name__)

    async def _situation(
        self, session: AsyncSession, chat_id: int, messages: Sequence[Message], known: Glance
    ) -> Situation:
        references = await companions.references_of(session, chat_id) if known.has_joined else ()
        joined = [await leads.get(session, reference) for reference in references]
        mine = await leads.of_mover(session, chat_id) if known.has_leads else ()
        wants_files = known.conversation is not None and taking_along.is_asked_for(known.conversation, messages)
        return Situation(
            leads=mine,
            hosts=await once(session, hosts.active),
            joined=tuple(lead for lead in joined if lead is not None),
            follow_up=await follow_ups.of_chat(session, chat_id) if known.has_follow_up else None,
            invited_to=await _invited_to(session, chat_id, messages),
            bot_name=self.bot_name,
            tokens=tuple(secrets.token_hex(8) for _ in range(TOKENS)),
            periods=self._periods,
            services=await once(session, services.everything),
            files=await lead_files.of(session, mine) if wants_files else (),
            controller=self._controller.name,
            privacy_contact=self._controller.privacy_contact,
        )

    async def apologise(self, sender: Sender, arrival_ids: Sequence[int], trouble: str, now: datetime) -> None:
        """Park what cannot be handled, and say so to whoever wrote it."""
        async with self._database.transaction() as session:
            conversation, _ = await conversations.load(session, sender.chat_id)
            language = _met(conversation, sender).language
            body = reply_body(Reply(str(say(language, "other.failed"))))
            await deliveries.add(session, "reply", sender.chat_id, body, now)
            await arrivals.park(session, arrival_ids, trouble, now)
        self._stored()

    async def lead_of_message(self, chat_id: int, message_id: int) -> str | None:
        """The lead whose host wrote this message to the mover."""
        async with self._database.reading() as session:
            return await deliveries.reference_of(session, chat_id, message_id, deliveries.FROM_HOSTS)

    async def _turn(
        self, sender: Sender, messages: Sequence[Message], now: datetime, arrival_ids: Sequence[int]
    ) -> Turn:
        async def load(session: AsyncSession) -> tuple[Glance, Situation]:
            known = await glance(session, sender.chat_id)
            return known, await self._situation(session, sender.chat_id, messages, known)

        known, situation = await self._database.look(load)
        conversation = _met(known.conversation, sender)
        mind = self._mind
        think = partial(respond, conversation, messages, situation, mind.knowledge, mind.matcher, now)
        turn = await asyncio.to_thread(think) if _takes_long(mind, messages) else think()

        async def store(session: AsyncSession) -> None:
            # First, so that of two replicas that decided on the same arrivals one stops here.
            await arrivals.mark_done(session, arrival_ids, now)
            await save_turn(session, turn, known.version, now)
            reached("assistant: before the turn is stored")

        await self._database.write(store)
        return turn


def _takes_long(mind: Mind, messages: Sequence[Message]) -> bool:
    """Whether others should go on meanwhile: a few words by the lexical stage cost less than the way to a thread."""
    length = sum(len(message.text) for message in messages if isinstance(message, Said))
    return length > LONG or bool(getattr(mind.matcher, "semantic", False))


def _met(conversation: Conversation | None, sender: Sender) -> Conversation:
    """The conversation with the name Telegram tells now; a new one for somebody new."""
    name = " ".join(sender.first_name.split())[:64]
    if conversation is None:
        return Conversation(sender.chat_id, name, first_guess(sender.language_code))
    return replace(conversation, first_name=name)


async def _invited_to(session: AsyncSession, chat_id: int, messages: Sequence[Message]) -> Lead | None:
    """The lead that a companion's link in these messages leads to, or one whose link this person opened before."""
    reference = None
    for message in messages:
        if isinstance(message, Commanded) and message.argument.startswith(LINK_PREFIX):
            token_hash = hash_of_token(message.argument.removeprefix(LINK_PREFIX))
            reference = await companions.find_link(session, token_hash, chat_id)
        elif isinstance(message, Pressed) and (press := parse(message.data)) and press.verb == "cj":
            reference = await companions.opened_by(session, chat_id, press.argument)
    return await leads.get(session, reference) if reference else None
