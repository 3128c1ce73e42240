"""Desk: opens a case for each action, stores what became of it in one transaction, and says what to tell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bot.desk import by_clock, follow_ups, handling, invitations, joining, looking, passing, summaries
from bot.desk.case import Addresses, Case, Told, Via
from bot.desk.groups import GroupDesk
from bot.desk.office import Office
from bot.desk.post import Post
from bot.knowledge.model import Knowledge
from bot.leads.model import Host, Outcome, Role
from bot.leads.periods import Periods
from bot.points import reached
from bot.storage import arrivals, deliveries, hosts, quiet
from bot.storage.engine import Database


class Desk:
    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], Knowledge],
        stored: Callable[[], None],
        addresses: Addresses | None = None,
    ) -> None:
        """`knowledge` gives what is known now; `stored` is called after each commit."""
        self._database, self._knowledge, self._stored = database, knowledge, stored
        self._addresses = addresses or Addresses()
        #: Whether mails go out; set by whoever joins the channels.
        self.mail_is_on = True
        #: How long things are kept, as the texts tell; set by whoever read the settings.
        self.periods = Periods()
        self.office = Office(self._case)
        self.post = Post(self._case)
        self.groups = GroupDesk(self._case)

    # -- joining

    async def invite(self, role: Role, municipality: str | None, now: datetime, email: str = "") -> str:
        """The parameter for a one-time start link, valid for seven days. With `email`, a link is mailed there too."""
        async with self._case(Via(), now) as case:
            return await invitations.invite(case, role, municipality, email)

    async def invited(self, parameter: str, now: datetime) -> invitations.Mailed | None:
        """An invitation that was mailed and can still be used; looking at it uses nothing up."""
        async with self._database.reading() as session:
            return await invitations.look(session, parameter, self._addresses, now)

    async def join(self, parameter: str, via: Via, now: datetime) -> tuple[Told, Host | None]:
        async with self._case(via, now) as case:
            host = await joining.join(case, parameter)
        return _told(case), host

    async def remove(self, host_id: int, now: datetime) -> bool:
        """False when there is no such host."""
        async with self._case(Via(host_ids=(host_id,)), now) as case:
            for host in case.roles:
                await joining.remove(case, host)
        return case.done

    # -- working

    async def show_open(self, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await handling.show_open(case)
        return _told(case)

    async def take(self, reference: str, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await handling.take(case, reference)
        return _told(case)

    async def begin_answer(self, reference: str, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await handling.begin_answer(case, reference)
        return _told(case)

    async def stop_answering(self, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await handling.stop_answering(case)
        return _told(case)

    async def answer(self, reference: str, text: str, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await handling.answer(case, reference, text, take=via.chat_id is None)
        return _told(case)

    async def answered_elsewhere(self, reference: str, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await handling.answered_elsewhere(case, reference)
        return _told(case)

    async def set_card(self, via: Via, now: datetime, photo: str = "", **changes: str) -> Told:
        async with self._case(via, now) as case:
            await handling.set_card(case, photo, changes)
        return _told(case)

    async def ask_outcome(self, reference: str, via: Via, now: datetime, more: bool = False) -> Told:
        async with self._case(via, now) as case:
            await handling.ask_outcome(case, reference, more)
        return _told(case)

    async def close(self, reference: str, outcome: Outcome, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await handling.close(case, reference, outcome, take=via.chat_id is None)
        return _told(case)

    async def pass_on(self, reference: str, municipality: str | None, reason: str, via: Via, now: datetime) -> Told:
        """To the coordinator (None) at once, to another municipality when the mover agrees."""
        async with self._case(via, now) as case:
            if municipality is None:
                await passing.pass_to_coordinator(case, reference, reason)
            else:
                await passing.ask_to_pass(case, reference, municipality, reason)
        return _told(case)

    async def note(self, reference: str, text: str, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await passing.note(case, reference, text)
        return _told(case)

    async def snooze(self, reference: str, until: datetime, via: Via, now: datetime) -> Told:
        async with self._case(via, now) as case:
            await passing.snooze(case, reference, until)
        return _told(case)

    async def snooze_days(self, reference: str, days: int, via: Via, now: datetime) -> Told:
        """Put off by working days."""
        async with self._case(via, now) as case:
            await passing.snooze_days(case, reference, days)
        return _told(case)

    # -- looking

    async def all_leads(self, via: Via, now: datetime) -> list[looking.Listed]:
        async with self._case(via, now) as case:
            return await looking.all_leads(case)

    async def look(self, reference: str, via: Via, now: datetime) -> looking.Looked | None:
        async with self._case(via, now) as case:
            return await looking.look(case, reference)

    # -- by the clock

    async def tell_findings(self, findings: Sequence[str], now: datetime) -> None:
        """New errors in the knowledge's files, to the coordinators."""
        async with self._database.transaction() as session:
            await summaries.tell_findings(session, findings, now)
        self._stored()

    async def tell_week_if_due(self, now: datetime) -> bool:
        """On Monday morning, once: last week's figures to every coordinator. True when it was told."""
        async with self._database.transaction() as session:
            told = await summaries.tell_week_if_due(session, self._knowledge(), now)
        if told:
            self._stored()
        return told

    async def remind_of_snoozed(self, now: datetime) -> int:
        number = await by_clock.remind_of_snoozed(self._database, now)
        if number:
            self._stored()
        return number

    async def run_clock(self, now: datetime) -> bool:
        """Each minute: the steps of the leads that wait, notices held for the morning, morning summaries."""
        told = await by_clock.run(self._database, self._knowledge(), now)
        if told:
            self._stored()
        return told

    async def ask_follow_ups(self, now: datetime) -> int:
        """Movers who said yes to it are asked, after some months, whether they have moved."""
        async with self._database.transaction() as session:
            number = await follow_ups.ask_due(session, self._knowledge(), now)
        if number:
            self._stored()
        return number

    # -- for the channel

    async def blocked(self, chat_id: int, via: Via, now: datetime) -> None:
        """Somebody stopped the bot in the own chat: whoever counts on reaching them there is told at once."""
        async with self._case(via, now) as case:
            await quiet.chat_ended(case.session, chat_id, "blocked", now)

    async def tell(self, key: str, via: Via, now: datetime) -> Told:
        """One phrase to somebody at the desk."""
        async with self._case(via, now) as case:
            case.say(f"desk.{key}")
        return _told(case)

    async def lead_of_message(self, chat_id: int, message_id: int) -> str | None:
        """The lead that a message the bot sent to this chat was about."""
        async with self._database.reading() as session:
            return await deliveries.reference_of(session, chat_id, message_id, deliveries.FOR_HOSTS)

    async def is_host(self, chat_id: int | None) -> bool:
        if chat_id is None:
            return False
        async with self._database.reading() as session:
            return bool(await hosts.of_chat(session, chat_id))

    async def answering(self, chat_id: int | None, now: datetime) -> str | None:
        if chat_id is None:
            return None
        async with self._database.reading() as session:
            return await hosts.answering(session, chat_id, now)

    # -- inside

    @asynccontextmanager
    async def _case(self, via: Via, now: datetime) -> AsyncIterator[Case]:
        async with self._database.transaction() as session:
            if via.chat_id is not None:
                roles = await hosts.of_chat(session, via.chat_id)
            else:
                roles = await hosts.by_ids(session, via.host_ids)
            case = Case(session, via, now, self._knowledge(), roles, self._addresses, self.mail_is_on, self.periods)
            yield case
            await case.send_said()
            await arrivals.mark_done(session, via.arrival_ids, now)
            reached("desk: before the turn is stored")
        self._stored()


def _told(case: Case) -> Told:
    return Told(case.done, tuple(case.replies))
