"""A mover's own leads: what became of them, writing to the host, withdrawing."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.masking import mask_identity_numbers
from bot.dialogue.model import Button, DeleteLead, Notice, Withdraw, WriteToHost
from bot.dialogue.talk import Talk
from bot.leads import clock, routing
from bot.leads.model import Host, Lead
from bot.texts import label, parts, say


def show(talk: Talk) -> None:
    """Each lead with its state, who answers and by when, and what can be done with it."""
    leads, joined = talk.situation.leads, talk.situation.joined
    if not leads and not joined:
        talk.say("mine.none", [[talk.button("host", "h")]])
        return
    lines = [_line(talk, lead) for lead in leads]
    lines += [
        talk.phrase("mine.joined", reference=lead.reference, name=lead.mover_name, place=_place(talk, lead))
        for lead in joined
    ]
    rows = [row for lead in leads for row in _rows(talk, lead)]
    rows += [[talk.button("leave", "cl", lead.reference, reference=lead.reference)] for lead in joined]
    rows.append([talk.button("take_along", "ex"), talk.button("privacy", "p")])
    talk.say("mine.list", rows, leads=Markup("\n").join(lines))


def _line(talk: Talk, lead: Lead) -> Markup:
    line = talk.phrase("mine.line", reference=lead.reference, place=_place(talk, lead), state=state_words(talk, lead))
    if lead.promised_on and clock.is_awaited(lead):
        line += talk.phrase("mine.promised", day=spoken(lead.promised_on, talk.language))
    return line


def _rows(talk: Talk, lead: Lead) -> list[list[Button]]:
    reference = lead.reference
    if not lead.open:
        return [[talk.button("delete", "dl", reference, reference=reference)]]
    return [
        [
            talk.button("write_more", "hw", reference, reference=reference),
            talk.button("withdraw", "wd", reference, reference=reference),
        ],
        [talk.button("companion", "ci", reference)],
    ]


def _place(talk: Talk, lead: Lead) -> str:
    return talk.place(lead.municipality) if lead.municipality else label(talk.language, "lead.unsure")


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
    covered = mask_identity_numbers(text)
    if covered != text:
        talk.say("lead.identity_number")
        text = covered
    talk.changes.append(WriteToHost(lead.reference, text))
    taker = taker_of(talk, lead)
    for host in those_who_know(talk, lead):
        # Free text goes to the one who took the lead, in a private chat; else a notice says only that there is more.
        detail = talk.situation.services[lead.municipality].detail_for(host)
        full = taker is not None and not host.by_mail and detail == "full"
        key = "desk.mover_wrote" if full else "desk.mover_wrote_summary"
        mover = talk.conversation.first_name or label(host.language, "desk.anonymous")
        verb = "ha" if taker else "ht"
        button = Button(label(host.language, "desk.answer" if taker else "desk.take"), data(verb, lead.reference))
        for part in parts(text) if full else [""]:
            html = say(host.language, key, reference=lead.reference, mover=mover, text=part)
            talk.notices.append(
                Notice(host, lead.reference, str(html), ((button,),), full=full, shared=shared(lead, host))
            )
    talk.remember(partner=lead.reference)
    buttons = [[talk.button("to_assistant", "as"), talk.button("end", "ax", lead.reference)]]
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
    return [
        Notice(
            host,
            lead.reference,
            str(say(host.language, key, reference=lead.reference)),
            kind="gone",
            heard=host.id == lead.taken_by,
            shared=shared(lead, host),
        )
        for host in those_who_know(talk, lead)
    ]


def shared(lead: Lead, host: Host) -> bool:
    """Whether it is for all hosts of the municipality alike: nobody has the lead, and this one does not stand in."""
    return lead.taken_by is None and routing.acts_for(host, lead.municipality) and host.id != lead.stand_in


def those_who_know(talk: Talk, lead: Lead) -> tuple[Host, ...]:
    """The one who took the lead, else all who were told of it."""
    taker = taker_of(talk, lead)
    return (taker,) if taker else routing.informed(lead, talk.situation.hosts)


def ask_delete(talk: Talk, reference: str) -> None:
    lead = find(talk, reference)
    if lead is None:
        talk.say("mine.unknown")
        return
    yes = talk.button("delete_yes", "dy", lead.reference, reference=lead.reference)
    talk.say("mine.ask_delete", [[yes, talk.button("mine", "mine")]], reference=lead.reference)


def delete(talk: Talk, reference: str) -> None:
    lead = find(talk, reference)
    if lead is None:
        talk.say("mine.unknown")
        return
    if lead.open:
        talk.notices.extend(goodbye_notices(talk, lead, "desk.forgotten"))
    if talk.conversation.partner == lead.reference:
        talk.remember(partner=None)
    talk.changes.append(DeleteLead(lead.reference))
    talk.say("mine.deleted", [[talk.button("topics", "T")]], reference=lead.reference)


def end_by_mover(talk: Talk, reference: str) -> None:
    """The mover ends a talk with a host; for the host it is a withdrawal like any other."""
    withdraw(talk, reference)
