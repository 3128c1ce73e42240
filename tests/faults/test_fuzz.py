"""Whatever anybody makes up, there is no uncaught error, no page with 5xx, and nothing that takes long.

Some 10,000 examples in `make test`, a million with FAULTS=full (or as many as FUZZ says).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from telegram import Bot

from bot.app import build_mind, inbox_door
from bot.assistant import Mind
from bot.dialogue.model import Commanded, Conversation, Draft, Message, Pressed, Said, Showed, Situation
from bot.dialogue.presses import _ACTIONS
from bot.dialogue.respond import respond
from bot.knowledge.checking import check
from bot.knowledge.reading import read
from bot.leads.model import Host, Lead
from bot.mail.building import build
from bot.settings import Settings
from bot.storage import parked
from bot.storage.arrivals import Arrival
from bot.storage.clean import clean
from bot.telegram.parsing import heard_in
from bot.telegram.pretend import PretendRequest, PretendTelegram
from bot.telegram.raw import incoming
from bot.telegram.unparsable import Unparsable
from bot.web.inbox import routes as inbox_routes
from bot.web.playground import Person, routes
from bot.web.playground.actions import ACTIONS
from tests.faults import hostile
from tests.knowledge.builder import FILES
from tests.mail.test_mail import SENDER, delivery
from tests.web.inbox.visitor import Visitor, joined, lead_for
from tests.world import PUBLIC_URL, START, world

FULL = os.environ.get("FAULTS") == "full"
#: So many times the examples of `make test`.
TIMES = int(os.environ.get("FUZZ", "100" if FULL else "1"))
SLOW_SECONDS = 0.1
T = TypeVar("T")


def _examples(number: int) -> Callable[[T], T]:
    """The same examples each time in `make test`, so that what passes here passes there; new ones in the full run."""
    return settings(
        max_examples=number * TIMES,
        deadline=None,
        derandomize=not FULL,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class Watch:
    """How long each thing took. Time is not asserted in `make test`, where others use the machine too."""

    def __init__(self) -> None:
        self.slowest, self.slow, self.number = 0.0, 0, 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        began = time.process_time()
        yield
        seconds = time.process_time() - began
        self.number += 1
        self.slow += seconds > SLOW_SECONDS
        self.slowest = max(self.slowest, seconds)

    def __str__(self) -> str:
        return f"{self.number}, the slowest {1000 * self.slowest:.0f} ms, {self.slow} over {1000 * SLOW_SECONDS:.0f} ms"


@pytest.fixture(scope="module")
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Prints with `-s` or -rP how long things took; the full run asserts a generous bound."""
    watch = Watch()
    yield watch
    print(f"fuzz: {watch}")  # noqa: T201 - a figure for whoever asks
    assert not FULL or watch.slow <= watch.number / 1000


# -- updates


@pytest.fixture(scope="module")
def bot() -> Bot:
    telegram = PretendTelegram()
    return Bot(telegram.token, request=PretendRequest(telegram), get_updates_request=PretendRequest(telegram))


@_examples(3500)
@given(update=hostile.updates)
def test_any_update_is_kept_and_heard_or_called_unparsable(bot: Bot, watch: Watch, update: dict[str, Any]) -> None:
    with watch():
        kept = incoming({"update_id": 5, **update})
        if kept is None:
            return
        try:
            heard_in(Arrival(1, kept.update_id, kept.chat_id, kept.body, START), bot)
        except Unparsable:
            return


# -- what people say and press

_LEAD = Lead("TYN-7F3K", "tynset", "new", 7, "Mona", "nb", (), START)
_HOST = Host(1, "host", "Hilde Prøve", "tynset", 77)
_SITUATIONS = (
    Situation(),
    Situation(hosts=(_HOST,)),
    Situation(leads=(_LEAD,), hosts=(_HOST,)),
    Situation(leads=(replace(_LEAD, state="taken", taken_by=1),), hosts=(_HOST,)),
    Situation(joined=(replace(_LEAD, mover_chat=8),)),
)
_CONVERSATIONS = (
    Conversation(7, "Mona"),
    Conversation(7, "Mona", draft=Draft("0123abcd", START, ("tynset",), ())),
    Conversation(7, "Mona", "en", partner="TYN-7F3K"),
)
_VERBS = sorted(_ACTIONS)
_said = hostile.texts.map(lambda text: Said(clean(text)))
_pressed = hostile.made(partial(hostile.press, verbs=_VERBS)).map(lambda data: Pressed(clean(data), 3))
_started = hostile.parameters.map(lambda parameter: Commanded("start", clean(parameter)))
_commanded = st.builds(
    lambda name, argument: Commanded(name, clean(argument)),
    st.sampled_from(["vert", "mine", "slett", "tema", "kommune", "language", "help", "x", "eksport", "frist", "huske"]),
    hostile.texts.map(lambda text: text[:60]),
)
_showed = st.builds(Showed, st.sampled_from(["photo", "voice", "location", "edited", "other"]), st.text(max_size=20))


