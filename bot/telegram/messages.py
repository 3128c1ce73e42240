"""Telegram updates as the dialogue's messages."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Update
from telegram import Message as TelegramMessage
from telegram.constants import ChatType

from bot.dialogue.model import Commanded, Message, Pressed, Said, Sender, Showed
from bot.storage.clean import clean

#: Attributes of a Telegram message that tell its kind, most telling first.
_KINDS = {
    "photo": "photo",
    "voice": "voice",
    "audio": "voice",
    "video_note": "voice",
    "video": "photo",
    "animation": "sticker",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "document": "document",
    "dice": "sticker",
    "poll": "other",
    "story": "other",
    "game": "other",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One update as a message: from whom, in a private chat or not, and what it hangs on."""

    sender: Sender
    message: Message
    private: bool
    #: The message that this one answers, or whose button was pressed.
    about_message: int | None = None
    callback_id: str | None = None


def hear(update: Update) -> Heard | None:
    """The update as a message; None for what deserves silence (joined, left, pinned, reactions, channels)."""
    if update.callback_query:
        return _pressed(update.callback_query)
    edited = update.edited_message is not None
    message = update.edited_message or update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if edited and message.location is not None:
        return None  # a live location moves every few seconds
    sender = Sender(message.chat_id, clean(message.from_user.first_name), message.from_user.language_code)
    content = Showed("edited") if edited else _content(message)
    if content is None:
        return None
    about = message.reply_to_message.message_id if message.reply_to_message else None
    return Heard(sender, content, message.chat.type == ChatType.PRIVATE, about)


def _pressed(query: CallbackQuery) -> Heard:
    message: MaybeInaccessibleMessage | None = query.message
    chat_id = message.chat.id if message else query.from_user.id
    private = message is None or message.chat.type == ChatType.PRIVATE
    sender = Sender(chat_id, clean(query.from_user.first_name), query.from_user.language_code)
    message_id = message.message_id if message else None
    return Heard(sender, Pressed(clean(query.data or ""), message_id), private, message_id, query.id)


def _content(message: TelegramMessage) -> Message | None:
    if message.text is not None:
        text = clean(message.text)
        return command(text) or Said(text)
    for attribute, kind in _KINDS.items():
        if getattr(message, attribute, None):
            file_id = message.photo[-1].file_id if attribute == "photo" else ""
            return Showed(kind, clean(message.caption or ""), file_id)
    return None


def command(text: str) -> Commanded | None:
    """/name@bot argument"""
    if not text.startswith("/") or len(text) < 2 or not text[1].isalpha():
        return None
    name, _, argument = text[1:].partition(" ")
    return Commanded(name.split("\n")[0].partition("@")[0].lower(), argument.strip())
