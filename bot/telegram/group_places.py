"""Where in a group a message belongs: the lead's own topic in a forum, else below what was said of the lead first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot, ReplyParameters
from telegram.error import BadRequest, TelegramError

from bot.delivery import SendError
from bot.storage import groups, leads
from bot.storage.deliveries import Delivery
from bot.storage.engine import Database
from bot.telegram.errors import send_error

log = logging.getLogger(__name__)

#: Beginnings of Telegram's words for "no topics can be made here".
_NO_TOPICS = ("the chat is not a forum", "not enough rights", "chat_not_modified", "topics are not")
#: The topic is gone or closed; the message goes where it can.
_NO_THREAD = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")


@dataclass(frozen=True, slots=True)
class Place:
    """A topic, or a message to hang below; neither where nothing was said there of the lead yet."""

    thread_id: int | None = None
    reply: ReplyParameters | None = None


NOWHERE = Place()


class GroupPlaces:
    def __init__(self, bot: Bot, database: Database, place_name: Callable[[str | None], str]) -> None:
        """`place_name` tells a municipality's name, for the topics' titles."""
        self._bot, self._database, self._place_name = bot, database, place_name

    async def find(self, delivery: Delivery) -> Place:
        """Makes the lead's topic where there is none. Raises SendError."""
        if thread := delivery.body.get("thread"):
            return Place(int(thread))
        if delivery.reference is None:
            return NOWHERE
        async with self._database.reading() as session:
            group = await groups.get(session, delivery.chat_id)
            thread_id = await groups.topic(session, delivery.chat_id, delivery.reference)
            first = await groups.first_message(session, delivery.chat_id, delivery.reference)
            lead = await leads.get(session, delivery.reference)
        if thread_id is not None:
            return Place(thread_id)
        if group is not None and group.forum and lead is not None:
            title = " · ".join(part for part in (lead.reference, self._place_name(lead.municipality)) if part)
            thread_id = await self._make(delivery.chat_id, lead.reference, title)
        if thread_id is not None:
            return Place(thread_id)
        return Place(reply=ReplyParameters(first, allow_sending_without_reply=True)) if first else NOWHERE

    async def is_gone(self, delivery: Delivery, place: Place, error: TelegramError) -> bool:
        """Whether the topic is what this error is about. Then it is forgotten, and the message goes beside it."""
        if place.thread_id is None or not str(error).lower().startswith(_NO_THREAD):
            return False
        log.warning("a topic of group %s is gone", delivery.chat_id)
        if delivery.reference is not None:
            async with self._database.transaction() as session:
                await groups.drop_topic(session, delivery.chat_id, delivery.reference)
        return True

    async def _make(self, chat_id: int, reference: str, title: str) -> int | None:
        """None where Telegram refuses: plain replies do as well."""
        try:
            made = await self._bot.create_forum_topic(chat_id, title)
        except BadRequest as error:
            if not str(error).lower().startswith(_NO_TOPICS):
                raise send_error(error) from error
            log.warning("no topics can be made in group %s", chat_id)
            async with self._database.transaction() as session:
                await groups.set_forum(session, chat_id, False)
            return None
        except TelegramError as error:
            found = send_error(error)
            # The message itself did not go out; at worst there is an empty topic too many.
            kind = "passing" if found.kind == "unknown" else found.kind
            raise SendError(kind, found.trouble, found.retry_after, found.moved_to) from error
        async with self._database.transaction() as session:
            if await leads.get(session, reference) is not None:
                await groups.keep_topic(session, chat_id, reference, made.message_thread_id)
        return made.message_thread_id
