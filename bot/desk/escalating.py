"""The clock's steps: who is called when a lead waits, and what its mover hears. bot/leads/clock.py says when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.model import Button, Notice, Reply
from bot.dialogue.talk import contact_line
from bot.knowledge.model import Knowledge
from bot.leads import clock, notices, routing
from bot.leads.model import Host, Lead, Step, is_same_person, persons
from bot.leads.presence import is_there, next_there, own_time, stand_in_for
from bot.leads.service import Services
from bot.storage import conversations, deliveries, hosts, leads, services
from bot.storage.notices import Rows, add_notices, take_button
from bot.storage.turns import reply_body
from bot.texts import label, say

#: How the steps stand in a lead's log.
_LOGGED: dict[Step, str] = {
    "reminded": "reminded",
    "stand_in": "stand-in called",
    "coordinator": "coordinator called",
    "overdue": "promise not kept",
}


@dataclass(slots=True)
class Round:
    """What one step of one lead's clock needs to know."""

    session: AsyncSession
    knowledge: Knowledge
    now: datetime
    services: Services
    everybody: Sequence[Host]
    lead: Lead

    @property
    def taker(self) -> Host | None:
        return next((host for host in self.everybody if host.id == self.lead.taken_by), None)

    @property
    def coordinators(self) -> list[Host]:
        return [host for host in self.everybody if host.role == "coordinator"]

    @property
    def other_coordinators(self) -> list[Host]:
        """Beside the one who has it."""
        taker = self.taker
        return [host for host in self.coordinators if taker is None or not is_same_person(host, taker)]

    @property
    def called(self) -> tuple[Host, ...]:
        """The one who has it, else all who know of it."""
        return (self.taker,) if self.taker else routing.informed(self.lead, self.everybody)

    def place(self, language: str) -> str:
        municipality = self.knowledge.municipalities.get(self.lead.municipality or "")
        return municipality.name if municipality else label(language, "lead.unsure")


async def waiting(session: AsyncSession, now: datetime) -> list[str]:
    """References of the leads whose clock has come to a step."""
    every_service = await services.everything(session)
    return [
        lead.reference
        for lead in await leads.open_leads(session)
        if clock.due_step(lead, every_service[lead.municipality], now)
    ]


async def advance(session: AsyncSession, knowledge: Knowledge, reference: str, now: datetime) -> bool:
    """Do this lead's step, if it is still due. Of several replicas one does it."""
    lead = await leads.get(session, reference)
    every_service = await services.everything(session)
    step = clock.due_step(lead, every_service[lead.municipality], now) if lead else None
    if lead is None or step is None:
        return False
    round = Round(session, knowledge, now, every_service, await hosts.active(session), lead)
    values = _changes(round, step)
    if not await leads.advance(session, lead, step, **values):
        return False
    await leads.log(session, reference, _LOGGED[step], now)
    if step == "reminded":
        await _remind(round)
    elif step == "stand_in":
        await _call_stand_in(round, values.get("stand_in"))
    elif step == "coordinator":
        await _call_coordinator(round)
    else:
        await _tell_overdue(round)
    return True


def _changes(round: Round, step: Step) -> dict[str, Any]:
    """What the step changes on the lead. Whoever took it and did not answer keeps the right to take it again."""
    if step == "stand_in":
        stand_in = _stand_in(round)
        return leads.FREE | {"stand_in": stand_in.id} if stand_in else {}
    if step == "coordinator":
        return dict(leads.FREE) if round.other_coordinators else {}
    if step == "reminded" and (others := _to_go_on(round)):
        return leads.FREE | {"stand_in": others[0].id, "waiting_since": round.now, "promised_on": None}
    return {}


def _to_go_on(round: Round) -> list[Host]:
    """Where the one who talks with the mover is away, nobody reads a reminder: who goes on with the talk instead."""
    if not clock.is_talk(round.lead) or _taker_is_there(round):
        return []
    stand_in = _stand_in(round)
    return [stand_in] if stand_in else round.other_coordinators


def _taker_is_there(round: Round) -> bool:
    taker = round.taker
    return taker is not None and is_there(taker, round.services, round.now, round.lead.municipality)


def _stand_in(round: Round) -> Host | None:
    """Whom to call beside those who were called already."""
    lead, everybody = round.lead, round.everybody
    # Those who were told when it came are its hosts who were there then.
    first = routing.route(lead.municipality, everybody, round.services, lead.created_at).to
    called = [lead.taken_by] if lead.taken_by else [host.id for host in first]
    own = routing.recipients(lead.municipality, everybody)
    return stand_in_for(own, everybody, round.services, round.now, lead.municipality, [*called, lead.stand_in])


