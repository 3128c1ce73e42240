"""What is made up: texts, updates, button data, start parameters and files as nobody should send them.

Each is made from a number that hypothesis chooses: a hundred times faster than letting it choose every character, and
the number alone brings the same back.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.faults import hostile_words

T = TypeVar("T")
_FORM_TOKENS = ("tynset", "housing", "housing/rent-home", "0123abcd", "TYN-7F3K", "0123abcd.0", "-", "1.2.3", "reached")


def made(maker: Callable[[random.Random], T]) -> st.SearchStrategy[T]:
    return st.integers(0, 2**64 - 1).map(lambda number: maker(random.Random(number)))


def text(chance: random.Random) -> str:
    """Words that mean something here, any characters at all, or one word without end."""
    match chance.randrange(4):
        case 0:
            return " ".join(chance.choices(hostile_words.WORDS, k=chance.randrange(12)))
        case 1:
            return "".join(chr(chance.choice(hostile_words.RANGES)(chance)) for _ in range(chance.randrange(60)))
        case 2:
            return "".join(chance.choices(hostile_words.ODD, k=chance.randrange(40)))
        case _:
            return ((chance.choice(hostile_words.WORDS) + " ") * chance.randrange(800))[: chance.choice((40, 4096))]


def argument(chance: random.Random) -> str:
    return chance.choice(_FORM_TOKENS) if chance.random() < 0.7 else text(chance)[:30]


def press(chance: random.Random, verbs: list[str]) -> str:
    """Callback data, most of it of our form."""
    if chance.random() < 0.1:
        return _bytes(text(chance))
    verb = chance.choice(verbs) if chance.random() < 0.9 else text(chance)[:3]
    return _bytes(f"{chance.choice(('1', '1', '1', '2', ''))}:{verb}:{argument(chance)}")


def _bytes(data: str) -> str:
    """As many as Telegram lets through."""
    return data.encode("utf-8", "replace")[:64].decode("utf-8", "ignore")


def parameter(chance: random.Random) -> str:
    return chance.choice(("h_", "c_", "m_", "f_", "l_", "", "--")) + argument(chance)


def value(chance: random.Random, depth: int = 0) -> Any:
    """Anything that JSON can hold."""
    match chance.randrange(9 if depth < 3 else 6):
        case 0:
            return None
        case 1:
            return chance.random() < 0.5
        case 2:
            return chance.choice((0, -1, 2**31, 2**63, 2**70, 10**30, chance.randrange(1000)))
        case 3:
            return chance.choice((0.5, float("inf"), float("nan"), -1e308))
        case 4 | 5:
            return text(chance)[:40]
        case 6:
            return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
        case _:
            return {text(chance)[:12]: value(chance, depth + 1) for _ in range(chance.randrange(4))}


_PERSON = {"id": 7, "is_bot": False, "first_name": "Mona", "language_code": "nb"}
_CHAT = {"id": 7, "type": "private", "first_name": "Mona"}
_MESSAGE: dict[str, Any] = {"message_id": 3, "date": 1_795_510_800, "chat": _CHAT, "from": _PERSON, "text": "/tema"}
_BOLD = {"type": "bold", "offset": 0, "length": 2}
_GOOD: tuple[dict[str, Any], ...] = (
    {"message": _MESSAGE},
    {"message": _MESSAGE | {"text": "Er det noe å leie?", "entities": [_BOLD]}},
    {"message": _MESSAGE | {"photo": [{"file_id": "x", "file_unique_id": "y", "width": 9, "height": 9}]}},
    {"message": _MESSAGE | {"reply_to_message": _MESSAGE | {"message_id": 2}}},
    {"edited_message": _MESSAGE | {"edit_date": 1_795_510_900}},
    {"callback_query": {"id": "5", "from": _PERSON, "message": _MESSAGE, "chat_instance": "7", "data": "1:T:"}},
    {
        "my_chat_member": {
            "chat": _CHAT,
            "from": _PERSON,
            "date": 1_795_510_800,
            "old_chat_member": {"user": _PERSON, "status": "member"},
            "new_chat_member": {"user": _PERSON, "status": "kicked", "until_date": 0},
        }
    },
)
_KINDS = (*(kind for update in _GOOD for kind in update), "poll", "x")


def update(chance: random.Random) -> dict[str, Any]:
    """A good update in which up to three things are gone or are something else; or something else altogether."""
    if chance.random() < 0.2:
        return {chance.choice(_KINDS): value(chance) for _ in range(chance.randrange(3))}
    spoilt = copy.deepcopy(chance.choice(_GOOD))
    for _ in range(chance.randrange(4)):
        _spoil(spoilt, chance)
    return spoilt


def _spoil(place: dict[str, Any], chance: random.Random) -> None:
    while place:
        key = chance.choice(list(place))
        inner = place[key]
        if isinstance(inner, dict) and inner and chance.random() < 0.8:
            place = inner
            continue
        if chance.random() < 0.3:
            del place[key]
        else:
            place[key] = value(chance)
        return


updates, texts, parameters, values = made(update), made(text), made(parameter), made(value)
