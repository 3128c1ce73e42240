"""What was put aside: arrivals that could not be handled, deliveries that could not be sent. An operator decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import ArrivalRow, DeliveryRow, EndedChatRow

_TABLES: dict[str, type[ArrivalRow] | type[DeliveryRow]] = {"a": ArrivalRow, "d": DeliveryRow}


@dataclass(frozen=True, slots=True)
class Parked:
    """`name` is a12 for an arrival, d7 for a delivery. No words of anybody."""

    name: str
    kind: str
    chat_id: int | None
    trouble: str
    since: datetime
    size: int


async def everything(session: AsyncSession) -> list[Parked]:
    """Oldest first, arrivals before deliveries."""
    arrivals = await session.exec(
        select(ArrivalRow).where(col(ArrivalRow.state) == "parked").order_by(col(ArrivalRow.id))
    )
    deliveries = await session.exec(
        select(DeliveryRow).where(col(DeliveryRow.state) == "parked").order_by(col(DeliveryRow.id))
    )
    return [
        *(
            Parked(f"a{r.id}", "arrival", r.chat_id, r.trouble or "", r.received_at, len(r.body or b""))
            for r in arrivals.all()
        ),
        *(
            Parked(f"d{r.id}", r.kind, r.chat_id, r.trouble or "", r.created_at, len(str(r.body or "")))
            for r in deliveries.all()
        ),
    ]


async def retry(session: AsyncSession, name: str, now: datetime) -> bool:
    """Back into the queue with all its tries; False when nothing of this name is parked."""
    letter, id = _parts(name)
    if letter == "a":
        arrival = await session.get(ArrivalRow, id)
        if arrival is None or arrival.state != "parked":
            return False
        arrival.state, arrival.tries, arrival.done_at, arrival.holder = "waiting", 0, None, None
        session.add(arrival)
        return True
    delivery = await session.get(DeliveryRow, id)
    if delivery is None or delivery.state != "parked" or delivery.body is None:
        return False
    await session.exec(delete(EndedChatRow).where(col(EndedChatRow.chat_id) == delivery.chat_id))
    await session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == id)
        .values(state="waiting", tries=0, copies=0, due_at=now, holder=None)
    )
    return True


async def drop(session: AsyncSession, name: str, now: datetime) -> bool:
    """Its words go; that it was there stays for as long as any other. False when nothing of this name is parked."""
    letter, id = _parts(name)
    table = _TABLES[letter]
    values = {"state": "done", "body": None, "done_at": now} if letter == "a" else {"state": "stopped", "body": None}
    result = await session.exec(update(table).where(col(table.id) == id, col(table.state) == "parked").values(**values))
    return int(getattr(result, "rowcount", 0)) == 1


async def names(session: AsyncSession, wanted: Sequence[str]) -> list[str]:
    """The names as given, or all that are parked. Raises ValueError for what is no name."""
    if list(wanted) == ["all"]:
        return [item.name for item in await everything(session)]
    for name in wanted:
        _parts(name)
    return list(wanted)


def _parts(name: str) -> tuple[str, int]:
    letter, number = name[:1], name[1:]
    if letter not in _TABLES or not number.isdecimal() or len(number) > 18:
        raise ValueError(f"{name!r} is no name of something parked; `parked list` shows them, such as a12 or d7")
    return letter, int(number)
