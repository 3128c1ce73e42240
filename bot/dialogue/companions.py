"""The one you move with joins the same request: by a one-time link, an own yes, own words, and leaves again."""

from __future__ import annotations

import hashlib

from markupsafe import Markup

from bot.dialogue import form_values, my_leads
from bot.dialogue.buttons import data
from bot.dialogue.model import (
    Button,
    CompanionWords,
    InviteCompanion,
    JoinLead,
    LeaveLead,
    Notice,
    OpenLink,
)
from bot.dialogue.talk import Talk
from bot.leads.model import Lead
from bot.texts import CONSENT_VERSION, companion_consent, hash_of, label, say

LINK_PREFIX = "p_"


def hash_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(talk: Talk, reference: str) -> None:
    """Make the link; who presses it first may join."""
    lead = my_leads.find(talk, reference)
    if lead is None or not lead.open:
        talk.say("mine.unknown")
        return
    token = talk.situation.tokens[-1]
    talk.changes.append(InviteCompanion(lead.reference, hash_of_token(token)))
    parameter = LINK_PREFIX + token
    name = talk.situation.bot_name
    link = f"https://t.me/{name}?start={parameter}" if name else f"/start {parameter}"
    talk.say("companion.link", [[talk.button("mine", "mine")]], link=link, reference=lead.reference)


def show_invitation(talk: Talk, parameter: str) -> None:
    """What somebody who opened the link is asked."""
    lead = talk.situation.invited_to
    if lead is None or not lead.open or lead.mover_chat == talk.conversation.chat_id:
        talk.say("companion.unknown", [[talk.button("topics", "T")]])
        return
    talk.changes.append(OpenLink(hash_of_token(parameter.removeprefix(LINK_PREFIX))))
    parts = [
        talk.phrase("companion.ask", name=lead.mover_name, place=_place(talk, lead)),
        Markup("{}").format(consent_text(talk, lead)),
    ]
    yes = Button(label(talk.language, "button.join"), data("cj", lead.reference))
    no = Button(label(talk.language, "button.cancel"), data("cn"))
    talk.reply(Markup("\n\n").join(parts), [[yes, no]])


def consent_text(talk: Talk, lead: Lead) -> str:
    periods = talk.situation.periods
    return companion_consent(talk.language).format(
        place=_place(talk, lead), lead_days=periods.lead_days, consent_years=periods.consent_years
    )


def join(talk: Talk, reference: str) -> None:
    """The own yes. It counts only for the lead whose link this person opened."""
    lead = talk.situation.invited_to
    if lead is None or lead.reference != reference or not lead.open:
        talk.say("companion.unknown", [[talk.button("topics", "T")]])
        return
    text = consent_text(talk, lead)
    name = talk.conversation.first_name
    talk.changes.append(JoinLead(reference, name, CONSENT_VERSION, talk.language, hash_of(text)))
    talk.remember(adding_to=reference)
    _tell_hosts(talk, lead, "desk.companion_joined")
    skip = Button(label(talk.language, "button.skip"), data("cs"))
    talk.say("companion.joined", [[skip]], reference=reference)


def take_words(talk: Talk, text: str) -> None:
    """Own trade, wishes and contact, in one message."""
    reference = talk.conversation.adding_to
    assert reference is not None
    words, covered = form_values.words(text, form_values.MAX_MESSAGE)
    if covered:
        talk.say("lead.identity_number")
    talk.changes.append(CompanionWords(reference, words))
    talk.remember(adding_to=None)
    talk.say("companion.words_taken", [[talk.button("mine", "mine"), talk.button("topics", "T")]])


def skip(talk: Talk) -> None:
    talk.remember(adding_to=None)
    talk.say("companion.words_skipped", [[talk.button("mine", "mine"), talk.button("topics", "T")]])


def leave(talk: Talk, reference: str) -> None:
    lead = next((lead for lead in talk.situation.joined if lead.reference == reference), None)
    if lead is None:
        talk.say("mine.unknown")
        return
    talk.changes.append(LeaveLead(reference))
    if lead.open:
        _tell_hosts(talk, lead, "desk.companion_left")
    talk.say("companion.left", [[talk.button("topics", "T")]], reference=reference)


def _tell_hosts(talk: Talk, lead: Lead, key: str) -> None:
    for host in my_leads.those_who_know(talk, lead):
        html = say(host.language, key, reference=lead.reference)
        talk.notices.append(Notice(host, lead.reference, str(html), shared=my_leads.shared(lead, host)))


def _place(talk: Talk, lead: Lead) -> str:
    return talk.place(lead.municipality) if lead.municipality else label(talk.language, "lead.unsure")
