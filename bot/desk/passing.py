"""Give a lead to somebody else, note something on it, put it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.desk import finding, telling
from bot.desk.case import Case
from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.model import Button
from bot.leads import clock
from bot.leads.model import Host, Lead
from bot.leads.presence import next_there, own_time
from bot.leads.working_time import OSLO
from bot.storage import conversations, hosts, leads, services
from bot.texts import label


async def pass_to_coordinator(case: Case, reference: str, reason: str) -> None:
    """The coordinator is among those whom the mover agreed to, so it goes at once; the own hosts see it still."""
    found = await _find_free_or_own(case, reference)
    if found is None:
        return
    lead, host = found
    coordinators = [other for other in await hosts.active(case.session) if other.role == "coordinator"]
    if not coordinators or host.role == "coordinator":
        case.say("desk.pass_nobody")
        return
    if lead.state == "new" and lead.step == "coordinator":
        case.say("desk.passed_already", reference=lead.reference)
        return
    await _give_reason(case, lead, host, reason)
    await leads.give_back(case.session, lead.reference, lead.municipality, case.now, "coordinator")
    await leads.log(case.session, lead.reference, "passed to coordinator", case.now, host.id)
    given = replace(lead, state="new", taken_by=None)
    day = await _promise(case, given, coordinators)
    await telling.tell_of_lead(case, replace(given, promised_on=day), coordinators)
    await telling.tell_mover(case, lead, host, "passing.to_coordinator", day=spoken(day, lead.language))
    case.done = True


async def _promise(case: Case, lead: Lead, helpers: Sequence[Host]) -> date:
    """By when one of these answers; it was as promised before, if that can be kept."""
    every_service = await services.everything(case.session)
    promised = lead.promised_on if lead.first_answer_at is None else None
    service = every_service[lead.municipality]
    times = [own_time(host, every_service) for host in helpers if next_there(host, every_service, case.now)]
    day = min(clock.renewed(promised, time, service, case.now) for time in times or [service.working_time])
    await leads.promise(case.session, lead.reference, day)
    return day


async def ask_to_pass(case: Case, reference: str, municipality: str, reason: str) -> None:
    """Another municipality's host reads it only when the mover says yes."""
    found = await _find_free_or_own(case, reference)
    if found is None:
        return
    lead, host = found
    if municipality not in case.knowledge.municipalities or municipality == lead.municipality:
        case.say("desk.pass_nobody")
        return
    await _give_reason(case, lead, host, reason)
    await leads.ask_to_pass(case.session, lead.reference, municipality)
    await leads.log(case.session, lead.reference, "asked to pass", case.now, host.id)
    conversation, _ = await conversations.load(case.session, lead.mover_chat)
    language = conversation.language if conversation else lead.language
    rows = (
        (
            Button(label(language, "button.pass_yes"), data("py", f"{lead.reference}.{municipality}")),
            Button(label(language, "button.pass_no"), data("pn", lead.reference)),
        ),
    )
    await telling.tell_mover(case, lead, host, "passing.ask", rows=rows, place=case.place(municipality))
    case.done = True


async def note(case: Case, reference: str, text: str) -> None:
    """For the hosts alone; whoever may see the lead may note something on it."""
    found = await finding.find(case, reference)
    if found is None or not text.strip():
        return
    lead, host = found
    if lead.state == "withdrawn":
        await finding.say_why_not(case, lead, host)
        return
    await leads.note(case.session, lead.reference, host.id, text.strip(), case.now)
    await leads.log(case.session, lead.reference, "noted", case.now, host.id)
    case.done = True


async def snooze(case: Case, reference: str, until: datetime) -> None:
    """Remind the host then, and not before."""
    found = await finding.find_own(case, reference, take=True)
    if found is not None:
        await _put_off(case, *found, until)


async def snooze_days(case: Case, reference: str, days: int) -> None:
    """Remind the host when so many of the municipality's working days have passed, on a day that is the host's own."""
    found = await finding.find_own(case, reference, take=True)
    if found is None:
        return
    lead, host = found
    every_service = await services.everything(case.session)
    municipal, own = every_service[lead.municipality].working_time, own_time(host, every_service)
    day = case.now.astimezone(OSLO).date()
    for _ in range(days):
        day = municipal.next_day(day)
    there = day if own.works_on(day) else own.next_day(day)
    # Who never works again is reminded all the same.
    await _put_off(case, lead, host, own.opening(there if own.works_on(there) else day))


async def _put_off(case: Case, lead: Lead, host: Host, until: datetime) -> None:
    await leads.snooze(case.session, lead.reference, until)
    await leads.log(case.session, lead.reference, "snoozed", case.now, host.id)
    case.done = True
    day = until.astimezone(OSLO).date()
    if lead.first_answer_at is None and lead.promised_on and lead.promised_on < day:
        # What the mover was promised is no longer true.
        await leads.promise(case.session, lead.reference, day)
        await telling.tell_mover(case, lead, host, "clock.later_host", day=spoken(day, lead.language))


async def _find_free_or_own(case: Case, reference: str) -> tuple[Lead, Host] | None:
    """A lead nobody has may be passed on by anybody who may see it, a taken one by its taker and coordinators."""
    found = await finding.find(case, reference)
    if found is None:
        return None
    lead, host = found
    if lead.state == "new" or (lead.state == "taken" and (lead.taken_by == host.id or host.role == "coordinator")):
        return found
    await finding.say_why_not(case, lead, host)
    return None


async def _give_reason(case: Case, lead: Lead, host: Host, reason: str) -> None:
    if reason.strip():
        await leads.note(case.session, lead.reference, host.id, reason.strip(), case.now)
