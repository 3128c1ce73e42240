"""Lines that arrive together are understood together: "hei" and then the question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from bot.dialogue.model import Message, Said, Showed
from bot.matching.verdict import Context, Matcher
from bot.texts import languages, phrases

#: A line of at most so many words may be the beginning of something longer.
FRAGMENT_WORDS = 3
GREETING = "assistant/greeting"


@cache
def _answers() -> frozenset[str]:
    """Everything that is a yes or a no in some language."""
    keys = ("lead.yes_words", "lead.no_words")
    listed = (phrases(language)[key].split(",") for language in languages() for key in keys)
    return frozenset(word.strip() for words in listed for word in words)


def is_fragment(message: Message, matcher: Matcher) -> bool:
    """A greeting, or a few words that match nothing: worth waiting a moment for what follows."""
    if not isinstance(message, Said) or message.reply_to_lead or len(message.text.split()) > FRAGMENT_WORDS:
        return False
    if message.text.strip().strip(".!").lower() in _answers():
        return False  # a yes or no is complete
    verdict = matcher.understand(message.text, Context())
    return verdict.decision == "none" or verdict.matches[0].entry == GREETING


def _same_showing(first: Showed, second: Showed) -> bool:
    """An album of pictures is one showing; a new caption is a new one."""
    return first.kind == second.kind and second.caption in ("", first.caption)


def join_fragments(messages: Sequence[Message], matcher: Matcher) -> list[Message]:
    """Each fragment joined to the text right after it."""
    joined: list[Message] = []
    for message in messages:
        previous = joined[-1] if joined else None
        if isinstance(message, Showed) and isinstance(previous, Showed) and _same_showing(previous, message):
            continue
        if isinstance(message, Said) and isinstance(previous, Said) and is_fragment(previous, matcher):
            joined[-1] = Said(f"{previous.text}\n{message.text}", message.reply_to_lead)
        else:
            joined.append(message)
    return joined
