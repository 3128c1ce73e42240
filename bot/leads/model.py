"""Requests, leads and hosts, as the inside sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["new", "taken", "closed", "withdrawn"]
OPEN: tuple[State, ...] = ("new", "taken")
Outcome = Literal["reached", "not_reached", "moved", "not_now", "visiting", "applied", "not_serious"]
OUTCOMES: tuple[Outcome, ...] = ("reached", "not_reached", "moved", "not_now")
#: Under "more": what hosts asked for beside the four.
MORE_OUTCOMES: tuple[Outcome, ...] = ("visiting", "applied", "not_serious")
#: How far the clock of an open lead has come: who was called last; overdue: the promised day is over.
Step = Literal["host", "reminded", "stand_in", "coordinator", "overdue"]
STEPS: tuple[Step, ...] = ("host", "reminded", "stand_in", "coordinator", "overdue")
ChannelName = Literal["telegram", "mail"]
Author = Literal["mover", "host"]
Role = Literal["host", "coordinator"]


@dataclass(frozen=True, slots=True)
class Card:
    """What a mover is shown of the host who took the lead, of the host's own making."""

    sentence: str = ""
    languages: str = ""
    photo: str = ""

    def __bool__(self) -> bool:
        return bool(self.sentence or self.languages or self.photo)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What hosts choose for themselves. Days are dates of Europe/Oslo, both ends included."""

    #: The weekdays on which this host works, Monday 0.
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    away_from: date | None = None
    away_until: date | None = None
    #: The id of the host who stands in; None: another host of the municipality, else the coordinator.
    stand_in: int | None = None
    #: None: Telegram for who is there, else mail.
    channel: ChannelName | None = None
    morning_summary: bool = True
    #: Notices in the night come at once; else they wait for the morning.
    night_notices: bool = False


@dataclass(frozen=True, slots=True)
class Host:
    """Somebody who receives leads: the host of one municipality, or a coordinator (municipality is None)."""

    id: int
    role: Role
    name: str
    municipality: str | None
    chat_id: int | None
    language: str = "nb"
    card: Card = Card()
    email: str = ""
    preferences: Preferences = Preferences()

    @property
    def by_mail(self) -> bool:
        """Notices go by mail: by the host's own choice, or because there is no chat."""
        return bool(self.email) and (self.chat_id is None or self.preferences.channel == "mail")


def is_same_person(one: Host, other: Host) -> bool:
    """One person may be host of two municipalities, or coordinator besides."""
    same_chat = one.chat_id is not None and one.chat_id == other.chat_id
    return one.id == other.id or same_chat or (bool(one.email) and one.email == other.email)


def persons(hosts: Iterable[Host]) -> list[Host]:
    """Each person once, in the first of the roles: nothing is said twice to the same person."""
    found: list[Host] = []
    for host in hosts:
        if not any(is_same_person(host, other) for other in found):
            found.append(host)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered before; `text` is masked. What goes along is copied into the lead."""

    entry: str
    text: str
    at: datetime
    municipality: str | None = None
    #: What it was answered with, in the mover's language: "og i Alvdal?" alone says nothing to a host.
    title: str = ""

    @property
    def shown(self) -> str:
        return f"{self.title}: {self.text}" if self.title else self.text


ContactWay = Literal["telegram", "phone", "email"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the mover wants the host to know, as it stands in the summary. All of it optional.

    `household`, `when` and `message` are the mover's own words; `members`, `ages` and `groups` were picked up and may
    stand in a notice.
    """

    household: str = ""
    members: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    when: str = ""
    contact_way: ContactWay = "telegram"
    contact: str = ""
    languages: str = ""
    message: str = ""
    #: Names of warmth's signals (bot/leads/warmth.py): why the mover was offered the host.
    warm_because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Companion:
    """Spouse or friend who joined a lead by an own yes; `words` is what they wrote of trade, wishes and contact."""

    chat_id: int
    name: str
    words: str


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
    wishes: Wishes = Wishes()
    #: Other municipalities that the same request went to.
    also_to: tuple[str, ...] = ()
    #: The day by which the mover was promised an answer; None while nobody has taken this on.
    promised_on: date | None = None
    companions: tuple[Companion, ...] = ()
    #: Somebody was there to be told when the lead was made; else it waits for the first who joins.
    noticed: bool = True
    taken_by: int | None = None
    taken_at: datetime | None = None
    first_answer_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    snoozed_until: datetime | None = None
    #: The municipality that the mover is asked to let see this lead.
    pass_to: str | None = None
    #: From when its clock runs (None: from its making), and how far it has come.
    waiting_since: datetime | None = None
    step: Step = "host"
    #: The id of the host who was asked to stand in.
    stand_in: int | None = None
    helped: str | None = None

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(asked.entry for asked in self.asked))