async def _remind(round: Round) -> None:
    if others := _to_go_on(round):
        round.lead = replace(round.lead, promised_on=None)
        await _renew_promise(round, others, "clock.goes_on")
        await _offer(round, others, "clock.talk_goes_on")
    elif clock.is_talk(round.lead):
        await _tell(round, round.called, "clock.remind_words")
    else:
        await _tell(round, round.called, "clock.remind_taken" if round.taker else "clock.remind_new")


async def _call_stand_in(round: Round, stand_in_id: int | None) -> None:
    stand_in = next((host for host in round.everybody if host.id == stand_in_id), None)
    if stand_in is None:
        return
    await _renew_promise(round, [stand_in], "clock.later_stand_in")
    await _offer(round, [stand_in], "clock.you_stand_in")
    if round.taker:
        await _tell(round, [round.taker], "clock.free_again_stand_in", free=True)


async def _call_coordinator(round: Round) -> None:
    await _renew_promise(round, round.coordinators, "clock.later_coordinator")
    new = [host for host in round.coordinators if not any(is_same_person(host, knew) for knew in round.called)]
    await _offer(round, new, "clock.nobody_yet")
    if not new:
        await _tell(round, round.called, "clock.remind_taken" if round.taker else "clock.remind_new")
    elif round.taker:
        await _tell(round, [round.taker], "clock.free_again_coordinator", free=True)


async def _tell_overdue(round: Round) -> None:
    """The promise was not kept: the mover hears it from us, with a way around us."""
    lead = round.lead
    await _tell(round, (*round.called, *round.coordinators), "clock.remind_overdue")
    municipality = round.knowledge.municipalities.get(lead.municipality or "")
    language = await _language(round)
    day = spoken(lead.promised_on, language) if lead.promised_on else ""
    html = say(language, "clock.overdue", reference=lead.reference, day=day)
    if municipality and contact_line(municipality):
        html += "\n\n" + say(language, "lead.self", name=municipality.name, contact=contact_line(municipality))
    await _tell_mover(round, html)


async def _renew_promise(round: Round, helpers: Sequence[Host], key: str) -> None:
    """The mover hears of a step only when it changes the promise."""
    lead, service = round.lead, round.services[round.lead.municipality]
    there = [host for host in helpers if next_there(host, round.services, round.now)]
    if not there:
        return
    days = [clock.renewed(lead.promised_on, own_time(host, round.services), service, round.now) for host in there]
    day = min(days)
    if day == lead.promised_on:
        return
    await leads.promise(round.session, lead.reference, day)
    round.lead = replace(lead, promised_on=day)
    language = await _language(round)
    await _tell_mover(round, say(language, key, reference=lead.reference, day=spoken(day, language)))


async def _offer(round: Round, to: Iterable[Host], key: str) -> None:
    """The lead as a new one, and why it comes now."""
    lead, told = replace(round.lead, state="new", taken_by=None), []
    for host in persons(to):
        titles = {id: entry.title(host.language) for id, entry in round.knowledge.entries.items()}
        places = round.knowledge.municipalities
        also_to = ", ".join(places[slug].name for slug in lead.also_to if slug in places)
        place = round.place(host.language)
        detail = round.services[lead.municipality].detail_for(host)
        html = notices.new_lead(host, lead, place, also_to, titles, detail)
        html += "\n\n" + say(host.language, key)
        rows: Rows = ((take_button(host, lead.reference),),)
        told.append(Notice(host, lead.reference, str(html), rows, shared=host.role == "coordinator"))
    await add_notices(round.session, told, round.now)


async def _tell(round: Round, to: Iterable[Host], key: str, free: bool = False) -> None:
    """A reminder by the reference alone, with the button to answer, or to take what is free (again)."""
    lead, told = round.lead, []
    for host in persons(to):
        language, day = host.language, lead.promised_on
        promised = label(language, "clock.no_promise")
        if day:
            promised = label(language, "desk.promised", day=spoken(day, language))
        html = say(language, key, reference=lead.reference, promised=promised)
        answer = Button(label(host.language, "desk.answer"), data("ha", lead.reference))
        button = take_button(host, lead.reference) if free or lead.state == "new" else answer
        personal = free or round.taker is not None
        told.append(Notice(host, lead.reference, str(html), ((button,),), "reminder", shared=not personal))
    await add_notices(round.session, told, round.now)


async def _language(round: Round) -> str:
    conversation, _ = await conversations.load(round.session, round.lead.mover_chat)
    return conversation.language if conversation else round.lead.language


async def _tell_mover(round: Round, html: Markup) -> None:
    """As a host's message is, so that an answer to it reaches the lead."""
    body = reply_body(Reply(str(html)))
    lead = round.lead
    await deliveries.add(round.session, "host", lead.mover_chat, body, round.now, lead.reference)
