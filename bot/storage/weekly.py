"""The coordinator's Monday summary: who asked, what became of the leads, and what could not be answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads import clock
from bot.leads.model import Lead
from bot.leads.service import Service, Services
from bot.leads.weekly_words import Figures
from bot.leads.working_time import WorkingTime
from bot.storage import leads, leases
from bot.storage.tables import CounterRow, QuestionRow

OSLO = ZoneInfo("Europe/Oslo")
LEASE = "weekly line"
WEEK = timedelta(days=7)
GAPS = 3
MAX_GAP = 80


@dataclass(slots=True)
class Week:
    #: By municipality; "" stands for all of them together.
    figures: dict[str, Figures] = field(default_factory=dict)
    #: The questions most often left without an answer, most frequent first; masked, and without who asked.
    gaps: list[str] = field(default_factory=list)

    def of(self, municipality: str | None) -> list[Figures]:
        """Whose figures something there counts for."""
        return [self.figures.setdefault(place, Figures()) for place in dict.fromkeys(("", municipality or ""))]


async def due(session: AsyncSession, working_time: WorkingTime, now: datetime) -> bool:
    """From the week's first opening on, once: on Monday, or after a holiday on the next working day."""
    monday = now.astimezone(OSLO).date() - timedelta(days=now.astimezone(OSLO).weekday())
    begins = datetime.combine(monday, time(), OSLO)
    if now < working_time.starts_counting(begins):
        return False
    return await leases.is_due(session, LEASE, now - begins, now)


async def mark_told(session: AsyncSession, now: datetime) -> None:
    await leases.set_done(session, LEASE, now)


async def last_week(session: AsyncSession, services: Services, now: datetime) -> Week:
    """The seven days before this Monday."""
    today = now.astimezone(OSLO).date()
    monday = today - timedelta(days=today.weekday())
    first, week = monday - WEEK, Week()
    rows = await session.exec(
        select(CounterRow).where(col(CounterRow.day) >= first.isoformat(), col(CounterRow.day) < monday.isoformat())
    )
    for row in rows.all():
        for figures in week.of(row.municipality):
            _count(figures, row)
    start, end = (datetime.combine(day, time(), OSLO) for day in (first, monday))
    for lead in await leads.of_time(session, start, end):
        for figures in week.of(lead.municipality):
            _count_lead(figures, lead, services[lead.municipality], (start, end), now)
    week.gaps = await _gaps(session, start, end)
    return week


def _count(figures: Figures, row: CounterRow) -> None:
    if row.decision in ("answer", "choose", "none"):
        figures.asked += row.count
        figures.answered += row.count if row.decision == "answer" else 0


def _count_lead(figures: Figures, lead: Lead, service: Service, week: tuple[datetime, datetime], now: datetime) -> None:
    start, end = week
    working_time = service.working_time
    if start <= lead.created_at < end:
        figures.leads += 1
        in_time = working_time.days_after(lead.created_at, service.stand_in_after_days)
        figures.in_time += lead.taken_at is not None and lead.taken_at <= in_time
    if clock.is_overdue(lead, now):
        figures.overdue += 1
    if lead.first_answer_at is not None and start <= lead.first_answer_at < end:
        figures.hours.append(working_time.hours_between(lead.created_at, lead.first_answer_at))


async def _gaps(session: AsyncSession, start: datetime, end: datetime) -> list[str]:
    rows = await session.exec(
        select(QuestionRow.text).where(
            col(QuestionRow.decision) == "none", col(QuestionRow.at) >= start, col(QuestionRow.at) < end
        )
    )
    counted = Counter(" ".join(text.lower().split())[:MAX_GAP] for text in rows.all())
    return [text for text, _ in counted.most_common(GAPS)]
