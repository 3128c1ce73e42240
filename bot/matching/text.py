"""A line as it comes in, made harmless, and cut into words. Everything here takes time linear in the length."""

from __future__ import annotations

import re
import unicodedata

#: Longer lines are cut: what somebody needs stands in the first thousand characters, and time stays bounded.
LONGEST = 1200
#: A "word" longer than this is noise (a pasted key, a wall of one letter); its beginning says all there is to say.
LONGEST_WORD = 32
_MOST_RAW = 4096

_APOSTROPHES = re.compile(r"['’`´]")
_WORD = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"(.)\1{3,}", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?…]+[\s\"»”)]+|\n+")
_FOLDED = str.maketrans(
    {"æ": "e", "ä": "e", "ø": "o", "ö": "o", "å": "a", "é": "e", "è": "e", "ü": "u", "ô": "o", "ò": "o"}
)


def clean(raw: str) -> str:
    """The line without what breaks things: NUL, lone surrogates, control and direction marks, zalgo."""
    text = raw[:_MOST_RAW].encode("utf-8", "ignore").decode("utf-8")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = "".join(map(_harmless, text))
    text = _REPEATED.sub(r"\1\1\1", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST]


def _harmless(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    category = unicodedata.category(character)
    # Marks that are left after composing belong to no letter we know; formats and private use are invisible.
    if category in ("Mn", "Me", "Cf", "Co", "Cn", "Cs"):
        return ""
    return " " if category[0] in "ZC" else character


def words(text: str) -> list[str]:
    """The words in lower case. An apostrophe joins: "Haltdal'n" is one word."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(_APOSTROPHES.sub("", text).lower())]


def cased_words(text: str) -> list[str]:
    """The words as they were written: a capital tells "Os" from "os"."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(_APOSTROPHES.sub("", text))]


def fold(word: str) -> str:
    """The word as a keyboard without æ, ø and å would write it ("røros", "roros" and "roeros" become one)."""
    return word.translate(_FOLDED).replace("aa", "a").replace("oe", "o").replace("ae", "e")


def listed(text: str) -> tuple[str, ...]:
    """A list of words, written as one string because it is read and extended as a text."""
    return tuple(text.split())


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)
