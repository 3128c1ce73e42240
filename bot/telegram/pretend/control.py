"""What a test in another process may ask of the pretend Telegram over HTTP. Users are named by their ids.

    POST /control/user     {"name": "Kari", "language_code": "nb"}            -> {"id": 5204881301, …}
    POST /control/say      {"user": 5204881301, "text": "Hei"}                -> {"message": {…}}
    POST /control/press    {"user": …, "message_id": 2, "callback_data": …}   -> {"query_id": "…"}
    POST /control/start    {"user": …, "payload": "h_…"}                      -> {"message": {…}}
    POST /control/messages {"chat": …}                                        -> {"messages": […]}
    POST /control/changed  {"after": 12, "seconds": 5}                        -> {"revision": 14}

and the rest of ACTIONS.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.telegram.pretend.core import PretendTelegram
from bot.telegram.pretend.faults import Fault, Plan
from bot.telegram.pretend.model import JSON, Message

Given = Mapping[str, object]
Action = Callable[[PretendTelegram, Given], Awaitable[JSON]]


async def user(telegram: PretendTelegram, given: Given) -> JSON:
    known = telegram.user(_text(given, "name"), _text(given, "language_code") or None, _number_or_none(given, "id"))
    return known.as_json()


async def say(telegram: PretendTelegram, given: Given) -> JSON:
    message = telegram.say(
        _number(given, "user"),
        _text(given, "text"),
        _number_or_none(given, "reply_to"),
        chat_id=_number_or_none(given, "chat_id"),
        unchecked=bool(given.get("unchecked")),
    )
    return {"message": _shown(telegram, message)}


async def start(telegram: PretendTelegram, given: Given) -> JSON:
    message = telegram.start(_number(given, "user"), _text(given, "payload") or None)
    return {"message": _shown(telegram, message)}


async def press(telegram: PretendTelegram, given: Given) -> JSON:
    query_id = telegram.press(
        _number(given, "user"),
        _number(given, "message_id"),
        _text(given, "callback_data"),
        forged=bool(given.get("forged")),
    )
    return {"query_id": query_id}


async def edit(telegram: PretendTelegram, given: Given) -> JSON:
    message = telegram.edit(_number(given, "user"), _number(given, "message_id"), _text(given, "text"))
    return {"message": _shown(telegram, message)}


async def block(telegram: PretendTelegram, given: Given) -> JSON:
    telegram.block(_number(given, "user"))
    return {}


async def unblock(telegram: PretendTelegram, given: Given) -> JSON:
    telegram.unblock(_number(given, "user"))
    return {}


async def inject(telegram: PretendTelegram, given: Given) -> JSON:
    update = given.get("update")
    return {"update_id": telegram.inject(update if isinstance(update, dict) else {})}


async def messages(telegram: PretendTelegram, given: Given) -> JSON:
    return {"messages": [_shown(telegram, message) for message in telegram.messages(_number(given, "chat"))]}


async def answer(telegram: PretendTelegram, given: Given) -> JSON:
    return {"answer": telegram.press_answer(_text(given, "query_id"))}


async def pending(telegram: PretendTelegram, given: Given) -> JSON:
    return {"updates": telegram.pending()}


async def changed(telegram: PretendTelegram, given: Given) -> JSON:
    seconds = given.get("seconds", 5)
    return {"revision": await telegram.changed(_number(given, "after"), float(str(seconds)))}


async def fault(telegram: PretendTelegram, given: Given) -> JSON:
    """Plans a fault: {"method": "sendMessage", "kind": "timeout", "after_effect": true, "times": 1}."""
    if not isinstance(telegram.fault, Plan):
        telegram.fault = Plan()
    telegram.fault.add(_text(given, "method") or "*", _fault(given), _number_or_none(given, "times") or 1)
    return {}


def _fault(given: Given) -> Fault:
    after_effect = bool(given.get("after_effect"))
    match given.get("kind"):
        case "refused":
            return Fault.refused()
        case "reset":
            return Fault.reset(after_effect=after_effect)
        case "timeout":
            return Fault.timeout(after_effect=after_effect)
        case "half_body":
            return Fault.half_body(after_effect=after_effect)
        case "invalid_json":
            return Fault.invalid_json(after_effect=after_effect)
        case "too_many_requests":
            return Fault.too_many_requests(_number_or_none(given, "retry_after"))
        case "answer":
            return Fault.answer(_number(given, "status"), _text(given, "body").encode(), after_effect=after_effect)
        case other:
            raise LookupError(f"no fault is called {other!r}")


def _shown(telegram: PretendTelegram, message: Message) -> JSON:
    return telegram.message_json(message)


def _text(given: Given, name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def _number(given: Given, name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int):
        raise TypeError(f"{name} must be a number")
    return value


def _number_or_none(given: Given, name: str) -> int | None:
    return _number(given, name) if given.get(name) is not None else None


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        user,
        say,
        start,
        press,
        edit,
        block,
        unblock,
        inject,
        messages,
        answer,
        pending,
        changed,
        fault,
    )
}
