"""Typing what a button says is pressing it, so that nothing hangs on a button alone."""

from __future__ import annotations

from bot.dialogue import following_up
from bot.dialogue.buttons import data
from bot.dialogue.talk import Talk
from bot.leads.references import PATTERN
from bot.texts import label, phrases

#: Buttons that mean the same wherever they stand, by phrase and verb.
_STANDING = {"to_assistant": "as", "host": "h", "topics": "T", "mine": "mine", "municipality": "m"}


def typed_press(talk: Talk, text: str) -> str | None:
    """The data of the button whose label was typed: one of those shown last, or one that always counts."""
    wanted = _bare(text)
    if not wanted:
        return None
    standing = ((label(talk.language, f"button.{key}"), data(verb)) for key, verb in _STANDING.items())
    offered = (*talk.conversation.offered, *standing, *following_up.typed(talk))
    exactly = next((pressed for shown, pressed in offered if _bare(shown) == wanted), None)
    return exactly or _meant(talk, wanted)


def _meant(talk: Talk, wanted: str) -> str | None:
    """ "Withdraw" for "Withdraw TYN-7F3K", where only one such button was shown."""
    named = {pressed for shown, pressed in talk.conversation.offered if _bare(PATTERN.sub("", shown)) == wanted}
    return named.pop() if len(named) == 1 else None


def is_one_of(talk: Talk, text: str, key: str) -> bool:
    """Whether a text is one of the words that a phrase lists; a question mark makes it something else."""
    return text.strip().strip(".!").lower() in {words.strip() for words in phrases(talk.language)[key].split(",")}


def is_typed(shown: str, text: str) -> bool:
    """Whether somebody typed what stands on a button."""
    return bool(_bare(text)) and _bare(shown) == _bare(text)


def _bare(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
