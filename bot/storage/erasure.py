"""Real deletion of all that is stored of one mover."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage import companions, consents, invites, leads
from bot.storage.statistics import keep_statistics
from bot.storage.tables import (
    ArrivalRow,
    ConversationRow,
    DeliveryRow,
    EndedChatRow,
    FollowUpRow,
    HeldNoticeRow,
    LeadRow,
    PseudonymKeyRow,
)


async def forget(session: AsyncSession, chat_id: int, now: datetime) -> None:
    """Delete conversation, leads with threads and logs, messages and the key of the consent proof.

    What is left: statistics without reference, and the words that tell hosts, by reference, that a lead is gone.
    """
    for lead in await leads.of_mover(session, chat_id):
        if lead.open:
            await leads.withdraw(session, lead.reference, now)
            await consents.withdraw(session, chat_id, lead.reference, now)
    references = [lead.reference for lead in await leads.of_mover(session, chat_id)]
    await delete_leads(session, references)
    await session.exec(delete(ConversationRow).where(col(ConversationRow.chat_id) == chat_id))
    # The bare update ids stay: without them a repeat from Telegram would be taken for something new.
    # What came after the wish to be forgotten waits on: it is a new conversation's beginning.
    await session.exec(
        update(ArrivalRow)
        .where(col(ArrivalRow.chat_id) == chat_id, col(ArrivalRow.state) != "waiting")
        .values(chat_id=None, body=None, state="done")
    )
    await session.exec(delete(EndedChatRow).where(col(EndedChatRow.chat_id) == chat_id))
    await session.exec(delete(DeliveryRow).where(col(DeliveryRow.chat_id) == chat_id))
    await session.exec(delete(FollowUpRow).where(col(FollowUpRow.chat_id) == chat_id))
    await companions.leave(session, chat_id)
    await invites.end_waiting(session, chat_id, now)
    await session.exec(delete(PseudonymKeyRow).where(col(PseudonymKeyRow.chat_id) == chat_id))


async def delete_own_lead(session: AsyncSession, chat_id: int, reference: str, now: datetime) -> None:
    """Delete one lead of this mover, withdrawing it first where it is open; somebody else's is left alone."""
    lead = await leads.get(session, reference)
    if lead is None or lead.mover_chat != chat_id:
        return
    if lead.open:
        await leads.withdraw(session, reference, now)
        await consents.withdraw(session, chat_id, reference, now)
    await delete_leads(session, [reference])


async def delete_leads(session: AsyncSession, references: list[str]) -> None:
    """Delete leads; their times, municipality, campaign and outcome stay as statistics."""
    rows = (await session.exec(select(LeadRow).where(col(LeadRow.reference).in_(references)))).all()
    for row in rows:
        keep_statistics(session, row)
    # Bodies of notices still to be sent may hold the mover's words; those already sent have none, and those that say
    # that the lead is gone never had. Who may have got one without our knowing is to hear that the lead is gone.
    unsent = (
        col(DeliveryRow.reference).in_(references),
        col(DeliveryRow.state) != "sent",
        col(DeliveryRow.kind) != "gone",
    )
    await session.exec(delete(DeliveryRow).where(*unsent, col(DeliveryRow.copies) == 0))
    await session.exec(update(DeliveryRow).where(*unsent).values(state="stopped", trouble="withdrawn", body=None))
    await session.exec(
        delete(HeldNoticeRow).where(col(HeldNoticeRow.reference).in_(references), col(HeldNoticeRow.kind) != "gone")
    )
    await session.exec(delete(LeadRow).where(col(LeadRow.reference).in_(references)))
