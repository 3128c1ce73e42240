"""What a host wrote in reply to a mail, until she sends it or throws it away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import AnswerDraftRow


async def get(session: AsyncSession, reference: str, host_ids: Collection[int]) -> str:
    """The newest of this person's drafts on the lead; an empty text when there is none."""
    rows = await session.exec(
        select(AnswerDraftRow.text)
        .where(col(AnswerDraftRow.reference) == reference, col(AnswerDraftRow.host_id).in_(host_ids))
        .order_by(col(AnswerDraftRow.at).desc())
    )
    return rows.first() or ""


async def put(session: AsyncSession, reference: str, host_id: int, text: str, now: datetime) -> None:
    """In the place of an older one."""
    await session.merge(AnswerDraftRow(reference=reference, host_id=host_id, text=text, at=now))


async def drop(session: AsyncSession, reference: str, host_ids: Collection[int]) -> None:
    await session.exec(
        delete(AnswerDraftRow).where(
            col(AnswerDraftRow.reference) == reference, col(AnswerDraftRow.host_id).in_(host_ids)
        )
    )
