"""How somebody says or presses something; the rules are in the modules beside this one."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from bot.desk import Via
from tests.faults.model.cast import Mover, beginning, people
from tests.faults.model.promises import Promises
from tests.faults.model.stage import Stage
from tests.faults.model.store import Seen
from tests.world import Person

MOVERS = st.integers(0, 2)
#: Hilde and Harald of Tynset, Gro and Geir of Tolga, Kari the coordinator.
HOSTS = st.integers(0, 4)
ANY_LEAD = st.integers(0, 9)


@cache
def stage() -> Stage:
    return Stage()


def _is_whole(machine: Acting) -> bool:
    return machine.stage.whole


#: For rules that say what comes of it at once: not while the store is in trouble.
while_whole = precondition(_is_whole)


class Acting(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stage, begun = stage(), beginning()
        self.stage.begins(begun.folder)
        self.store, self.telegram = self.stage.store, self.stage.telegram
        self.group, self.clerk = begun.group, Via(host_ids=(begun.clerk,))
        self.movers, self.hosts, self.stranger = people(self.stage.world)
        for mover, (asked, told) in zip(self.movers, begun.secrets, strict=True):
            mover.goes_on(asked, told)
        self.promises = Promises(self.stage, self.movers)
        #: Movers who sent something off that could not be stored yet.
        self.held_up: set[int] = set()

    def says(self, person: Person, *texts: str, press: str = "") -> None:
        """And it is answered."""
        before = self.store.messages(person.user.id)
        self.puts(person, *texts, press=press)
        self.settle()
        assert self.store.messages(person.user.id) > before or not self.stage.whole, "every message is answered"

    def puts(self, person: Person, *texts: str, press: str = "") -> None:
        """Into the chat, and nothing has come of it yet."""
        if isinstance(person, Mover):
            # Who writes after being forgotten is somebody new.
            person.gone_since = None
        if press:
            self.telegram.press(person.user, person.last.id, press, forged=True)
        for text in texts:
            self.telegram.say(person.user, text)

    def settle(self) -> None:
        self.stage.settle()
        if self.stage.whole:
            self.held_up.clear()

    def so_far(self) -> tuple[int, int]:
        """How many messages have left, and the last number given to one."""
        return len(self.stage.witness.left), self.store.number("SELECT max(delivery) FROM seen_delivery")

    # -- leads

    def lead(self, which: int) -> Seen | None:
        """One of all, the ended ones too."""
        leads = self.store.leads()
        return leads[which % len(leads)] if leads else None

    def mover_of(self, lead: Seen) -> Mover:
        return next(mover for mover in self.movers if mover.user.id == lead.mover_chat)

    def owner(self, lead: Seen) -> Person | None:
        """Who has taken it, in Telegram."""
        chat = self.store.number("SELECT chat_id FROM host WHERE id = ?", lead.taken_by) if lead.taken_by else 0
        return next((host for host in self.hosts if host.user.id == chat), None)

    def heard_of(self, lead: Seen, kinds: tuple[str, ...]) -> int:
        """How often somebody was to be told of it, now or in the morning."""
        held = self.store.number("SELECT count(*) FROM held_notice WHERE reference = ?", lead.reference)
        return self.store.messages(reference=lead.reference, kinds=kinds) + held

    def words(self) -> str:
        """A host's, never said before."""
        self._said: int = getattr(self, "_said", 0) + 1
        return f"svar{self._said}y"

    def work(self, told: Any) -> Any:
        """Something done at the desk without a chat; None where the program died of it."""
        found = self.stage.run(told)
        self.settle()
        return found
