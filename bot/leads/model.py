"""Requests, leads and hosts, as the inside sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["new", "taken", "closed", "withdrawn"]
OPEN: tuple[State, ...] = ("new", "taken")
Outcome = Literal["reached", "not_reached", "moved", "not_now"]
OUTCOMES: tuple[Outcome, ...] = ("reached", "not_reached", "moved", "not_now")
Author = Literal["mover", "host"]
Role = Literal["host", "coordinator"]


@dataclass(frozen=True, slots=True)
class Host:
    """Somebody who receives leads: the host of one municipality, or a coordinator (municipality is None)."""

    id: int
    role: Role
    name: str
    municipality: str | None
    chat_id: int | None
    language: str = "nb"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered before; `text` is masked. What goes along is copied into the lead."""

    entry: str
    text: str
    at: datetime
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """A request's part for one municipality. municipality None: the mover is not sure, the coordinator answers."""

    reference: str
    municipality: str | None
    state: State
    mover_chat: int
    mover_name: str
    language: str
    asked: tuple[Asked, ...]
    created_at: datetime
    campaign: str | None = None
    #: Somebody was there to be told when the lead was made; else it waits for the first who joins.
    noticed: bool = True
    taken_by: int | None = None
    taken_at: datetime | None = None
    first_answer_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(asked.entry for asked in self.asked))
