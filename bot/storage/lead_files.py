"""All that is kept of a mover's leads beside the leads themselves: for taking it along."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Entered, LeadFile
from bot.leads.model import Lead
from bot.storage import hosts, lead_log, leads

MOVER = "mover"


async def of(session: AsyncSession, of_mover: Iterable[Lead]) -> tuple[LeadFile, ...]:
    names = await hosts.names(session)
    return tuple([await _file(session, lead.reference, names) for lead in of_mover])


async def _file(session: AsyncSession, reference: str, names: dict[int, str]) -> LeadFile:
    thread = [
        Entered(MOVER if message.author == "mover" else names.get(message.host_id or 0, ""), message.text, message.at)
        for message in await leads.thread(session, reference)
    ]
    notes = [Entered(names.get(row.host_id, ""), row.text, row.at) for row in await leads.notes(session, reference)]
    log = [
        Entered(names.get(row.host_id, "") if row.host_id else "", row.action, row.at)
        for row in await lead_log.of_lead(session, reference)
    ]
    return LeadFile(reference, tuple(thread), tuple(notes), tuple(log))
