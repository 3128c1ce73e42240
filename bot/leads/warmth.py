"""When a mover has grown warm enough to be offered the host, and why: one table, explained in docs/warmth.md.

The points say how much closer to a move somebody is who does this; they were set by hand from what newcomer hosts
told of their work, not fitted. Whoever reaches WARM is offered the host once, and not again for OFFER_AGAIN.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

WARM = 7
OFFER_AGAIN = timedelta(days=90)
#: A pause of this length makes the next word a new visit.
VISIT_GAP = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Signal:
    """Counts `points` each time, `most` times at the most."""

    name: str
    points: int
    most: int
    why: str


TABLE = (
    Signal("place", 2, 1, "names one of our municipalities: looks at a place, not at the idea of one"),
    Signal("when", 3, 1, "gives a time frame: there is a plan"),
    Signal("household", 2, 1, "tells who moves: thinks of everyday life"),
    Signal("trade", 2, 1, "tells a trade: looks for a living here"),
    Signal("jobs", 1, 2, "asks about work"),
    Signal("housing", 1, 2, "asks about somewhere to live"),
    Signal("children", 1, 2, "asks about kindergarten or school"),
    Signal("moving", 1, 2, "asks how a move is done"),
    Signal("visit", 2, 1, "asks about coming to see"),
    Signal("returns", 2, 2, "comes back after six hours or more"),
)
SIGNALS = {signal.name: signal for signal in TABLE}


def points(seen: Iterable[str]) -> int:
    """The warmth of a mover who showed these signals, each as often as it was shown."""
    names = list(seen)
    return sum(signal.points * min(names.count(signal.name), signal.most) for signal in TABLE)


def counted(seen: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    """`seen` with the new signals that still count."""
    for name in new:
        if name in SIGNALS and seen.count(name) < SIGNALS[name].most:
            seen = (*seen, name)
    return seen
