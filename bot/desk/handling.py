"""Take a lead, answer it, close it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.desk import finding, follow_ups, telling
from bot.desk.case import Case
from bot.dialogue.dates import spoken
from bot.dialogue.model import Button, Reply
from bot.leads import cards, clock, quiet
from bot.leads.model import MORE_OUTCOMES, OUTCOMES, Host, Lead, Outcome
from bot.storage import answer_drafts, hosts, leads
from bot.storage.quiet import of_leads
from bot.texts import label, parts, say


async def show_open(case: Case) -> None:
    """The leads this person may see, and what can be done with each."""
    if not case.roles:
        case.say("desk.no_right")
        return
    everybody = {host.id: host for host in await hosts.active(case.session)}
    lines, rows = [], []
    open_leads = await leads.open_leads(case.session)
    silent = await of_leads(case.session, open_leads, case.now)
    for lead in open_leads:
        host = finding.role_for(case.roles, lead)
        if host is None:
            continue
        also = ", ".join(filter(None, (_waits(case, lead, host), _quiet(silent, lead, host))))
        lines.append(cards.list_line(host, lead, case.places, everybody, also))
        rows.append([_next_button(case, lead)])
    if lines:
        case.say("desk.list", rows[:20], leads=Markup("\n").join(lines[:20]))
    else:
        case.say("desk.list_none")


def _waits(case: Case, lead: Lead, host: Host) -> str:
    """Until when it waits for its hosts, who are not there."""
    until = clock.waits_until(lead, case.now)
    if until is None:
        return ""
    place = case.place(lead.municipality) or label(host.language, "lead.unsure")
    return label(host.language, "clock.state_waits", place=place, day=spoken(until, host.language))


def _quiet(silent: Mapping[str, quiet.Quiet], lead: Lead, host: Host) -> str:
    return quiet.words(silent.get(lead.reference), host.language)


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
    await case.reply_on_lead(lead, await _taken_card(case, lead, host), _rows(case, lead))
    await telling.tell_mover(case, lead, host, "partner.host_took", card=host.card)
    await telling.tell_other_hosts(case, lead, host)


async def _taken_card(case: Case, lead: Lead, host: Host) -> Markup:
    if not await case.shows_words(lead, host):
        return cards.taken_summary(host, lead)
    thread = [(message.author, message.text) for message in await leads.thread(case.session, lead.reference)]
    return cards.taken_card(host, lead, thread)


async def begin_answer(case: Case, reference: str) -> None:
    """The host's next message answers this lead."""
    found = await finding.find_own(case, reference)
    if found is None:
        return
    lead, host = found
    await hosts.set_answering(case.session, host.id, lead.reference, case.now)
    mover = await case.mover_name(lead, host)
    html = say(case.language, "desk.answering", mover=mover, reference=lead.reference)
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
    if not case.via.quiet:
        html = say(case.language, "desk.sent", mover=await case.mover_name(lead, host), reference=lead.reference)
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
    await answer_drafts.drop(case.session, lead.reference, [role.id for role in case.roles])
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


async def ask_outcome(case: Case, reference: str, more: bool = False) -> None:
    """The four usual ones, or those under "more"."""
    found = await finding.find_own(case, reference)
    if found is not None:
        argument = found[0].reference
        wanted = MORE_OUTCOMES if more else OUTCOMES
        rows = [[case.button(f"outcome.{outcome}", "hx", f"{argument}.{outcome}")] for outcome in wanted]
        if not more:
            rows.append([case.button("more", "hm", argument)])
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
    await follow_ups.tell_closed(case, lead, host, outcome)


def _rows(case: Case, lead: Lead) -> Sequence[Sequence[Button]]:
    rows = [[case.button("answer", "ha", lead.reference), case.button("close", "hz", lead.reference)]]
    # Telegram refuses a button to an address that only this machine reaches.
    if case.addresses.inbox.startswith("https://") and any(role.email for role in case.roles):
        url = f"{case.addresses.inbox}/inbox/lead/{lead.reference}"
        rows.append([Button(label(case.language, "desk.open"), url=url)])
    return rows


def _next_button(case: Case, lead: Lead) -> Button:
    verb = "ht" if lead.state == "new" else "ha"
    button = case.button("take" if verb == "ht" else "answer", verb, lead.reference)
    return Button(f"{button.label}: {lead.reference}", button.data)
