"""The tables. Rows do not validate and know nothing; the store maps them to the inside's own types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata

Json = JSON().with_variant(JSONB(), "postgresql")
JsonOrNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
#: SQLite counts up by itself only in an INTEGER primary key.
Serial = BigInteger().with_variant(Integer(), "sqlite")


def _serial() -> Any:
    return Field(default=None, sa_column=Column("id", Serial, primary_key=True, autoincrement=True))


def _json() -> Any:
    return Field(sa_column=Column(Json, nullable=False))


class ArrivalRow(SQLModel, table=True):
    """An incoming update as it came. Its body goes when its turn is stored, its ids after two weeks."""

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        CheckConstraint("state in ('waiting', 'done', 'parked')", name="state"),
        Index("ix_arrival_state_chat_id", "state", "chat_id"),
    )
    id: int | None = _serial()
    bot_id: int = Field(sa_type=BigInteger)
    update_id: int = Field(sa_type=BigInteger)
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    state: str = "waiting"
    tries: int = 0
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    received_at: datetime
    done_at: datetime | None = None
    #: The replica that is answering it; counts only as long as that replica lives.
    holder: str | None = None
    #: Why it was parked: the kind of error, never a text of a mover.
    trouble: str | None = None


class ConversationRow(SQLModel, table=True):
    """What is remembered of one mover. `version` rises with each save, so that no two turns overwrite each other."""

    __tablename__ = "conversation"
    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    version: int
    state: dict[str, Any] = _json()
    last_seen: datetime = Field(index=True)


class HostRow(SQLModel, table=True):
    """A host or coordinator. `ended_at` is set when removed; the row stays as long as leads name it."""

    __tablename__ = "host"
    __table_args__ = (CheckConstraint("role in ('host', 'coordinator')", name="role"),)
    id: int | None = _serial()
    role: str
    name: str
    municipality: str | None = Field(default=None, index=True)
    language: str = "nb"
    chat_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    #: In lower case; who signs in with it has all roles that carry it.
    email: str | None = Field(default=None, index=True)
    joined_at: datetime
    ended_at: datetime | None = None
    card: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    #: Days, absence, stand-in, channel; None until the host chose anything.
    preferences: dict[str, Any] | None = Field(default=None, sa_column=Column(JsonOrNull, nullable=True))
    #: The lead that the host's next message answers, until when.
    answering: str | None = None
    answering_until: datetime | None = None


class InviteRow(SQLModel, table=True):
    """A one-time link, stored as a hash."""

    __tablename__ = "invite"
    token_hash: str = Field(primary_key=True)
    role: str
    municipality: str | None = None
    #: Where it was mailed to; whoever uses it has shown to read mail there.
    email: str | None = None
    #: The host who gets one more channel by it; else it makes a new one.
    host_id: int | None = None
    #: The coordinator who made it; whoever presses it waits for a coordinator's yes. None: nobody needs to.
    invited_by: int | None = None
    created_at: datetime
    expires_at: datetime
    #: Who pressed it and waits, by the name that this person has chosen; both go when the wait is over.
    waiting_chat: int | None = Field(default=None, sa_type=BigInteger)
    waiting_name: str | None = None
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, sa_type=BigInteger)


class SignInRow(SQLModel, table=True):
    """A wish to sign in, until it is used or too old. All secrets are hashes; `browser` is the one that asked."""

    __tablename__ = "sign_in"
    browser_hash: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    #: None once too many wishes came for this address in a day: then only the link signs in.
    code_hash: str | None = None
    email: str = Field(index=True)
    created_at: datetime
    expires_at: datetime
    #: How often a code was tried.
    tries: int = 0
    used_at: datetime | None = None


class SessionRow(SQLModel, table=True):
    """A browser that is signed in."""

    __tablename__ = "host_session"
    token_hash: str = Field(primary_key=True)
    email: str = Field(index=True)
    own_device: bool = False
    created_at: datetime
    seen_at: datetime


class LeadRow(SQLModel, table=True):
    """A lead. `asked` is what the mover agreed to send along."""

    __tablename__ = "lead"
    __table_args__ = (CheckConstraint("state in ('new', 'taken', 'closed', 'withdrawn')", name="state"),)
    reference: str = Field(primary_key=True)
    municipality: str | None = Field(default=None, index=True)
    state: str = Field(default="new", index=True)
    mover_chat: int = Field(sa_type=BigInteger, index=True)
    mover_name: str
    language: str
    asked: list[Any] = _json()
    wishes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    also_to: list[Any] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    promised_on: date | None = None
    campaign: str | None = None
    noticed: bool = True
    created_at: datetime
    taken_by: int | None = Field(default=None, foreign_key="host.id")
    taken_at: datetime | None = None
    first_answer_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    #: The host wants to be reminded then.
    snoozed_until: datetime | None = None
    #: The municipality that the mover is asked to let see this lead.
    pass_to: str | None = None
    #: From when the clock of this lead runs, and how far it has come; None counts from its making.
    waiting_since: datetime | None = None
    step: str | None = None
    #: The host who was asked to stand in and may handle it too.
    stand_in: int | None = None
    #: What the mover said afterwards: did it help?
    helped: str | None = None


class CompanionRow(SQLModel, table=True):
    """Somebody invited to a lead. Until the own yes there is only the hash of the link."""

    __tablename__ = "companion"
    token_hash: str = Field(primary_key=True)
    reference: str = Field(foreign_key="lead.reference", ondelete="CASCADE", index=True)
    created_at: datetime
    opened_by: int | None = Field(default=None, sa_type=BigInteger, index=True)
    joined_at: datetime | None = None
    name: str = ""
    words: str = ""


class LeadMessageRow(SQLModel, table=True):
    """The thread of a lead: what mover and host wrote to each other."""

    __tablename__ = "lead_message"
    id: int | None = _serial()
    reference: str = Field(foreign_key="lead.reference", ondelete="CASCADE", index=True)
    author: str
    host_id: int | None = None
    text: str
    at: datetime


class LeadNoteRow(SQLModel, table=True):
    """What hosts note for each other. The mover never sees it here, but can demand to."""

    __tablename__ = "lead_note"
    id: int | None = _serial()
    reference: str = Field(foreign_key="lead.reference", ondelete="CASCADE", index=True)
    host_id: int
    text: str
    at: datetime


class LeadLogRow(SQLModel, table=True):
    """Who looked at a lead or did something with it, and when."""

    __tablename__ = "lead_log"
    id: int | None = _serial()
    reference: str = Field(foreign_key="lead.reference", ondelete="CASCADE", index=True)
    action: str
    host_id: int | None = None
    at: datetime


class AnswerDraftRow(SQLModel, table=True):
    """What a host wrote in reply to a mail; it goes to the mover only by the host's own press."""

    __tablename__ = "answer_draft"
    reference: str = Field(primary_key=True, foreign_key="lead.reference", ondelete="CASCADE")
    host_id: int = Field(primary_key=True, foreign_key="host.id")
    text: str
    at: datetime


