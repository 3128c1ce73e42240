"""Replies and notices on their way out: strictly in order per chat, marked sent after they were sent.

Only the first unfinished message of a chat, its head, may be sent. While it is being sent it holds the others off,
whichever replica sends it; so claiming a head is claiming its chat.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, bindparam, case, delete, func, insert, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage import leases
from bot.storage.engine import insert_for, is_sqlite, run
from bot.storage.tables import DeliveryRow, EndedChatRow, HeldNoticeRow, HostRow, metadata

#: Still to be sent: "unknown" went out perhaps, and goes out once more.
PENDING = ("waiting", "unknown")
#: Nothing of the same chat may overtake these.
UNFINISHED = (*PENDING, "sending")
#: Why a message may be out: its program died.
CRASHED = "crashed while sending"
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
    #: The chat takes nothing more until its person is heard from.
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A chat's first unfinished message, if it may be sent now."""

    id: int
    chat_id: int
    kind: str
    #: It may have gone out before.
    again: bool = False


#: Replies before notices before reminders; what is not named here is a reply of some kind.
URGENCY = {"notice": 1, "gone": 1, "confirm": 1, "reminder": 2}


_table: Table = metadata.tables["delivery"]
_ended_table: Table = metadata.tables["ended_chat"]
_add = insert(_table).values(state="waiting", tries=0, copies=0)
_first = (
    select(func.min(_table.c.id).label("id"))
    .where(_table.c.state.in_(UNFINISHED))
    .group_by(_table.c.chat_id)
    .subquery()
)
#: What was to go at once goes at once, also where the clock was set back since it was stored.
_may_go = or_(_table.c.due_at <= bindparam("now"), _table.c.due_at == _table.c.created_at)
_heads = (
    select(_table.c.id, _table.c.chat_id, _table.c.kind, _table.c.state)
    .join(_first, _table.c.id == _first.c.id)
    .where(_may_go, _table.c.state.in_(PENDING))
    .order_by(case(URGENCY, value=_table.c.kind, else_=0), _table.c.id)
    .limit(bindparam("most"))
)
_shown = ("id", "channel", "kind", "chat_id", "body", "reference", "state", "tries", "copies", "created_at")
_among = _table.c.id.in_(bindparam("ids", expanding=True))
_claimable = select(*(_table.c[name] for name in _shown)).where(_among, _table.c.state.in_(PENDING), _may_go)
_claimable_by_one = _claimable.with_for_update(skip_locked=True)
_claim = update(_table).where(_among).values(state="sending", copies=_table.c.copies + 1, holder=bindparam("by"))
_sent = (
    update(_table)
    .where(_table.c.id == bindparam("this"))
    .values(state="sent", body=None, sent_at=bindparam("now"), message_id=bindparam("message"), holder=None)
)
_ended_among = select(_ended_table.c.chat_id).where(_ended_table.c.chat_id.in_(bindparam("chats", expanding=True)))


async def add(
    session: AsyncSession,
    kind: str,
    chat_id: int,
    body: dict[str, Any],
    now: datetime,
    reference: str | None = None,
    channel: str = "telegram",
) -> None:
    row = {"channel": channel, "kind": kind, "chat_id": chat_id, "body": body, "reference": reference}
    await run(session, _add, row | {"created_at": now, "due_at": now})


async def heads(session: AsyncSession, now: datetime, limit: int = 500) -> list[Head]:
    """What may be sent now, at most one message for each chat: the most urgent first, then the longest waiting."""
    rows = await run(session, _heads, {"now": now, "most": limit})
    return [Head(row.id, row.chat_id, row.kind, row.state == "unknown") for row in rows.all()]


