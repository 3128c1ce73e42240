"""Movers, hosts, strangers, the clock and faults in any order: what design.md promises holds after each step.

`make test` has 100 short stories, FAULTS=full 2,000 longer ones.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Coroutine
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlmodel import select
from telegram.error import TelegramError

from bot.leads.model import Lead
from bot.leads.references import PATTERN
from bot.storage.tables import ArrivalRow, ConsentRow, DeliveryRow
from bot.telegram.pretend import Fault, Plan, User
from bot.telegram.pretend.people import FIRST_USER_ID
from tests.world import Person, World, world

FULL = os.environ.get("FAULTS") == "full"
T = TypeVar("T")
PLACES = ("tynset", "roros", "alvdal")
#: Where there is a host; Alvdal has only the coordinator.
WITH_HOST = ("tynset", "tynset", "roros")
NAMES = ("Mona", "Mia", "Arne", "Siri Snok", "Hilde", "Harald", "Rune", "Kari")
FAULTS = (
    Fault.refused(),
    Fault.timeout(),
    Fault.timeout(after_effect=False),
    Fault.reset(after_effect=True),
    Fault.half_body(),
    Fault.invalid_json(),
    Fault.error(500, "Internal Server Error"),
    Fault.too_many_requests(20),
    Fault.too_many_requests(None),
)
CALLS = ("sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates")
MOVERS = st.integers(0, 2)
HOSTS = st.integers(0, 3)


def _users(world: World) -> list[User]:
    """Everybody, in the order in which they came."""
    return [world.telegram.user(name, id=FIRST_USER_ID + number) for number, name in enumerate(NAMES)]


class Alarms(logging.Handler):
    """What an operator is told."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@cache