class MailboxRow(SQLModel, table=True):
    """How far our own mailbox has been read. IMAP's numbers count within one `validity`."""

    __tablename__ = "mailbox"
    name: str = Field(primary_key=True)
    validity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)


class ServiceRow(SQLModel, table=True):
    """How one municipality's hosts work: hours, limits of the clock, how much notices tell."""

    __tablename__ = "service"
    municipality: str = Field(primary_key=True)
    settings: dict[str, Any] = _json()
    changed_at: datetime


class TextBlockRow(SQLModel, table=True):
    """A ready-made text that a municipality's hosts begin an answer with."""

    __tablename__ = "text_block"
    id: int | None = _serial()
    municipality: str = Field(index=True)
    language: str
    title: str
    text: str
    changed_at: datetime


class GroupRow(SQLModel, table=True):
    """A Telegram group where one municipality's hosts get their notices. The coordinators' has no municipality."""

    __tablename__ = "host_group"
    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    municipality: str | None = Field(default=None, index=True)
    language: str = "nb"
    #: Topics can be made there; set to False when Telegram refused.
    forum: bool = False
    #: User ids of those who are known to be in it.
    present: list[Any] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    joined_at: datetime
    ended_at: datetime | None = None


class TopicRow(SQLModel, table=True):
    """The topic of a lead in a forum group."""

    __tablename__ = "lead_topic"
    reference: str = Field(primary_key=True, foreign_key="lead.reference", ondelete="CASCADE")
    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    thread_id: int = Field(sa_type=BigInteger)


