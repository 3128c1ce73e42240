"""The one door for hosts, whatever channel they use: join, look, take, answer, close.

Every action checks the right, changes the lead, tells whom it concerns and is stored in one transaction. What the
host is told comes back as replies; for a chat they are stored for delivery in the same transaction.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.model import Button, Notice, Reply
from bot.knowledge.model import Knowledge
from bot.leads import cards, notices, routing, weekly_words
from bot.leads.model import OUTCOMES, Card, Host, Lead, Outcome, Role
from bot.leads.working_time import promised_day
from bot.storage import arrivals, conversations, deliveries, hosts, leads, weekly
from bot.storage.engine import Database
from bot.storage.turns import add_notices, reply_body
from bot.texts import DEFAULT, label, parts, say


@dataclass(frozen=True, slots=True)
class Via:
    """The chat through which a host acts, and the arrivals that are done with it."""

    chat_id: int
    name: str = ""
    arrival_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class Case:
    """One action while it happens."""

    session: AsyncSession
    via: Via
    now: datetime
    roles: tuple[Host, ...]
    replies: list[Reply] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.roles[0].language if self.roles else DEFAULT

    def say(self, key: str, buttons: Sequence[Sequence[Button]] = (), **values: object) -> None:
        self.tell(say(self.language, key, **values), buttons)

    def tell(self, html: Markup, buttons: Sequence[Sequence[Button]] = ()) -> None:
        self.replies.append(Reply(str(html), tuple(tuple(row) for row in buttons)))

    def button(self, key: str, verb: str, argument: str) -> Button:
        return Button(label(self.language, f"desk.{key}"), data(verb, argument))


class Desk:
    def __init__(self, database: Database, knowledge: Callable[[], Knowledge], stored: Callable[[], None]) -> None:
        """`knowledge` gives what is known now; `stored` is called after each commit."""
        self._database, self._knowledge, self._stored = database, knowledge, stored

    # -- joining

    async def invite(self, role: Role, municipality: str | None, now: datetime) -> str:
        """The parameter for a one-time start link, valid for seven days."""
        token = secrets.token_urlsafe(16)
        async with self._database.transaction() as session:
            await hosts.invite(session, _hash(token), role, municipality, now)
        return f"{'h' if role == 'host' else 'c'}_{token}"

    async def join(self, parameter: str, via: Via, now: datetime) -> None:
        async with self._case(via, now) as case:
            invite = await hosts.use_invite(case.session, _hash(parameter[2:]), via.chat_id, now)
            if isinstance(invite, str):
                case.say(f"desk.invite_{invite}")
                return
            role: Role = "coordinator" if invite.role == "coordinator" else "host"
            if any(host.role == role and host.municipality == invite.municipality for host in case.roles):
                case.say("desk.invite_already")
                return
            host = await hosts.add(case.session, Host(0, role, via.name, invite.municipality, via.chat_id), now)
            case.say(f"desk.joined_{role}", name=host.name, place=self._place(host.municipality))
            await self._hand_over_waiting(case, host)

    # -- working

    async def show_open(self, via: Via, now: datetime) -> None:
        """The leads this person may see, and what can be done with each."""
        async with self._case(via, now) as case:
            if not case.roles:
                case.say("desk.no_right")
                return
            everybody = {host.id: host for host in await hosts.active(case.session)}
            places = {slug: m.name for slug, m in self._knowledge().municipalities.items()}
            lines, rows = [], []
            for lead in await leads.open_leads(case.session):
                host = _role_for(case.roles, lead)
                if host is None:
                    continue
                lines.append(cards.list_line(host, lead, places, everybody))
                rows.append([self._next_button(case, lead, host)])
            if lines:
                case.say("desk.list", rows[:20], leads=Markup("\n").join(lines[:20]))
            else:
                case.say("desk.list_none")

    async def take(self, reference: str, via: Via, now: datetime) -> None:
        """Of two who press at once one gets it; the other is told who did."""
        async with self._case(via, now) as case:
            found = await self._find(case, reference)
            if found is None:
                return
            lead, host = found
            if not await leads.take(case.session, lead.reference, host.id, now):
                await self._say_why_not(case, lead, host)
                return
            await leads.log(case.session, lead.reference, "taken", now, host.id)
            thread = [(message.author, message.text) for message in await leads.thread(case.session, lead.reference)]
            rows = [[case.button("answer", "ha", lead.reference), case.button("close", "hz", lead.reference)]]
            await self._reply_on_lead(case, lead, cards.taken_card(host, lead, thread), rows)
            await self._tell_mover(case, lead, host, "partner.host_took", card=host.card)
            await self._tell_other_hosts(case, lead, host)

    async def begin_answer(self, reference: str, via: Via, now: datetime) -> None:
        """The host's next message answers this lead."""
        async with self._case(via, now) as case:
            found = await self._find_own(case, reference)
            if found is None:
                return
            lead, host = found
            await hosts.set_answering(case.session, host.id, lead.reference, now)
            html = say(case.language, "desk.answering", mover=cards.mover_name(host, lead), reference=lead.reference)
            await self._reply_on_lead(case, lead, html, [])

    async def stop_answering(self, via: Via, now: datetime) -> None:
        async with self._case(via, now) as case:
            for host in case.roles:
                await hosts.set_answering(case.session, host.id, None, now)
            case.say("desk.answering_stopped")

    async def answer(self, reference: str, text: str, via: Via, now: datetime) -> None:
        """A host's words to the mover, whose next words then go back to this host."""
        async with self._case(via, now) as case:
            found = await self._find_own(case, reference)
            if found is None:
                return
            lead, host = found
            await leads.write(case.session, lead.reference, "host", text, now, host.id)
            await leads.mark_answered(case.session, lead.reference, now)
            await leads.log(case.session, lead.reference, "answered", now, host.id)
            await hosts.set_answering(case.session, host.id, None, now)
            for part in parts(text):
                await self._tell_mover(case, lead, host, "partner.from_host", text=part, partner=True)
            html = say(case.language, "desk.sent", mover=cards.mover_name(host, lead), reference=lead.reference)
            await self._reply_on_lead(case, lead, html, [])

    async def set_card(self, via: Via, now: datetime, photo: str = "", **changes: str) -> None:
        """The host's own card: a sentence, languages, a picture; shown to movers whose lead the host takes."""
        async with self._case(via, now) as case:
            if not case.roles:
                case.say("desk.no_right")
                return
            card = case.roles[0].card
            card = replace(card, **{key: value.strip()[:300] for key, value in changes.items()})
            card = replace(card, photo=photo) if photo else card
            for host in case.roles:
                await hosts.set_card(case.session, host.id, card)
            shown = cards.host_card(case.language, replace(case.roles[0], card=card))
            case.replies.append(Reply(str(say(case.language, "desk.card", card=shown)), photo=card.photo))

    async def ask_outcome(self, reference: str, via: Via, now: datetime) -> None:
        async with self._case(via, now) as case:
            found = await self._find_own(case, reference)
            if found is not None:
                argument = found[0].reference
                rows = [[case.button(f"outcome.{o}", "hx", f"{argument}.{o}")] for o in OUTCOMES]
                case.say("desk.outcome_ask", rows, reference=argument)

    async def close(self, reference: str, outcome: Outcome, via: Via, now: datetime) -> None:
        async with self._case(via, now) as case:
            found = await self._find_own(case, reference)
            if found is None:
                return
            lead, host = found
            await leads.close(case.session, lead.reference, outcome, now)
            await leads.log(case.session, lead.reference, "closed", now, host.id)
            case.say("desk.closed", reference=lead.reference)
            await self._tell_mover(case, lead, host, "partner.host_closed", partner=False)

    # -- by the clock

    async def tell_week_if_due(self, now: datetime) -> bool:
        """On Monday morning, once: last week's figures to every coordinator. True when it was told."""
        async with self._database.transaction() as session:
            if not await weekly.due(session, now):
                return False
            week = await weekly.last_week(session, now)
            await weekly.mark_told(session, now)
            places = {slug: m.name for slug, m in self._knowledge().municipalities.items()}
            order = ["", *(slug for slug in places if slug in week.figures)]
            lines = [(s, (f.asked, f.answered, f.leads)) for s in order if (f := week.figures.get(s)) is not None]
            for host in await hosts.active(session):
                if host.role == "coordinator" and host.chat_id is not None and lines:
                    html = weekly_words.weekly(host.language, lines, week.gaps, places)
                    body = reply_body(Reply(str(html)))
                    await deliveries.add(session, "reminder", host.chat_id, body, now)
        self._stored()
        return True

    # -- for the channel

    async def tell(self, key: str, via: Via, now: datetime) -> None:
        """One phrase to somebody at the desk."""
        async with self._case(via, now) as case:
            case.say(f"desk.{key}")

    async def lead_of_message(self, chat_id: int, message_id: int) -> str | None:
        """The lead that a message the bot sent to this chat was about."""
        async with self._database.reading() as session:
            return await deliveries.reference_of(session, chat_id, message_id, deliveries.FOR_HOSTS)

    async def is_host(self, chat_id: int) -> bool:
        async with self._database.reading() as session:
            return bool(await hosts.of_chat(session, chat_id))

    async def answering(self, chat_id: int, now: datetime) -> str | None:
        async with self._database.reading() as session:
            return await hosts.answering(session, chat_id, now)

    # -- inside

    @asynccontextmanager
    async def _case(self, via: Via, now: datetime) -> AsyncIterator[Case]:
        async with self._database.transaction() as session:
            case = Case(session, via, now, await hosts.of_chat(session, via.chat_id))
            yield case
            for reply in case.replies:
                await deliveries.add(session, "desk", via.chat_id, reply_body(reply), now)
            await arrivals.mark_done(session, via.arrival_ids, now)
        self._stored()

    async def _find(self, case: Case, reference: str) -> tuple[Lead, Host] | None:
        """The lead and the role in which this person may handle it; else the person is told."""
        if not case.roles:
            case.say("desk.no_right")
            return None
        lead = await leads.get(case.session, reference)
        host = _role_for(case.roles, lead) if lead else None
        if lead is None or host is None:
            # A lead of another municipality is as unknown as an invented one.
            case.say("desk.unknown")
            return None
        return lead, host

    async def _find_own(self, case: Case, reference: str) -> tuple[Lead, Host] | None:
        """As _find, but only for the one who took the lead, and only while it is open."""
        found = await self._find(case, reference)
        if found is None:
            return None
        lead, _ = found
        own = next((role for role in case.roles if role.id == lead.taken_by), None)
        if lead.state == "taken" and own is not None:
            return lead, own
        if lead.state == "new":
            rows = [[case.button("take", "ht", lead.reference)]]
            case.say("desk.take_first", rows, reference=lead.reference)
        else:
            await self._say_why_not(case, lead, found[1])
        return None

    async def _say_why_not(self, case: Case, lead: Lead, host: Host) -> None:
        present = await leads.get(case.session, lead.reference) or lead
        if present.state == "withdrawn":
            case.say("desk.withdrawn", reference=lead.reference)
        elif present.state == "closed":
            case.say("desk.closed_already", reference=lead.reference)
        elif present.taken_by == host.id:
            rows = [[case.button("answer", "ha", lead.reference), case.button("close", "hz", lead.reference)]]
            mover = cards.mover_name(host, lead)
            case.say("desk.taken_by_you", rows, reference=lead.reference, mover=mover)
        else:
            taker = await self._host(case, present.taken_by)
            case.say("desk.taken_already", reference=lead.reference, host=taker.name if taker else "?")

    async def _host(self, case: Case, host_id: int | None) -> Host | None:
        return next((host for host in await hosts.active(case.session) if host.id == host_id), None)

    async def _reply_on_lead(self, case: Case, lead: Lead, html: Markup, rows: Sequence[Sequence[Button]]) -> None:
        """Stored with the reference, so that an answer to this message finds the lead."""
        body = reply_body(Reply(str(html), tuple(tuple(row) for row in rows)))
        await deliveries.add(case.session, "desk", case.via.chat_id, body, case.now, lead.reference)

    async def _tell_mover(
        self,
        case: Case,
        lead: Lead,
        host: Host,
        key: str,
        partner: bool | None = None,
        card: Card | None = None,
        **values: object,
    ) -> None:
        """A message to the mover; `partner` True makes this host the one who is written to, False ends that."""
        conversation, version = await conversations.load(case.session, lead.mover_chat)
        language = conversation.language if conversation else lead.language
        name = host.name or label(language, "partner.default_host")
        html = say(language, key, host=name, reference=lead.reference, **values)
        rows: tuple[tuple[Button, ...], ...] = ()
        if partner:
            html += "\n\n" + say(language, "partner.hint", host=name)
            rows = ((Button(label(language, "button.to_assistant"), data("as")),),)
        if conversation is not None and partner is not None:
            stays = partner or conversation.partner not in (None, lead.reference)
            new = lead.reference if partner else (conversation.partner if stays else None)
            await conversations.save(case.session, replace(conversation, partner=new), version)
        if card:
            html += "\n\n" + cards.host_card(language, host)
        body = reply_body(Reply(str(html), rows, photo=card.photo if card else ""))
        await deliveries.add(case.session, "host", lead.mover_chat, body, case.now, lead.reference)

    async def _tell_other_hosts(self, case: Case, lead: Lead, taker: Host) -> None:
        others = routing.recipients(lead.municipality, await hosts.active(case.session))
        told = [
            Notice(
                host,
                lead.reference,
                str(say(host.language, "desk.taken_by_other", reference=lead.reference, host=taker.name)),
            )
            for host in others
            if host.chat_id != taker.chat_id
        ]
        await add_notices(case.session, told, case.now)

    async def _hand_over_waiting(self, case: Case, host: Host) -> None:
        """Leads that nobody was there for go to the one who has just joined, and their movers hear of it."""
        waiting = [
            lead
            for lead in await leads.open_leads(case.session)
            if not lead.noticed and routing.may_see(host, lead.municipality)
        ]
        if waiting:
            case.say("desk.joined_waiting", count=len(waiting))
        knowledge = self._knowledge()
        titles = {id: entry.title(host.language) for id, entry in knowledge.entries.items()}
        for lead in waiting:
            also_to = ", ".join(self._place(slug) for slug in lead.also_to)
            html = notices.new_lead(host, lead, self._place(lead.municipality), also_to, titles)
            button = case.button("take", "ht", lead.reference)
            await self._reply_on_lead(case, lead, html, [[button]])
            promised = promised_day(case.now)
            await leads.mark_noticed(case.session, lead.reference, promised)
            await self._tell_mover(case, lead, host, "lead.now_noticed", day=spoken(promised, lead.language))

    def _next_button(self, case: Case, lead: Lead, host: Host) -> Button:
        verb = "ht" if lead.state == "new" else "ha"
        button = case.button("take" if verb == "ht" else "answer", verb, lead.reference)
        return Button(f"{button.label}: {lead.reference}", button.data)

    def _place(self, slug: str | None) -> str:
        municipality = self._knowledge().municipalities.get(slug or "")
        return municipality.name if municipality else ""


def _role_for(roles: Sequence[Host], lead: Lead) -> Host | None:
    """The role in which somebody may handle a lead: the one who took it first of all."""
    allowed = [role for role in roles if routing.may_see(role, lead.municipality)]
    return next((role for role in allowed if role.id == lead.taken_by), allowed[0] if allowed else None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
