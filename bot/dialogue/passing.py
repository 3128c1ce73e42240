"""A host proposes that another municipality answers; the mover decides, since somebody else would read the lead."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import form_sending, my_leads
from bot.dialogue.dates import spoken
from bot.dialogue.model import Notice, PassOn
from bot.dialogue.talk import Talk
from bot.leads import routing
from bot.leads.model import Lead
from bot.texts import CONSENT_VERSION, hash_of, say


def agree(talk: Talk, argument: str) -> None:
    """ "reference.municipality": a yes counts only for the municipality that is asked about now."""
    reference, _, place = argument.partition(".")
    lead = _asked(talk, reference)
    if lead is None or lead.pass_to != place or place not in talk.knowledge.municipalities:
        talk.say("mine.unknown")
        return
    asked = talk.phrase("passing.ask", host=my_leads.host_words(talk, lead), place=talk.place(place), reference="")
    route = routing.route(place, talk.situation.hosts, talk.situation.services, talk.now)
    talk.changes.append(PassOn(lead.reference, place, CONSENT_VERSION, talk.language, hash_of(asked), route))
    _tell_former(talk, lead, "desk.pass_agreed", place)
    passed = replace(lead, municipality=place, promised_on=route.promised_on)
    form_sending.tell_hosts(talk, passed, route)
    if talk.conversation.partner == lead.reference:
        talk.remember(partner=None)
    told = talk.phrase("passing.agreed", place=talk.place(place), reference=lead.reference)
    if route.promised_on:
        told += " " + talk.phrase("passing.promised", day=spoken(route.promised_on, talk.language))
    talk.reply(told, [[talk.button("mine", "mine")]])


def refuse(talk: Talk, reference: str) -> None:
    lead = _asked(talk, reference)
    if lead is None:
        talk.say("mine.unknown")
        return
    talk.changes.append(PassOn(lead.reference, None))
    _tell_former(talk, lead, "desk.pass_refused", lead.pass_to or "")
    talk.say("passing.refused", [[talk.button("mine", "mine")]], reference=lead.reference)


def _asked(talk: Talk, reference: str) -> Lead | None:
    lead = my_leads.find(talk, reference)
    return lead if lead is not None and lead.open and lead.pass_to else None


def _tell_former(talk: Talk, lead: Lead, key: str, place: str) -> None:
    for host in my_leads.those_who_know(talk, lead):
        html = say(host.language, key, reference=lead.reference, place=talk.place(place))
        talk.notices.append(Notice(host, lead.reference, str(html), kind="reminder"))