class FollowUpRow(SQLModel, table=True):
    """A mover's separate yes to one question after 3 and 12 months; gone with the last question."""

    __tablename__ = "follow_up"
    id: int | None = _serial()
    chat_id: int = Field(sa_type=BigInteger, index=True)
    municipality: str | None = None
    language: str
    agreed_at: datetime
    #: Which question comes next (3 or 12 months), and when.
    months: int
    due_on: date = Field(index=True)
    asked_at: datetime | None = None


class LeadStatisticRow(SQLModel, table=True):
    """What stays of a lead when it is deleted: no reference, no person."""

    __tablename__ = "lead_statistic"
    id: int | None = _serial()
    municipality: str | None = None
    campaign: str | None = None
    outcome: str | None = None
    created_on: str
    hours_to_take: int | None = None
    hours_to_answer: int | None = None
    helped: str | None = None


class ConsentRow(SQLModel, table=True):
    """Proof of a yes, by a pseudonym; destroying the pseudonym's key cuts it from the person."""

    __tablename__ = "consent"
    id: int | None = _serial()
    pseudonym: str = Field(index=True)
    version: str
    language: str
    text_hash: str
    at: datetime
    withdrawn_at: datetime | None = None


class PseudonymKeyRow(SQLModel, table=True):
    __tablename__ = "pseudonym_key"
    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    key: bytes = Field(sa_type=LargeBinary)
    #: The last consent made with it; the key lives no longer than that consent's proof.
    used_at: datetime


class DeliveryRow(SQLModel, table=True):
    """A reply or notice on its way out. Marked sent after it was sent; its body goes then, its ids later."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sending', 'unknown', 'sent', 'parked', 'stopped')", name="state"),
        Index("ix_delivery_state_chat_id", "state", "chat_id"),
        Index("ix_delivery_chat_id_message_id", "chat_id", "message_id"),
        # A number is never given again: one that is being sent may be deleted meanwhile, and is marked by its number.
        {"sqlite_autoincrement": True},
    )
    id: int | None = _serial()
    channel: str = "telegram"
    kind: str
    chat_id: int = Field(sa_type=BigInteger)
    state: str = "waiting"
    body: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    #: The lead this message is about, so that an answer to it finds its way.
    reference: str | None = Field(default=None, index=True)
    created_at: datetime
    due_at: datetime
    tries: int = 0
    #: How often it may have gone out; raised before sending, lowered when it is known that nothing went.
    copies: int = 0
    #: The replica that is sending it; counts only as long as that replica lives.
    holder: str | None = None
    sent_at: datetime | None = None
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    trouble: str | None = None


class HeldNoticeRow(SQLModel, table=True):
    """A notice that waits for the morning of its host or group; only then it becomes a delivery, so that it holds up
    nothing.
    """

    __tablename__ = "held_notice"
    id: int | None = _serial()
    host_id: int | None = Field(default=None, foreign_key="host.id")
    #: The number of the group that it is for; else it is for the host.
    group_chat: int | None = Field(default=None, sa_type=BigInteger, index=True)
    kind: str
    html: str
    buttons: list[Any] = _json()
    reference: str | None = Field(default=None, index=True)
    #: It holds the mover's name or words.
    full: bool = False
    #: Its host took the lead or was told of it in a group: whatever became of the own messages, the lead is known.
    heard: bool = False
    due_at: datetime = Field(index=True)


class QuestionRow(SQLModel, table=True):
    """A masked question and what became of it, without who asked."""

    __tablename__ = "question"
    id: int | None = _serial()
    text: str
    language: str
    municipality: str | None = None
    decision: str
    entry: str | None = None
    at: datetime = Field(index=True)


class CounterRow(SQLModel, table=True):
    """How often; kept for ever. Empty texts stand for "none", since keys cannot be null."""

    __tablename__ = "counter"
    day: str = Field(primary_key=True)
    municipality: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    campaign: str = Field(primary_key=True)
    decision: str = Field(primary_key=True)
    helped: str = Field(primary_key=True)
    count: int = 0


class LeaseRow(SQLModel, table=True):
    """When periodic work was done last, so that it is done once."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    done_at: datetime


class ReplicaRow(SQLModel, table=True):
    """A serving process on PostgreSQL. What it holds is free again when it has not been heard from in time."""

    __tablename__ = "replica"
    name: str = Field(primary_key=True)
    alive_until: datetime


class EndedChatRow(SQLModel, table=True):
    """A chat that takes nothing any more, until the person is heard from again."""

    __tablename__ = "ended_chat"
    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    trouble: str
    ended_at: datetime
