"""What the page does for a person: say, press, start, … Each is a POST with JSON and answers with JSON.

What cannot be done is answered with 422 and a code; the page has the words for it.
"""

import json
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.web.playground.person import add_mover
from bot.web.playground.phrases import words
from bot.web.playground.pretended import JSON, Pretended

LONGEST_TEXT = 4096  # UTF-16 units, Telegram's own limit
LARGEST_BODY = 64 * 1024

Given = Mapping[str, object]
Action = Callable[[Pretended, Given], JSON]


class Refused(Exception):
    """Refused with a code that the page has words for."""

    def __init__(self, code: str, status: int = 422) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Act:
    """The endpoint for all actions, chosen by the last part of the address."""

    def __init__(self, telegram: Pretended) -> None:
        self._telegram = telegram

    async def __call__(self, request: Request) -> JSONResponse:
        try:
            action = ACTIONS.get(request.path_params["action"])
            if action is None:
                raise Refused("unknown", 404)
            return JSONResponse(action(self._telegram, await given_in(request)))
        except Refused as refused:
            return JSONResponse({"error": refused.code}, refused.status)
        except ValueError as problem:  # what Telegram's app would not let a person do
            return JSONResponse({"error": "not_possible", "why": str(problem)}, 422)


async def given_in(request: Request) -> Given:
    """What a page sent. Raises Refused."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused("too_long", 413)
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("not_json", 400) from None
    if not isinstance(given, dict):
        raise Refused("not_json", 400)
    return given


def _say(telegram: Pretended, given: Given) -> JSON:
    telegram.say(_user(telegram, given), _message_text(given), _optional_number(given, "reply_to"))
    return {}


def _edit(telegram: Pretended, given: Given) -> JSON:
    telegram.edit(_user(telegram, given), _number(given, "message_id"), _message_text(given))
    return {}


def _press(telegram: Pretended, given: Given) -> JSON:
    user = _user(telegram, given)
    return {"query_id": telegram.press(user, _number(given, "message_id"), _text(given, "data"))}


def _start(telegram: Pretended, given: Given) -> JSON:
    telegram.start(_user(telegram, given), _text(given, "payload") or None)
    return {}


def _send(telegram: Pretended, given: Given) -> JSON:
    telegram.send_kind(_user(telegram, given), _text(given, "kind"))
    return {}


def _read(telegram: Pretended, given: Given) -> JSON:
    telegram.mark_read(_user(telegram, given), _number(given, "message_id"))
    return {}


def _block(telegram: Pretended, given: Given) -> JSON:
    telegram.block(_user(telegram, given))
    return {}


def _unblock(telegram: Pretended, given: Given) -> JSON:
    telegram.unblock(_user(telegram, given))
    return {}


def _mover(telegram: Pretended, given: Given) -> JSON:
    """One more; `in_show` asks for one who speaks in "Se det skje"."""
    invented = words().show.movers if given.get("in_show") is True else words().movers
    return {"id": add_mover(telegram, invented).user.id}


def _user(telegram: Pretended, given: Given) -> int:
    """Only the people on the page can be played."""
    number = _number(given, "user")
    if number not in {persona.user.id for persona in telegram.personas()}:
        raise Refused("unknown", 404)
    return number


def _message_text(given: Given) -> str:
    text = _text(given, "text")
    if not text.strip():
        raise Refused("empty")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise Refused("too_long")
    return text


def _text(given: Given, name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused("not_json", 400)
    return value


def _number(given: Given, name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int) or not 0 < value < 2**53:
        raise Refused("not_json", 400)
    return value


def _optional_number(given: Given, name: str) -> int | None:
    return None if given.get(name) is None else _number(given, name)


ACTIONS: dict[str, Action] = {
    "say": _say,
    "edit": _edit,
    "press": _press,
    "start": _start,
    "send": _send,
    "read": _read,
    "block": _block,
    "unblock": _unblock,
    "mover": _mover,
}
