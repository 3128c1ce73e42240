"""What all hosts of a municipality are to know is said once in their group, where they have one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Button, Notice
from bot.leads.model import Host
from bot.storage import deliveries, groups, holding, hosts, leads, services
from bot.storage.groups import Group
from bot.storage.mapping import buttons_to_json
from bot.storage.tables import HeldNoticeRow
from bot.texts import say


async def share(session: AsyncSession, notices: Iterable[Notice], now: datetime) -> list[Notice]:
    """Tell the groups; the notices that are left are for persons.

    A group gets the summary that its hosts would get, never what is `full`.
    """
    left: list[Notice] = []
    told: dict[tuple[int, str], Notice] = {}
    where: dict[tuple[int, str], Group] = {}
    for notice in notices:
        group = await groups.of_host(session, notice.host) if notice.shared and not notice.full else None
        if group is None or not group.reaches(notice.host):
            left.append(notice)
        if group is None:
            continue
        key = (group.chat_id, notice.reference)
        if key not in told or notice.host.language == group.language:
            told[key], where[key] = notice, group
    for key, notice in told.items():
        kind = "gone" if notice.kind == "gone" else None
        await tell(session, where[key], notice.html, notice.buttons, now, notice.reference, kind)
    return left


async def tell(
    session: AsyncSession,
    group: Group,
    html: str,
    buttons: tuple[tuple[Button, ...], ...],
    now: datetime,
    reference: str | None,
    kind: str | None = None,
) -> None:
    """In the group's working hours; at once where one of its hosts wants to be called at night."""
    # Only what says so may be answered there and goes to the mover.
    kind = kind or ("notice" if buttons else "reminder")
    if buttons:
        html += "\n\n" + str(say(group.language, "group.hint"))
    due_at = await _morning(session, group, now)
    held_until = await holding.until_in_group(session, group.chat_id, reference)
    if due_at <= now and held_until is None:
        body = {"html": html, "buttons": buttons_to_json(buttons)}
        await deliveries.add(session, kind, group.chat_id, body, now, reference)
    else:
        due_at = max(due_at, held_until or due_at)
        await holding.hold(session, kind, html, buttons, reference, due_at, group_chat=group.chat_id)


async def release(session: AsyncSession, row: HeldNoticeRow, now: datetime) -> bool:
    """The morning of its group has come; False where it says nothing new any more."""
    group = await groups.get(session, row.group_chat) if row.group_chat is not None else None
    if group is None or await _is_settled(session, group, row):
        return False
    body = {"html": row.html, "buttons": row.buttons}
    await deliveries.add(session, row.kind, group.chat_id, body, now, row.reference)
    return True


async def _is_settled(session: AsyncSession, group: Group, row: HeldNoticeRow) -> bool:
    """Somebody took the lead meanwhile, or it is gone: no offer now, and no news of what was never heard of there."""
    lead = await leads.get(session, row.reference) if row.reference else None
    if row.reference is None or (lead is not None and lead.state == "new"):
        return False
    return bool(row.buttons) or not await deliveries.may_know(session, [group.chat_id], row.reference)


async def members(session: AsyncSession, group: Group) -> list[Host]:
    """The hosts who are told there instead of alone."""
    return [host for host in await hosts.active(session) if group.reaches(host)]


async def _morning(session: AsyncSession, group: Group, now: datetime) -> datetime:
    if any(host.preferences.night_notices for host in await members(session, group)):
        return now
    working_time = (await services.everything(session))[group.municipality].working_time
    return working_time.starts_counting(now).astimezone(UTC)
