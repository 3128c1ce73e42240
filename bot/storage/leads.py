"""Leads and their threads. Taking a lead is one conditional update: of two who press at once, one gets it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.model import OPEN, Author, Lead, State, Step
from bot.storage import companions
from bot.storage.mapping import asked_from, asked_to_json, wishes_from, wishes_to_json
from bot.storage.tables import LeadLogRow, LeadMessageRow, LeadNoteRow, LeadRow


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    author: Author
    text: str
    at: datetime
    host_id: int | None = None


async def add(session: AsyncSession, lead: Lead) -> None:
    session.add(
        LeadRow(
            reference=lead.reference,
            municipality=lead.municipality,
            state=lead.state,
            mover_chat=lead.mover_chat,
            mover_name=lead.mover_name,
            language=lead.language,
            asked=asked_to_json(lead.asked),
            wishes=wishes_to_json(lead.wishes),
            also_to=list(lead.also_to),
            promised_on=lead.promised_on,
            campaign=lead.campaign,
            noticed=lead.noticed,
            created_at=lead.created_at,
        )
    )
    await session.flush()


async def get(session: AsyncSession, reference: str) -> Lead | None:
    row = await session.get(LeadRow, reference.upper(), populate_existing=True)
    return replace(_lead(row), companions=await companions.joined(session, row.reference)) if row else None


async def of_mover(session: AsyncSession, chat_id: int) -> tuple[Lead, ...]:
    rows = await session.exec(
        select(LeadRow).where(col(LeadRow.mover_chat) == chat_id).order_by(col(LeadRow.created_at))
    )
    return tuple(_lead(row) for row in rows.all())


async def open_leads(session: AsyncSession) -> tuple[Lead, ...]:
    rows = await session.exec(
        select(LeadRow).where(col(LeadRow.state).in_(OPEN)).order_by(col(LeadRow.created_at), col(LeadRow.reference))
    )
    return tuple(_lead(row) for row in rows.all())


async def everything(session: AsyncSession) -> tuple[Lead, ...]:
    rows = await session.exec(select(LeadRow).order_by(col(LeadRow.created_at)))
    return tuple(_lead(row) for row in rows.all())


async def take(session: AsyncSession, reference: str, host_id: int, now: datetime) -> bool:
    """True for the one who got it."""
    return await _change(session, reference, ("new",), state="taken", taken_by=host_id, taken_at=now)


async def give_back(session: AsyncSession, reference: str, municipality: str | None) -> bool:
    """Somebody else is to take it: from now on it is a new lead of this municipality."""
    values = {"state": "new", "taken_by": None, "taken_at": None, "snoozed_until": None, "pass_to": None}
    return await _change(session, reference, OPEN, municipality=municipality, **values)


async def snooze(session: AsyncSession, reference: str, until: datetime | None) -> bool:
    return await _change(session, reference, OPEN, snoozed_until=until)


async def ask_to_pass(session: AsyncSession, reference: str, municipality: str | None) -> bool:
    """The mover is asked whether this municipality may see it; None ends the question."""
    return await _change(session, reference, OPEN, pass_to=municipality)


async def ended_leads(session: AsyncSession, limit: int) -> tuple[Lead, ...]:
    """Closed and withdrawn ones, the latest first."""
    rows = await session.exec(
        select(LeadRow).where(col(LeadRow.state).not_in(OPEN)).order_by(col(LeadRow.closed_at).desc()).limit(limit)
    )
    return tuple(_lead(row) for row in rows.all())


async def close(session: AsyncSession, reference: str, outcome: str | None, now: datetime) -> bool:
    return await _change(session, reference, OPEN, state="closed", closed_at=now, outcome=outcome)


async def withdraw(session: AsyncSession, reference: str, now: datetime) -> bool:
    return await _change(session, reference, OPEN, state="withdrawn", closed_at=now)


async def mark_noticed(session: AsyncSession, reference: str, promised_on: date) -> bool:
    return await _change(session, reference, ("new",), noticed=True, promised_on=promised_on)


async def mark_answered(session: AsyncSession, reference: str, now: datetime) -> None:
    await session.exec(
        update(LeadRow)
        .where(col(LeadRow.reference) == reference, col(LeadRow.first_answer_at).is_(None))
        .values(first_answer_at=now)
    )


async def write(
    session: AsyncSession, reference: str, author: Author, text: str, now: datetime, host_id: int | None = None
) -> None:
    session.add(LeadMessageRow(reference=reference, author=author, text=text, at=now, host_id=host_id))


async def thread(session: AsyncSession, reference: str) -> Sequence[ThreadMessage]:
    rows = await session.exec(
        select(LeadMessageRow).where(col(LeadMessageRow.reference) == reference).order_by(col(LeadMessageRow.id))
    )
    return [ThreadMessage(cast(Author, row.author), row.text, row.at, row.host_id) for row in rows.all()]


async def note(session: AsyncSession, reference: str, host_id: int, text: str, now: datetime) -> None:
    session.add(LeadNoteRow(reference=reference, host_id=host_id, text=text, at=now))


async def notes(session: AsyncSession, reference: str) -> Sequence[LeadNoteRow]:
    rows = await session.exec(
        select(LeadNoteRow).where(col(LeadNoteRow.reference) == reference).order_by(col(LeadNoteRow.id))
    )
    return rows.all()


async def log(session: AsyncSession, reference: str, action: str, now: datetime, host_id: int | None = None) -> None:
    session.add(LeadLogRow(reference=reference, action=action, at=now, host_id=host_id))


async def _change(session: AsyncSession, reference: str, states: Iterable[State], **values: Any) -> bool:
    result = await session.exec(
        update(LeadRow).where(col(LeadRow.reference) == reference, col(LeadRow.state).in_(states)).values(**values)
    )
    return getattr(result, "rowcount", 0) == 1


def _lead(row: LeadRow) -> Lead:
    return Lead(
        reference=row.reference,
        municipality=row.municipality,
        state=cast(State, row.state),
        mover_chat=row.mover_chat,
        mover_name=row.mover_name,
        language=row.language,
        asked=asked_from(row.asked),
        created_at=row.created_at,
        campaign=row.campaign,
        wishes=wishes_from(row.wishes),
        also_to=tuple(row.also_to),
        promised_on=row.promised_on,
        noticed=row.noticed,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        first_answer_at=row.first_answer_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        snoozed_until=row.snoozed_until,
        pass_to=row.pass_to,
        waiting_since=row.waiting_since,
        step=cast(Step, row.step or "host"),
        stand_in=row.stand_in,
        helped=row.helped,
    )
