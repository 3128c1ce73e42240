"""Days as people say them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from bot.texts import label, languages

_NUMBERS = re.compile(r"(\d{1,2})[./]\s?(\d{1,2})\.?(?:\s?(20\d\d))?")
_WORDS = re.compile(r"(\d{1,2})\.?\s([a-zæøå]+)(?:\s(20\d\d))?")
_ISO = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")


def spoken(day: date, language: str) -> str:
    """ "torsdag 26. november" """
    weekday = label(language, "date.weekdays").split(", ")[day.weekday()]
    month = label(language, "date.months").split(", ")[day.month - 1]
    return label(language, "date.day", weekday=weekday, day=day.day, month=month)


def read_day(text: str, today: date) -> date | None:
    """ "12.1.", "12. januar", "2027-01-12": the next such day from today on; None when no day was found."""
    text = text.strip().lower()
    if found := _ISO.fullmatch(text):
        return _day(int(found[3]), int(found[2]), found[1], today)
    if found := _NUMBERS.fullmatch(text):
        return _day(int(found[1]), int(found[2]), found[3], today)
    if found := _WORDS.fullmatch(text):
        month = _months().get(found[2])
        return _day(int(found[1]), month, found[3], today) if month else None
    return None


def _months() -> dict[str, int]:
    names = [label(language, "date.months").lower().split(", ") for language in languages()]
    return {name: number for months in names for number, name in enumerate(months, 1)}


def _day(day: int, month: int, year: str | None, today: date) -> date | None:
    """Without a year, the next time this day comes; None for a day that no calendar has."""
    years = [int(year)] if year else [today.year, today.year + 1]
    for one in years:
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(one, month)[1]:
            continue
        found = date(one, month, day)
        if year or found >= today:
            return found
    return None
