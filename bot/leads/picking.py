"""Picks up who moves, when, and what kind of mover it is, from a line as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.leads.profile import Profile

#: "10 og 13 år", "en 5-åring"; not "om 2 år", which is a time.
_YEARS = re.compile(
    r"(?<!\w)(?<!\bom )(?<!\bin )(?<!\bfor )(\d{1,2})"
    r"(?:\s?(?:,|og|and|&)\s?(\d{1,2}))?(?:\s?(?:,|og|and|&)\s?(\d{1,2}))?"
    r"\s?-?(?:år\b|åring|åringar|åringer|year-old|years? old|yrs?\b)"
)
#: A number in letters, or after a bare word for children, is an age only before one of these, if before a word at all:
#: "barn på to skoler" and "2 barn 3 voksne" tell none.
_AFTER_AN_AGE = r"(?=\s(?:[,&]\s|og\s|and\s|år\s|years?\s|som\s|who\s|with\s|med\s|$))"
_NOT_MONTHS = r"\d{1,2}(?!\s(?:m[åa]n|mnd|month|uke|veke|week))"
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[,&]")
_YEAR = re.compile(r"\b(?:i|in|til|fra|innen|by|høsten|våren|sommeren)?\s?20[2-4]\d\b")
_IN_SOME_TIME = re.compile(
    r"\b(?:om|in)\s(?:et|en|ett|eit|ein|a|an|\d{1,2}|to|tre|fire|fem|seks|two|three|four|six|noen|nokre|some)\s"
    r"(?:halvt?\s|half\s)?(?:års?|måneder|månader|måned|uker|veker|years?|months?|weeks?)(?:s\stid)?\b"
)
MAX_CHILD_AGE = 19
#: Before a season these say of anything when it is. In a question they count only beside a word for moving.
_LOOSE = ("i", "in", "over")
_NO_SPAN_AFTER = ("i", "in", "over", "til", "fra", "frå", "from")
Words = Mapping[str, Mapping[str, tuple[str, ...]]]


def pick(text: str, people: Words, trades: Iterable[tuple[str, tuple[str, ...]]]) -> Profile:
    """What one line tells. `people` is knowledge/words/people.yaml; `trades` are (family, words)."""
    line = _line(text)
    said = frozenset(line.split())
    household = _keys(line, said, people.get("household", {}))
    ages = _ages(line, people) if "children" in household or "åring" in line else _aged(line, people)
    if ages and "children" not in household:
        household = (*household, "children")
    return Profile(
        household=household,
        ages=ages,
        trades=_trades(line, said, trades),
        when=_when(line, people.get("when", {}), _asks(text, line, people)),
        groups=_keys(line, said, people.get("groups", {})),
    )


def tells(text: str, people: Words) -> bool:
    """Whether a line begins as somebody who tells of themselves begins, and asks for nothing."""
    line = _line(text)
    beginnings = people.get("telling", {}).get("beginnings", ())
    return any(line.startswith(f" {words} ") for words in beginnings) and not _asks(text, line, people)


def _line(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _asks(text: str, line: str, people: Words) -> bool:
    asking = people.get("telling", {}).get("asking", ())
    return "?" in text or any(f" {words} " in line for words in asking)


def _keys(line: str, said: frozenset[str], words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(key for key, forms in words.items() if _named(line, said, forms))


def _trades(line: str, said: frozenset[str], trades: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The trades' words as they stand in the line, the longest of each family."""
    said = said | {word.removesuffix("en") for word in said if word.endswith("en")}
    named = (_named(line, said, words) for _, words in trades)
    return tuple(max(found, key=len) for found in named if found)[:3]


def _named(line: str, said: frozenset[str], forms: tuple[str, ...]) -> list[str]:
    """Which of these stand in the line; only for what is more than one word must it be looked through."""
    words, phrases = _sorted_out(forms)
    found = (words & said).union(phrase for phrase in phrases if f" {phrase} " in line)
    return [form for form in forms if form in found] if found else []


@lru_cache(maxsize=1024)
def _sorted_out(forms: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Single words, and what is more than one."""
    words = frozenset(form for form in forms if _WORD.fullmatch(form))
    return words, tuple(form for form in forms if form not in words)


def _ages(line: str, people: Words) -> tuple[int, ...]:
    years = [int(number) for match in _YEARS.finditer(line) for number in match.groups() if number]
    return tuple(dict.fromkeys((*filter(_a_childs, years), *_aged(line, people))))


def _aged(line: str, people: Words) -> tuple[int, ...]:
    """Ages after a word for a child: "en gutt på 6", "jenter på fire og sju", "a son aged 4"."""
    aged = people.get("aged", {})
    before = aged.get("before", ())
    if not any(f" {words} " in line for words in before):
        return ()
    numbers = {word: int(number) for number, words in people.get("numbers", {}).items() for word in words}
    found = [told for match in _age_pattern(before, tuple(numbers)).finditer(line) for told in match.groups() if told]
    return tuple(filter(_a_childs, (numbers[told] if told in numbers else int(told) for told in found)))


def _a_childs(age: int) -> bool:
    return age <= MAX_CHILD_AGE


@lru_cache(maxsize=8)
def _age_pattern(before: tuple[str, ...], numbers: tuple[str, ...]) -> re.Pattern[str]:
    in_letters = rf"(?:{'|'.join(map(re.escape, numbers))}){_AFTER_AN_AGE}"
    plain = "|".join(re.escape(word) for word in before if " " not in word)
    leading = "|".join(re.escape(words) for words in before if " " in words)
    first = rf"(?:(?:{plain})\s(\d{{1,2}}{_AFTER_AN_AGE}|{in_letters})|(?:{leading})\s({_NOT_MONTHS}|{in_letters}))"
    another = rf"(?:\s(?:,|og|and|&)\s({_NOT_MONTHS}|{in_letters}))?"
    return re.compile(rf"\s{first}{another}{another}")


def _when(line: str, words: Mapping[str, tuple[str, ...]], asks: bool) -> str:
    """The time frame as it was written. "Er det kaldt i januar?" tells none, "kan vi flytte i januar?" does."""
    for soon in words.get("soon", ()):
        if f" {soon} " in line:
            return soon
    loose = () if asks and not any(f" {moving} " in line for moving in words.get("moving", ())) else _LOOSE
    before = [word for word in words.get("before", ()) if word in loose or word not in _LOOSE]
    for name in (*words.get("months", ()), *words.get("seasons", ()), *words.get("spans", ())):
        at = line.find(f" {name} ")
        if at >= 0 and (leading := line[:at].rsplit(" ", 1)[-1]) in before:
            if name in words.get("spans", ()) and leading in _NO_SPAN_AFTER:
                continue  # "i året", "over år": no time to move
            return f"{leading} {name}"
    for pattern in (_IN_SOME_TIME, _YEAR) if loose else (_IN_SOME_TIME,):
        if match := pattern.search(line):
            return match[0].strip()
    return ""
