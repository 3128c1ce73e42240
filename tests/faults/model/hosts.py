"""What hosts, the coordinator and strangers do, in Telegram, in a group, and in the browser."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.desk import Desk, Told, Via
from tests.faults.model.acting import ANY_LEAD, HOSTS, Acting, while_whole
from tests.faults.model.store import Seen

#: What the inbox does with a lead: the desk, its reference, words, as whom, when.
Working = Callable[[Desk, str, str, Via, datetime], Coroutine[Any, Any, Told]]
BROWSER: dict[str, Working] = {
    "take": lambda desk, reference, words, who, now: desk.take(reference, who, now),
    "answer": lambda desk, reference, words, who, now: desk.answer(reference, words, who, now),
    "call": lambda desk, reference, words, who, now: desk.answered_elsewhere(reference, who, now),
    "close": lambda desk, reference, words, who, now: desk.close(reference, "reached", who, now),
    "note": lambda desk, reference, words, who, now: desk.note(reference, words, who, now),
    "snooze": lambda desk, reference, words, who, now: desk.snooze(reference, now + timedelta(days=1), who, now),
    "pass to coordinator": lambda desk, reference, words, who, now: desk.pass_on(reference, None, words, who, now),
    "pass to Tolga": lambda desk, reference, words, who, now: desk.pass_on(reference, "tolga", words, who, now),
}
#: Of these the mover hears.
_HEARD = ("take", "answer", "close", "pass to coordinator", "pass to Tolga")
_STRANGE_WAYS = ("/ta {}", "Svar {} hei", "/saker", "/lukk {}", "/svar {} hei")


def _something_has_ended(machine: Acting) -> bool:
    return machine.stage.whole and any(not lead.open for lead in machine.store.leads())


class HostsAct(Acting):
    @rule(who=HOSTS, which=ANY_LEAD)
    def a_host_takes(self, who: int, which: int) -> None:
        if lead := self.lead(which):
            host, before = self.hosts[who], self._mover_heard(lead)
            self.says(host, f"/ta {lead.reference}")
            if self.stage.whole and lead.taken_by is None and self.owner(self.store.lead(lead.reference)) == host:
                assert self._mover_heard(lead) == before + 1, "the mover hears who took it, once"

    @rule(which=ANY_LEAD)
    def some_hosts_press_at_once(self, which: int) -> None:
        if lead := self.lead(which):
            before = self._mover_heard(lead)
            for host in (self.hosts[0], self.hosts[1], self.hosts[4]):
                self.puts(host, press=f"1:ht:{lead.reference}")
            self.settle()
            if self.stage.whole:
                taken = lead.state == "new" and self.store.lead(lead.reference).state == "taken"
                assert self._mover_heard(lead) == before + taken, "the mover hears of one of them, once"

    @rule(who=HOSTS, which=ANY_LEAD)
    def a_host_answers(self, who: int, which: int) -> None:
        if lead := self.lead(which):
            words = self.words()
            self.says(self.hosts[who], f"Svar {lead.reference} {words}")
            if lead.state == "taken" and self.owner(lead) == self.hosts[who] and self.stage.whole:
                assert self.store.written(lead.reference, words) == 1, "an answer is stored, once"

    @while_whole
    @rule(which=ANY_LEAD)
    def the_owner_closes(self, which: int) -> None:
        lead = self.lead(which)
        host = self.owner(lead) if lead is not None and lead.open else None
        if lead is not None and host is not None:
            before = self._mover_heard(lead)
            self.says(host, press=f"1:hx:{lead.reference}.moved")
            assert self.store.lead(lead.reference).state == "closed"
            assert self._mover_heard(lead) > before, "the mover hears of it"

    @rule(who=st.sampled_from([2, 3, 0]), which=ANY_LEAD)
    def somebody_presses_in_the_group(self, who: int, which: int) -> None:
        """And talks there, below a notice."""
        told = [message for message in self.telegram.messages(self.group) if message.from_bot and message.buttons]
        if told:
            message = told[which % len(told)]
            host, press = self.hosts[who], message.buttons[0].callback_data or ""
            self.telegram.press(host.user, message.id, press, chat_id=self.group, forged=True)
            self.telegram.say(host.user, "Hvem ringer?", message.id, chat_id=self.group)
            self.settle()

    @while_whole
    @rule(which=ANY_LEAD, what=st.sampled_from(sorted(BROWSER)))
    def a_host_works_in_the_browser(self, which: int, what: str) -> None:
        if lead := self.lead(which):
            words, before = self.words(), self._mover_heard(lead)
            desk, now = self.stage.world.house.desk, self.stage.clock()
            looked = self.work(desk.look(lead.reference, self.clerk, now))
            told = self.work(BROWSER[what](desk, lead.reference, words, self.clerk, now))
            if told is None:
                return
            if told.done and what == "answer":
                assert self.store.written(lead.reference, words) == 1, "an answer is stored, once"
            if told.done and what in _HEARD:
                assert self._mover_heard(lead) > before, "the mover hears of it"
            if not self._may_see(lead):
                assert looked is None and not told.done, "somebody else's lead"

    def _may_see(self, lead: Seen) -> bool:
        return lead.municipality == "roros" or self.clerk.host_ids[0] in (lead.taken_by, lead.stand_in)

    @precondition(_something_has_ended)
    @rule(which=ANY_LEAD)
    def it_is_too_late(self, which: int) -> None:
        """Whatever is done with a lead that has ended, nothing comes of it."""
        ended = [lead for lead in self.store.leads() if not lead.open]
        lead = ended[which % len(ended)]
        written, moment = self.store.written(lead.reference), self.stage.clock()
        for host in filter(None, (self.owner(lead), self.hosts[4])):
            self.puts(host, f"/ta {lead.reference}", f"Svar {lead.reference} {self.words()}")
            self.puts(host, press=f"1:hx:{lead.reference}.reached")
        self.says(self.mover_of(lead), press=f"1:wd:{lead.reference}")
        for what in ("take", "answer", "close", "pass to coordinator", "pass to Tolga"):
            told = self.work(BROWSER[what](self.stage.world.house.desk, lead.reference, "ord", self.clerk, moment))
            assert told is None or not told.done, f"{what} comes too late"
        assert (self.store.lead(lead.reference), self.store.written(lead.reference)) == (lead, written)

    @rule(who=HOSTS, back=st.booleans())
    def a_host_goes_away_or_comes_back(self, who: int, back: bool) -> None:
        day = self.stage.clock().date() + timedelta(days=6)
        self.says(self.hosts[who], "/tilbake" if back else f"/borte {day.isoformat()}")

    @rule(which=ANY_LEAD, way=st.sampled_from(_STRANGE_WAYS))
    def a_stranger_tries(self, which: int, way: str) -> None:
        if lead := self.lead(which):
            self.says(self.stranger, way.format(lead.reference), press=f"1:ht:{lead.reference}")
            assert self.store.lead(lead.reference) == lead or not self.stage.whole, "for nothing"

    def _mover_heard(self, lead: Seen) -> int:
        return self.store.messages(lead.mover_chat, lead.reference, ("host",))
