"""What else happens, and what breaks."""

from __future__ import annotations

import asyncio

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from bot.storage.engine import STORE_ERRORS
from bot.telegram.pretend import Fault
from tests.faults.model.acting import MOVERS, Acting
from tests.faults.model.cast import PLACES
from tests.faults.model.movers import MoversAct
from tests.faults.model.witness import Planned
from tests.faults.model.wrongs import BETWEEN, CALLS, FAULTS, MAIL_FAULTS, POINTS, STORE_TROUBLES, MailFault
from tests.faults.store_trouble import SqliteTrouble


def _is_broken(machine: Acting) -> bool:
    return not machine.stage.whole


class ThingsHappen(MoversAct):
    @initialize(
        hour=st.sampled_from([10, 10, 10, 19]),
        call=st.sampled_from(CALLS),
        fault=st.none() | st.sampled_from(FAULTS),
        mail=st.none() | st.sampled_from(MAIL_FAULTS),
        point=st.none() | st.sampled_from(POINTS),
    )
    def it_begins(self, hour: int, call: str, fault: Fault | None, mail: MailFault | None, point: str | None) -> None:
        """In the evening notices wait for the morning. Something may be wrong from the beginning."""
        self.stage.clock.move(hours=hour - 10)
        if point is not None:
            self.stage.dies_at(point, 1)
        if fault is not None:
            self.the_wire_breaks(call, fault, 1)
        if mail is not None:
            self.the_mail_breaks(mail)

    # -- what else happens

    @rule(hours=st.sampled_from([0.01, 5, 9, 25, 24 * 8]))
    def time_passes(self, hours: float) -> None:
        # What Telegram could not give away in a day it forgets.
        self.stage.clock.move(hours=hours if self.stage.whole else min(hours, 1))
        self.settle()
        # As of two replicas at once.
        self.stage.run(self._clocks(2))
        self.settle()
        if self.stage.whole:
            before = self.store.messages()
            assert not self.stage.run(self._clocks(1)), "what is due is done once"
            assert self.store.messages() == before, "and told once"

    async def _clocks(self, number: int) -> bool:
        desk, now = self.stage.world.house.desk, self.stage.clock()
        try:
            return any(await asyncio.gather(*(desk.run_clock(now) for _ in range(number))))
        except STORE_ERRORS:
            assert not self.stage.whole
            return False

    @rule(times=st.integers(1, 3))
    def updates_come_again(self, times: int) -> None:
        """As when the confirmation was lost."""
        self.puts(self.stranger, "/tema")
        before = self.telegram.pending()
        self.settle()
        if self.stage.whole:
            number = self.store.messages()
            for update in before * times:
                self.telegram.inject(update)
            self.settle()
            assert self.store.messages() == number, "nothing comes of it"

    @rule(chat=st.integers(7, 8))
    def rubbish_comes(self, chat: int) -> None:
        self.promises.rubbish += 1
        self.telegram.inject({"message": {"chat": {"id": chat}, "text": 5, "date": "never"}})
        self.settle()

    # -- what breaks

    @rule(call=st.sampled_from(CALLS), fault=st.sampled_from(FAULTS), times=st.integers(1, 3))
    def the_wire_breaks(self, call: str, fault: Fault, times: int) -> None:
        self.stage.witness.plan.append(Planned(call, fault, times))

    @rule(whom=st.integers(0, 8), fault=st.sampled_from(FAULTS), times=st.integers(1, 3))
    def the_wire_to_somebody_breaks(self, whom: int, fault: Fault, times: int) -> None:
        chats = [*(person.user.id for person in (*self.movers, *self.hosts)), self.group]
        self.stage.witness.plan.append(Planned("sendMessage", fault, times, chats[whom]))

    @rule(trouble=st.sampled_from(MAIL_FAULTS))
    def the_mail_breaks(self, trouble: MailFault) -> None:
        self.stage.post.troubles.append(trouble)

    @rule(
        trouble=st.sampled_from(STORE_TROUBLES),
        point=st.none() | st.sampled_from(BETWEEN),
        who=MOVERS,
        place=st.sampled_from(PLACES),
    )
    def the_store_breaks(self, trouble: SqliteTrouble, point: str | None, who: int, place: str) -> None:
        if point is None:
            self.stage.breaks(trouble)
        elif self.stage.whole:
            self.stage.breaks_at(point, trouble)
            self.stage.serve(lambda: self._leads_to(point, who, place), lambda: None)
            self.stage.nothing_is_planned()
            self.settle()

    @precondition(_is_broken)
    @rule()
    def the_store_is_mended(self) -> None:
        self.stage.is_mended()
        self.settle()

    @rule(point=st.sampled_from(POINTS), times=st.sampled_from([1, 1, 2]), who=MOVERS, place=st.sampled_from(PLACES))
    def the_program_dies(self, point: str, times: int, who: int, place: str) -> None:
        """Where this leads to, or later where something else leads there."""
        self.stage.dies_at(point, times)
        before = self.store.messages(self.hosts[who].user.id)
        self._leads_to(point, who, place)
        self.settle()
        heard = self.store.messages(self.hosts[who].user.id) > before
        assert heard or not point.startswith("desk") or not self.stage.whole, "every message is answered"

    def _leads_to(self, point: str, who: int, place: str) -> None:
        if point.startswith("desk"):
            self.puts(self.hosts[who], "/saker")
        elif point.startswith("arrival"):
            self.promises.rubbish += 1
            self.telegram.inject({"message": {"chat": {"id": 7}, "text": 5, "date": "never"}})
        elif self.can_become_a_lead(who, place):
            self.sends_off(who)
            self.puts(self.movers[who], f"/vert {place}", "ja")
