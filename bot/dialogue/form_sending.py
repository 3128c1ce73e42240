"""The explicit yes: a lead for each municipality, its consent, the notices and the receipt."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from bot.dialogue import form_summary, lead_form
from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.model import Button, Notice, OpenLeads
from bot.dialogue.talk import Talk, contact_line
from bot.leads import notices, references, routing
from bot.leads.model import Host, Lead
from bot.texts import CONSENT_VERSION, hash_of, label, say


def agree(talk: Talk) -> None:
    """A yes, typed or pressed, sends only when the summary is what was shown last; before that it leads to it.

    Where all of it is open already, as when a host passed a lead on to the same place meanwhile, that is said instead.
    """
    draft = lead_form.draft_of(talk)
    if draft.step == "summary" and _to_open(talk):
        send(talk)
    elif draft.step == "summary" or draft.municipalities:
        lead_form.show_summary(talk)
    else:
        lead_form.ask_place(talk)


def send(talk: Talk) -> None:
    draft, places = lead_form.draft_of(talk), _to_open(talk)
    situation = talk.situation
    routes = [routing.route(place, situation.hosts, situation.services, talk.now) for place in places]
    leads = [_lead(talk, place, number, routes[number]) for number, place in enumerate(places)]
    text = form_summary.consent_text(talk, draft.municipalities)
    talk.changes.append(OpenLeads(tuple(leads), CONSENT_VERSION, talk.language, hash_of(text)))
    for lead, route in zip(leads, routes, strict=True):
        tell_hosts(talk, lead, route)
    talk.remember(draft=None)
    receipts = [_receipt(talk, lead, route) for lead, route in zip(leads, routes, strict=True)]
    after = [[talk.button("companion", "ci", leads[0].reference)], [talk.button("mine", "mine")]]
    talk.reply(Markup("\n\n").join([*receipts, talk.phrase("lead.sent_how")]), after, edit=True)


def _to_open(talk: Talk) -> list[str | None]:
    """The places of the form that have no open lead of this mover."""
    places = lead_form.draft_of(talk).municipalities or (None,)
    return [place for place in places if lead_form.open_lead(talk, place) is None]


def tell_hosts(talk: Talk, lead: Lead, route: routing.Route) -> None:
    """A notice to each on the route; where it waits for them, the coordinators may take it sooner."""
    for host in route.to:
        titles = {id: entry.title(host.language) for id, entry in talk.knowledge.entries.items()}
        detail = talk.situation.services[lead.municipality].detail_for(host)
        html = notices.new_lead(host, lead, _place(talk, lead, host), _also_to(talk, lead), titles, detail)
        if route.stand_in:
            html += "\n\n" + say(host.language, "clock.you_stand_in")
        shared = route.stand_in is None
        talk.notices.append(Notice(host, lead.reference, str(html), (take_row(host, lead),), shared=shared))
    if route.back_on is None:
        return
    for host in talk.situation.hosts:
        if host.role == "coordinator" and host not in route.to:
            day, place = spoken(route.back_on, host.language), _place(talk, lead, host)
            html = say(host.language, "clock.waits", reference=lead.reference, place=place, day=day)
            talk.notices.append(Notice(host, lead.reference, str(html), (take_row(host, lead),), "reminder"))


def take_row(host: Host, lead: Lead) -> tuple[Button, ...]:
    return (Button(label(host.language, "desk.take"), data("ht", lead.reference)),)


def _lead(talk: Talk, place: str | None, number: int, route: routing.Route) -> Lead:
    draft = lead_form.draft_of(talk)
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
        promised_on=route.promised_on,
        noticed=bool(route.to),
        waiting_since=route.since,
        stand_in=route.stand_in.id if route.stand_in else None,
    )


def _place(talk: Talk, lead: Lead, host: Host) -> str:
    return talk.place(lead.municipality) if lead.municipality else label(host.language, "lead.unsure")


def _also_to(talk: Talk, lead: Lead) -> str:
    return talk.places(lead.also_to)


def _receipt(talk: Talk, lead: Lead, route: routing.Route) -> Markup:
    place = talk.place(lead.municipality) if lead.municipality else label(talk.language, "lead.unsure")
    if lead.promised_on is None:
        lines = [talk.phrase("lead.sent_nobody", reference=lead.reference)]
        municipality = talk.knowledge.municipalities.get(lead.municipality or "")
        if municipality and contact_line(municipality):
            lines.append(talk.phrase("lead.self", name=municipality.name, contact=contact_line(municipality)))
        return Markup("\n\n").join(lines)
    back = spoken(route.back_on, talk.language) if route.back_on else ""
    way = talk.phrase(f"lead.by_{lead.wishes.contact_way}", contact=lead.wishes.contact)
    day = spoken(lead.promised_on, talk.language)
    key = _receipt_key(lead, route, talk.situation.hosts)
    return talk.phrase(f"lead.{key}", reference=lead.reference, place=place, day=day, way=way, back=back)


def _receipt_key(lead: Lead, route: routing.Route, hosts: Iterable[Host]) -> str:
    own = routing.recipients(lead.municipality, hosts)
    if own[0].role == "host" and (route.back_on or route.stand_in):
        return "sent_waits" if route.back_on else "sent_stand_in"
    if own[0].role == "host":
        return "sent_host" if route.to[0].role == "host" else "sent_instead"
    if route.back_on:
        return "sent_coordinator_waits"
    return "sent_coordinator_for" if lead.municipality else "sent_coordinator"
