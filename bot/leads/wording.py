"""Who moves, in words: for the summary and for notices."""

from __future__ import annotations

from bot.leads.model import Wishes
from bot.leads.warmth import SIGNALS
from bot.texts import label

MOST_SIGNALS = 4
#: What need not be said where one of these is.
_SAYS_MORE = {"adults": frozenset({"partner"}), "several": frozenset({"partner", "adults", "children"})}


def members(wishes: Wishes, language: str) -> str:
    """What was picked up of the household: "partner, barn (10 og 13 år)"."""
    words = []
    for member in wishes.members:
        if not _SAYS_MORE.get(member, frozenset()).isdisjoint(wishes.members):
            continue
        word = label(language, f"people.{member}")
        if member == "children" and wishes.ages:
            link = f" {label(language, 'place.and')} "
            numbers = [str(age) for age in wishes.ages]
            ages = link.join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)
            word = label(language, "people.children_aged", ages=ages)
        words.append(word)
    return ", ".join(words)


def groups(wishes: Wishes, language: str) -> str:
    return ", ".join(label(language, f"people.group.{group}") for group in wishes.groups)


def warmth(wishes: Wishes, language: str) -> str:
    """Why the mover is warm, for the host: the signals that weigh most."""
    heaviest = sorted(dict.fromkeys(wishes.warm_because), key=lambda name: -SIGNALS[name].points)
    return ", ".join(label(language, f"warm.{signal}") for signal in heaviest[:MOST_SIGNALS])