@cache
def _lexical() -> Mind:
    """Without the embedding, which takes most of the time and looks at no more than the words."""
    return build_mind(Settings(_env_file=None, semantic="off"))


def _goes_through(watch: Watch, conversation: Conversation, situation: Situation, messages: list[Message]) -> None:
    """One after the other, each to what the one before left; whatever is said back, Telegram would take it."""
    mind = _lexical()
    for message in messages:
        with watch():
            turn = respond(conversation, [message], situation, mind.knowledge, mind.matcher, START)
        conversation = turn.conversation
        for reply in turn.replies:
            assert reply.html.strip()
            for button in (button for row in reply.buttons for button in row):
                assert len((button.data or "").encode()) <= 64 and button.label.strip()


def _talks(*kinds: st.SearchStrategy[Any], most: int = 4) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return given(
        conversation=st.sampled_from(_CONVERSATIONS),
        situation=st.sampled_from(_SITUATIONS),
        messages=st.lists(st.one_of(*kinds), min_size=1, max_size=most),
    )


@_examples(200)
@_talks(_said)
def test_any_texts_are_answered(
    watch: Watch, conversation: Conversation, situation: Situation, messages: list[Message]
) -> None:
    _goes_through(watch, conversation, situation, messages)


@_examples(1200)
@_talks(_pressed)
def test_any_button_data_is_answered(
    watch: Watch, conversation: Conversation, situation: Situation, messages: list[Message]
) -> None:
    _goes_through(watch, conversation, situation, messages)


@_examples(400)
@_talks(_started, most=2)
def test_any_start_parameter_is_answered(
    watch: Watch, conversation: Conversation, situation: Situation, messages: list[Message]
) -> None:
    _goes_through(watch, conversation, situation, messages)


@_examples(250)
@_talks(_said, _pressed, _commanded, _showed, most=6)
def test_any_mix_is_answered(
    watch: Watch, conversation: Conversation, situation: Situation, messages: list[Message]
) -> None:
    _goes_through(watch, conversation, situation, messages)


# -- mails


@_examples(500)
@given(
    html=hostile.texts.map(clean),
    about=st.sampled_from(["notice", "reminder"]),
    language=st.sampled_from(["nb", "nn", "en"]),
    path=hostile.parameters,
)
def test_any_words_make_a_mail(watch: Watch, html: str, about: str, language: str, path: str) -> None:
    with watch():
        raw = build(
            delivery(html=html, about=about, language=language, path=f"/inbox/{quote(clean(path))}"), SENDER
        ).as_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["To"] == "hilde@kommune.example" and mail["Bcc"] is None and mail.get_body(("plain",)) is not None


# -- knowledge files


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("knowledge")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


_YAML = (
    "&a [*a]",
    "{{",
    "- - - -",
    "!!python/object",
    "1" * 6000,
    "title: [",
    "---",
    "\t",
    "no",
    "~",
    "<<: *x",
    "0x",
    "#",
)


@_examples(250)
@given(
    name=st.sampled_from(sorted(FILES)),
    at=st.floats(0, 1),
    taken=st.integers(0, 60),
    put=st.one_of(st.sampled_from(_YAML), hostile.texts.map(lambda text: text[:300])),
    raw=st.one_of(st.none(), st.binary(max_size=40)),
)
def test_any_file_is_read_or_called_broken(
    knowledge: Path, watch: Watch, name: str, at: float, taken: int, put: str, raw: bytes | None
) -> None:
    content = FILES[name]
    start = int(at * len(content))
    spoilt = (content[:start] + put + content[start + taken :]).encode("utf-8", "surrogatepass")
    path = knowledge / name
    path.write_bytes(spoilt if raw is None else spoilt[:start] + raw)
    try:
        with watch():
            reading = read(knowledge)
            check(reading, date(2026, 11, 24), knowledge)
        assert all(problem.message and problem.remedy for problem in reading.problems)
    finally:
        path.write_text(content)


# -- pages


class Pages:
    """The inbox with the coordinator signed in, and the playground; asked from a loop of their own."""

    def __init__(self, runner: asyncio.Runner, visitor: Visitor, telegram: PretendTelegram) -> None:
        self._runner, self.inbox = runner, visitor.client
        door = inbox_door(visitor.world.house, PUBLIC_URL, visitor.world.clock)
        paths = {getattr(route, "path", "") for route in inbox_routes(door)}
        #: Signing out would end the story.
        self.paths = sorted(path for path in paths if "sign-out" not in path)
        self.csrf = next(form.fields["csrf"] for form in visitor.page.forms if "csrf" in form.fields)
        people = [Person("ola", "Ola", "mover", "nb", "Tenker på å flytte")]
        transport = httpx.ASGITransport(Starlette(routes=routes(telegram, people)))
        headers = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}
        self.playground = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers)
        self.player = telegram.personas()[-1].user.id

    def ask(self, client: httpx.AsyncClient, method: str, path: str, **given: Any) -> httpx.Response:
        """A page's uncaught error is raised here."""
        return self._runner.run(client.request(method, path, **given))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with asyncio.Runner() as runner:
        opening = world(tmp_path_factory.mktemp("web"))
        opened = runner.run(opening.__aenter__())
        visitor = runner.run(joined(opened, None, "Kari Prøve"))
        runner.run(lead_for(opened))
        runner.run(visitor.opens("/inbox"))
        yield Pages(runner, visitor, opened.telegram)
        runner.run(opening.__aexit__(None, None, None))


