"""What must be known of an update before anything may fail: its id and its chat, read from the raw JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.storage.arrivals import Incoming

#: Kinds of update that carry a chat, and where.
_WITH_CHAT = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
)


def incoming(update: Mapping[str, Any]) -> Incoming | None:
    """An update ready to be kept; None when it has no id, since it could then be neither confirmed nor told apart."""
    update_id = update.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool) or abs(update_id) >= 2**63:
        return None
    # ASCII escapes keep lone surrogates and NUL as they came.
    return Incoming(update_id, chat_of(update), json.dumps(update).encode("ascii"), _heard(update))


def chat_of(update: Mapping[str, Any]) -> int | None:
    """The chat whose order this update belongs to; None for kinds without one and for nonsense."""
    for kind in _WITH_CHAT:
        found = _id(update, kind, "chat")
        if found is not None:
            return found
    pressed = _id(update, "callback_query", "message", "chat")
    return pressed if pressed is not None else _id(update, "callback_query", "from")


def _heard(update: Mapping[str, Any]) -> bool:
    """That somebody blocked the bot is no sign that they are there."""
    changed = update.get("my_chat_member")
    member = changed.get("new_chat_member") if isinstance(changed, Mapping) else None
    return not (isinstance(member, Mapping) and member.get("status") in ("kicked", "left"))


def _id(value: Any, *path: str) -> int | None:
    for key in (*path, "id"):
        value = value.get(key) if isinstance(value, Mapping) else None
    usable = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if usable else None
