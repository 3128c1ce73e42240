"""A host who is not reached any more: the next channel, then the stand-in, then the coordinators, and an alarm."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads import routing
from bot.leads.model import ChannelName, Host, Lead, is_same_person
from bot.leads.presence import stand_in_for
from bot.storage import deliveries, holding, hosts, leads, notices, services
from bot.storage.mapping import buttons_from
from bot.storage.tables import DeliveryRow, EndedChatRow
from bot.texts import say

log = logging.getLogger(__name__)


async def lost(session: AsyncSession, chat_id: int, now: datetime) -> None:
    """This chat or mailbox takes nothing any more. If it was a host's, what is parked for it goes another way."""
    everybody = await hosts.active(session)
    roles = [host for host in everybody if chat_id in (host.chat_id, notices.MAILBOXES + host.id)]
    if not roles:
        return
    parked = await _parked(session, chat_id)
    channel = await _other_channel(session, roles[0], chat_id)
    if channel is not None:
        log.error("host %s is not reached; notices go by %s from now on", roles[0].id, channel)
        await _change_channel(session, roles, channel, parked, now)
    else:
        log.error("host %s is not reached by any channel; notices go to the stand-in or the coordinator", roles[0].id)
        for row in parked:
            await _hand_over(session, roles, everybody, row, now)


async def _parked(session: AsyncSession, chat_id: int) -> Sequence[DeliveryRow]:
    rows = await session.exec(
        select(DeliveryRow)
        .where(
            col(DeliveryRow.chat_id) == chat_id,
            col(DeliveryRow.state) == "parked",
            col(DeliveryRow.kind).in_(deliveries.URGENCY),
        )
        .order_by(col(DeliveryRow.id))
    )
    return rows.all()


async def _other_channel(session: AsyncSession, host: Host, chat_id: int) -> ChannelName | None:
    other: tuple[ChannelName, int] | None = None
    if chat_id == host.chat_id and host.email:
        other = ("mail", notices.MAILBOXES + host.id)
    elif chat_id != host.chat_id and host.chat_id is not None:
        other = ("telegram", host.chat_id)
    if other is None or await session.get(EndedChatRow, other[1]) is not None:
        return None
    return other[0]


async def _change_channel(
    session: AsyncSession, roles: Sequence[Host], channel: ChannelName, parked: Sequence[DeliveryRow], now: datetime
) -> None:
    changed = [replace(role, preferences=replace(role.preferences, channel=channel)) for role in roles]
    for role in changed:
        await hosts.set_preferences(session, role.id, role.preferences)
    for row in parked:
        body = row.body or {}
        role, buttons = changed[0], buttons_from(body.get("buttons") or [])
        kind, html, full = notices.kind_of(row.kind), str(body.get("html", "")), bool(body.get("full"))
        # That a lead is gone was on its way to somebody who had heard of it.
        heard = kind == "gone"
        await notices.notify(session, role, kind, html, buttons, now, row.reference, full, heard)
        _stop(row)


async def _hand_over(
    session: AsyncSession, lost_roles: Sequence[Host], everybody: Sequence[Host], row: DeliveryRow, now: datetime
) -> None:
    """What this notice was about becomes known to somebody else, if it still waits for a person."""
    lead = await leads.get(session, row.reference) if row.reference else None
    ids = {role.id for role in lost_roles}
    if lead is None or not lead.open or (lead.taken_by is not None and lead.taken_by not in ids):
        return
    if lead.taken_by is not None:
        await leads.give_back(session, lead.reference, lead.municipality, now, stand_in=lead.stand_in)
        lead = replace(lead, state="new", taken_by=None)
    own = routing.recipients(lead.municipality, everybody)
    others = [host for host in everybody if not is_same_person(host, lost_roles[0])]
    told = False
    for host in await _instead(session, own, others, lead, now):
        known = await holding.known(session, host.id, lead.reference)
        if not known and not await notices.is_told(session, host, lead.reference):
            html = say(host.language, "clock.not_reached", reference=lead.reference)
            await notices.notify(session, host, "notice", str(html), _take(host, lead), now, lead.reference)
        told = True
    if told:
        await leads.log(session, lead.reference, "handed over", now)
        _stop(row)


async def _instead(
    session: AsyncSession, own: Sequence[Host], others: Sequence[Host], lead: Lead, now: datetime
) -> list[Host]:
    stand_in = stand_in_for(own, others, await services.everything(session), now, lead.municipality)
    if stand_in is None:
        return [host for host in others if host.role == "coordinator"]
    await leads.set_stand_in(session, lead.reference, stand_in.id)
    return [stand_in]


def _take(host: Host, lead: Lead) -> notices.Rows:
    return ((notices.take_button(host, lead.reference),),)


def _stop(row: DeliveryRow) -> None:
    """It went another way."""
    row.state, row.body = "stopped", None
