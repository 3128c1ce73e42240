"""The retention table of the design, carried out daily."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Delete, delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.periods import Periods
from bot.storage import leads, leases, sign_ins
from bot.storage.erasure import delete_leads
from bot.storage.mapping import conversation_from, json_of
from bot.storage.tables import (
    ArrivalRow,
    ConsentRow,
    ConversationRow,
    DeliveryRow,
    EndedChatRow,
    GroupRow,
    InviteRow,
    LeadRow,
    PseudonymKeyRow,
    QuestionRow,
)

LEASE = "retention"
DAILY = timedelta(hours=24)


async def due(session: AsyncSession, now: datetime) -> bool:
    return await leases.is_due(session, LEASE, DAILY, now)


async def clean_up(session: AsyncSession, periods: Periods, now: datetime) -> dict[str, int]:
    """Delete what is past its time; the number of rows by table, for the log."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    rules: dict[str, Delete] = {
        "arrival": delete(ArrivalRow).where(
            col(ArrivalRow.state) == "done", col(ArrivalRow.done_at) < before(periods.arrival_id_days)
        ),
        "arrival parked": delete(ArrivalRow).where(
            col(ArrivalRow.state) == "parked", col(ArrivalRow.done_at) < before(periods.parked_days)
        ),
        "delivery": delete(DeliveryRow).where(
            col(DeliveryRow.state).in_(("sent", "stopped")),
            col(DeliveryRow.created_at) < before(periods.delivery_id_days),
        ),
        "delivery parked": delete(DeliveryRow).where(
            col(DeliveryRow.state) == "parked", col(DeliveryRow.created_at) < before(periods.parked_days)
        ),
        "host_group": delete(GroupRow).where(col(GroupRow.ended_at) < before(periods.delivery_id_days)),
        "question": delete(QuestionRow).where(col(QuestionRow.at) < before(periods.question_days)),
        "invite": delete(InviteRow).where(col(InviteRow.expires_at) < before(periods.arrival_id_days)),
        "pseudonym_key": delete(PseudonymKeyRow).where(
            col(PseudonymKeyRow.used_at) < before(365 * periods.consent_years)
        ),
        "ended_chat": delete(EndedChatRow).where(col(EndedChatRow.ended_at) < before(periods.conversation_days)),
        "consent": delete(ConsentRow).where(col(ConsentRow.at) < before(365 * periods.consent_years)),
    }
    rules |= sign_ins.old(now)
    gone = {name: await _count(session, rule) for name, rule in rules.items()}
    gone["lead"] = await _old_leads(session, before(periods.lead_days))
    gone["conversation"] = await _idle_conversations(session, before(periods.conversation_days))
    gone["conversation trimmed"] = await _trim_conversations(session, periods, now)
    await leases.set_done(session, LEASE, now)
    return {name: number for name, number in gone.items() if number}


async def _count(session: AsyncSession, statement: Any) -> int:
    return int(getattr(await session.exec(statement), "rowcount", 0))


async def _old_leads(session: AsyncSession, before: datetime) -> int:
    rows = await session.exec(
        select(LeadRow.reference).where(
            col(LeadRow.state).in_(("closed", "withdrawn")), col(LeadRow.closed_at) < before
        )
    )
    references = list(rows.all())
    await delete_leads(session, references)
    return len(references)


async def _idle_conversations(session: AsyncSession, before: datetime) -> int:
    """Idle conversations go, except where a lead is still open: its mover is still waiting."""
    waiting = {lead.mover_chat for lead in await leads.open_leads(session)}
    rows = await session.exec(select(ConversationRow.chat_id).where(col(ConversationRow.last_seen) < before))
    idle = [chat_id for chat_id in rows.all() if chat_id not in waiting]
    await session.exec(delete(ConversationRow).where(col(ConversationRow.chat_id).in_(idle)))
    return len(idle)


async def _trim_conversations(session: AsyncSession, periods: Periods, now: datetime) -> int:
    """Old questions and drafts go also where nobody writes any more; the number of conversations trimmed."""
    rows = (await session.exec(select(ConversationRow))).all()
    trimmed = 0
    for row in rows:
        before = conversation_from(row.state)
        after = before.without_old(periods, now)
        if after != before:
            await session.exec(
                update(ConversationRow)
                .where(col(ConversationRow.chat_id) == row.chat_id)
                .values(state=json_of(after), version=row.version + 1)
            )
            trimmed += 1
    return trimmed
