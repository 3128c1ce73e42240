"""Buttons a mover presses. Data that we never made, or that belongs to something past, is met kindly."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue import (
    browsing,
    companions,
    following_up,
    form_sending,
    lead_form,
    my_leads,
    passing,
    privacy,
    settling,
    taking_along,
)
from bot.dialogue.buttons import parse
from bot.dialogue.model import Feedback
from bot.dialogue.talk import Talk
from bot.texts import label


def press(talk: Talk, raw: str) -> None:
    parsed = parse(raw)
    action = _ACTIONS.get(parsed.verb) if parsed else None
    if parsed is None or action is None or not action(talk, parsed.argument):
        talk.toast = label(talk.language, "other.unknown_button")
        talk.say("other.unknown_button", [[talk.button("topics", "T"), talk.button("host", "h")]])


Action = Callable[[Talk, str], bool]


def _always(action: Callable[[Talk], None]) -> Action:
    def run(talk: Talk, argument: str) -> bool:
        action(talk)
        return True

    return run


def _with(action: Callable[[Talk, str], None]) -> Action:
    def run(talk: Talk, argument: str) -> bool:
        action(talk, argument)
        return True

    return run


def _of_draft(action: Callable[[Talk, str], None]) -> Action:
    """A form's button counts only for the draft it was made for: "draft.argument"."""

    def run(talk: Talk, argument: str) -> bool:
        draft_id, _, rest = argument.partition(".")
        draft = talk.conversation.draft
        if draft is not None and draft.id == draft_id:
            action(talk, rest)
        else:
            talk.say("lead.stale", [[talk.button("mine", "mine"), talk.button("host", "h")]])
        return True

    return run


def _toggle_place(talk: Talk, argument: str) -> bool:
    slug, _, entry = argument.partition("@")
    if slug not in talk.knowledge.municipalities:
        return False
    settling.toggle_place(talk, slug, entry)
    return True


def _set_place(talk: Talk, slug: str) -> bool:
    if slug not in talk.knowledge.municipalities:
        return False
    settling.set_place(talk, slug)
    return True


def _feedback(helped: bool) -> Action:
    def run(talk: Talk, entry: str) -> bool:
        if entry not in talk.knowledge.entries:
            return False
        talk.feedback.append(Feedback(entry, helped))
        if helped:
            talk.toast = label(talk.language, "answer.thanks_helped")
        else:
            talk.say("answer.not_helped", [[talk.button("topics", "T"), talk.button("host", "h")]])
        return True

    return run


def _plain(action: Callable[[Talk], None]) -> Callable[[Talk, str], None]:
    def run(talk: Talk, rest: str) -> None:
        action(talk)

    return run


def _back(talk: Talk, rest: str) -> None:
    lead_form.show_summary(talk, edit=True)


def _take_out(talk: Talk, rest: str) -> None:
    lead_form.take_out(talk, int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 4 else 0)


def _not_now(talk: Talk) -> None:
    talk.toast = label(talk.language, "warm.not_now")
    talk.say("warm.not_now", [[talk.button("topics", "T")]], edit=True)


_ACTIONS: dict[str, Action] = {
    # reading
    "T": _always(browsing.show_topics),
    "t": browsing.show_topic,
    "e": browsing.show_entry,
    "ok": _feedback(helped=True),
    "no": _feedback(helped=False),
    # settling
    "l": settling.set_language,
    "m": _with(settling.ask_place),
    "mt": _toggle_place,
    "ms": _set_place,
    "mp": settling.show_municipality,
    "md": _with(settling.finish_places),
    "mx": _with(settling.clear_places),
    # the lead form
    "h": _always(lead_form.begin),
    "hp": _of_draft(lead_form.choose_place),
    "he": _of_draft(_plain(lead_form.show_parts)),
    "hf": _of_draft(lead_form.open_part),
    "hb": _of_draft(_back),
    "hs": _of_draft(_plain(lead_form.skip)),
    "hk": _of_draft(lead_form.choose_contact),
    "ho": _of_draft(_take_out),
    "hy": _of_draft(_plain(form_sending.agree)),
    "hn": _of_draft(_plain(lead_form.cancel)),
    "nn": _always(_not_now),
    # after
    "mine": _always(my_leads.show),
    "hw": _with(my_leads.choose_partner),
    "wd": _with(my_leads.withdraw),
    "dl": _with(my_leads.ask_delete),
    "dy": _with(my_leads.delete),
    "as": _always(my_leads.leave_partner),
    "ax": _with(my_leads.end_by_mover),
    "ci": _with(companions.invite),
    "cj": _with(companions.join),
    "cl": _with(companions.leave),
    "cn": _always(lead_form.cancel),
    "cs": _always(companions.skip),
    "py": _with(passing.agree),
    "pn": _with(passing.refuse),
    "lh": following_up.set_helped,
    "uy": following_up.agree,
    "un": _always(following_up.decline),
    "ua": following_up.answer,
    "us": _always(following_up.stop),
    # personal data
    "p": _always(privacy.show),
    "ex": _always(taking_along.show),
    "fg": _always(privacy.ask_to_forget),
    "fy": _always(privacy.forget),
    "fn": _always(privacy.keep),
}
