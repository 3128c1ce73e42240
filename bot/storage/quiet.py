"""Movers who are not heard from: hosts see it on the lead, and at once where a chat takes nothing any more."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads import quiet
from bot.leads.model import Lead
from bot.leads.quiet import AFTER, Quiet
from bot.storage import deliveries, follow_ups, hosts, leads, reaching, services
from bot.storage.notices import notify
from bot.storage.tables import EndedChatRow, LeadMessageRow

log = logging.getLogger(__name__)


async def of_leads(session: AsyncSession, found: Sequence[Lead], now: datetime) -> dict[str, Quiet]:
    """By reference, the open ones of these whose movers are not heard from."""
    waiting = [lead for lead in found if lead.open]
    gone = await _ended(session, {lead.mover_chat for lead in waiting})
    unanswered = await _unanswered(session, [lead.reference for lead in waiting], now)
    told = {lead.reference: Quiet(lead.mover_chat in gone, unanswered.get(lead.reference)) for lead in waiting}
    return {reference: one for reference, one in told.items() if one != Quiet()}


async def chat_ended(
    session: AsyncSession, chat_id: int, trouble: str, now: datetime, about: str | None = None
) -> None:
    """A chat takes nothing until its person is heard from. Whoever must know of it is told at once.

    `about` is the lead of the message that did not arrive; where the chat had ended before, it alone is told of.
    """
    before = await session.get(EndedChatRow, chat_id)
    parked = await deliveries.end_chat(session, chat_id, trouble, now)
    if parked:
        log.error("%s notices for a chat that takes nothing any more are parked", parked)
    await reaching.lost(session, chat_id, now)
    await follow_ups.drop(session, chat_id)
    for lead in await leads.of_mover(session, chat_id):
        if lead.open and (before is None or lead.reference == about):
            await _tell_taker(session, lead, now)


async def _tell_taker(session: AsyncSession, lead: Lead, now: datetime) -> None:
    taker = next((host for host in await hosts.active(session) if host.id == lead.taken_by), None)
    if taker is None:
        return
    detail = (await services.everything(session))[lead.municipality].detail_for(taker)
    full = detail == "full" and not taker.by_mail
    html = quiet.lost(taker, lead, full)
    await notify(session, taker, "notice", str(html), (), now, lead.reference, full)


async def _ended(session: AsyncSession, chats: set[int]) -> set[int]:
    rows = await session.exec(select(EndedChatRow.chat_id).where(col(EndedChatRow.chat_id).in_(chats)))
    return set(rows.all())


async def _unanswered(session: AsyncSession, references: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Since when a host's last words have had no answer."""
    last = (
        select(func.max(LeadMessageRow.id))
        .where(col(LeadMessageRow.reference).in_(references))
        .group_by(col(LeadMessageRow.reference))
    )
    rows = await session.exec(
        select(LeadMessageRow).where(
            col(LeadMessageRow.id).in_(last), LeadMessageRow.author == "host", col(LeadMessageRow.at) < now - AFTER
        )
    )
    return {row.reference: row.at for row in rows.all()}
