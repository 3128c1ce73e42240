"""What comes into a conversation, what is remembered of it, and what a turn decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.leads.follow_up import Answer, FollowUp
from bot.leads.model import Asked, Host, Lead, Wishes
from bot.leads.periods import Periods
from bot.leads.profile import Profile
from bot.leads.routing import Route
from bot.leads.service import Services
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
    #: Telegram's id of the picture, where it is one.
    file_id: str = ""


Message = Said | Pressed | Commanded | Showed


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, as Telegram tells it."""

    chat_id: int
    first_name: str = ""
    language_code: str | None = None


Step = Literal["place", "summary", "change", "household", "when", "contact", "phone", "email", "languages", "message"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A lead on its way: shown as a summary, waiting for a yes. `id` binds its buttons to it.

    `step` is what is waited for: the municipality, the yes, which part to change, or the words for one part.
    """

    id: str
    started_at: datetime
    municipalities: tuple[str, ...]
    asked: tuple[Asked, ...]
    wishes: Wishes = Wishes()
    step: Step = "summary"


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
    #: Reference of a lead to which the next text is this companion's part.
    adding_to: str | None = None
    campaign: str | None = None
    profile: Profile = Profile()
    #: Warmth's signals seen so far, each as often as it counts.
    signals: tuple[str, ...] = ()
    offered_host_at: datetime | None = None
    #: Groups whose own answer was suggested already.
    suggested: tuple[str, ...] = ()
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
class Entered:
    """A line in the file of a lead: who wrote or did it ("mover", or a host's name), and when."""

    by: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LeadFile:
    """What is kept of a lead beside it; loaded only when its mover takes everything along."""

    reference: str
    thread: tuple[Entered, ...] = ()
    #: What hosts noted for each other, which can be demanded.
    notes: tuple[Entered, ...] = ()
    #: Who looked at it or did something with it.
    log: tuple[Entered, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What the inside must know of the world outside the conversation; frozen when the turn begins."""

    leads: tuple[Lead, ...] = ()
    hosts: tuple[Host, ...] = ()
    #: Leads of others that this person joined as a companion.
    joined: tuple[Lead, ...] = ()
    #: The yes to be asked later whether this person has moved.
    follow_up: FollowUp | None = None
    #: The lead that a companion's link just opened belongs to.
    invited_to: Lead | None = None
    #: Telegram's name for the bot, for links; None while Telegram has not told it.
    bot_name: str | None = None
    #: Fresh random strings, for draft ids and references.
    tokens: tuple[str, ...] = ("AAAAAAAA", "BBBBBBBB")
    periods: Periods = Periods()
    #: How each municipality's hosts work.
    services: Services = field(default_factory=Services)
    #: Filled when somebody takes everything along (dialogue/taking_along).
    files: tuple[LeadFile, ...] = ()
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
    #: A file to take along: its name and its text.
    document: tuple[str, str] | None = None
    #: Telegram's id of a picture to show above the text.
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A lead, or news of one, on its way to one host. Holds name, contact or free text only when it is `full`."""

    host: Host
    reference: str
    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    #: "gone": by its reference alone, that the lead is no more; it outlives the lead.
    kind: Literal["notice", "reminder", "gone"] = "notice"
    full: bool = False
    #: Its host took the lead, and so has heard of it whatever became of the messages about it.
    heard: bool = False
    #: For all hosts of the municipality alike: where they have a group, it is said there once instead.
    shared: bool = False


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
class DeleteLead:
    """Delete one lead now instead of after its time; an open one is withdrawn first."""

    reference: str


@dataclass(frozen=True, slots=True)
class InviteCompanion:
    """A one-time link by which somebody may join this lead; only its hash is stored."""

    reference: str
    token_hash: str


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Somebody opened a companion's link, which from now on is theirs."""

    token_hash: str


@dataclass(frozen=True, slots=True)
class JoinLead:
    """The companion's own yes."""

    reference: str
    name: str
    consent_version: str
    consent_language: str
    consent_hash: str


@dataclass(frozen=True, slots=True)
class CompanionWords:
    """What a companion adds: own trade, wishes, contact."""

    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class LeaveLead:
    reference: str


@dataclass(frozen=True, slots=True)
class PassOn:
    """The mover says whether another municipality may have this lead; the hash is of the text agreed to."""

    reference: str
    municipality: str | None
    consent_version: str = ""
    consent_language: str = ""
    consent_hash: str = ""
    #: Where it goes from now on; None where the mover said no.
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class SetHelped:
    """What the mover says of a closed lead: yes, partly, no."""

    reference: str
    helped: str


@dataclass(frozen=True, slots=True)
class AgreeFollowUp:
    """The separate yes to one question after 3 and after 12 months."""

    municipality: str | None
    language: str
    consent_version: str
    consent_hash: str


@dataclass(frozen=True, slots=True)
class AnswerFollowUp:
    """Counted without the person."""

    follow_up: FollowUp
    answer: Answer


@dataclass(frozen=True, slots=True)
class EndFollowUp:
    """The mover does not want to be asked any more."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete all that is stored of this mover."""


Change = (
    OpenLeads
    | WriteToHost
    | Withdraw
    | DeleteLead
    | InviteCompanion
    | OpenLink
    | JoinLead
    | CompanionWords
    | LeaveLead
    | PassOn
    | SetHelped
    | AgreeFollowUp
    | AnswerFollowUp
    | EndFollowUp
    | Forget
)


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
