"""From "I want to talk to somebody" to the summary and back, one part at a time.

The shortest way is two presses: what was picked up is filled in, and everything else is optional. Every part can be
typed or pressed; back, skip and cancel stand everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.dialogue import form_summary, form_values
from bot.dialogue.buttons import data
from bot.dialogue.model import Button, Draft, Step
from bot.dialogue.talk import Talk
from bot.leads import wording
from bot.leads.model import Lead, Wishes
from bot.texts import label

UNSURE = "unsure"
CHOSEN = "✓ "
#: Steps that wait for words, and what they are called in the phrases.
TYPED_STEPS: tuple[Step, ...] = ("household", "when", "phone", "email", "languages", "message")


def begin(talk: Talk, named: Iterable[str] = ()) -> None:
    """Open the form for the municipalities named, chosen or spoken of last; else ask which."""
    places = tuple(slug for slug in named if slug in talk.knowledge.municipalities)
    conversation = talk.conversation
    places = places or conversation.municipalities or conversation.context.municipalities
    draft = Draft(talk.situation.tokens[0][:8], talk.now, places, conversation.asked[-5:], filled(talk))
    talk.remember(draft=draft)
    if places:
        show_summary(talk)
    else:
        ask_place(talk)


def draft_of(talk: Talk) -> Draft:
    assert talk.conversation.draft is not None
    return talk.conversation.draft


def change(talk: Talk, **changes: Any) -> Draft:
    draft = replace(draft_of(talk), **changes)
    talk.remember(draft=draft)
    return draft


# -- the summary


def show_summary(talk: Talk, edit: bool = False) -> None:
    """What will be sent and to whom. Where a lead is open already, what is written is added to that one."""
    draft = draft_of(talk)
    existing = [lead for place in draft.municipalities or (None,) if (lead := open_lead(talk, place))]
    if existing and len(existing) == len(draft.municipalities or (None,)):
        talk.remember(draft=None, partner=existing[0].reference)
        place = form_summary.places_named(talk, draft.municipalities[:1])
        talk.say("lead.exists", place=place, reference=existing[0].reference)
        return
    draft = change(talk, step="summary")
    talk.reply(form_summary.summary(talk, draft), form_summary.buttons(talk, draft), edit)


def goes_on(talk: Talk, changed: bool) -> None:
    """After a line in mid-form: on where it was, with a new summary where something was put in."""
    draft = draft_of(talk)
    if draft.step in ("summary", "change") and changed:
        show_summary(talk)
    elif draft.step in ("summary", "change"):
        talk.say("lead.goes_on", form_summary.buttons(talk, draft))
    elif draft.step == "place":
        ask_place(talk)
    else:
        ask_part(talk, draft.step)


def cancel(talk: Talk) -> None:
    talk.remember(draft=None)
    talk.say("lead.cancelled", [[talk.button("topics", "T")]], edit=True)


# -- changing parts


def show_parts(talk: Talk) -> None:
    draft = change(talk, step="change")
    talk.say("lead.ask_change", form_summary.change_buttons(talk, draft), edit=True)


def open_part(talk: Talk, part: str) -> None:
    if part == "place":
        ask_place(talk, edit=True)
    elif part == "questions":
        show_questions(talk)
    elif part == "contact":
        ask_contact(talk)
    elif part in ("household", "when", "languages", "message"):
        ask_part(talk, part, edit=True)  # type: ignore[arg-type]
    else:
        show_summary(talk, edit=True)


def ask_part(talk: Talk, step: Step, edit: bool = False) -> None:
    """Ask for the words of one part."""
    draft = change(talk, step=step)
    last = [
        talk.button("skip", "hs", draft.id),
        talk.button("back", "hb", draft.id),
        talk.button("cancel", "hn", draft.id),
    ]
    talk.say(f"lead.ask_{step}", [last], edit)


def take_words(talk: Talk, text: str) -> None:
    """What was typed for the part that is waited for."""
    step = draft_of(talk).step
    if step in ("phone", "email"):
        _take_contact(talk, text, step)
        return
    limit = form_values.MAX_MESSAGE if step == "message" else form_values.MAX_SHORT
    words, covered = form_values.words(text, limit)
    if covered:
        talk.say("lead.identity_number")
    _set_wish(talk, **{step: words})


def skip(talk: Talk) -> None:
    """Leave the part empty."""
    step = draft_of(talk).step
    if step in ("phone", "email", "contact"):
        _set_wish(talk, contact_way="telegram", contact="")
    elif step in TYPED_STEPS:
        _set_wish(talk, **{step: ""})
    else:
        show_summary(talk, edit=True)


def ask_contact(talk: Talk) -> None:
    draft = change(talk, step="contact")
    ways = [talk.button(f"way.{way}", "hk", f"{draft.id}.{way}") for way in ("telegram", "phone", "email")]
    talk.say("lead.ask_contact", [ways, [talk.button("back", "hb", draft.id)]], edit=True)


def choose_contact(talk: Talk, way: str) -> None:
    if way == "telegram":
        _set_wish(talk, contact_way="telegram", contact="")
    elif way in ("phone", "email"):
        ask_part(talk, "phone" if way == "phone" else "email", edit=True)
    else:
        ask_contact(talk)


def show_questions(talk: Talk) -> None:
    """Every earlier question can be taken out."""
    draft = draft_of(talk)
    outs = [
        [Button(f"{number}. {asked.text[:40]} ✕", data("ho", f"{draft.id}.{number}"))]
        for number, asked in enumerate(draft.asked, start=1)
    ]
    talk.say("lead.ask_questions", [*outs, [talk.button("back", "hb", draft.id)]], edit=True)


def take_out(talk: Talk, number: int) -> None:
    asked = tuple(question for index, question in enumerate(draft_of(talk).asked, start=1) if index != number)
    change(talk, asked=asked)
    if asked:
        show_questions(talk)
    else:
        show_summary(talk, edit=True)


# -- the municipalities


def ask_place(talk: Talk, edit: bool = False) -> None:
    """One press for one; more of them, or not being sure, are buttons of the same menu."""
    draft = change(talk, step="place")
    choices = [
        Button((CHOSEN if slug in draft.municipalities else "") + talk.place(slug), data("hp", f"{draft.id}.{slug}"))
        for slug in talk.knowledge.municipalities
    ]
    rows = [choices[i : i + 2] for i in range(0, len(choices), 2)]
    last = [
        Button(label(talk.language, "button.unsure_place"), data("hp", f"{draft.id}.{UNSURE}")),
        talk.button("cancel", "hn", draft.id),
    ]
    done = [[talk.button("done", "hb", draft.id)]] if draft.municipalities else []
    talk.say("lead.ask_place", [*rows, *done, last], edit)


def choose_place(talk: Talk, slug: str) -> None:
    """The first choice goes on to the summary; while some are chosen a press takes one in or out."""
    chosen = draft_of(talk).municipalities
    if slug == UNSURE:
        change(talk, municipalities=())
        show_summary(talk, edit=True)
    elif slug not in talk.knowledge.municipalities:
        ask_place(talk, edit=True)
    elif not chosen:
        change(talk, municipalities=(slug,))
        show_summary(talk, edit=True)
    else:
        kept = tuple(place for place in chosen if place != slug)
        change(talk, municipalities=kept if slug in chosen else (*chosen, slug))
        ask_place(talk, edit=True)


def open_lead(talk: Talk, place: str | None) -> Lead | None:
    return next((lead for lead in talk.situation.leads if lead.open and lead.municipality == place), None)


def filled(talk: Talk) -> Wishes:
    """What was picked up of the mover so far."""
    profile, conversation = talk.conversation.profile, talk.conversation
    wishes = Wishes(
        members=profile.household,
        ages=profile.ages,
        groups=profile.groups,
        trades=profile.trades,
        when=profile.when,
        languages="" if talk.language in ("nb", "nn") else label(talk.language, "language.name"),
        warm_because=tuple(dict.fromkeys(conversation.signals)),
    )
    return replace(wishes, household=wording.members(wishes, talk.language))


# -- inside


def _set_wish(talk: Talk, **changes: Any) -> None:
    draft = draft_of(talk)
    wishes = replace(draft.wishes, **changes)
    if changes.get("household") == "":
        wishes = replace(wishes, members=(), ages=())
    change(talk, wishes=wishes)
    show_summary(talk, edit=True)


def _take_contact(talk: Talk, text: str, step: Step) -> None:
    found = form_values.phone(text) if step == "phone" else form_values.email(text)
    if found is None:
        talk.say(f"lead.bad_{step}")
        ask_part(talk, step)
    else:
        _set_wish(talk, contact_way=step, contact=found)
