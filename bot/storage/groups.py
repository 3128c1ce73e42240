"""Telegram groups where a municipality's hosts are told together, and the topics of leads in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.model import Host
from bot.storage import deliveries, holding
from bot.storage.tables import DeliveryRow, GroupRow, TopicRow


@dataclass(frozen=True, slots=True)
class Group:
    """A group that is told of the leads of one municipality; the coordinators' has none."""

    chat_id: int
    municipality: str | None
    language: str
    #: Each lead may get a topic of its own there.
    forum: bool
    #: User ids of those who are known to be in it.
    present: tuple[int, ...] = ()

    def is_of(self, host: Host) -> bool:
        """Whether it is the group of this host's municipality, whoever is in it."""
        return host.municipality == self.municipality and (host.role == "coordinator") == (self.municipality is None)

    def reaches(self, host: Host) -> bool:
        """Whether this host is told there instead of alone: known to be in it, and reading in Telegram."""
        return self.is_of(host) and host.chat_id in self.present and not host.by_mail


async def of_host(session: AsyncSession, host: Host) -> Group | None:
    """The group of this host's municipality."""
    return await of_municipality(session, None if host.role == "coordinator" else host.municipality)


async def of_hosts(session: AsyncSession, hosts: Iterable[Host]) -> dict[int, Group]:
    """The groups of these hosts' municipalities, by the hosts' ids."""
    found = {host.id: await of_host(session, host) for host in hosts}
    return {host_id: group for host_id, group in found.items() if group is not None}


async def of_municipality(session: AsyncSession, municipality: str | None) -> Group | None:
    place = col(GroupRow.municipality)
    rows = await session.exec(
        select(GroupRow).where(
            col(GroupRow.ended_at).is_(None), place.is_(None) if municipality is None else place == municipality
        )
    )
    row = rows.first()
    return _group(row) if row else None


async def get(session: AsyncSession, chat_id: int) -> Group | None:
    """None where notices do not go, or not any more."""
    row = await session.get(GroupRow, chat_id, populate_existing=True)
    return _group(row) if row is not None and row.ended_at is None else None


async def begin(session: AsyncSession, group: Group, now: datetime) -> Group | None:
    """From now on this municipality's hosts are told there, and nowhere else; the group where they were told before."""
    before = await of_municipality(session, group.municipality)
    if before is not None and before.chat_id != group.chat_id:
        await end(session, before.chat_id, now)
        await holding.move_group(session, before.chat_id, group.chat_id)
    row = GroupRow(
        chat_id=group.chat_id,
        municipality=group.municipality,
        language=group.language,
        forum=group.forum,
        present=list(group.present),
        joined_at=now,
    )
    await session.merge(row)
    await session.flush()
    return before if before is not None and before.chat_id != group.chat_id else None


async def end(session: AsyncSession, chat_id: int, now: datetime) -> None:
    await session.exec(
        update(GroupRow).where(col(GroupRow.chat_id) == chat_id, col(GroupRow.ended_at).is_(None)).values(ended_at=now)
    )


async def set_present(session: AsyncSession, chat_id: int, present: Iterable[int], absent: Iterable[int] = ()) -> None:
    """Who was seen there, and who was seen to be gone."""
    row = await session.get(GroupRow, chat_id, populate_existing=True)
    if row is not None:
        row.present = sorted({*row.present, *present} - set(absent))
        await session.flush()


async def set_forum(session: AsyncSession, chat_id: int, forum: bool) -> None:
    """Whether topics can be made there, as Telegram has told or refused."""
    await session.exec(update(GroupRow).where(col(GroupRow.chat_id) == chat_id).values(forum=forum))


async def move(session: AsyncSession, chat_id: int, new: int) -> None:
    """It became a supergroup. Its old messages have no numbers there, so that none is taken for another's."""
    await deliveries.move_chat(session, chat_id, new)
    await holding.move_group(session, chat_id, new)
    if await session.get(GroupRow, chat_id) is None:
        return
    await session.exec(delete(GroupRow).where(col(GroupRow.chat_id) == new))
    await session.exec(update(GroupRow).where(col(GroupRow.chat_id) == chat_id).values(chat_id=new))
    await session.exec(delete(TopicRow).where(col(TopicRow.chat_id) == chat_id))
    await session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.chat_id).in_((chat_id, new)), col(DeliveryRow.state) == "sent")
        .values(message_id=None)
    )


# -- topics


async def topic(session: AsyncSession, chat_id: int, reference: str) -> int | None:
    row = await session.get(TopicRow, (reference, chat_id))
    return row.thread_id if row else None


async def keep_topic(session: AsyncSession, chat_id: int, reference: str, thread_id: int) -> None:
    await session.merge(TopicRow(reference=reference, chat_id=chat_id, thread_id=thread_id))


async def drop_topic(session: AsyncSession, chat_id: int, reference: str) -> None:
    """Somebody deleted or closed it."""
    await session.exec(delete(TopicRow).where(col(TopicRow.chat_id) == chat_id, col(TopicRow.reference) == reference))


async def first_message(session: AsyncSession, chat_id: int, reference: str) -> int | None:
    """The message there that told of this lead first: what comes later hangs below it."""
    rows = await session.exec(
        select(DeliveryRow.message_id)
        .where(
            col(DeliveryRow.chat_id) == chat_id,
            col(DeliveryRow.reference) == reference,
            col(DeliveryRow.message_id).is_not(None),
        )
        .order_by(col(DeliveryRow.id))
        .limit(1)
    )
    return rows.first()


def _group(row: GroupRow) -> Group:
    return Group(row.chat_id, row.municipality, row.language, row.forum, tuple(row.present))
