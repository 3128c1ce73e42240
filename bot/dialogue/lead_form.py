"""From "I want to talk to somebody" to the receipt: the place, the summary with the consent text, the yes."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from bot.dialogue.buttons import data
from bot.dialogue.model import Button, Draft, Notice, OpenLeads
from bot.dialogue.talk import Talk, contact_line
from bot.leads import notices, references, routing
from bot.leads.model import Asked, Host, Lead
from bot.texts import CONSENT_VERSION, consent, hash_of, label

UNSURE = "unsure"


def begin(talk: Talk, named: Iterable[str] = ()) -> None:
    """Open the form, for the municipality named, chosen or spoken of last; else ask which."""
    places = tuple(slug for slug in named if slug in talk.knowledge.municipalities)
    conversation = talk.conversation
    spoken_of = (conversation.context.municipality,) if conversation.context.municipality else ()
    places = places or conversation.municipalities or spoken_of
    draft = Draft(talk.situation.tokens[0][:8], talk.now, places[:1], conversation.asked[-5:])
    talk.remember(draft=draft)
    if len(places) == 1:
        show_summary(talk)
    else:
        ask_place(talk)


def ask_place(talk: Talk, edit: bool = False) -> None:
    draft = talk.conversation.draft
    assert draft is not None
    talk.remember(draft=Draft(draft.id, draft.started_at, (), draft.asked, "place"))
    choices = [Button(talk.place(slug), data("hp", f"{draft.id}.{slug}")) for slug in talk.knowledge.municipalities]
    rows = [choices[i : i + 2] for i in range(0, len(choices), 2)]
    last = [
        Button(label(talk.language, "button.unsure_place"), data("hp", f"{draft.id}.{UNSURE}")),
        Button(label(talk.language, "button.cancel"), data("hn", draft.id)),
    ]
    talk.say("lead.ask_place", [*rows, last], edit)


def choose_place(talk: Talk, slug: str) -> None:
    draft = talk.conversation.draft
    assert draft is not None
    places = (slug,) if slug in talk.knowledge.municipalities else ()
    talk.remember(draft=Draft(draft.id, draft.started_at, places, draft.asked))
    show_summary(talk, edit=True)


def show_summary(talk: Talk, edit: bool = False) -> None:
    """What will be sent, to whom, and the consent text; above it how to reach the municipality oneself."""
    draft = talk.conversation.draft
    assert draft is not None
    place = draft.municipalities[0] if draft.municipalities else None
    existing = _open_lead(talk, place)
    if existing:
        talk.remember(draft=None, partner=existing.reference)
        talk.say("lead.exists", place=_place_name(talk, place), reference=existing.reference)
        return
    talk.reply(Markup("\n\n").join(_summary_parts(talk, draft, place)), _summary_buttons(talk, draft), edit)


def take_out(talk: Talk, number: int) -> None:
    """Leave one of the earlier questions out."""
    draft = talk.conversation.draft
    assert draft is not None
    asked = tuple(question for index, question in enumerate(draft.asked, start=1) if index != number)
    talk.remember(draft=Draft(draft.id, draft.started_at, draft.municipalities, asked))
    show_summary(talk, edit=True)


def cancel(talk: Talk) -> None:
    talk.remember(draft=None)
    talk.say("lead.cancelled", [[talk.button("topics", "T")]], edit=True)


def send(talk: Talk) -> None:
    """The explicit yes: the lead, its consent, the notices and the receipt."""
    draft = talk.conversation.draft
    assert draft is not None
    place = draft.municipalities[0] if draft.municipalities else None
    to = routing.recipients(place, talk.situation.hosts)
    lead = Lead(
        reference=references.reference(place, talk.situation.tokens[1]),
        municipality=place,
        state="new",
        mover_chat=talk.conversation.chat_id,
        mover_name=talk.conversation.first_name,
        language=talk.language,
        asked=draft.asked,
        created_at=talk.now,
        campaign=talk.conversation.campaign,
        noticed=bool(to),
    )
    text = consent_text(talk, place)
    talk.changes.append(OpenLeads((lead,), CONSENT_VERSION, talk.language, hash_of(text)))
    titles = {id: entry.title("nb") for id, entry in talk.knowledge.entries.items()}
    for host in to:
        html = notices.new_lead(host, lead, _place_name(talk, place, for_host=host), titles)
        talk.notices.append(Notice(host, lead.reference, str(html), (take_row(host, lead),)))
    talk.remember(draft=None)
    talk.reply(_receipt(talk, lead, to), [[talk.button("mine", "mine"), talk.button("topics", "T")]], edit=True)


def take_row(host: Host, lead: Lead) -> tuple[Button, ...]:
    return (Button(label(host.language, "desk.take"), data("ht", lead.reference)),)


def consent_text(talk: Talk, place: str | None) -> str:
    """The consent text with its places filled, exactly as shown; its hash is the proof of what was agreed to."""
    to = routing.recipients(place, talk.situation.hosts)
    has_host = any(host.role == "host" for host in to)
    key = "lead.readers_host" if has_host else "lead.readers_coordinator"
    readers = talk.phrase(key, place=_place_name(talk, place)).striptags()
    periods = talk.situation.periods
    return consent(talk.language).format(
        readers=readers, lead_days=periods.lead_days, consent_years=periods.consent_years
    )


def _open_lead(talk: Talk, place: str | None) -> Lead | None:
    return next((lead for lead in talk.situation.leads if lead.open and lead.municipality == place), None)


def _place_name(talk: Talk, place: str | None, for_host: Host | None = None) -> str:
    language = for_host.language if for_host else talk.language
    return talk.place(place) if place else label(language, "lead.unsure")


def _summary_parts(talk: Talk, draft: Draft, place: str | None) -> list[Markup]:
    parts = []
    municipality = talk.knowledge.municipalities.get(place or "")
    if municipality and contact_line(municipality):
        parts.append(talk.phrase("lead.self", name=municipality.name, contact=contact_line(municipality)))
    to = routing.recipients(place, talk.situation.hosts)
    host = bool(place) and (not to or to[0].role == "host")
    who = talk.phrase("lead.who_host", place=_place_name(talk, place)) if host else talk.phrase("lead.who_coordinator")
    parts.append(
        talk.phrase(
            "lead.summary",
            who=who,
            name=talk.name(),
            place=_place_name(talk, place),
            language=label(talk.language, "language.name"),
        )
    )
    parts.append(_questions(talk, draft.asked))
    parts.append(Markup("{}").format(consent_text(talk, place)))
    parts.append(talk.phrase("lead.confirm"))
    return parts


def _questions(talk: Talk, asked: tuple[Asked, ...]) -> Markup:
    if not asked:
        return talk.phrase("lead.no_questions")
    lines = Markup("\n").join(Markup("{}. {}").format(n, question.text) for n, question in enumerate(asked, start=1))
    return talk.phrase("lead.questions", questions=lines)


def _summary_buttons(talk: Talk, draft: Draft) -> list[list[Button]]:
    outs = [talk.button("take_out", "ho", f"{draft.id}.{n}", number=n) for n in range(1, len(draft.asked) + 1)]
    return [
        [talk.button("send", "hy", draft.id), talk.button("cancel", "hn", draft.id)],
        [talk.button("other_place", "hc", draft.id)],
        outs,
    ]


def _receipt(talk: Talk, lead: Lead, to: tuple[Host, ...]) -> Markup:
    place = _place_name(talk, lead.municipality)
    if not to:
        lines = [talk.phrase("lead.sent_nobody", reference=lead.reference)]
        municipality = talk.knowledge.municipalities.get(lead.municipality or "")
        if municipality and contact_line(municipality):
            lines.append(talk.phrase("lead.self", name=municipality.name, contact=contact_line(municipality)))
    elif to[0].role == "host":
        lines = [talk.phrase("lead.sent_host", reference=lead.reference, place=place)]
    elif lead.municipality:
        lines = [talk.phrase("lead.sent_coordinator_for", reference=lead.reference, place=place)]
    else:
        lines = [talk.phrase("lead.sent_coordinator", reference=lead.reference)]
    return Markup("\n\n").join([*lines, talk.phrase("lead.sent_how")])
