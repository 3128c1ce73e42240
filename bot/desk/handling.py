"""Take a lead, answer it, close it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.desk import finding, telling
from bot.desk.case import Case
from bot.dialogue.model import Button, Reply
from bot.leads import cards
from bot.leads.model import OUTCOMES, Host, Lead, Outcome
from bot.storage import hosts, leads
from bot.texts import parts, say


async def show_open(case: Case) -> None:
    """The leads this person may see, and what can be done with each."""
    if not case.roles:
        case.say("desk.no_right")
        return
    everybody = {host.id: host for host in await hosts.active(case.session)}
    lines, rows = [], []
    for lead in await leads.open_leads(case.session):
        host = finding.role_for(case.roles, lead)
        if host is None:
            continue
        lines.append(cards.list_line(host, lead, case.places, everybody))
        rows.append([_next_button(case, lead)])
    if lines:
        case.say("desk.list", rows[:20], leads=Markup("\n").join(lines[:20]))
    else:
        case.say("desk.list_none")


async def take(case: Case, reference: str) -> None:
    """Of two who press at once one gets it; the other is told who did."""
    found = await finding.find(case, reference)
    if found is None:
        return
    lead, host = found
    if not await leads.take(case.session, lead.reference, host.id, case.now):
        await finding.say_why_not(case, lead, host)
        return
    case.done = True
    await leads.log(case.session, lead.reference, "taken", case.now, host.id)
    thread = [(message.author, message.text) for message in await leads.thread(case.session, lead.reference)]
    await case.reply_on_lead(lead, cards.taken_card(host, lead, thread), _rows(case, lead))
    await telling.tell_mover(case, lead, host, "partner.host_took", card=host.card)
    await telling.tell_other_hosts(case, lead, host)


async def begin_answer(case: Case, reference: str) -> None:
    """The host's next message answers this lead."""
    found = await finding.find_own(case, reference)
    if found is None:
        return
    lead, host = found
    await hosts.set_answering(case.session, host.id, lead.reference, case.now)
    html = say(case.language, "desk.answering", mover=cards.mover_name(host, lead), reference=lead.reference)
    await case.reply_on_lead(lead, html)


async def stop_answering(case: Case) -> None:
    for host in case.roles:
        await hosts.set_answering(case.session, host.id, None, case.now)
    case.say("desk.answering_stopped")


async def answer(case: Case, reference: str, text: str, take: bool = False) -> None:
    """A host's words to the mover, whose next words then go back to this host."""
    found = await finding.find_own(case, reference, take)
    if found is None:
        return
    lead, host = found
    await leads.write(case.session, lead.reference, "host", text, case.now, host.id)
    await _answered(case, lead, host, "answered")
    await hosts.set_answering(case.session, host.id, None, case.now)
    for part in parts(text):
        await telling.tell_mover(case, lead, host, "partner.from_host", text=part, partner=True)
    html = say(case.language, "desk.sent", mover=cards.mover_name(host, lead), reference=lead.reference)
    await case.reply_on_lead(lead, html)


async def answered_elsewhere(case: Case, reference: str) -> None:
    """The host has called or mailed the mover, as the mover wished."""
    found = await finding.find_own(case, reference, take=True)
    if found is not None:
        await _answered(case, *found, "answered elsewhere")


async def _answered(case: Case, lead: Lead, host: Host, action: str) -> None:
    case.done = True
    await leads.mark_answered(case.session, lead.reference, case.now)
    await leads.snooze(case.session, lead.reference, None)
    await leads.log(case.session, lead.reference, action, case.now, host.id)


async def set_card(case: Case, photo: str, changes: dict[str, str]) -> None:
    """The host's own card: a sentence, languages, a picture; shown to movers whose lead the host takes."""
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


async def ask_outcome(case: Case, reference: str) -> None:
    found = await finding.find_own(case, reference)
    if found is not None:
        argument = found[0].reference
        rows = [[case.button(f"outcome.{outcome}", "hx", f"{argument}.{outcome}")] for outcome in OUTCOMES]
        case.say("desk.outcome_ask", rows, reference=argument)


async def close(case: Case, reference: str, outcome: Outcome, take: bool = False) -> None:
    found = await finding.find_own(case, reference, take)
    if found is None:
        return
    lead, host = found
    case.done = True
    await leads.close(case.session, lead.reference, outcome, case.now)
    await leads.log(case.session, lead.reference, "closed", case.now, host.id)
    case.say("desk.closed", reference=lead.reference)
    await telling.tell_mover(case, lead, host, "partner.host_closed", partner=False)


def _rows(case: Case, lead: Lead) -> Sequence[Sequence[Button]]:
    return [[case.button("answer", "ha", lead.reference), case.button("close", "hz", lead.reference)]]


def _next_button(case: Case, lead: Lead) -> Button:
    verb = "ht" if lead.state == "new" else "ha"
    button = case.button("take" if verb == "ht" else "answer", verb, lead.reference)
    return Button(f"{button.label}: {lead.reference}", button.data)
