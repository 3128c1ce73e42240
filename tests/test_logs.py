"""The log holds ids: no words, no names, no token, whatever happens and however much is logged."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterator

import pytest

from bot import logs
from bot.telegram.pretend import Fault, Plan
from tests.world import World

SECRET = "enslags hemmelighet"
NAME = "Bjørgulf"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Everything that was logged since, at LOG_LEVEL=DEBUG; what pytest had set up comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    levels = {name: logging.getLogger(name).level for name in logs._TALKATIVE}
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up("DEBUG")
    yield stream.getvalue
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def _fails(text: str) -> None:
    raise ValueError(text)


def test_an_exception_tells_its_kind_and_place_and_not_its_words(told: Callable[[], str]) -> None:
    try:
        _fails(SECRET)
    except ValueError:
        logging.getLogger("bot.test").exception("arrival %s failed", 17)
    lines = told()
    assert "arrival 17 failed" in lines
    assert "ValueError" in lines and "test_logs.py" in lines
    assert SECRET not in lines


def test_the_causes_words_are_not_told_either(told: Callable[[], str]) -> None:
    try:
        try:
            _fails(SECRET)
        except ValueError as error:
            raise RuntimeError(f"on top: {SECRET}") from error
    except RuntimeError:
        logging.getLogger("bot.test").exception("failed")
    lines = told()
    assert "RuntimeError" in lines and SECRET not in lines


async def test_a_whole_conversation_leaves_no_word_no_name_and_no_token(world: World, told: Callable[[], str]) -> None:
    host = await world.host("tynset", NAME)
    mover = world.mover("Solfrid")
    await mover.says(f"Er det noe å leie på Tynset? {SECRET}")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.presses("Ta saken")
    await host.says(f"Hei, {SECRET}", reply_to=host.last)
    await mover.says(f"Takk for {SECRET}")
    await mover.says("/glem")
    await mover.presses("Ja, slett alt")
    logging.getLogger("bot.test").debug("the log is on")
    _check(world, told())


BROKEN = {
    "an answer that is no JSON": Fault.answer(200, f'{{"ok":true,"result":{{"text":"{SECRET}"'.encode()),
    "an answer with an error": Fault.error(400, "Bad Request: can't parse entities: unclosed"),
    "too many requests": Fault.answer(502, f"<html>{SECRET}</html>".encode()),
    "no answer": Fault.timeout(),
    "half an answer": Fault.half_body(),
}


@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())
async def test_troubles_on_the_wire_leave_none_either(world: World, told: Callable[[], str], fault: Fault) -> None:
    mover = world.mover("Solfrid")
    plan = Plan()
    plan.add("sendMessage", fault)
    world.telegram.fault = plan
    world.telegram.say(mover.user, f"Er det noe å leie på Tynset? {SECRET}")
    await world.settle()
    assert "delivery" in told(), "the trouble itself is told"
    logging.getLogger("bot.test").debug("the log is on")
    _check(world, told())


async def test_an_update_that_cannot_be_parsed_is_told_by_its_id(world: World, told: Callable[[], str]) -> None:
    world.telegram.inject({"message": {"chat": {"id": 5}, "text": [SECRET], "date": "never"}})
    await world.settle()
    logging.getLogger("bot.test").debug("the log is on")
    lines = told()
    assert "cannot be parsed" in lines
    _check(world, lines)


def _check(world: World, lines: str) -> None:
    assert "the log is on" in lines, "or this proves nothing"
    token = world.telegram.token
    for secret in (SECRET, NAME, "Solfrid", token, token.partition(":")[2]):
        assert secret not in lines, [line for line in lines.splitlines() if secret in line]
