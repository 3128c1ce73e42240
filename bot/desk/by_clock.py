"""What is told without anybody asking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.knowledge.model import Knowledge
from bot.leads import weekly_words
from bot.storage import hosts, leads, weekly
from bot.storage.notices import notify
from bot.texts import say

#: More would not be read; the rest is in the log and in `knowledge check`.
MOST_FINDINGS = 5


async def tell_week(session: AsyncSession, knowledge: Knowledge, now: datetime) -> None:
    """Last week's figures to every coordinator."""
    week = await weekly.last_week(session, now)
    await weekly.mark_told(session, now)
    places = {slug: municipality.name for slug, municipality in knowledge.municipalities.items()}
    order = ["", *(slug for slug in places if slug in week.figures)]
    lines = [(s, (f.asked, f.answered, f.leads)) for s in order if (f := week.figures.get(s)) is not None]
    for host in await hosts.active(session):
        if host.role == "coordinator" and lines:
            html = weekly_words.weekly(host.language, lines, week.gaps, places)
            await notify(session, host, "reminder", str(html), (), now)


async def tell_findings(session: AsyncSession, findings: Sequence[str], now: datetime) -> None:
    """What is wrong with the knowledge's files, to the coordinators, who know the editors."""
    shown = "\n\n".join(findings[:MOST_FINDINGS])
    for host in await hosts.active(session):
        if host.role == "coordinator":
            html = say(host.language, "desk.findings", count=len(findings), findings=shown)
            await notify(session, host, "reminder", str(html), (), now)


async def remind_of_snoozed(session: AsyncSession, now: datetime) -> int:
    """Leads that were put off until now come back to their hosts; their number."""
    due = [lead for lead in await leads.open_leads(session) if lead.snoozed_until and lead.snoozed_until <= now]
    everybody = {host.id: host for host in await hosts.active(session)}
    for lead in due:
        await leads.snooze(session, lead.reference, None)
        if host := everybody.get(lead.taken_by or 0):
            html = say(host.language, "desk.snooze_over", reference=lead.reference)
            await notify(session, host, "reminder", str(html), (), now, lead.reference)
    return len(due)
