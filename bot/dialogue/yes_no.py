"""A bare yes or no, typed: in the form it is one; elsewhere only where it can be meant for nothing else."""

from __future__ import annotations

from bot.dialogue.buttons import data
from bot.dialogue.model import Button
from bot.dialogue.talk import Talk
from bot.dialogue.typed import is_one_of

_NOT_NOW = data("nn")


def is_yes(talk: Talk, text: str) -> bool:
    return is_one_of(talk, text, "lead.yes_words")


def is_no(talk: Talk, text: str) -> bool:
    return is_one_of(talk, text, "lead.no_words")


def meant_press(talk: Talk, text: str) -> str | None:
    """The button shown last that this word means: a no its no; a yes only the offer of a host, which harms nobody."""
    if is_yes(talk, text):
        return data("h") if _NOT_NOW in {pressed for _, pressed in talk.conversation.offered} else None
    if not is_no(talk, text):
        return None
    return next((pressed for label, pressed in talk.conversation.offered if _says_no(talk, label, pressed)), None)


def ask_which(talk: Talk) -> None:
    """A yes may come late, and what it is said to may delete: the button's own words are asked for. Where nothing was
    asked, that is said.
    """
    asked = [Button(*pair) for pair in talk.conversation.offered if is_yes(talk, _first(pair[0]))]
    if asked:
        talk.say("answer.say_which", [asked], label=asked[0].label)
    else:
        talk.say("answer.nothing_waits", [[talk.button("topics", "T"), talk.button("host", "h")]])


def _says_no(talk: Talk, label: str, pressed: str) -> bool:
    return pressed == _NOT_NOW or is_no(talk, _first(label))


def _first(label: str) -> str:
    return label.partition(",")[0]
