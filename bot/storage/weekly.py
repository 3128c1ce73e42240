"""The coordinator's Monday line: how many asked, got an answer, became leads, and what could not be answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import CounterRow, LeaseRow, QuestionRow

OSLO = ZoneInfo("Europe/Oslo")
LEASE = "weekly line"
WEEK = timedelta(days=7)
#: Monday from eight o'clock, so that it lies on top when the week begins.
WEEKDAY, HOUR = 0, 8
GAPS = 3
MAX_GAP = 80


@dataclass(slots=True)
class Figures:
    """One municipality's week; "" stands for all of them together."""

    asked: int = 0
    answered: int = 0
    leads: int = 0


@dataclass(slots=True)
class Week:
    figures: dict[str, Figures] = field(default_factory=dict)
    #: The questions most often left without an answer, most frequent first; masked, and without who asked.
    gaps: list[str] = field(default_factory=list)


async def due(session: AsyncSession, now: datetime) -> bool:
    local = now.astimezone(OSLO)
    if local.weekday() != WEEKDAY or local.hour < HOUR:
        return False
    row = await session.get(LeaseRow, LEASE)
    return row is None or row.done_at.astimezone(OSLO).date() != local.date()


async def mark_told(session: AsyncSession, now: datetime) -> None:
    await session.merge(LeaseRow(name=LEASE, done_at=now))


async def last_week(session: AsyncSession, now: datetime) -> Week:
    """The seven days before today."""
    today = now.astimezone(OSLO).date()
    first = (today - WEEK).isoformat()
    rows = await session.exec(
        select(CounterRow).where(col(CounterRow.day) >= first, col(CounterRow.day) < today.isoformat())
    )
    week = Week()
    for row in rows.all():
        for place in {row.municipality, ""}:
            _count(week.figures.setdefault(place, Figures()), row)
    week.gaps = await _gaps(session, now)
    return week


def _count(figures: Figures, row: CounterRow) -> None:
    if row.decision in ("answer", "choose", "none"):
        figures.asked += row.count
        figures.answered += row.count if row.decision == "answer" else 0
    elif row.decision == "lead":
        figures.leads += row.count


async def _gaps(session: AsyncSession, now: datetime) -> list[str]:
    rows = await session.exec(
        select(QuestionRow.text).where(col(QuestionRow.decision) == "none", col(QuestionRow.at) >= now - WEEK)
    )
    counted = Counter(" ".join(text.lower().split())[:MAX_GAP] for text in rows.all())
    return [text for text, _ in counted.most_common(GAPS)]
