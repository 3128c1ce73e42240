"""Stores what a turn decided, all of it in the caller's one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Change, Forget, Notice, OpenLeads, Reply, Turn, Withdraw, WriteToHost
from bot.storage import consents, conversations, counting, deliveries, leads
from bot.storage.erasure import forget
from bot.storage.mapping import buttons_to_json


async def save_turn(session: AsyncSession, turn: Turn, version: int, now: datetime) -> None:
    """Store a turn decided on `version` of the conversation. Raises conversations.Outdated, with nothing stored."""
    conversation = turn.conversation
    for change in turn.changes:
        await _apply(session, change, conversation.chat_id, now)
    forgotten = any(isinstance(change, Forget) for change in turn.changes)
    if not forgotten:
        await conversations.save(session, conversation, version)
        await counting.count_questions(session, conversation, turn.questions, now)
        await counting.count_feedback(session, conversation, turn.feedback, now)
        opened = [lead.municipality for c in turn.changes if isinstance(c, OpenLeads) for lead in c.leads]
        await counting.count_leads(session, conversation, opened, now)
    for reply in turn.replies:
        await deliveries.add(
            session, "farewell" if forgotten else "reply", conversation.chat_id, reply_body(reply), now
        )
    await add_notices(session, turn.notices, now)


async def add_notices(session: AsyncSession, notices: Iterable[Notice], now: datetime) -> None:
    for notice in notices:
        if notice.host.chat_id is not None:
            body = {"html": notice.html, "buttons": buttons_to_json(notice.buttons)}
            await deliveries.add(session, notice.kind, notice.host.chat_id, body, now, notice.reference)


def reply_body(reply: Reply) -> dict[str, object]:
    return {"html": reply.html, "buttons": buttons_to_json(reply.buttons), "edits": reply.edits}


async def _apply(session: AsyncSession, change: Change, chat_id: int, now: datetime) -> None:
    match change:
        case OpenLeads(opened, version, language, text_hash):
            for lead in opened:
                await leads.add(session, lead)
                await leads.log(session, lead.reference, "opened", now)
                await consents.give(session, chat_id, lead.reference, version, language, text_hash, now)
        case WriteToHost(reference, text):
            await leads.write(session, reference, "mover", text, now)
        case Withdraw(reference):
            await leads.withdraw(session, reference, now)
            await leads.log(session, reference, "withdrawn", now)
            await consents.withdraw(session, chat_id, reference, now)
            await deliveries.stop_notices(session, reference)
        case Forget():
            await forget(session, chat_id, now)
