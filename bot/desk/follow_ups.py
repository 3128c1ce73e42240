"""What a mover is asked after a lead is closed, and, by the clock, after 3 and 12 months."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import telling
from bot.desk.case import Case
from bot.dialogue import following_up
from bot.dialogue.model import Reply
from bot.knowledge.model import Knowledge
from bot.leads.follow_up import OSLO, FollowUp
from bot.leads.model import Host, Lead, Outcome
from bot.storage import conversations, deliveries, follow_ups, leases
from bot.storage.turns import reply_body
from bot.texts import follow_up_consent, say

LEASE = "follow-ups"
EVERY = timedelta(minutes=30)
#: Nobody is asked early in the morning or late in the evening.
FROM_HOUR, TO_HOUR = 10, 19
#: There is nothing to ask who has moved, or never meant it.
_NOT_ASKED_LATER: tuple[Outcome, ...] = ("moved", "not_serious")


async def tell_closed(case: Case, lead: Lead, host: Host, outcome: Outcome) -> None:
    """The mover hears that it is closed, is asked whether it helped, and separately for a yes to be asked later."""
    if outcome == "not_serious":
        await telling.tell_mover(case, lead, host, "partner.host_closed", partner=False)
        return
    conversation, _ = await conversations.load(case.session, lead.mover_chat)
    language = conversation.language if conversation else lead.language
    rows = following_up.helped_rows(language, lead.reference)
    await telling.tell_mover(
        case, lead, host, "partner.host_closed", partner=False, rows=rows, below="follow_up.ask_helped"
    )
    if outcome in _NOT_ASKED_LATER or await follow_ups.of_chat(case.session, lead.mover_chat) is not None:
        return
    text = follow_up_consent(language).format(consent_years=case.periods.consent_years)
    await telling.say_to_mover(case, lead, text, following_up.agree_rows(language, lead.reference))


async def ask_due(session: AsyncSession, knowledge: Knowledge, now: datetime) -> int:
    """Once each, in daytime; the number of those who were asked."""
    if not FROM_HOUR <= now.astimezone(OSLO).hour < TO_HOUR or not await leases.is_due(session, LEASE, EVERY, now):
        return 0
    await leases.set_done(session, LEASE, now)
    for chat_id in await follow_ups.unanswered(session, now):
        await follow_ups.go_on(session, chat_id)
    today = now.astimezone(OSLO).date()
    await follow_ups.skip_late(session, today)
    due = await follow_ups.due(session, today)
    for chat_id, follow_up in due:
        await _ask(session, knowledge, chat_id, follow_up, now)
    return len(due)


async def _ask(session: AsyncSession, knowledge: Knowledge, chat_id: int, follow_up: FollowUp, now: datetime) -> None:
    conversation, _ = await conversations.load(session, chat_id)
    language = conversation.language if conversation else follow_up.language
    municipality = knowledge.municipalities.get(follow_up.municipality or "")
    if municipality:
        html = say(language, "follow_up.ask", months=follow_up.months, place=municipality.name)
    else:
        html = say(language, "follow_up.ask_region", months=follow_up.months)
    body = reply_body(Reply(str(html), following_up.question_rows(language, follow_up)))
    await deliveries.add(session, "reply", chat_id, body, now)
    await follow_ups.mark_asked(session, chat_id, now)