def _beginning() -> Path:
    """A program with its hosts, to be copied for each story."""

    async def story() -> None:
        async with world(folder) as opened:
            for name in NAMES[:4]:
                opened.telegram.start(opened.mover(name).user)
            await opened.settle()
            for number, place in enumerate(WITH_HOST):
                await opened.host(place, NAMES[4 + number])
            await opened.coordinator(NAMES[7])

    folder = Path(tempfile.mkdtemp(prefix="flytthit-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    asyncio.run(story())
    return folder


class Stories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="flytthit-model-")
        self.alarms = Alarms()
        logging.getLogger("bot").addHandler(self.alarms)
        shutil.copytree(_beginning(), self.folder.name, dirs_exist_ok=True)
        self._open()
        people = [Person(self.world, user) for user in _users(self.world)]
        self.movers, self.stranger, self.hosts = people[:3], people[3], people[4:]
        #: Per mover how many leads were sent off, and what was said in secret.
        self.sent = dict.fromkeys(range(3), 0)
        self.secrets: dict[int, list[str]] = {number: [] for number in range(3)}

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(story)

    def _open(self) -> None:
        self._opening = world(Path(self.folder.name))
        self.world: World = self.run(self._opening.__aenter__())

    def teardown(self) -> None:
        try:
            self.world.telegram.fault = None
            self._hours_pass(13)
            self._hours_pass(13)
            self._nothing_waits()
            self.what_was_promised_holds()
        finally:
            self.run(self._opening.__aexit__(None, None, None))
            logging.getLogger("bot").removeHandler(self.alarms)
            self.runner.close()
            self.folder.cleanup()

    # -- what people do

    @rule(who=MOVERS, question=st.sampled_from(["Er det noe å leie?", "barnehage i Røros", "asdf qwer", "hei", "🏔"]))
    def a_mover_asks(self, who: int, question: str) -> None:
        secret = f"hemmelig{who}x{len(self.secrets[who])}"
        self.secrets[who].append(secret)
        self._says(self.movers[who], f"{question} {secret}")

    @rule(who=MOVERS, place=st.sampled_from(PLACES))
    def a_mover_becomes_a_lead(self, who: int, place: str) -> None:
        before = len(self._leads_of(who))
        if any(lead.municipality == place and lead.state in ("new", "taken") for lead in self._leads_of(who)):
            return
        self._says(self.movers[who], f"/vert {place}")
        self._says(self.movers[who], "ja")
        self.sent[who] += 1
        assert len(self._leads_of(who)) == before + 1, "what was sent off is stored, once"

    @rule(who=HOSTS, which=st.integers(0, 9))
    def a_host_takes(self, who: int, which: int) -> None:
        if lead := self._lead(which):
            self._says(self.hosts[who], f"/ta {lead.reference}")

    @rule(which=st.integers(0, 9))
    def two_hosts_press_at_once(self, which: int) -> None:
        if lead := self._lead(which):
            for host in self.hosts[:2]:
                self.world.telegram.press(host.user, host.last.id, f"1:ht:{lead.reference}", forged=True)
            self._settle()

    @rule(who=HOSTS, which=st.integers(0, 9))
    def a_host_answers(self, who: int, which: int) -> None:
        if lead := self._lead(which):
            self._says(self.hosts[who], f"Svar {lead.reference} Velkommen hit")

    @rule(which=st.integers(0, 9), way=st.sampled_from(["/ta {}", "Svar {} hei", "/saker", "/lukk {}"]))
    def a_stranger_tries(self, which: int, way: str) -> None:
        if lead := self._lead(which):
            self._says(self.stranger, way.format(lead.reference))
            self.world.telegram.press(self.stranger.user, 1, f"1:ht:{lead.reference}", forged=True)
            self._settle()

    @rule(who=MOVERS)
    def a_mover_sends_something_else(self, who: int) -> None:
        self.world.telegram.send_kind(self.movers[who].user, "voice")
        self._settle()

    # -- what else happens

    @rule(hours=st.sampled_from([0.01, 1, 25, 24 * 8]))
    def time_passes(self, hours: float) -> None:
        self._hours_pass(hours)

    @rule(call=st.sampled_from(CALLS), fault=st.sampled_from(FAULTS), times=st.integers(1, 2))
    def something_will_break(self, call: str, fault: Fault, times: int) -> None:
        plan = Plan()
        plan.add(call, fault, times)
        self.world.telegram.fault = plan

    @rule()
    def updates_come_again(self) -> None:
        """As when the confirmation was lost."""
        self.world.service.poller._offset = None
        self._settle()

    @rule(who=MOVERS)
    @precondition(lambda self: self.world.telegram.fault is None)
    def the_program_dies_in_the_middle(self, who: int) -> None:
        self.world.telegram.say(self.movers[who].user, "/tema")
        self.run(self.world.service.poller.poll_once())
        clock, fault = self.world.clock.now, self.world.telegram.fault
        self.run(self._opening.__aexit__(None, None, None))
        self._open()
        self.world.clock.now, self.world.telegram.fault = clock, fault
        for person in (*self.movers, *self.hosts, self.stranger):
            person.world = self.world
        self.run(self.world.service.sender.recover())
        self._settle()

    # -- what holds

    @invariant()
    def what_was_promised_holds(self) -> None:
        leads = self.run(self.world.leads())
        rows, consents, arrivals = self.run(self._rows())
        for who, mover in enumerate(self.movers):
            own = [lead for lead in leads if lead.mover_chat == mover.user.id]
            assert len(own) == self.sent[who], "stored once"
            told = {"-".join(found) for message in mover.from_bot() for found in PATTERN.findall(message.text)}
            assert told <= {lead.reference for lead in own}, "no reference of nobody's"
        assert consents == len(leads), "stored with its consent"
        for lead in leads:
            noticed = any(row.reference == lead.reference and row.kind == "notice" for row in rows)
            assert noticed or not lead.noticed, "who is said to know was told"
            takers = [host for host in self.hosts if any(self._took(m.text, lead) for m in host.from_bot())]
            assert len(takers) <= 1, "one owner"
        self._nobody_else_reads()
        self._in_order(rows)
        parked = [row.id for row in rows if row.state == "parked"]
        told_of = " ".join(self.alarms.texts)
        assert all("parked" in told_of or "cut off" in told_of for _ in parked)
        assert all(row.state in ("done", "waiting") for row in arrivals), "nothing of this is poison"

    def _took(self, text: str, lead: Lead) -> bool:
        return lead.reference in text and "Du har tatt" in text

    def _nobody_else_reads(self) -> None:
        """What a mover said is read by that mover, and by hosts once it is part of a lead; never by others."""
        for who, secrets in self.secrets.items():
            others = [self.stranger, *(mover for number, mover in enumerate(self.movers) if number != who)]
            if not self.sent[who]:
                others += self.hosts
            for person in others:
                text = " ".join(message.text for message in person.from_bot())
                assert not any(secret in text for secret in secrets), f"{person.user.name} reads of {who}"

    def _in_order(self, rows: list[DeliveryRow]) -> None:
        for person in (*self.movers, *self.hosts):
            sent = [row.message_id for row in rows if row.chat_id == person.user.id and row.state == "sent"]
            fresh = [id for n, id in enumerate(sent) if id is not None and id not in sent[:n]]
            assert fresh == sorted(fresh), "in order"

    def _nothing_waits(self) -> None:
        rows, _, arrivals = self.run(self._rows())
        assert not [row.id for row in rows if row.state in ("waiting", "unknown", "sending")]
        assert {row.state for row in arrivals} <= {"done"}, "every confirmed arrival was answered"
        for who, mover in enumerate(self.movers):
            for lead in self._leads_of(who):
                texts = " ".join(message.text for message in mover.from_bot())
                is_parked = any(row.state == "parked" and row.chat_id == mover.user.id for row in rows)
                assert lead.reference in texts or is_parked, "the receipt came"

    # -- how

    def _says(self, person: Person, text: str) -> None:
        self.world.telegram.say(person.user, text)
        self._settle()

    def _settle(self) -> None:
        for _ in range(4):
            try:
                self.run(self.world.settle())
                return
            except TelegramError:
                continue

    def _hours_pass(self, hours: float) -> None:
        self.world.clock.move(hours=hours)
        self._settle()

    def _lead(self, which: int) -> Lead | None:
        leads = self.run(self.world.leads())
        return leads[which % len(leads)] if leads else None

    def _leads_of(self, who: int) -> list[Lead]:
        chat_id = self.movers[who].user.id
        return [lead for lead in self.run(self.world.leads()) if lead.mover_chat == chat_id]

    async def _rows(self) -> tuple[list[DeliveryRow], int, list[ArrivalRow]]:
        async with self.world.house.database.reading() as session:
            rows = (await session.exec(select(DeliveryRow).order_by("id"))).all()
            consents = (await session.exec(select(ConsentRow))).all()
            arrivals = (await session.exec(select(ArrivalRow))).all()
            return list(rows), len(consents), list(arrivals)


TestStories = Stories.TestCase
TestStories.settings = settings(
    max_examples=2000 if FULL else 100,
    stateful_step_count=30 if FULL else 5,
    deadline=None,
    derandomize=not FULL,
    database=None,
    suppress_health_check=list(HealthCheck),
)
