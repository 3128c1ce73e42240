"""The explicit yes: a lead for each municipality, its consent, the notices and the receipt."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import form_summary, lead_form
from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.model import Button, Notice, OpenLeads
from bot.dialogue.talk import Talk, contact_line
from bot.leads import notices, references, routing
from bot.leads.model import Host, Lead
from bot.leads.working_time import promised_day
from bot.texts import CONSENT_VERSION, hash_of, label


def agree(talk: Talk) -> None:
    """A yes, typed or pressed, sends only when the summary is what was shown last; before that it leads to it."""
    draft = lead_form.draft_of(talk)
    if draft.step == "summary":
        send(talk)
    elif draft.municipalities:
        lead_form.show_summary(talk)
    else:
        lead_form.ask_place(talk)


def send(talk: Talk) -> None:
    draft = lead_form.draft_of(talk)
    places = [p for p in draft.municipalities or (None,) if lead_form.open_lead(talk, p) is None]
    leads = [_lead(talk, place, number) for number, place in enumerate(places)]
    text = form_summary.consent_text(talk, draft.municipalities)
    talk.changes.append(OpenLeads(tuple(leads), CONSENT_VERSION, talk.language, hash_of(text)))
    titles = {id: entry.title("nb") for id, entry in talk.knowledge.entries.items()}
    for lead in leads:
        for host in routing.recipients(lead.municipality, talk.situation.hosts):
            html = notices.new_lead(host, lead, _place(talk, lead, host), _also_to(talk, lead), titles)
            talk.notices.append(Notice(host, lead.reference, str(html), (take_row(host, lead),)))
    talk.remember(draft=None)
    receipts = [_receipt(talk, lead) for lead in leads]
    after = [[talk.button("companion", "ci", leads[0].reference)], [talk.button("mine", "mine")]]
    talk.reply(Markup("\n\n").join([*receipts, talk.phrase("lead.sent_how")]), after, edit=True)


def take_row(host: Host, lead: Lead) -> tuple[Button, ...]:
    return (Button(label(host.language, "desk.take"), data("ht", lead.reference)),)


def _lead(talk: Talk, place: str | None, number: int) -> Lead:
    draft = lead_form.draft_of(talk)
    to = routing.recipients(place, talk.situation.hosts)
    return Lead(
        reference=references.reference(place, talk.situation.tokens[1 + number]),
        municipality=place,
        state="new",
        mover_chat=talk.conversation.chat_id,
        mover_name=talk.conversation.first_name,
        language=talk.language,
        asked=draft.asked,
        created_at=talk.now,
        campaign=talk.conversation.campaign,
        wishes=draft.wishes,
        also_to=tuple(other for other in draft.municipalities if other != place),
        promised_on=promised_day(talk.now) if to else None,
        noticed=bool(to),
    )


def _place(talk: Talk, lead: Lead, host: Host) -> str:
    return talk.place(lead.municipality) if lead.municipality else label(host.language, "lead.unsure")


def _also_to(talk: Talk, lead: Lead) -> str:
    return talk.places(lead.also_to)


def _receipt(talk: Talk, lead: Lead) -> Markup:
    to = routing.recipients(lead.municipality, talk.situation.hosts)
    place = talk.place(lead.municipality) if lead.municipality else label(talk.language, "lead.unsure")
    if lead.promised_on is None:
        lines = [talk.phrase("lead.sent_nobody", reference=lead.reference)]
        municipality = talk.knowledge.municipalities.get(lead.municipality or "")
        if municipality and contact_line(municipality):
            lines.append(talk.phrase("lead.self", name=municipality.name, contact=contact_line(municipality)))
        return Markup("\n\n").join(lines)
    key = "sent_host" if to[0].role == "host" else "sent_coordinator_for" if lead.municipality else "sent_coordinator"
    way = talk.phrase(f"lead.by_{lead.wishes.contact_way}", contact=lead.wishes.contact)
    day = spoken(lead.promised_on, talk.language)
    return talk.phrase(f"lead.{key}", reference=lead.reference, place=place, day=day, way=way)
