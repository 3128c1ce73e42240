"""Counters and the list of gaps, written with each turn; neither says who asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Conversation, Feedback, Question
from bot.storage.tables import CounterRow, QuestionRow

OSLO = ZoneInfo("Europe/Oslo")
_KEYS = ("day", "municipality", "language", "topic", "campaign", "decision", "helped")


async def count_questions(
    session: AsyncSession, conversation: Conversation, questions: Iterable[Question], now: datetime
) -> None:
    for question in questions:
        verdict = question.verdict
        entry = verdict.matches[0].entry if verdict.decision == "answer" and verdict.matches else None
        session.add(
            QuestionRow(
                text=question.text,
                language=question.language,
                municipality=question.municipality,
                decision=verdict.decision,
                entry=entry,
                at=now,
            )
        )
        topic = entry.partition("/")[0] if entry else ""
        await _count(session, conversation, now, topic, verdict.decision, municipality=question.municipality)


async def count_feedback(
    session: AsyncSession, conversation: Conversation, feedback: Iterable[Feedback], now: datetime
) -> None:
    for item in feedback:
        helped = "yes" if item.helped else "no"
        await _count(session, conversation, now, item.entry.partition("/")[0], "feedback", helped)


async def count_leads(
    session: AsyncSession, conversation: Conversation, places: Iterable[str | None], now: datetime
) -> None:
    for place in places:
        await _count(session, conversation, now, "", "lead", municipality=place)


async def _count(
    session: AsyncSession,
    conversation: Conversation,
    now: datetime,
    topic: str,
    decision: str,
    helped: str = "",
    municipality: str | None = None,
) -> None:
    place = municipality or (conversation.municipalities[0] if conversation.municipalities else "")
    key = {
        "day": now.astimezone(OSLO).date().isoformat(),
        "municipality": place,
        "language": conversation.language,
        "topic": topic,
        "campaign": conversation.campaign or "",
        "decision": decision,
        "helped": helped,
    }
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(CounterRow).values(**key, count=1)
    await session.exec(statement.on_conflict_do_update(index_elements=_KEYS, set_={"count": CounterRow.count + 1}))
