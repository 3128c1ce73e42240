"""One-time links: they make somebody a host, or give a host one more channel. Kept as hashes.

Where a coordinator made the link, whoever presses it first in Telegram waits until a coordinator says that this is the
right person. Each change is one conditional update: of two who press at once, one has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.model import Role
from bot.storage.tables import InviteRow

LIVES = timedelta(days=7)
Refusal = Literal["unknown", "used", "old"]
#: So many characters of the hash name an invitation on buttons and in commands; the link cannot be found from them.
CODE = 8
_NOBODY_WAITS: dict[str, Any] = {"waiting_chat": None, "waiting_name": None}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who pressed a link and is not host before a coordinator says so. `name` is of their own choosing."""

    token_hash: str
    role: Role
    municipality: str | None
    invited_by: int
    chat_id: int
    name: str
    expires_at: datetime

    @property
    def code(self) -> str:
        return self.token_hash[:CODE]


async def add(
    session: AsyncSession,
    token_hash: str,
    role: Role,
    municipality: str | None,
    now: datetime,
    email: str | None = None,
    host_id: int | None = None,
    invited_by: int | None = None,
) -> None:
    """With `host_id` it gives that host one more channel. `invited_by` is the coordinator who made it."""
    session.add(
        InviteRow(
            token_hash=token_hash,
            role=role,
            municipality=municipality,
            email=email,
            host_id=host_id,
            invited_by=invited_by,
            created_at=now,
            expires_at=now + LIVES,
        )
    )


async def look(session: AsyncSession, token_hash: str, now: datetime) -> InviteRow | Refusal:
    """The invitation, if it can still be used; perhaps somebody waits with it."""
    row = await session.get(InviteRow, token_hash, populate_existing=True)
    if row is None:
        return "unknown"
    if row.used_at is not None:
        return "used"
    return "old" if row.expires_at < now else row


async def use(session: AsyncSession, token_hash: str, chat_id: int | None, now: datetime) -> bool:
    """Use it up for this person; False when somebody else has it."""
    return await _change(session, token_hash, col(InviteRow.waiting_chat).is_(None), used_at=now, used_by=chat_id)


async def end_mailed(session: AsyncSession, email: str, municipality: str | None, now: datetime) -> None:
    """Invitations on their way to this mailbox work no more."""
    await session.exec(
        update(InviteRow)
        .where(
            col(InviteRow.email) == email,
            col(InviteRow.municipality) == municipality,
            col(InviteRow.used_at).is_(None),
        )
        .values(expires_at=now)
    )


# -- until a coordinator says who it is


async def bind(session: AsyncSession, token_hash: str, chat_id: int, name: str) -> bool:
    """From now on it is this person's alone; False when somebody was first."""
    free = col(InviteRow.waiting_chat).is_(None)
    return await _change(session, token_hash, free, waiting_chat=chat_id, waiting_name=name)


async def waiting(session: AsyncSession, now: datetime) -> tuple[Waiting, ...]:
    """Who waits now, the longest first as far as their links tell. One that expired waits for nothing."""
    rows = await session.exec(
        select(InviteRow)
        .where(
            col(InviteRow.waiting_chat).is_not(None), col(InviteRow.used_at).is_(None), col(InviteRow.expires_at) >= now
        )
        .order_by(col(InviteRow.created_at), col(InviteRow.token_hash))
        # An update that found nothing any more has changed what was read before it all the same.
        .execution_options(populate_existing=True)
    )
    return tuple(_waiting(row) for row in rows.all())


async def settle(session: AsyncSession, one: Waiting, accepted: bool, now: datetime) -> bool:
    """The wait is over and the link used up; True for the one who ended it."""
    still = col(InviteRow.waiting_chat) == one.chat_id
    used_by = one.chat_id if accepted else None
    return await _change(session, one.token_hash, still, used_at=now, used_by=used_by, **_NOBODY_WAITS)


async def end_waiting(session: AsyncSession, chat_id: int, now: datetime) -> None:
    """This person waits for nothing any more, and with what was waited with nobody comes in."""
    await session.exec(
        update(InviteRow).where(col(InviteRow.waiting_chat) == chat_id).values(used_at=now, **_NOBODY_WAITS)
    )


async def _change(session: AsyncSession, token_hash: str, condition: Any, **values: Any) -> bool:
    unused = (col(InviteRow.token_hash) == token_hash, col(InviteRow.used_at).is_(None))
    result = await session.exec(update(InviteRow).where(*unused, condition).values(**values))
    return getattr(result, "rowcount", 0) == 1


def _waiting(row: InviteRow) -> Waiting:
    assert row.waiting_chat is not None and row.invited_by is not None
    role: Role = "coordinator" if row.role == "coordinator" else "host"
    name = row.waiting_name or ""
    return Waiting(row.token_hash, role, row.municipality, row.invited_by, row.waiting_chat, name, row.expires_at)