_FIELDS = [
    "text",
    "next",
    "outcome",
    "name",
    "language",
    "email",
    "to",
    "title",
    "stand_in",
    "sentence",
    "place",
    "own",
    "opens",
    "night",
    "morning",
    "languages",
    "detail",
    "days",
    "code",
    "closes",
    "channel",
    "block",
    "away_until",
    "away_from",
]
_values = st.one_of(
    st.sampled_from(["", "tynset", "nb", "on", "2026-12-01", "24:00", "09:00", "-1", "reached", "a@b.example", "host"]),
    hostile.texts,
)
_forms = st.dictionaries(st.sampled_from(_FIELDS), st.one_of(_values, st.lists(_values, max_size=3)), max_size=8)


def _encodable(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [str(_encodable(each)) for each in value]
    return value.encode("utf-8", "replace").decode()


@_examples(400)
@given(
    which=st.integers(0, 999),
    place=st.one_of(st.sampled_from(["tynset", "TYN-7F3K", "5", "0", "region"]), hostile.texts),
    post=st.booleans(),
    form=_forms,
    honest=st.booleans(),
)
def test_any_form_is_answered(
    pages: Pages, watch: Watch, which: int, place: str, post: bool, form: dict[str, str | list[str]], honest: bool
) -> None:
    part = quote(place.encode("utf-8", "replace").decode()[:200].replace("/", "-") or "x")
    path = re.sub(r"\{\w+(:int)?\}", lambda found: "5" if found[1] else part, pages.paths[which % len(pages.paths)])
    data = {name: _encodable(value) for name, value in form.items()} | ({"csrf": pages.csrf} if honest else {})
    with watch():
        given = {"data": data} if post else {"params": data}
        answer = pages.ask(pages.inbox, "POST" if post else "GET", path, **given)
    assert answer.status_code < 500, (path, data)


@_examples(200)
@given(
    path=st.one_of(
        st.sampled_from(["/inbox", "/inbox/sign-in", "/inbox/me", "/playground/move", "/playground/do/say", "/"]),
        hostile.texts.map(lambda text: "/" + quote(text.encode("utf-8", "replace")[:200])),
    ),
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"]),
    kind=st.sampled_from(
        ["", "application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/x", "\xff"]
    ),
    body=st.one_of(st.binary(max_size=200), st.just(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1')),
    inbox=st.booleans(),
)
def test_any_request_is_answered(
    pages: Pages, watch: Watch, path: str, method: str, kind: str, body: bytes, inbox: bool
) -> None:
    headers = {"content-type": kind.encode("latin-1")} if kind else {}
    with watch():
        client = pages.inbox if inbox else pages.playground
        answer = pages.ask(client, method, path, content=body, headers=headers)
    assert answer.status_code < 500, path


@_examples(400)
@given(
    action=st.sampled_from([*ACTIONS, "x"]),
    given_=st.dictionaries(
        st.sampled_from(["user", "text", "message_id", "data", "payload", "kind", "reply_to", "in_show"]),
        st.one_of(hostile.values, hostile.texts, st.integers(0, 9)),
        max_size=5,
    ),
    known=st.booleans(),
    move=st.booleans(),
)
def test_any_action_of_the_playground_is_answered(
    pages: Pages, watch: Watch, action: str, given_: dict[str, Any], known: bool, move: bool
) -> None:
    sent = given_ | ({"user": pages.player} if known else {})
    path = "/playground/move" if move else f"/playground/do/{action}"
    with watch():
        answer = pages.ask(pages.playground, "POST", path, content=json.dumps(sent))
    assert answer.status_code < 500, sent


# -- the whole way


@_examples(4)
@given(batch=st.lists(hostile.updates, min_size=20, max_size=30), seed=st.integers(0, 2**32))
def test_any_updates_leave_the_program_answering(
    tmp_path_factory: pytest.TempPathFactory, batch: list[Any], seed: int
) -> None:
    """What cannot be read is parked as such; nothing fails on its way, and the next person is answered."""

    async def story() -> None:
        async with world(tmp_path_factory.mktemp("whole")) as opened:
            for update in batch:
                opened.telegram.inject({key: value for key, value in update.items() if key != "update_id"})
            mover = opened.mover()
            await mover.says("Er det noe å leie på Tynset?")
            mover.sees_entry("housing/rent-home")
            async with opened.house.database.reading() as session:
                found = await parked.everything(session)
            assert all(item.kind == "arrival" and item.trouble.startswith("unparsable") for item in found), found

    asyncio.run(story())
