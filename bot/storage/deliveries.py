"""Replies and notices on their way out: strictly in order per chat, marked sent after they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import DeliveryRow

#: Still to be sent: "unknown" went out perhaps, and goes out once more.
PENDING = ("waiting", "unknown")
#: Nothing of the same chat may overtake these.
UNFINISHED = (*PENDING, "sending")
#: Telegram has no idempotency key: what may have gone out twice is not sent a third time.
MAX_COPIES = 2


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one chat. `body` is the channel's business."""

    id: int
    channel: str
    kind: str
    chat_id: int
    body: dict[str, Any]
    reference: str | None
    state: str
    tries: int
    copies: int
    created_at: datetime


async def add(
    session: AsyncSession,
    kind: str,
    chat_id: int,
    body: dict[str, Any],
    now: datetime,
    reference: str | None = None,
) -> None:
    session.add(DeliveryRow(kind=kind, chat_id=chat_id, body=body, reference=reference, created_at=now, due_at=now))


async def due_chats(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Chats whose first pending message is due, longest waiting first."""
    first = (
        select(func.min(DeliveryRow.id).label("id"))
        .where(col(DeliveryRow.state).in_(UNFINISHED))
        .group_by(col(DeliveryRow.chat_id))
        .subquery()
    )
    rows = await session.exec(
        select(DeliveryRow.chat_id)
        .where(
            col(DeliveryRow.id) == first.c.id,
            col(DeliveryRow.due_at) <= now,
            col(DeliveryRow.state).in_(PENDING),
        )
        .order_by(col(DeliveryRow.id))
    )
    return rows.all()


async def next_due_at(session: AsyncSession) -> datetime | None:
    """When the earliest pending message may go."""
    rows = await session.exec(select(func.min(DeliveryRow.due_at)).where(col(DeliveryRow.state).in_(PENDING)))
    return rows.first()


async def first_pending(session: AsyncSession, chat_id: int, now: datetime) -> Delivery | None:
    """The chat's next message; None when there is none or it is not due, since nothing may overtake it."""
    row = (
        await session.exec(
            select(DeliveryRow)
            .where(col(DeliveryRow.chat_id) == chat_id, col(DeliveryRow.state).in_(UNFINISHED))
            .order_by(col(DeliveryRow.id))
            .limit(1)
        )
    ).first()
    if row is None or row.due_at > now or row.state == "sending":
        return None
    return Delivery(
        row.id or 0,
        row.channel,
        row.kind,
        row.chat_id,
        row.body or {},
        row.reference,
        row.state,
        row.tries,
        row.copies,
        row.created_at,
    )


async def mark_sending(session: AsyncSession, id: int) -> None:
    """From here on a crash leaves open whether it went out."""
    await _set(session, id, state="sending", copies=DeliveryRow.copies + 1)


async def recover(session: AsyncSession) -> None:
    """At the start: what was being sent when the program died goes out once more, then never again."""
    cut_off = update(DeliveryRow).where(col(DeliveryRow.state) == "sending")
    parked = cut_off.where(col(DeliveryRow.copies) >= MAX_COPIES)
    await session.exec(parked.values(state="parked", trouble="crashed while sending"))
    await session.exec(cut_off.values(state="unknown", trouble="crashed while sending"))


async def mark_sent(session: AsyncSession, delivery: Delivery, message_id: int | None, now: datetime) -> None:
    """It is out, so the words may go; the ids stay for answers to it, unless the receiver is forgotten."""
    if delivery.kind == "farewell":
        await session.exec(delete(DeliveryRow).where(col(DeliveryRow.id) == delivery.id))
        return
    id = delivery.id
    await _set(session, id, state="sent", body=None, sent_at=now, message_id=message_id)


async def postpone(session: AsyncSession, id: int, due_at: datetime, trouble: str) -> None:
    """Try again later; nothing went out."""
    await _set(
        session,
        id,
        state="waiting",
        due_at=due_at,
        trouble=trouble,
        tries=DeliveryRow.tries + 1,
        copies=DeliveryRow.copies - 1,
    )


async def mark_unknown(session: AsyncSession, id: int, due_at: datetime, trouble: str) -> None:
    """It may have gone out: once more, then never again."""
    await _set(session, id, state="unknown", due_at=due_at, trouble=trouble, tries=DeliveryRow.tries + 1)


async def park(session: AsyncSession, id: int, trouble: str) -> None:
    await _set(session, id, state="parked", trouble=trouble)


async def stop_chat(session: AsyncSession, chat_id: int, trouble: str) -> None:
    """Nobody is reached there any more: everything waiting for the chat ends."""
    await session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.chat_id) == chat_id, col(DeliveryRow.state).in_(UNFINISHED))
        .values(state="stopped", trouble=trouble, body=None)
    )


async def stop_notices(session: AsyncSession, reference: str) -> None:
    """A withdrawn lead's unsent notices are not sent."""
    await session.exec(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.reference) == reference,
            col(DeliveryRow.kind) != "reply",
            col(DeliveryRow.state) == "waiting",
        )
        .values(state="stopped", trouble="withdrawn", body=None)
    )


#: Kinds of message that are for a host, and those in which a host speaks to a mover.
FOR_HOSTS = ("notice", "reminder", "desk")
FROM_HOSTS = ("host",)


async def reference_of(session: AsyncSession, chat_id: int, message_id: int, kinds: Sequence[str]) -> str | None:
    """The lead that a message of one of these kinds was about."""
    rows = await session.exec(
        select(DeliveryRow.reference).where(
            col(DeliveryRow.chat_id) == chat_id,
            col(DeliveryRow.message_id) == message_id,
            col(DeliveryRow.kind).in_(kinds),
        )
    )
    return rows.first()


async def _set(session: AsyncSession, id: int, **values: Any) -> None:
    await session.exec(update(DeliveryRow).where(col(DeliveryRow.id) == id).values(**values))
