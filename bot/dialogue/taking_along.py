"""What is stored of a mover, as a file for people and one for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.dialogue.buttons import parse
from bot.dialogue.model import Commanded, Conversation, LeadFile, Message, Pressed, Reply, Said
from bot.dialogue.talk import Talk
from bot.dialogue.typed import is_typed
from bot.leads.follow_up import FollowUp
from bot.leads.model import Lead

_conversation = TypeAdapter(Conversation)
_follow_up = TypeAdapter(FollowUp | None)
_leads = TypeAdapter(tuple[Lead, ...])
_files = TypeAdapter(tuple[LeadFile, ...])
COMMANDS = ("ta_med", "export")
VERB = "ex"


def is_asked_for(conversation: Conversation, messages: Sequence[Message]) -> bool:
    """Whether one of these messages may lead here: then the files of the mover's leads must be at hand."""
    return any(_asks(conversation, message) for message in messages)


def _asks(conversation: Conversation, message: Message) -> bool:
    match message:
        case Commanded(name, _):
            return name in COMMANDS
        case Pressed(data):
            return _is_button(data)
        case Said(text):
            return any(is_typed(shown, text) for shown, pressed in conversation.offered if _is_button(pressed))
        case _:
            return False


def _is_button(pressed: str) -> bool:
    press = parse(pressed)
    return press is not None and press.verb == VERB


def show(talk: Talk) -> None:
    """Two files: readable text and JSON."""
    everything = stored(talk)
    talk.say("along.here", [[talk.button("forget", "fg")]])
    readable = "\n".join(_lines(everything, 0))
    talk.replies.append(Reply(str(talk.phrase("along.readable")), document=("flytt-hit.txt", readable)))
    as_json = json.dumps(everything, ensure_ascii=False, indent=2)
    talk.replies.append(Reply(str(talk.phrase("along.json")), document=("flytt-hit.json", as_json)))


def stored(talk: Talk) -> dict[str, Any]:
    """All of it, as plain values."""
    conversation: dict[str, Any] = _conversation.dump_python(talk.conversation, mode="json")
    conversation.pop("offered")  # labels of buttons, nothing of the mover's
    leads: list[Any] = _leads.dump_python(talk.situation.leads, mode="json")
    files: list[Any] = _files.dump_python(talk.situation.files, mode="json")
    follow_up = _follow_up.dump_python(talk.situation.follow_up, mode="json")
    return {
        "conversation": conversation,
        "leads": leads,
        "threads, notes and log of each lead": files,
        "question after some months": follow_up,
    }


def _lines(value: object, depth: int) -> list[str]:
    indent = "  " * depth
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            if isinstance(item, dict | list) and item:
                lines += [f"{indent}{key}:", *_lines(item, depth + 1)]
            elif item not in (None, "", [], {}):
                lines.append(f"{indent}{key}: {item}")
        return lines
    if isinstance(value, list):
        return [line for item in value for line in (*_lines(item, depth + 1), "")]
    return [f"{indent}{value}"]
