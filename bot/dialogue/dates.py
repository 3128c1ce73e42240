"""Days as people say them."""

from __future__ import annotations

from datetime import date

from bot.texts import label


def spoken(day: date, language: str) -> str:
    """ "torsdag 26. november" """
    weekday = label(language, "date.weekdays").split(", ")[day.weekday()]
    month = label(language, "date.months").split(", ")[day.month - 1]
    return label(language, "date.day", weekday=weekday, day=day.day, month=month)
