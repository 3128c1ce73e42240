"""A host proposes that another municipality answers; the mover decides, since somebody else would read the lead."""

from __future__ import annotations

from bot.dialogue import form_sending, my_leads
from bot.dialogue.model import Notice, PassOn
from bot.dialogue.talk import Talk
from bot.leads import notices, routing
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
    talk.changes.append(PassOn(lead.reference, place, CONSENT_VERSION, talk.language, hash_of(asked)))
    _tell_former(talk, lead, "desk.pass_agreed", place)
    titles = {id: entry.title("nb") for id, entry in talk.knowledge.entries.items()}
    for host in routing.recipients(place, talk.situation.hosts):
        html = notices.new_lead(host, lead, talk.place(place), talk.places(lead.also_to), titles)
        talk.notices.append(Notice(host, lead.reference, str(html), (form_sending.take_row(host, lead),)))
    if talk.conversation.partner == lead.reference:
        talk.remember(partner=None)
    talk.say("passing.agreed", [[talk.button("mine", "mine")]], place=talk.place(place), reference=lead.reference)


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
