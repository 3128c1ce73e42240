"""What stays of a lead after it is deleted."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import LeadRow, LeadStatisticRow


def keep_statistics(session: AsyncSession, row: LeadRow) -> None:
    session.add(
        LeadStatisticRow(
            municipality=row.municipality,
            campaign=row.campaign,
            outcome=row.outcome or row.state,
            created_on=row.created_at.date().isoformat(),
            hours_to_take=_hours(row.created_at, row.taken_at),
            hours_to_answer=_hours(row.created_at, row.first_answer_at),
            helped=row.helped,
        )
    )


def _hours(start: datetime, end: datetime | None) -> int | None:
    return int((end - start).total_seconds() // 3600) if end else None
