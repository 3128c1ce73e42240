"""What movers do."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.telegram.pretend import Fault
from tests.faults.model.acting import ANY_LEAD, MOVERS, Acting, while_whole
from tests.faults.model.cast import PLACES, Mover
from tests.faults.model.promises import FOR_HOSTS
from tests.faults.model.store import Seen
from tests.faults.model.witness import Planned
from tests.faults.model.wrongs import FAULTS, MAIL_FAULTS

QUESTIONS = ("Er det noe å leie?", "/spor barnehage i Røros", "asdf qwer", "hei")


class MoversAct(Acting):
    @rule(who=MOVERS, question=st.sampled_from(QUESTIONS), all=st.sampled_from([False, False, True]))
    def a_mover_asks(self, who: int, question: str, all: bool) -> None:
        if all:
            for mover in (*self.movers[:who], *self.movers[who + 1 :]):
                self.puts(mover, f"{question} {mover.asks()}")
        self.says(self.movers[who], f"{question} {self.movers[who].asks()}")

    @rule(who=MOVERS, place=st.sampled_from(PLACES), at_once=st.booleans())
    def a_mover_becomes_a_lead(self, who: int, place: str, at_once: bool) -> None:
        if not self.can_become_a_lead(who, place):
            return
        mover = self.movers[who]
        if not at_once:
            self.says(mover, f"/vert {place}")
        self.sends_off(who)
        self.says(mover, *([f"/vert {place}", "ja"] if at_once else ["ja"]))

    def can_become_a_lead(self, who: int, place: str) -> bool:
        """Where a lead is open already, what is written goes there."""
        there = [lead.municipality for lead in self.store.leads(self.movers[who].user.id) if lead.open]
        return place not in there and who not in self.held_up

    def sends_off(self, who: int) -> None:
        self.movers[who].sent += 1
        self.held_up.add(who)

    @rule(which=ANY_LEAD)
    def a_mover_writes_to_the_host(self, which: int) -> None:
        if lead := self.lead(which):
            mover, before = self.mover_of(lead), self.heard_of(lead, FOR_HOSTS)
            words = mover.confides()
            self.says(mover, words, press=f"1:hw:{lead.reference}")
            if lead.open and self.stage.whole:
                assert self.store.written(lead.reference, words) == 1, "what is told to a host is stored, once"
                assert self.heard_of(lead, FOR_HOSTS) > before, "and the host hears of it"

    @rule(who=MOVERS)
    def a_message_is_spoken(self, who: int) -> None:
        self.puts(self.movers[who])
        self.telegram.send_kind(self.movers[who].user, "voice")
        self.settle()

    @while_whole
    @rule(which=ANY_LEAD, typed=st.booleans())
    def a_mover_withdraws(self, which: int, typed: bool) -> None:
        lead = self.lead(which)
        if lead is not None and lead.open:
            self.is_withdrawn(lead, typed)

    def is_withdrawn(self, lead: Seen, typed: bool = False) -> None:
        mover = self.mover_of(lead)
        self.promises.withdrawn[lead.reference] = self.so_far()
        if typed:
            self.says(mover, "/mine", f"Trekk {lead.reference}")
        else:
            self.says(mover, press=f"1:wd:{lead.reference}")
        assert self.store.lead(lead.reference).state == "withdrawn"

    @while_whole
    @rule(who=MOVERS, at_once=st.booleans())
    def a_mover_wants_to_be_forgotten(self, who: int, at_once: bool) -> None:
        mover = self.movers[who]
        if at_once:
            self.puts(mover, "/glem")
        else:
            self.says(mover, "/glem")
        self._is_forgotten(mover)
        self.settle()
        self._nothing_is_left_of(mover)

    @while_whole
    @rule(who=MOVERS)
    def a_yes_comes_early(self, who: int) -> None:
        """The yes comes while the question is still being sent, as far as the program knows."""
        mover = self.movers[who]
        self.stage.wire.seconds = 3
        self.stage.serve(lambda: self.puts(mover, "/glem"), lambda: self._is_forgotten(mover))
        self.stage.wire.seconds = 0
        self.settle()
        # Where the wire was in trouble the question itself left late.
        left, farewell = self.stage.witness.left, (mover.user.id, "farewell")
        farewells = [number for number, message in enumerate(left) if (message.chat, message.kind) == farewell]
        mover.gone_since = farewells[-1] if farewells else len(left)
        self._nothing_is_left_of(mover)

    def _is_forgotten(self, mover: Mover) -> None:
        for lead in self.store.leads(mover.user.id):
            if not lead.open and lead.reference not in self.promises.withdrawn:
                self.promises.ended.add(lead.reference)
            self.promises.withdrawn.setdefault(lead.reference, self.so_far())
        self.telegram.say(mover.user, "Ja, slett alt")
        mover.is_gone(len(self.stage.witness.left))

    def _nothing_is_left_of(self, mover: Mover) -> None:
        assert not self.store.leads(mover.user.id)
        # What was told to a host who is there no more was taken for a question, and of questions the words stay.
        told = [word for word in mover.forgotten if self.store.holding([word]) != {"question"}]
        words = [word for word in told if self.store.bytes_hold(word)]
        assert not words, "nor anywhere in the file"

    @while_whole
    @rule(
        who=MOVERS,
        place=st.sampled_from(PLACES),
        fault=st.sampled_from(FAULTS),
        times=st.integers(0, 4),
        all=st.booleans(),
    )
    def a_mover_changes_her_mind(self, who: int, place: str, fault: Fault, times: int, all: bool) -> None:
        """While her lead is still on its way to the hosts."""
        mover = self.movers[who]
        self.stage.post.troubles.append(MAIL_FAULTS[times])
        self.stage.witness.plan.append(Planned("sendMessage", fault, times))
        self.a_mover_becomes_a_lead(who, place, at_once=True)
        if all:
            self.a_mover_wants_to_be_forgotten(who, at_once=True)
        elif left := [lead for lead in self.store.leads(mover.user.id) if lead.open]:
            self.is_withdrawn(left[-1])

    @while_whole
    @rule(which=ANY_LEAD, yes=st.booleans())
    def a_mover_decides_who_reads(self, which: int, yes: bool) -> None:
        asked = [lead for lead in self.store.leads() if lead.pass_to and lead.open]
        if asked:
            lead = asked[which % len(asked)]
            self.promises.passed_on += yes
            press = f"1:py:{lead.reference}.{lead.pass_to}" if yes else f"1:pn:{lead.reference}"
            self.says(self.mover_of(lead), press=press)
            passed = self.store.lead(lead.reference)
            assert passed.pass_to is None and (passed.municipality == lead.pass_to) == yes
