"""Following the language a mover writes in."""

from __future__ import annotations

from bot.dialogue.talk import Talk
from bot.matching.verdict import Detected, Verdict
from bot.texts import DEFAULT, foreign, languages

#: A detected language switches the reply only from this many words and this confidence on (design: Texts).
WORDS = 4
CONFIDENCE = 0.8
#: Bokmål and Nynorsk share most words ("takk skal du ha"); to Nynorsk more is needed.
CONFIDENCE_IN_NYNORSK = 0.9
NORWEGIAN = ("nb", "nn")
#: Understood like Norwegian and answered in it.
NEIGHBOURS = ("sv", "da")
ELSE = "en"


def follow_language(talk: Talk, text: str, verdict: Verdict) -> None:
    """Switch to the language that is written, unless the mover chose one or too little is seen of it."""
    detected = verdict.language
    if len(text.split()) < WORDS or not _is_plain(detected, talk.language):
        return
    if detected.code in foreign():
        talk.reply(foreign()[detected.code])
    if not talk.conversation.language_chosen:
        talk.remember(language=_reply_language(detected.code, talk.language))


def _is_plain(detected: Detected, present: str) -> bool:
    """Whether it is plain that another language is written than before."""
    if (present, detected.code) == ("nb", "nn"):
        return detected.confidence >= CONFIDENCE_IN_NYNORSK
    # "Er det fint der" is written alike in both: only a word of Bokmål's own tells that somebody has left Nynorsk.
    back = (present, detected.code) == ("nn", "nb")
    return detected.confidence >= CONFIDENCE and (detected.marked or not back)


def first_guess(language_code: str | None) -> str:
    """The language to begin with, from what Telegram says the mover's app is set to."""
    code = (language_code or "").lower().partition("-")[0]
    if code in languages():
        return code
    return DEFAULT if code in ("", "no", *NEIGHBOURS) else ELSE


def _reply_language(written: str, present: str) -> str:
    if written in languages():
        return written
    if written in NEIGHBOURS:
        return present if present in NORWEGIAN else DEFAULT
    return ELSE
