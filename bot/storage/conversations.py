"""What is remembered of each mover, one row each."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Conversation
from bot.storage.mapping import conversation_from, json_of
from bot.storage.tables import ConversationRow


class Outdated(Exception):
    """Somebody else saved this conversation meanwhile; decide the turn again."""


async def load(session: AsyncSession, chat_id: int) -> tuple[Conversation | None, int]:
    """The conversation and its version; None and 0 for a new mover."""
    row = await session.get(ConversationRow, chat_id)
    return (conversation_from(row.state), row.version) if row else (None, 0)


async def save(session: AsyncSession, conversation: Conversation, version: int) -> None:
    """Save over `version`. Raises Outdated when that is no longer the present one."""
    assert conversation.last_seen is not None
    state = json_of(conversation)
    if version == 0:
        if await session.get(ConversationRow, conversation.chat_id) is not None:
            raise Outdated
        session.add(
            ConversationRow(chat_id=conversation.chat_id, version=1, state=state, last_seen=conversation.last_seen)
        )
        return
    result = await session.exec(
        update(ConversationRow)
        .where(col(ConversationRow.chat_id) == conversation.chat_id, col(ConversationRow.version) == version)
        .values(version=version + 1, state=state, last_seen=conversation.last_seen)
    )
    if getattr(result, "rowcount", 0) != 1:
        raise Outdated
