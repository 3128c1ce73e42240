"""What happens without anybody asking, each minute: each thing in a transaction of its own, and once."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import escalating, summaries
from bot.knowledge.model import Knowledge
from bot.storage import holding, hosts, leads, notices
from bot.storage.engine import Database
from bot.texts import say

#: A lead that lay long, because the program stood still, goes through its steps one after another.
MOST_STEPS = 5


async def run(database: Database, knowledge: Knowledge, now: datetime) -> bool:
    """All that is due. True when something was told."""
    told = await remind_of_snoozed(database, now) > 0
    async with database.reading() as session:
        held = await holding.is_waiting(session, now)
    if held:
        async with database.transaction() as session:
            told |= await notices.release(session, now) > 0
    # Before the steps: whom these call has not heard of the lead yet, and hears of it once.
    async with database.reading() as session:
        mornings = await summaries.mornings_due(session, now)
    for host in mornings:
        async with database.transaction() as session:
            await summaries.tell_morning(session, knowledge, host, now)
    return await _advance_leads(database, knowledge, now) or told or bool(mornings)


async def _advance_leads(database: Database, knowledge: Knowledge, now: datetime) -> bool:
    told = False
    for _ in range(MOST_STEPS):
        async with database.reading() as session:
            references = await escalating.waiting(session, now)
        if not references:
            break
        for reference in references:
            async with database.transaction() as session:
                told |= await escalating.advance(session, knowledge, reference, now)
    return told


async def remind_of_snoozed(database: Database, now: datetime) -> int:
    """Leads that were put off until now come back to their hosts; their number."""
    async with database.reading() as session:
        due = [lead for lead in await leads.open_leads(session) if lead.snoozed_until and lead.snoozed_until <= now]
    ended = 0
    for lead in due:
        async with database.transaction() as session:
            if await leads.end_snooze(session, lead.reference, now):
                ended += 1
                await _tell_snooze_over(session, lead.reference, lead.taken_by, now)
    return ended


async def _tell_snooze_over(session: AsyncSession, reference: str, taken_by: int | None, now: datetime) -> None:
    host = next((host for host in await hosts.active(session) if host.id == taken_by), None)
    if host is not None:
        html = say(host.language, "desk.snooze_over", reference=reference)
        await notices.notify(session, host, "reminder", str(html), (), now, reference)
