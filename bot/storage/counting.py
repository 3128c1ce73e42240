"""Counters and the list of gaps, written with each turn; neither says who asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Table, event, insert
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.model import Conversation, Feedback, Question
from bot.leads.follow_up import Answer, FollowUp
from bot.storage.engine import execute, on_conflict, run
from bot.storage.tables import metadata

OSLO = ZoneInfo("Europe/Oslo")
_KEYS = ("day", "municipality", "language", "topic", "campaign", "decision", "helped")
_questions: Table = metadata.tables["question"]
_counters: Table = metadata.tables["counter"]
_add_question = insert(_questions)
_count_more = on_conflict(
    _counters,
    lambda insert: insert.on_conflict_do_update(
        index_elements=_KEYS, set_={"count": _counters.c.count + insert.excluded.count}
    ),
)
#: What a transaction has counted, among what its session carries.
_COUNTED = "counted"


async def count_questions(
    session: AsyncSession, conversation: Conversation, questions: Iterable[Question], now: datetime
) -> None:
    for question in questions:
        verdict = question.verdict
        entry = verdict.matches[0].entry if verdict.decision == "answer" and verdict.matches else None
        row = {
            "text": question.text,
            "language": question.language,
            "municipality": question.municipality,
            "decision": verdict.decision,
            "entry": entry,
            "at": now,
        }
        await run(session, _add_question, row)
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


async def count_follow_up(session: AsyncSession, follow_up: FollowUp, answer: Answer, now: datetime) -> None:
    """Who has moved some months later, by municipality alone."""
    key = {"language": follow_up.language, "municipality": follow_up.municipality or "", "decision": answer}
    await _add_one(session, now, key | {"topic": f"after {follow_up.months} months"})


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
        "municipality": place,
        "language": conversation.language,
        "topic": topic,
        "campaign": conversation.campaign or "",
        "decision": decision,
        "helped": helped,
    }
    await _add_one(session, now, key)


async def _add_one(session: AsyncSession, now: datetime, given: dict[str, str]) -> None:
    key = dict.fromkeys(_KEYS, "") | given | {"day": now.astimezone(OSLO).date().isoformat()}
    counted: Counter[tuple[str, ...]] = session.info.setdefault(_COUNTED, Counter())
    counted[tuple(key[name] for name in _KEYS)] += 1


@event.listens_for(Session, "before_commit")
def _store_counted(session: Session) -> None:
    """At the end and in one order, whatever turns share a transaction: replicas that count the same in different orders
    would wait for each other.
    """
    counted: Counter[tuple[str, ...]] = session.info.pop(_COUNTED, Counter())
    for key, times in sorted(counted.items()):
        execute(session, _count_more, dict(zip(_KEYS, key, strict=True)) | {"count": times})
