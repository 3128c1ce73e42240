"""What the store knows of a mover, at a glance: most have nothing but a conversation, and no more need be read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Table, bindparam, exists, literal, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Conversation
from bot.storage.engine import run
from bot.storage.mapping import conversation_from
from bot.storage.tables import metadata


@dataclass(frozen=True, slots=True)
class Glance:
    """`version` is 0 for somebody new."""

    conversation: Conversation | None
    version: int
    has_leads: bool
    has_joined: bool
    has_follow_up: bool


_conversations: Table = metadata.tables["conversation"]
_leads: Table = metadata.tables["lead"]
_companions: Table = metadata.tables["companion"]
_follow_ups: Table = metadata.tables["follow_up"]
_who = select(bindparam("chat", type_=BigInteger).label("chat")).subquery()
_glance = select(
    _conversations.c.version,
    _conversations.c.state,
    exists(literal(1)).where(_leads.c.mover_chat == _who.c.chat).label("has_leads"),
    exists(literal(1))
    .where(_companions.c.opened_by == _who.c.chat, _companions.c.joined_at.is_not(None))
    .label("has_joined"),
    exists(literal(1)).where(_follow_ups.c.chat_id == _who.c.chat).label("has_follow_up"),
).select_from(_who.outerjoin(_conversations, _conversations.c.chat_id == _who.c.chat))


async def glance(session: AsyncSession, chat_id: int) -> Glance:
    row = (await run(session, _glance, {"chat": chat_id})).one()
    conversation = conversation_from(row.state) if row.version else None
    return Glance(conversation, row.version or 0, row.has_leads, row.has_joined, row.has_follow_up)
