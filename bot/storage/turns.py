"""Stores what a turn decided, all of it in the caller's one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import (
    AgreeFollowUp,
    AnswerFollowUp,
    Change,
    CompanionWords,
    DeleteLead,
    EndFollowUp,
    Forget,
    InviteCompanion,
    JoinLead,
    LeaveLead,
    OpenLeads,
    OpenLink,
    PassOn,
    Reply,
    SetHelped,
    Turn,
    Withdraw,
    WriteToHost,
)
from bot.leads.routing import Route
from bot.storage import companions, consents, conversations, counting, deliveries, follow_ups, leads
from bot.storage.erasure import delete_own_lead, forget
from bot.storage.mapping import buttons_to_json
from bot.storage.notices import add_notices


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


def reply_body(reply: Reply) -> dict[str, object]:
    body: dict[str, object] = {"html": reply.html, "buttons": buttons_to_json(reply.buttons), "edits": reply.edits}
    if reply.document:
        body["document"] = list(reply.document)
    if reply.photo:
        body["photo"] = reply.photo
    return body


async def _apply(session: AsyncSession, change: Change, chat_id: int, now: datetime) -> None:
    match change:
        case OpenLeads(opened, version, language, text_hash):
            for lead in opened:
                await leads.add(session, lead)
                await leads.log(session, lead.reference, "opened", now)
                await consents.give(session, chat_id, lead.reference, version, language, text_hash, now)
        case WriteToHost(reference, text):
            await leads.write(session, reference, "mover", text, now)
            await leads.mover_wrote(session, reference, now)
        case Withdraw(reference):
            await leads.withdraw(session, reference, now)
            await leads.log(session, reference, "withdrawn", now)
            await consents.withdraw(session, chat_id, reference, now)
            await deliveries.stop_notices(session, reference)
        case DeleteLead(reference):
            await delete_own_lead(session, chat_id, reference, now)
        case InviteCompanion(reference, token_hash):
            await companions.invite(session, reference, token_hash, now)
        case OpenLink(token_hash):
            await companions.bind(session, token_hash, chat_id)
        case JoinLead(reference, name, version, language, text_hash):
            if await companions.join(session, reference, chat_id, name, now):
                await leads.log(session, reference, "companion joined", now)
                await consents.give(session, chat_id, reference, version, language, text_hash, now)
        case CompanionWords(reference, words):
            await companions.add_words(session, reference, chat_id, words)
        case LeaveLead(reference):
            await companions.leave(session, chat_id, reference)
            await leads.log(session, reference, "companion left", now)
            await consents.withdraw(session, chat_id, reference, now)
        case PassOn(reference, municipality, version, language, text_hash, Route() as route):
            stand_in = route.stand_in.id if route.stand_in else None
            await leads.give_back(session, reference, municipality, route.since or now, stand_in=stand_in)
            if route.promised_on:
                await leads.promise(session, reference, route.promised_on)
            await leads.log(session, reference, "passed on", now)
            await consents.give(session, chat_id, reference, version, language, text_hash, now)
        case PassOn(reference):
            await leads.ask_to_pass(session, reference, None)
            await leads.log(session, reference, "passing refused", now)
        case SetHelped(reference, helped):
            await leads.set_helped(session, reference, chat_id, helped)
        case AgreeFollowUp(municipality, language, version, text_hash):
            await follow_ups.agree(session, chat_id, municipality, language, version, text_hash, now)
        case AnswerFollowUp(follow_up, answer):
            await counting.count_follow_up(session, follow_up, answer, now)
            if answer == "not_yet":
                await follow_ups.go_on(session, chat_id)
            else:
                await follow_ups.drop(session, chat_id)
        case EndFollowUp():
            await follow_ups.end(session, chat_id, now)
        case Forget():
            await forget(session, chat_id, now)
