"""Hosts and coordinators."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.model import Card, Host, Preferences, Role
from bot.storage.mapping import card_from, card_to_json, preferences_from, preferences_to_json
from bot.storage.tables import HostRow

ANSWERING_LASTS = timedelta(minutes=10)


async def active(session: AsyncSession) -> tuple[Host, ...]:
    rows = await session.exec(select(HostRow).where(col(HostRow.ended_at).is_(None)).order_by(col(HostRow.id)))
    return tuple(host_from(row) for row in rows.all())


async def of_chat(session: AsyncSession, chat_id: int) -> tuple[Host, ...]:
    """The roles somebody has; one person may be host of two municipalities."""
    return tuple(host for host in await active(session) if host.chat_id == chat_id)


async def of_email(session: AsyncSession, email: str) -> tuple[Host, ...]:
    return tuple(host for host in await active(session) if host.email == email)


async def names(session: AsyncSession) -> dict[int, str]:
    """Also of those who have left."""
    rows = await session.exec(select(HostRow.id, HostRow.name))
    return {id: name for id, name in rows.all() if id is not None}


async def by_ids(session: AsyncSession, ids: Collection[int]) -> tuple[Host, ...]:
    """Those of them who are still hosts."""
    return tuple(host for host in await active(session) if host.id in ids)


async def end(session: AsyncSession, host: Host, now: datetime) -> None:
    """From now on this role has no rights."""
    await session.exec(
        update(HostRow).where(col(HostRow.id) == host.id).values(ended_at=now, answering=None, answering_until=None)
    )


async def add(session: AsyncSession, host: Host, now: datetime) -> Host:
    row = HostRow(
        role=host.role,
        name=host.name,
        municipality=host.municipality,
        language=host.language,
        chat_id=host.chat_id,
        email=host.email or None,
        joined_at=now,
        card=card_to_json(host.card),
        preferences=preferences_to_json(host.preferences) if host.preferences != Preferences() else None,
    )
    session.add(row)
    await session.flush()
    return host_from(row)


async def set_answering(session: AsyncSession, host_id: int, reference: str | None, now: datetime) -> None:
    """The host's next message is the answer to this lead, for ten minutes, and to no other in any role."""
    until = now + ANSWERING_LASTS if reference else None
    chat = select(HostRow.chat_id).where(col(HostRow.id) == host_id).scalar_subquery()
    await session.exec(update(HostRow).where(col(HostRow.chat_id) == chat).values(answering=None, answering_until=None))
    await session.exec(
        update(HostRow).where(col(HostRow.id) == host_id).values(answering=reference, answering_until=until)
    )


async def set_self(session: AsyncSession, host_id: int, name: str, language: str) -> None:
    """What a host is called, and the language the bot speaks to her."""
    await session.exec(update(HostRow).where(col(HostRow.id) == host_id).values(name=name, language=language))


async def add_channel(session: AsyncSession, host_id: int, chat_id: int | None, email: str | None) -> None:
    """From now on she is reached there too."""
    values = {"chat_id": chat_id} if chat_id is not None else {"email": email}
    await session.exec(update(HostRow).where(col(HostRow.id) == host_id).values(**values))


async def set_card(session: AsyncSession, host_id: int, card: Card) -> None:
    await session.exec(update(HostRow).where(col(HostRow.id) == host_id).values(card=card_to_json(card)))


async def set_preferences(session: AsyncSession, host_id: int, preferences: Preferences) -> None:
    values = preferences_to_json(preferences)
    await session.exec(update(HostRow).where(col(HostRow.id) == host_id).values(preferences=values))


async def answering(session: AsyncSession, chat_id: int, now: datetime) -> str | None:
    """The lead that this person's next message answers."""
    row = (
        await session.exec(
            select(HostRow).where(
                col(HostRow.chat_id) == chat_id,
                col(HostRow.ended_at).is_(None),
                col(HostRow.answering).is_not(None),
                col(HostRow.answering_until) > now,
            )
        )
    ).first()
    return row.answering if row else None


def host_from(row: HostRow) -> Host:
    assert row.id is not None
    role: Role = "coordinator" if row.role == "coordinator" else "host"
    card, email = card_from(row.card), row.email or ""
    preferences = preferences_from(row.preferences)
    return Host(row.id, role, row.name, row.municipality, row.chat_id, row.language, card, email, preferences)
