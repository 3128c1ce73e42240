"""What comes into a conversation, what is remembered of it, and what a turn decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.leads.model import Asked, Host, Lead
from bot.leads.periods import Periods
from bot.matching.verdict import Context, Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """A text. `reply_to_lead` is set when it answers a message that a host wrote."""

    text: str
    reply_to_lead: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button; `data` as it came, so perhaps forged. `message_id` is the message it hangs under."""

    data: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Commanded:
    """/name argument"""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Showed:
    """Anything that is not text: a photo, a voice message, a place, an edited message …"""

    kind: str
    caption: str = ""


Message = Said | Pressed | Commanded | Showed


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, as Telegram tells it."""

    chat_id: int
    first_name: str = ""
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A lead on its way: shown as a summary, waiting for a yes. `id` binds its buttons to it."""

    id: str
    started_at: datetime
    municipalities: tuple[str, ...]
    asked: tuple[Asked, ...]
    #: summary: waiting for the yes; place: waiting for the municipality.
    step: Literal["place", "summary"] = "summary"


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is remembered of one mover between turns; stored as one row."""

    chat_id: int
    first_name: str = ""
    language: str = "nb"
    #: What a mover chose is never overridden by what is detected.
    language_chosen: bool = False
    municipalities: tuple[str, ...] = ()
    context: Context = Context()
    asked: tuple[Asked, ...] = ()
    draft: Draft | None = None
    #: Reference of the lead whose host is being written to now; None: the assistant.
    partner: str | None = None
    campaign: str | None = None
    #: Buttons shown last (label, data): whoever types a label has pressed it.
    offered: tuple[tuple[str, str], ...] = ()
    last_seen: datetime | None = None

    def without_old(self, periods: Periods, now: datetime) -> Conversation:
        """Without the questions and the draft that are past their time."""
        asked = tuple(a for a in self.asked if now - a.at <= timedelta(days=periods.question_days))
        draft = self.draft
        if draft is not None and now - draft.started_at > timedelta(hours=periods.draft_hours):
            draft = None
        return replace(self, asked=asked, draft=draft)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the inside must know of the world outside the conversation; frozen when the turn begins."""

    leads: tuple[Lead, ...] = ()
    hosts: tuple[Host, ...] = ()
    #: Fresh random strings, for draft ids and references.
    tokens: tuple[str, ...] = ("AAAAAAAA", "BBBBBBBB")
    periods: Periods = Periods()
    controller: str | None = None
    privacy_contact: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """`data` for a button that comes back to us; `url` for one that leads away."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to the mover. `html` has only b, i and a as tags. `edits` names a message to be changed instead."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A lead, or news of one, on its way to one host. Never holds name, contact or free text unless `full`."""

    host: Host
    reference: str
    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    kind: Literal["notice", "reminder"] = "notice"


@dataclass(frozen=True, slots=True)
class OpenLeads:
    """Store these leads with the consent given now."""

    leads: tuple[Lead, ...]
    consent_version: str
    consent_language: str
    consent_hash: str


@dataclass(frozen=True, slots=True)
class WriteToHost:
    """A mover's words for the thread of a lead."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    reference: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete all that is stored of this mover."""


Change = OpenLeads | WriteToHost | Withdraw | Forget


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what became of it, for counting and for the list of gaps; `text` is masked."""

    text: str
    verdict: Verdict
    language: str
    municipality: str | None


@dataclass(frozen=True, slots=True)
class Feedback:
    entry: str
    helped: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything that one turn decided; stored in one transaction, sent afterwards."""

    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    notices: tuple[Notice, ...] = ()
    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()
    feedback: tuple[Feedback, ...] = field(default=())
    #: Shown for a moment over the pressed button.
    toast: str = ""
