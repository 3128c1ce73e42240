"""Our own mailbox: how far it was read, and which of our mails a message speaks of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.deliveries import URGENCY
from bot.storage.engine import insert_for
from bot.storage.mapping import buttons_to_json
from bot.storage.notices import MAILBOXES, STRANGERS, Rows
from bot.storage.tables import DeliveryRow, MailboxRow


@dataclass(frozen=True, slots=True)
class Position:
    """A message in our mailbox: `uid` counts within one `validity` (RFC 3501)."""

    mailbox: str
    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail of ours. host_id 0: an invitation, to somebody who is no host yet."""

    id: int
    chat_id: int
    host_id: int
    reference: str | None


async def position(session: AsyncSession, mailbox: str) -> Position | None:
    """Up to where it was read; None for one that was never opened."""
    row = await session.get(MailboxRow, mailbox, populate_existing=True)
    return Position(row.name, row.validity, row.last_uid) if row else None


async def begin(session: AsyncSession, at: Position) -> None:
    """What lies there up to here is not for us."""
    values = {"validity": at.validity, "last_uid": at.uid}
    row = insert_for(session, MailboxRow).values(name=at.mailbox, **values)
    await session.exec(row.on_conflict_do_update(index_elements=["name"], set_=values))


async def move(session: AsyncSession, to: Position) -> bool:
    """In the transaction that handles the message; False when another replica has handled it."""
    moved = await session.exec(
        update(MailboxRow)
        .where(
            col(MailboxRow.name) == to.mailbox,
            col(MailboxRow.validity) == to.validity,
            col(MailboxRow.last_uid) < to.uid,
        )
        .values(last_uid=to.uid)
    )
    return getattr(moved, "rowcount", 0) == 1


def proof(created_at: datetime) -> str:
    """A part of our Message-IDs that cannot be guessed, so that nobody invents that our mails come back."""
    moment = created_at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"message-id {moment}".encode()).hexdigest()[:16]


async def find(session: AsyncSession, delivery_id: int, given_proof: str) -> Sent | None:
    """The mail with this number, while its row is kept."""
    row = await session.get(DeliveryRow, delivery_id, populate_existing=True)
    if row is None or row.channel != "mail" or proof(row.created_at) != given_proof:
        return None
    host_id = row.chat_id - MAILBOXES if row.chat_id < STRANGERS else 0
    return Sent(delivery_id, row.chat_id, host_id, row.reference)


async def park(session: AsyncSession, sent: Sent, html: str, buttons: Rows, trouble: str) -> bool:
    """It was marked sent, but did not arrive: what it said waits for another way. False where that is known already."""
    row = await session.get(DeliveryRow, sent.id)
    if row is None or row.state != "sent" or row.kind not in URGENCY:
        return False
    row.state, row.trouble = "parked", trouble
    row.body = {"html": html, "buttons": buttons_to_json(buttons)}
    await session.flush()
    return True
