"""Spouses and friends who join a lead by a one-time link and an own yes, and leave again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.model import Companion
from bot.storage.tables import CompanionRow


async def invite(session: AsyncSession, reference: str, token_hash: str, now: datetime) -> None:
    session.add(CompanionRow(token_hash=token_hash, reference=reference, created_at=now))


async def find_link(session: AsyncSession, token_hash: str, chat_id: int) -> str | None:
    """The lead that an unused link leads to; None when it was used, by anybody."""
    row = await session.get(CompanionRow, token_hash)
    return row.reference if row is not None and row.joined_at is None and row.opened_by in (None, chat_id) else None


async def bind(session: AsyncSession, token_hash: str, chat_id: int) -> None:
    """The link belongs to the first who opens it."""
    await session.exec(
        update(CompanionRow)
        .where(col(CompanionRow.token_hash) == token_hash, col(CompanionRow.opened_by).is_(None))
        .values(opened_by=chat_id)
    )


async def opened_by(session: AsyncSession, chat_id: int, reference: str) -> str | None:
    """The reference, when this person opened a link to that lead and has not joined yet."""
    rows = await session.exec(
        select(CompanionRow.reference).where(
            col(CompanionRow.reference) == reference,
            col(CompanionRow.opened_by) == chat_id,
            col(CompanionRow.joined_at).is_(None),
        )
    )
    return rows.first()


async def join(session: AsyncSession, reference: str, chat_id: int, name: str, now: datetime) -> bool:
    """True when there was an opened link for this person."""
    result = await session.exec(
        update(CompanionRow)
        .where(
            col(CompanionRow.reference) == reference,
            col(CompanionRow.opened_by) == chat_id,
            col(CompanionRow.joined_at).is_(None),
        )
        .values(joined_at=now, name=name)
    )
    return result.rowcount == 1


async def add_words(session: AsyncSession, reference: str, chat_id: int, words: str) -> None:
    await session.exec(
        update(CompanionRow)
        .where(
            col(CompanionRow.reference) == reference,
            col(CompanionRow.opened_by) == chat_id,
            col(CompanionRow.joined_at).is_not(None),
        )
        .values(words=words)
    )


async def leave(session: AsyncSession, chat_id: int, reference: str | None = None) -> None:
    """Delete what this person added to the lead, or to all leads."""
    statement = delete(CompanionRow).where(col(CompanionRow.opened_by) == chat_id)
    if reference is not None:
        statement = statement.where(col(CompanionRow.reference) == reference)
    await session.exec(statement)


async def joined(session: AsyncSession, reference: str) -> tuple[Companion, ...]:
    rows = await session.exec(
        select(CompanionRow)
        .where(col(CompanionRow.reference) == reference, col(CompanionRow.joined_at).is_not(None))
        .order_by(col(CompanionRow.joined_at))
    )
    return tuple(Companion(row.opened_by or 0, row.name, row.words) for row in rows.all())


async def references_of(session: AsyncSession, chat_id: int) -> tuple[str, ...]:
    """The leads somebody has joined."""
    rows = await session.exec(
        select(CompanionRow.reference).where(
            col(CompanionRow.opened_by) == chat_id, col(CompanionRow.joined_at).is_not(None)
        )
    )
    return tuple(rows.all())
