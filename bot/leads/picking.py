"""Picks up who moves, when, and what kind of mover it is, from a line as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.leads.profile import Profile

#: "10 og 13 år", "en 5-åring", "aged 4 and 7": numbers right before a word for years, or after a word for age.
_AGES = re.compile(
    r"(?<!\w)(\d{1,2})(?:\s?(?:,|og|and|&)\s?(\d{1,2}))?(?:\s?(?:,|og|and|&)\s?(\d{1,2}))?"
    r"\s?-?(?:år\b|åring|åringar|åringer|year-old|years? old|yrs?\b)|(?:barn på|ongan på|unger på|aged?)\s(\d{1,2})"
    r"(?:\s?(?:,|og|and|&)\s?(\d{1,2}))?"
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[,&]")
_YEAR = re.compile(r"\b(?:i|in|til|fra|innen|by|høsten|våren|sommeren)?\s?20[2-4]\d\b")
_IN_SOME_TIME = re.compile(
    r"\b(?:om|in)\s(?:et|en|ett|eit|ein|a|an|\d{1,2}|to|tre|fire|fem|seks|two|three|four|six|noen|nokre|some)\s"
    r"(?:halvt?\s|half\s)?(?:års?|måneder|månader|måned|uker|veker|years?|months?|weeks?)(?:s\stid)?\b"
)
MAX_CHILD_AGE = 19
Words = Mapping[str, Mapping[str, tuple[str, ...]]]


def pick(text: str, people: Words, trades: Iterable[tuple[str, tuple[str, ...]]]) -> Profile:
    """What one line tells. `people` is knowledge/words/people.yaml; `trades` are (family, words)."""
    line = f" {' '.join(_WORD.findall(text.lower()))} "
    household = _keys(line, people.get("household", {}))
    ages = _ages(line) if "children" in household or "åring" in line or "barn på" in line else ()
    if ages and "children" not in household:
        household = (*household, "children")
    return Profile(
        household=household,
        ages=ages,
        trades=_trades(line, trades),
        when=_when(line, people.get("when", {})),
        groups=_keys(line, people.get("groups", {})),
    )


def _keys(line: str, words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    # The bare form first: that is quick, and most are nowhere in the line.
    return tuple(key for key, forms in words.items() if any(form in line and f" {form} " in line for form in forms))


def _trades(line: str, trades: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The trades' words as they stand in the line, the longest of each family."""
    found = []
    for _, words in trades:
        named = [word for word in words if word in line and (f" {word} " in line or f" {word}en " in line)]
        if named:
            found.append(max(named, key=len))
    return tuple(found[:3])


def _ages(line: str) -> tuple[int, ...]:
    ages = [int(number) for match in _AGES.finditer(line) for number in match.groups() if number]
    return tuple(age for age in ages if age <= MAX_CHILD_AGE)


def _when(line: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """The time frame as it was written."""
    for soon in words.get("soon", ()):
        if f" {soon} " in line:
            return soon
    before = words.get("before", ())
    for name in (*words.get("months", ()), *words.get("seasons", ()), *words.get("spans", ())):
        at = line.find(f" {name} ")
        if at >= 0 and (leading := line[:at].rsplit(" ", 1)[-1]) in before:
            if name in words.get("spans", ()) and leading in ("i", "in", "over", "til", "fra", "frå", "from"):
                continue  # "i året", "over år": no time to move
            return f"{leading} {name}"
    for pattern in (_IN_SOME_TIME, _YEAR):
        if match := pattern.search(line):
            return match[0].strip()
    return ""
