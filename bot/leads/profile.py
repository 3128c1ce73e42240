"""What was picked up of a mover from what was written anyway: to fill the form, never asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T")

MAX_ITEMS = 6


@dataclass(frozen=True, slots=True)
class Profile:
    """Kinds of household members and groups are keys of knowledge/words/people.yaml; trades are entries' families."""

    household: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    trades: tuple[str, ...] = ()
    #: As it was written: "til sommeren", "in August".
    when: str = ""
    groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Profile()

    def with_more(self, newer: Profile) -> Profile:
        """Both together; a newer time frame replaces the older."""
        return replace(
            self,
            household=_joined(self.household, newer.household),
            ages=_joined(self.ages, newer.ages),
            trades=_joined(self.trades, newer.trades),
            when=newer.when or self.when,
            groups=_joined(self.groups, newer.groups),
        )


def _joined(older: tuple[T, ...], newer: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*older, *newer)))[:MAX_ITEMS]
