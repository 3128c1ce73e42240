"""What hosts and coordinators are told in the morning, on Mondays, and of broken files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.dates import spoken
from bot.knowledge.model import Knowledge
from bot.leads import clock, weekly_words
from bot.leads.model import Host, Lead, is_same_person, persons
from bot.leads.presence import own_time
from bot.leads.routing import recipients
from bot.leads.service import Services
from bot.leads.working_time import OSLO
from bot.storage import hosts, leads, leases, services, weekly
from bot.storage.notices import notify
from bot.texts import label, say

#: More would not be read; the rest is in the log and in `knowledge check`.
MOST_FINDINGS = 5
#: So many references are named in a line of the morning summary.
MOST_NAMED = 12


@dataclass(slots=True)
class Morning:
    """One person's leads this morning, by what they need."""

    open: list[Lead] = field(default_factory=list)
    due: list[Lead] = field(default_factory=list)
    overdue: list[Lead] = field(default_factory=list)
    #: For coordinators: what waits for hosts who are not there.
    waiting: list[Lead] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.open or self.due or self.overdue or self.waiting)


async def mornings_due(session: AsyncSession, now: datetime) -> list[Host]:
    """Those whose day has begun and who were told nothing yet today, each person once."""
    every_service, everybody = await services.everything(session), await hosts.active(session)
    return [
        host
        for host in persons(everybody)
        if any(is_same_person(role, host) and _day_has_begun(role, every_service, now) for role in everybody)
        and not await leases.is_done(session, _lease(host), _midnight(now))
    ]


async def tell_morning(session: AsyncSession, knowledge: Knowledge, host: Host, now: datetime) -> None:
    """Open leads, what was promised for today, what is late; nothing where there is nothing."""
    if not await leases.is_due(session, _lease(host), now - _midnight(now), now):
        return
    await leases.set_done(session, _lease(host), now)
    everybody, every_service = await hosts.active(session), await services.everything(session)
    roles = [role for role in everybody if is_same_person(role, host)]
    found = _morning(roles, everybody, await leads.open_leads(session), every_service, now)
    if found:
        html = _told(host, found, knowledge, every_service, now)
        await notify(session, host, "reminder", str(html), (), now)


def _morning(
    roles: Sequence[Host], everybody: Sequence[Host], open_leads: Iterable[Lead], every_service: Services, now: datetime
) -> Morning:
    found = Morning()
    for lead in open_leads:
        oversees = any(role.role == "coordinator" for role in roles)
        if oversees and clock.waits_until(lead, now, every_service[lead.municipality]):
            found.waiting.append(lead)
        elif oversees and clock.is_overdue(lead, now):
            found.overdue.append(lead)
        elif _is_for(roles, everybody, lead) and _waits_for_host(lead) and not _came_now(lead, now):
            late = clock.is_overdue(lead, now)
            (found.overdue if late else found.due if clock.is_due_today(lead, now) else found.open).append(lead)
    return found


def _waits_for_host(lead: Lead) -> bool:
    """Not put off, and not answered: then it is the mover's turn, unless words have come since."""
    return lead.snoozed_until is None and not (clock.is_talk(lead) and lead.waiting_since is None)


def _came_now(lead: Lead, now: datetime) -> bool:
    """It came in the night, and its notice comes with this morning: nothing is said twice."""
    since = clock.since(lead)
    return lead.state == "new" and since is not None and since >= _midnight(now)


def _is_for(roles: Sequence[Host], everybody: Sequence[Host], lead: Lead) -> bool:
    """What this person has taken, or nobody yet of what this person was called for."""
    ids = {role.id for role in roles}
    if lead.taken_by is not None:
        return lead.taken_by in ids
    own = {host.id for host in recipients(lead.municipality, everybody)} | {lead.stand_in}
    called = any(role.role == "coordinator" for role in roles) and lead.step in ("coordinator", "overdue")
    return called or bool(ids & own)


def _told(host: Host, found: Morning, knowledge: Knowledge, every_service: Services, now: datetime) -> Markup:
    language = host.language
    lines = [say(language, "morning.title", host=host.name)]
    for key, group in (("overdue", found.overdue), ("due", found.due), ("open", found.open)):
        if group:
            named = ", ".join(lead.reference for lead in group[:MOST_NAMED])
            named += " …" if len(group) > MOST_NAMED else ""
            lines.append(say(language, f"morning.{key}", count=len(group), references=named))
    for lead in found.waiting[:MOST_NAMED]:
        until = clock.waits_until(lead, now, every_service[lead.municipality])
        municipality = knowledge.municipalities.get(lead.municipality or "")
        place = municipality.name if municipality else label(language, "lead.unsure")
        day = spoken(until, language) if until else ""
        lines.append(say(language, "morning.waiting", reference=lead.reference, place=place, day=day))
    return Markup("\n").join(lines)


def _day_has_begun(host: Host, every_service: Services, now: datetime) -> bool:
    if not host.preferences.morning_summary:
        return False
    return own_time(host, every_service).is_open(now)


def _lease(host: Host) -> str:
    return f"morning {host.id}"


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(OSLO).date(), time(), OSLO)


async def tell_week_if_due(session: AsyncSession, knowledge: Knowledge, now: datetime) -> bool:
    """On Monday, or the first day after it that is no holiday: last week's figures to every coordinator."""
    every_service = await services.everything(session)
    if not await weekly.due(session, every_service[None].working_time, now):
        return False
    week = await weekly.last_week(session, every_service, now)
    await weekly.mark_told(session, now)
    places = {slug: municipality.name for slug, municipality in knowledge.municipalities.items()}
    order = ["", *(slug for slug in places if slug in week.figures)]
    lines = [(slug, figures) for slug in order if (figures := week.figures.get(slug)) is not None]
    for host in persons(host for host in await hosts.active(session) if host.role == "coordinator"):
        if lines:
            html = weekly_words.weekly(host.language, lines, week.gaps, places)
            await notify(session, host, "reminder", str(html), (), now)
    return True


async def tell_findings(session: AsyncSession, findings: Sequence[str], now: datetime) -> None:
    """What is wrong with the knowledge's files, to the coordinators, who know the editors."""
    shown = "\n\n".join(findings[:MOST_FINDINGS])
    for host in await hosts.active(session):
        if host.role == "coordinator":
            html = say(host.language, "desk.findings", count=len(findings), findings=shown)
            await notify(session, host, "reminder", str(html), (), now)
