"""What happens in a group, as far as it is for the bot: who did it is told by the user id alone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from telegram import Bot as TelegramBot
from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Update,
)
from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, ChatType

from bot.dialogue.model import Commanded, Pressed, Said
from bot.storage.arrivals import Arrival
from bot.storage.clean import clean
from bot.telegram.messages import command
from bot.telegram.unparsable import Unparsable, check


@dataclass(frozen=True, slots=True)
class Member:
    """The bot came into the group, or its rights changed."""

    new: bool
    topics: bool


@dataclass(frozen=True, slots=True)
class Left:
    """The bot was taken out, or may not read and write any more."""


@dataclass(frozen=True, slots=True)
class People:
    """User ids of those who came into the group, and of who left it."""

    came: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    to: int


@dataclass(frozen=True, slots=True)
class InGroup:
    chat_id: int
    user_id: int
    #: What this person's app speaks.
    language_code: str | None
    what: Said | Commanded | Pressed | Member | Left | People | Moved
    forum: bool = False
    thread_id: int | None = None
    #: The message that this one answers.
    about_message: int | None = None
    callback_id: str | None = None


def heard_in_group(arrival: Arrival, bot: TelegramBot) -> InGroup | None:
    """None for what is not for us. Raises Unparsable."""
    try:
        heard = _heard(Update.de_json(json.loads(arrival.body), bot))
    except Exception as error:
        raise Unparsable(type(error).__name__) from error
    if heard is not None:
        _check(heard)
    return heard


def _check(heard: InGroup) -> None:
    what = heard.what
    numbers: tuple[object, ...] = (heard.chat_id, heard.user_id, heard.thread_id, heard.about_message)
    if isinstance(what, People):
        numbers += (*what.came, *what.gone)
    elif isinstance(what, Moved):
        numbers += (what.to,)
    elif isinstance(what, Pressed):
        numbers += (what.message_id,)
    check(numbers, (heard.language_code, heard.callback_id))


def _heard(update: Update) -> InGroup | None:
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    return _said(update.message) if update.message else None


def _pressed(query: CallbackQuery) -> InGroup | None:
    if query.message is None:
        return None
    user, pressed = query.from_user, Pressed(clean(query.data or ""), query.message.message_id)
    return InGroup(query.message.chat.id, user.id, user.language_code, pressed, callback_id=query.id)


def _said(message: TelegramMessage) -> InGroup | None:
    """Anonymous administrators and channels have no id of their own, so they cannot be hosts."""
    user = message.from_user
    if message.migrate_to_chat_id is not None:
        return InGroup(message.chat.id, user.id if user else 0, None, Moved(message.migrate_to_chat_id))
    if message.new_chat_members or message.left_chat_member:
        gone = (message.left_chat_member.id,) if message.left_chat_member else ()
        people = People(tuple(one.id for one in message.new_chat_members or ()), gone)
        return InGroup(message.chat.id, user.id if user else 0, None, people)
    if user is None or user.is_bot or message.sender_chat is not None or message.text is None:
        return None
    text = clean(message.text)
    about = message.reply_to_message.message_id if message.reply_to_message else None
    return InGroup(
        message.chat.id,
        user.id,
        user.language_code,
        command(text) or Said(text),
        bool(message.chat.is_forum),
        message.message_thread_id if message.is_topic_message else None,
        about,
    )


def _membership(changed: ChatMemberUpdated) -> InGroup | None:
    if changed.chat.type == ChatType.CHANNEL:
        return None
    before, after = _is_in(changed.old_chat_member), _is_in(changed.new_chat_member)
    rights = changed.new_chat_member
    topics = isinstance(rights, ChatMemberAdministrator) and bool(rights.can_manage_topics)
    what = Member(not before, topics) if after else Left()
    user, chat = changed.from_user, changed.chat
    return InGroup(chat.id, user.id, user.language_code, what, bool(chat.is_forum))


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
