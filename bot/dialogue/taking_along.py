"""What is stored of a mover, as a file for people and one for programs."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from bot.dialogue.model import Conversation, Reply
from bot.dialogue.talk import Talk
from bot.leads.model import Lead

_conversation = TypeAdapter(Conversation)
_leads = TypeAdapter(tuple[Lead, ...])


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
    return {"conversation": conversation, "leads": leads}


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
