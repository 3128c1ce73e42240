"""Stored arrivals as messages, and which of them make one turn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Bot, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.dialogue.model import Pressed, Said, Showed
from bot.storage.arrivals import Arrival
from bot.telegram.messages import Heard, hear
from bot.telegram.unparsable import Unparsable, check


@dataclass(frozen=True, slots=True)
class Parsed:
    arrival: Arrival
    heard: Heard


def heard_in(arrival: Arrival, bot: Bot) -> Heard | None:
    """None for what deserves silence. Raises Unparsable."""
    try:
        heard = hear(Update.de_json(json.loads(arrival.body), bot))
    except Exception as error:
        raise Unparsable(type(error).__name__) from error
    if heard is not None:
        _check(heard, arrival)
    return heard


def _check(heard: Heard, arrival: Arrival) -> None:
    if arrival.chat_id is None or heard.sender.chat_id != arrival.chat_id:
        raise Unparsable("another chat")  # it is answered where it was put in order, or nowhere
    message = heard.message
    pressed = message.message_id if isinstance(message, Pressed) else None
    file_id = message.file_id if isinstance(message, Showed) else None
    check(
        (heard.sender.chat_id, heard.about_message, pressed), (heard.sender.language_code, heard.callback_id, file_id)
    )


def is_blocked(arrival: Arrival, bot: Bot) -> bool:
    """That a person stopped the bot in the own chat. Raises Unparsable."""
    try:
        changed = Update.de_json(json.loads(arrival.body), bot).my_chat_member
        return (
            changed is not None
            and changed.chat.type == ChatType.PRIVATE
            and changed.new_chat_member.status == ChatMemberStatus.BANNED
        )
    except Exception as error:
        raise Unparsable(type(error).__name__) from error


def groups(parsed: Sequence[Parsed], joining: bool) -> list[list[Parsed]]:
    """With `joining`, texts in a row are one turn; anything else is a turn of its own."""
    found: list[list[Parsed]] = []
    for item in parsed:
        if joining and found and _plain(item) and _plain(found[-1][-1]):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def _plain(item: Parsed) -> bool:
    return isinstance(item.heard.message, Said | Showed) and item.heard.about_message is None
