"""How a municipality's hosts work: hours, how long its clock lets a lead wait, how much notices tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from bot.leads.model import Host
from bot.leads.working_time import WorkingTime

#: How much a notice tells: only the reference; topics, household and time frame; in the taker's private chat also
#: the mover's words.
Detail = Literal["reference", "summary", "full"]


@dataclass(frozen=True, slots=True)
class Service:
    """Settings of one municipality, or of the region's coordinators; each with the default the design names."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(8, 0)
    closes: time = time(15, 30)
    #: Not taken, or taken and not answered: a reminder after so many working hours ...
    remind_after_hours: float = 4
    #: ... the stand-in after so many working days, the coordinator after so many.
    stand_in_after_days: float = 1
    coordinator_after_days: float = 2
    #: None: summary for hosts with an inbox, full for those who have no other place to read than Telegram.
    detail: Detail | None = None

    @property
    def working_time(self) -> WorkingTime:
        return WorkingTime(frozenset(self.weekdays), self.opens, self.closes)

    def detail_for(self, host: Host) -> Detail:
        """How much this host is told outside the inbox."""
        return self.detail or ("summary" if host.email else "full")


DEFAULT = Service()


class Services(dict[str | None, Service]):
    """By municipality, None for the coordinators' own; whatever nobody set is the default."""

    def __missing__(self, municipality: str | None) -> Service:
        return DEFAULT