async def next_due_at(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next message that may not go yet may go."""
    rows = await session.exec(
        select(func.min(DeliveryRow.due_at)).where(col(DeliveryRow.state).in_(PENDING), col(DeliveryRow.due_at) > now)
    )
    return rows.first()


async def claim(session: AsyncSession, ids: Collection[int], holder: str, now: datetime) -> list[Delivery]:
    """Mark these heads as being sent, and by whom; those that another replica has already are left out.

    From here on a crash leaves open whether they went out, but for what bot/delivery/under_way.py knows.
    """
    wanted = {"ids": list(ids), "now": now}
    before = (await run(session, _claimable if is_sqlite(session) else _claimable_by_one, wanted)).all()
    if not before:
        return []
    await run(session, _claim, {"ids": [row.id for row in before], "by": holder})
    ended = await _ended(session, [row.chat_id for row in before])
    return [_delivery(row, row.chat_id in ended) for row in before]


async def recover(session: AsyncSession, again_at: datetime, unsent: Collection[int] = ()) -> int:
    """What was being sent when its program died goes out once more at `again_at`, then never again; the number of such.

    `unsent` are those that surely did not go out: they wait as if nobody had taken them up.
    """
    cut_off = update(DeliveryRow).where(
        col(DeliveryRow.state) == "sending",
        col(DeliveryRow.holder).is_(None) | col(DeliveryRow.holder).not_in(leases.living()),
    )
    free = cut_off.where(col(DeliveryRow.id).in_(unsent))
    await session.exec(free.values(state="waiting", copies=DeliveryRow.copies - 1, holder=None))
    parked = cut_off.where(col(DeliveryRow.copies) >= MAX_COPIES)
    gone = await session.exec(parked.values(state="parked", trouble=CRASHED))
    again = await session.exec(cut_off.values(state="unknown", trouble=CRASHED, due_at=again_at))
    return int(getattr(gone, "rowcount", 0)) + int(getattr(again, "rowcount", 0))


async def wait_anew(session: AsyncSession, again_at: datetime) -> None:
    """What has waited for its second time since an earlier start waits again: the program died once more."""
    waits = update(DeliveryRow).where(col(DeliveryRow.state) == "unknown", col(DeliveryRow.trouble) == CRASHED)
    await session.exec(waits.values(due_at=again_at))


async def mark_sent(session: AsyncSession, delivery: Delivery, message_id: int | None, now: datetime) -> None:
    """It is out, so the words may go; the ids stay for answers to it, unless the receiver is forgotten."""
    if delivery.kind == "farewell":
        await session.exec(delete(DeliveryRow).where(col(DeliveryRow.id) == delivery.id))
        return
    await run(session, _sent, {"this": delivery.id, "now": now, "message": message_id})


async def postpone(session: AsyncSession, id: int, due_at: datetime, trouble: str, counts: bool = True) -> None:
    """Try again later; nothing went out. Where we were told to wait it does not count as a try."""
    tries = DeliveryRow.tries + 1 if counts else DeliveryRow.tries
    copies = DeliveryRow.copies - 1
    await _change(session, id, state="waiting", due_at=due_at, trouble=trouble, tries=tries, copies=copies)


async def mark_unknown(session: AsyncSession, id: int, due_at: datetime, trouble: str) -> None:
    """It may have gone out: once more, then never again."""
    await _change(session, id, state="unknown", due_at=due_at, trouble=trouble, tries=DeliveryRow.tries + 1)


async def park(session: AsyncSession, id: int, trouble: str, *, out: bool) -> None:
    """Not tried again; `out` where this try may have gone out."""
    copies = DeliveryRow.copies if out else DeliveryRow.copies - 1
    await _change(session, id, state="parked", trouble=trouble, copies=copies)


async def end_chat(session: AsyncSession, chat_id: int, trouble: str, now: datetime) -> int:
    """Nobody is reached there until heard from again. Replies end; what concerns a lead is parked: their number."""
    unfinished = (col(DeliveryRow.chat_id) == chat_id, col(DeliveryRow.state).in_(UNFINISHED))
    parked = await session.exec(
        update(DeliveryRow)
        .where(*unfinished, col(DeliveryRow.kind).in_(URGENCY))
        .values(state="parked", trouble=trouble, holder=None)
    )
    await session.exec(
        update(DeliveryRow).where(*unfinished).values(state="stopped", trouble=trouble, body=None, holder=None)
    )
    row = insert_for(session, EndedChatRow).values(chat_id=chat_id, trouble=trouble, ended_at=now)
    await session.exec(row.on_conflict_do_nothing())
    return int(getattr(parked, "rowcount", 0))


async def move_chat(session: AsyncSession, chat_id: int, new: int) -> None:
    """A group became a supergroup: its messages, its replies' way back and its role go along."""
    waits = (col(DeliveryRow.chat_id) == chat_id, col(DeliveryRow.state) == "sending")
    await session.exec(
        update(DeliveryRow).where(*waits).values(state="waiting", copies=DeliveryRow.copies - 1, holder=None)
    )
    await session.exec(update(DeliveryRow).where(col(DeliveryRow.chat_id) == chat_id).values(chat_id=new))
    await session.exec(update(HostRow).where(col(HostRow.chat_id) == chat_id).values(chat_id=new))


async def stop_notices(session: AsyncSession, reference: str) -> None:
    """A withdrawn lead's unsent notices are not sent, nor is one that may have gone out sent once more."""
    await session.exec(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.reference) == reference,
            col(DeliveryRow.kind) != "reply",
            col(DeliveryRow.state).in_(PENDING),
        )
        .values(state="stopped", trouble="withdrawn", body=None)
    )
    await session.exec(delete(HeldNoticeRow).where(col(HeldNoticeRow.reference) == reference))


#: Kinds of message that are for a host, and those in which a host speaks to a mover.
FOR_HOSTS = ("notice", "reminder", "gone", "desk")
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


async def is_told(session: AsyncSession, chats: Collection[int], reference: str) -> bool:
    """Whether hosts have heard of this lead in one of these chats, or are about to."""
    return await _is_any(session, chats, reference, col(DeliveryRow.state).in_((*UNFINISHED, "sent")))


async def may_know(session: AsyncSession, chats: Collection[int], reference: str) -> bool:
    """The same, or a message was given up of which nobody knows whether it went out."""
    told = col(DeliveryRow.state).in_((*UNFINISHED, "sent"))
    return await _is_any(session, chats, reference, or_(told, col(DeliveryRow.copies) > 0))


async def _is_any(
    session: AsyncSession, chats: Collection[int], reference: str, condition: ColumnElement[bool]
) -> bool:
    about = (col(DeliveryRow.reference) == reference, col(DeliveryRow.chat_id).in_(chats))
    kinds = col(DeliveryRow.kind).in_(FOR_HOSTS)
    rows = await session.exec(select(DeliveryRow.id).where(*about, kinds, condition))
    return rows.first() is not None


async def _change(session: AsyncSession, id: int, **values: Any) -> None:
    """Only while it is being sent: meanwhile another replica may have taken it for abandoned and sent it."""
    await session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == id, col(DeliveryRow.state) == "sending")
        .values(holder=None, **values)
    )


async def _ended(session: AsyncSession, chats: Sequence[int]) -> set[int]:
    return {chat_id for (chat_id,) in (await run(session, _ended_among, {"chats": chats})).all()}


def _delivery(row: Row[Any], ended: bool) -> Delivery:
    return Delivery(
        row.id,
        row.channel,
        row.kind,
        row.chat_id,
        row.body or {},
        row.reference,
        row.state,
        row.tries,
        row.copies,
        row.created_at,
        ended,
    )
