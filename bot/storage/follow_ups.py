"""Yeses to the question after 3 and 12 months, one row each; gone with the last question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.follow_up import ANSWER_DAYS, MONTHS, FollowUp, due_on
from bot.storage import consents
from bot.storage.tables import FollowUpRow

#: What stands for a reference in the pseudonym of this consent's proof, and before its version.
CONSENT = "follow-up"


async def of_chat(session: AsyncSession, chat_id: int) -> FollowUp | None:
    row = await _row(session, chat_id)
    return _follow_up(row) if row else None


async def agree(
    session: AsyncSession,
    chat_id: int,
    municipality: str | None,
    language: str,
    version: str,
    text_hash: str,
    now: datetime,
) -> None:
    """The mover's yes, with its proof; a second one changes nothing."""
    if await _row(session, chat_id) is not None:
        return
    first = MONTHS[0]
    row = FollowUpRow(
        chat_id=chat_id,
        municipality=municipality,
        language=language,
        agreed_at=now,
        months=first,
        due_on=due_on(now, first),
    )
    session.add(row)
    await session.flush()
    await consents.give(session, chat_id, CONSENT, f"{CONSENT}-{version}", language, text_hash, now)


async def due(session: AsyncSession, today: date) -> Sequence[tuple[int, FollowUp]]:
    """The chats that are to be asked now."""
    rows = await session.exec(
        select(FollowUpRow)
        .where(col(FollowUpRow.due_on) <= today, col(FollowUpRow.asked_at).is_(None))
        .order_by(col(FollowUpRow.id))
    )
    return [(row.chat_id, _follow_up(row)) for row in rows.all()]


async def skip_late(session: AsyncSession, today: date) -> None:
    """Where the last question has its day already, an earlier one that was not asked in time is not asked any more."""
    for chat_id, follow_up in await due(session, today):
        if not follow_up.is_last and due_on(follow_up.agreed_at, MONTHS[-1]) <= today:
            await go_on(session, chat_id)


async def mark_asked(session: AsyncSession, chat_id: int, now: datetime) -> None:
    if row := await _row(session, chat_id):
        row.asked_at = now
        await session.flush()


async def go_on(session: AsyncSession, chat_id: int) -> None:
    """The question was answered, or it was waited for long enough: on to the next one, or the row goes."""
    row = await _row(session, chat_id)
    if row is None:
        return
    later = [months for months in MONTHS if months > row.months]
    if later:
        row.months, row.due_on, row.asked_at = later[0], due_on(row.agreed_at, later[0]), None
        await session.flush()
    else:
        await session.delete(row)
        await session.flush()


async def unanswered(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Chats that were asked and have been silent for long."""
    rows = await session.exec(
        select(FollowUpRow.chat_id).where(col(FollowUpRow.asked_at) < now - timedelta(days=ANSWER_DAYS))
    )
    return rows.all()


async def end(session: AsyncSession, chat_id: int, now: datetime) -> None:
    """The mover takes the yes back: from now on nothing of it is stored but the proof, marked as withdrawn."""
    if await _row(session, chat_id) is not None:
        await consents.withdraw(session, chat_id, CONSENT, now)
    await drop(session, chat_id)


async def drop(session: AsyncSession, chat_id: int) -> None:
    await session.exec(delete(FollowUpRow).where(col(FollowUpRow.chat_id) == chat_id))


async def _row(session: AsyncSession, chat_id: int) -> FollowUpRow | None:
    return (await session.exec(select(FollowUpRow).where(col(FollowUpRow.chat_id) == chat_id))).first()


def _follow_up(row: FollowUpRow) -> FollowUp:
    return FollowUp(row.municipality, row.language, row.agreed_at, row.months, row.due_on, row.asked_at)
