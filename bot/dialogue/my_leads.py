"""A mover's own leads: what became of them, writing to the host, withdrawing."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue.buttons import data
from bot.dialogue.model import Button, Notice, Withdraw, WriteToHost
from bot.dialogue.talk import Talk
from bot.leads import routing
from bot.leads.model import Host, Lead
from bot.texts import label, parts, say


def show(talk: Talk) -> None:
    leads = talk.situation.leads
    if not leads:
        talk.say("mine.none", [[talk.button("host", "h")]])
        return
    lines = [
        talk.phrase(
            "mine.line",
            reference=lead.reference,
            place=talk.place(lead.municipality) if lead.municipality else label(talk.language, "lead.unsure"),
            state=state_words(talk, lead),
        )
        for lead in leads
    ]
    rows = [
        [
            talk.button("write_more", "hw", lead.reference, reference=lead.reference),
            talk.button("withdraw", "wd", lead.reference, reference=lead.reference),
        ]
        for lead in leads
        if lead.open
    ]
    talk.say("mine.list", rows, leads=Markup("\n").join(lines))


def state_words(talk: Talk, lead: Lead) -> str:
    if lead.state == "new" and not lead.noticed:
        return label(talk.language, "mine.waiting")
    return label(talk.language, f"mine.{lead.state}", host=host_words(talk, lead))


def host_words(talk: Talk, lead: Lead) -> str:
    """The host's first name where somebody has taken the lead."""
    taker = taker_of(talk, lead)
    return taker.name if taker and taker.name else label(talk.language, "partner.default_host")


def taker_of(talk: Talk, lead: Lead) -> Host | None:
    return next((host for host in talk.situation.hosts if host.id == lead.taken_by), None)


def find(talk: Talk, reference: str) -> Lead | None:
    """A lead of this mover; a reference of somebody else's is as unknown as an invented one."""
    return next((lead for lead in talk.situation.leads if lead.reference == reference.upper()), None)


def write(talk: Talk, lead: Lead, text: str) -> None:
    """Send a mover's words to whoever has the lead, else to all who were told of it."""
    if not lead.open:
        talk.remember(partner=None)
        talk.say("partner.closed", [[talk.button("topics", "T")]], reference=lead.reference)
        return
    talk.changes.append(WriteToHost(lead.reference, text))
    taker = taker_of(talk, lead)
    to = (taker,) if taker else routing.recipients(lead.municipality, talk.situation.hosts)
    for host in to:
        # Free text goes to the one who took the lead; before that a notice says only that there is more.
        key = "desk.mover_wrote" if taker else "desk.mover_wrote_summary"
        mover = talk.conversation.first_name or label(host.language, "desk.anonymous")
        verb = "ha" if taker else "ht"
        button = Button(label(host.language, "desk.answer" if taker else "desk.take"), data(verb, lead.reference))
        for part in parts(text) if taker else [""]:
            html = say(host.language, key, reference=lead.reference, mover=mover, text=part)
            talk.notices.append(Notice(host, lead.reference, str(html), ((button,),)))
    talk.remember(partner=lead.reference)
    buttons = [[talk.button("to_assistant", "as")]]
    talk.say("partner.sent", buttons, host=host_words(talk, lead), reference=lead.reference)


def choose_partner(talk: Talk, reference: str) -> None:
    lead = find(talk, reference)
    if lead is None or not lead.open:
        talk.say("mine.unknown")
        return
    talk.remember(partner=lead.reference)
    talk.say(
        "partner.to_host",
        [[talk.button("to_assistant", "as")]],
        host=host_words(talk, lead),
        reference=lead.reference,
    )


def leave_partner(talk: Talk) -> None:
    reference = talk.conversation.partner
    talk.remember(partner=None)
    lead = find(talk, reference) if reference else None
    back = [[talk.button("to_host", "hw", lead.reference)]] if lead and lead.open else []
    talk.say("partner.to_assistant", back)


def withdraw(talk: Talk, reference: str) -> None:
    lead = find(talk, reference)
    if lead is None or not lead.open:
        talk.say("mine.unknown")
        return
    talk.changes.append(Withdraw(lead.reference))
    talk.notices.extend(goodbye_notices(talk, lead, "desk.withdrawn"))
    if talk.conversation.partner == lead.reference:
        talk.remember(partner=None)
    talk.say("mine.withdraw_done", reference=lead.reference)


def goodbye_notices(talk: Talk, lead: Lead, key: str) -> list[Notice]:
    """Tell those who know of the lead, by its reference alone, that it is gone."""
    taker = taker_of(talk, lead)
    to = (taker,) if taker else routing.recipients(lead.municipality, talk.situation.hosts)
    return [Notice(host, lead.reference, str(say(host.language, key, reference=lead.reference))) for host in to]
