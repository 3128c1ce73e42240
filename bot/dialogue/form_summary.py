"""The summary of a lead on its way, with the consent text; nothing goes along that does not stand in it."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue.model import Button, Draft
from bot.dialogue.talk import Talk, contact_line
from bot.leads import routing
from bot.leads.model import Asked
from bot.texts import consent, label

#: What can be changed, in the order of the menu: phrase key under button.change and verb's argument.
PARTS = ("place", "household", "when", "questions", "contact", "languages", "message")


def summary(talk: Talk, draft: Draft) -> Markup:
    """Above it stands how to reach the municipality oneself."""
    parts = [
        *_own_ways(talk, draft),
        _lines(talk, draft),
        _questions(talk, draft.asked),
        Markup("{}").format(consent_text(talk, draft.municipalities)),
        talk.phrase("lead.confirm"),
    ]
    return Markup("\n\n").join(parts)


def buttons(talk: Talk, draft: Draft) -> list[list[Button]]:
    return [
        [talk.button("send", "hy", draft.id), talk.button("change", "he", draft.id)],
        [talk.button("cancel", "hn", draft.id)],
    ]


def change_buttons(talk: Talk, draft: Draft) -> list[list[Button]]:
    """One button for each part, and the way back."""
    shown = [part for part in PARTS if part != "questions" or draft.asked]
    parts = [talk.button(f"part.{part}", "hf", f"{draft.id}.{part}") for part in shown]
    rows = [parts[i : i + 2] for i in range(0, len(parts), 2)]
    return [*rows, [talk.button("back", "hb", draft.id), talk.button("cancel", "hn", draft.id)]]


def consent_text(talk: Talk, places: tuple[str, ...]) -> str:
    """The consent text with its places filled, exactly as shown; its hash is the proof of what was agreed to."""
    to = [host for place in places or (None,) for host in routing.recipients(place, talk.situation.hosts)]
    has_host = any(host.role == "host" for host in to)
    key = "lead.readers_host" if has_host else "lead.readers_coordinator"
    readers = talk.phrase(key, place=places_named(talk, places)).striptags()
    periods = talk.situation.periods
    return consent(talk.language).format(
        readers=readers, lead_days=periods.lead_days, consent_years=periods.consent_years
    )


def places_named(talk: Talk, places: tuple[str, ...]) -> str:
    return talk.places(places) if places else label(talk.language, "lead.unsure")


def who(talk: Talk, place: str | None) -> Markup:
    """To whom it goes: the host, or the coordinator where there is none."""
    to = routing.recipients(place, talk.situation.hosts)
    if place and (not to or to[0].role == "host"):
        return talk.phrase("lead.who_host", place=talk.place(place))
    return talk.phrase("lead.who_coordinator")


def contact_words(talk: Talk, draft: Draft) -> Markup:
    wishes = draft.wishes
    return talk.phrase(f"lead.contact_{wishes.contact_way}", contact=wishes.contact)


def _own_ways(talk: Talk, draft: Draft) -> list[Markup]:
    named = [talk.knowledge.municipalities[slug] for slug in draft.municipalities]
    return [
        talk.phrase("lead.self", name=municipality.name, contact=contact_line(municipality))
        for municipality in named
        if contact_line(municipality)
    ]


def _lines(talk: Talk, draft: Draft) -> Markup:
    """A line for each part that holds something."""
    wishes = draft.wishes
    receivers = dict.fromkeys(who(talk, place) for place in draft.municipalities or (None,))
    link = Markup(" {} ").format(talk.phrase("place.and"))
    values = {
        "who": link.join(receivers),
        "name": talk.conversation.first_name,
        "place": places_named(talk, draft.municipalities),
        "household": wishes.household,
        "trades": ", ".join(wishes.trades),
        "when": wishes.when,
        "contact": contact_words(talk, draft),
        "languages": wishes.languages,
        "message": wishes.message,
    }
    return Markup("\n").join(
        talk.phrase(f"lead.line.{key}", value=value) for key, value in values.items() if str(value)
    )


def _questions(talk: Talk, asked: tuple[Asked, ...]) -> Markup:
    if not asked:
        return talk.phrase("lead.no_questions")
    lines = Markup("\n").join(Markup("{}. {}").format(n, question.shown) for n, question in enumerate(asked, start=1))
    return talk.phrase("lead.questions", questions=lines)
