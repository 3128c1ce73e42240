"""What is remembered of each mover, one row each."""

from __future__ import annotations

from sqlalchemy import Table, bindparam, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Conversation
from bot.storage.engine import on_conflict, run
from bot.storage.mapping import conversation_from, json_of
from bot.storage.tables import metadata


class Outdated(Exception):
    """Somebody else saved this conversation meanwhile; decide the turn again."""


_table: Table = metadata.tables["conversation"]
_load = select(_table.c.version, _table.c.state).where(_table.c.chat_id == bindparam("chat"))
_first = on_conflict(_table, lambda insert: insert.values(version=1).on_conflict_do_nothing())
_again = (
    update(_table)
    .where(_table.c.chat_id == bindparam("chat"), _table.c.version == bindparam("before"))
    .values(version=_table.c.version + 1, state=bindparam("state"), last_seen=bindparam("last_seen"))
)


async def load(session: AsyncSession, chat_id: int) -> tuple[Conversation | None, int]:
    """The conversation and its version; None and 0 for a new mover."""
    row = (await run(session, _load, {"chat": chat_id})).one_or_none()
    return (conversation_from(row.state), row.version) if row else (None, 0)


async def save(session: AsyncSession, conversation: Conversation, version: int) -> None:
    """Save over `version`. Raises Outdated when that is no longer the present one."""
    assert conversation.last_seen is not None
    values = {"state": json_of(conversation), "last_seen": conversation.last_seen}
    if version == 0:
        result = await run(session, _first, {"chat_id": conversation.chat_id, **values})
    else:
        result = await run(session, _again, {"chat": conversation.chat_id, "before": version, **values})
    if result.rowcount != 1:
        raise Outdated
