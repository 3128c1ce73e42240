"""Leads and their threads. Taking a lead is one conditional update: of two who press at once, one gets it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import func, update
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
            waiting_since=lead.waiting_since,
            stand_in=lead.stand_in,
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


async def of_time(session: AsyncSession, start: datetime, end: datetime) -> tuple[Lead, ...]:
    """Those that were made, or first answered, between two moments, and all that are open."""
    made = col(LeadRow.created_at).between(start, end)
    answered = col(LeadRow.first_answer_at).between(start, end)
    rows = await session.exec(select(LeadRow).where(made | answered | col(LeadRow.state).in_(OPEN)))
    return tuple(_lead(row) for row in rows.all())


async def everything(session: AsyncSession) -> tuple[Lead, ...]:
    rows = await session.exec(select(LeadRow).order_by(col(LeadRow.created_at)))
    return tuple(_lead(row) for row in rows.all())


async def take(session: AsyncSession, reference: str, host_id: int, now: datetime) -> bool:
    """True for the one who got it. Its clock begins anew."""
    clock = {"waiting_since": now, "step": "host"}
    return await _change(session, reference, ("new",), state="taken", taken_by=host_id, taken_at=now, **clock)


#: Nobody has it.
FREE: dict[str, Any] = {"state": "new", "taken_by": None, "taken_at": None, "snoozed_until": None}


async def give_back(
    session: AsyncSession,
    reference: str,
    municipality: str | None,
    now: datetime,
    step: Step = "host",
    stand_in: int | None = None,
) -> bool:
    """Somebody else is to take it: from now on it is a new lead of this municipality, and its clock begins anew. A
    promise that was kept is none any more.
    """
    kept = update(LeadRow).where(col(LeadRow.reference) == reference, col(LeadRow.first_answer_at).is_not(None))
    await session.exec(kept.values(promised_on=None))
    clock = {"waiting_since": now, "step": step, "stand_in": stand_in}
    return await _change(session, reference, OPEN, municipality=municipality, pass_to=None, **FREE, **clock)


async def advance(session: AsyncSession, lead: Lead, step: Step, **values: Any) -> bool:
    """The clock goes on to this step. False when the lead is no longer as it was: so each step is done once."""
    before = [col(LeadRow.state) == lead.state, func.coalesce(LeadRow.step, "host") == lead.step]
    for column, was in ((LeadRow.taken_by, lead.taken_by), (LeadRow.first_answer_at, lead.first_answer_at)):
        before.append(col(column).is_(None) if was is None else col(column) == was)
    result = await session.exec(
        update(LeadRow)
        .where(col(LeadRow.reference) == lead.reference, col(LeadRow.snoozed_until).is_(None), *before)
        .values(step=step, **values)
    )
    return getattr(result, "rowcount", 0) == 1


async def promise(session: AsyncSession, reference: str, day: date) -> bool:
    return await _change(session, reference, OPEN, promised_on=day)


async def snooze(session: AsyncSession, reference: str, until: datetime | None) -> bool:
    """Put off until then, and so is its clock; None ends it."""
    if until is not None:
        unanswered = col(LeadRow.first_answer_at).is_(None)
        clock = update(LeadRow).where(col(LeadRow.reference) == reference, unanswered)
        await session.exec(clock.values(waiting_since=until, step="host"))
    return await _change(session, reference, OPEN, snoozed_until=until)


async def end_snooze(session: AsyncSession, reference: str, now: datetime) -> bool:
    """True for the one who ended it."""
    result = await session.exec(
        update(LeadRow)
        .where(col(LeadRow.reference) == reference, col(LeadRow.state).in_(OPEN), col(LeadRow.snoozed_until) <= now)
        .values(snoozed_until=None)
    )
    return getattr(result, "rowcount", 0) == 1


async def ask_to_pass(session: AsyncSession, reference: str, municipality: str | None) -> bool:
    """The mover is asked whether this municipality may see it; None ends the question."""
    return await _change(session, reference, OPEN, pass_to=municipality)


async def set_stand_in(session: AsyncSession, reference: str, host_id: int) -> bool:
    """From now on this host may handle it too."""
    return await _change(session, reference, OPEN, stand_in=host_id)


async def ended_leads(session: AsyncSession, limit: int) -> tuple[Lead, ...]:
    """Closed and withdrawn ones, the latest first."""
    rows = await session.exec(
        select(LeadRow).where(col(LeadRow.state).not_in(OPEN)).order_by(col(LeadRow.closed_at).desc()).limit(limit)
    )
    return tuple(_lead(row) for row in rows.all())


async def set_helped(session: AsyncSession, reference: str, mover_chat: int, helped: str) -> None:
    """The mover's own word on a closed lead."""
    await session.exec(
        update(LeadRow)
        .where(
            col(LeadRow.reference) == reference, col(LeadRow.mover_chat) == mover_chat, col(LeadRow.state) == "closed"
        )
        .values(helped=helped)
    )


async def close(session: AsyncSession, reference: str, outcome: str | None, now: datetime) -> bool:
    return await _change(session, reference, OPEN, state="closed", closed_at=now, outcome=outcome)


async def withdraw(session: AsyncSession, reference: str, now: datetime) -> bool:
    return await _change(session, reference, OPEN, state="withdrawn", closed_at=now)


async def mark_noticed(session: AsyncSession, reference: str, promised_on: date, since: datetime) -> bool:
    """Somebody is there to be told; from `since` on its clock runs."""
    return await _change(session, reference, ("new",), noticed=True, promised_on=promised_on, waiting_since=since)


async def mark_answered(session: AsyncSession, reference: str, now: datetime) -> None:
    """By a message, a call, a mail: nothing waits now, and its clock stands still."""
    this = update(LeadRow).where(col(LeadRow.reference) == reference)
    await session.exec(this.where(col(LeadRow.first_answer_at).is_(None)).values(first_answer_at=now))
    await session.exec(this.values(waiting_since=None, step="host"))


async def mover_wrote(session: AsyncSession, reference: str, now: datetime) -> None:
    """In a talk that has begun, these words wait for an answer now; before that the clock runs already."""
    await session.exec(
        update(LeadRow)
        .where(
            col(LeadRow.reference) == reference,
            col(LeadRow.state) == "taken",
            col(LeadRow.first_answer_at).is_not(None),
            col(LeadRow.waiting_since).is_(None),
        )
        .values(waiting_since=now, step="host")
    )


async def host_wrote_since(session: AsyncSession, reference: str, host_id: int, moment: datetime) -> bool:
    rows = await session.exec(
        select(LeadMessageRow.id).where(
            col(LeadMessageRow.reference) == reference,
            col(LeadMessageRow.host_id) == host_id,
            col(LeadMessageRow.at) >= moment,
        )
    )
    return rows.first() is not None


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
