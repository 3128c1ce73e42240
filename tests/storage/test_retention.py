"""The retention table of the design, row by row: just before its time a row stays, just after it is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import SQLModel, col, select

from bot.dialogue.model import Conversation, Draft
from bot.leads.periods import Periods
from bot.storage import conversations, leads, retention
from bot.storage.engine import Database
from bot.storage.tables import (
    ArrivalRow,
    ConsentRow,
    ConversationRow,
    CounterRow,
    DeliveryRow,
    HostRow,
    InviteRow,
    LeadLogRow,
    LeadMessageRow,
    LeadRow,
    LeadStatisticRow,
    QuestionRow,
)

THEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOVER = 5_204_881_301
MINUTE = timedelta(minutes=1)


def _arrival(state: str) -> ArrivalRow:
    return ArrivalRow(bot_id=7, update_id=1, chat_id=MOVER, state=state, received_at=THEN, done_at=THEN)


def _delivery(state: str) -> DeliveryRow:
    return DeliveryRow(kind="reply", chat_id=MOVER, state=state, created_at=THEN, due_at=THEN)


def _lead(state: str) -> LeadRow:
    return LeadRow(
        reference="TYN-7F3K",
        municipality="tynset",
        state=state,
        mover_chat=MOVER,
        mover_name="Mona Prøve",
        language="nb",
        asked=[],
        campaign="plakat-2026",
        created_at=THEN - timedelta(hours=30),
        taken_at=THEN - timedelta(hours=5),
        first_answer_at=THEN - timedelta(hours=2),
        closed_at=THEN,
        outcome="reached" if state == "closed" else None,
        helped="yes" if state == "closed" else None,
    )


def _question() -> QuestionRow:
    return QuestionRow(text="Er det noe å leie?", language="nb", decision="answer", entry="housing/rent-home", at=THEN)


def _conversation() -> ConversationRow:
    return ConversationRow(chat_id=MOVER, version=1, state={"chat_id": MOVER}, last_seen=THEN)


ROWS: Sequence[tuple[str, Callable[[], SQLModel], timedelta]] = [
    ("an arrival that is done", lambda: _arrival("done"), timedelta(days=14)),
    ("an arrival that is parked", lambda: _arrival("parked"), timedelta(days=14)),
    ("a delivery that was sent", lambda: _delivery("sent"), timedelta(days=14)),
    ("a delivery that was stopped", lambda: _delivery("stopped"), timedelta(days=14)),
    ("a delivery that is parked", lambda: _delivery("parked"), timedelta(days=14)),
    ("a question", _question, timedelta(days=21)),
    ("a conversation", _conversation, timedelta(days=180)),
    ("a closed lead", lambda: _lead("closed"), timedelta(days=90)),
    ("a withdrawn lead", lambda: _lead("withdrawn"), timedelta(days=90)),
    (
        "the proof of a consent",
        lambda: ConsentRow(pseudonym="p", version="1", language="nb", text_hash="h", at=THEN),
        timedelta(days=3 * 365),
    ),
    (
        "an invitation",
        lambda: InviteRow(token_hash="h", role="host", created_at=THEN - timedelta(days=7), expires_at=THEN),
        timedelta(days=14),
    ),
]


async def _add(database: Database, *rows: SQLModel) -> None:
    async with database.transaction() as session:
        session.add_all(rows)


async def _clean(database: Database, now: datetime, periods: Periods = Periods()) -> dict[str, int]:
    async with database.transaction() as session:
        return await retention.clean_up(session, periods, now)


async def _count(database: Database, table: type[SQLModel]) -> int:
    async with database.reading() as session:
        return len((await session.exec(select(table))).all())


@pytest.mark.parametrize(("make", "kept"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
async def test_it_stays_until_its_time_and_then_goes(
    database: Database, make: Callable[[], SQLModel], kept: timedelta
) -> None:
    table = type(make())
    await _add(database, make())
    await _clean(database, THEN + kept - MINUTE)
    assert await _count(database, table) == 1
    gone = await _clean(database, THEN + kept + MINUTE)
    assert await _count(database, table) == 0
    assert sum(gone.values()) == 1


KEPT: Sequence[tuple[str, Callable[[], SQLModel]]] = [
    ("an arrival that still waits", lambda: _arrival("waiting")),
    ("a delivery that still waits", lambda: _delivery("waiting")),
    ("an open lead", lambda: _lead("new")),
    ("a taken lead", lambda: _lead("taken")),
    (
        "a counter",
        lambda: CounterRow(
            day="2026-11-24", municipality="os", language="nb", topic="", campaign="", decision="none", helped=""
        ),
    ),
]


@pytest.mark.parametrize("make", [row[1] for row in KEPT], ids=[row[0] for row in KEPT])
async def test_what_is_not_finished_or_counts_only_stays(database: Database, make: Callable[[], SQLModel]) -> None:
    await _add(database, make())
    await _clean(database, THEN + timedelta(days=5000))
    assert await _count(database, type(make())) == 1


async def test_of_a_lead_the_figures_stay_and_nothing_else(database: Database) -> None:
    await _add(database, _lead("closed"))
    await _add(
        database,
        LeadMessageRow(reference="TYN-7F3K", author="mover", text="Hei", at=THEN),
        LeadLogRow(reference="TYN-7F3K", action="taken", at=THEN),
    )
    await _clean(database, THEN + timedelta(days=91))
    assert await _count(database, LeadMessageRow) == 0
    assert await _count(database, LeadLogRow) == 0
    async with database.reading() as session:
        (row,) = (await session.exec(select(LeadStatisticRow))).all()
    kept = row.model_dump(exclude={"id"})
    assert kept == {
        "municipality": "tynset",
        "campaign": "plakat-2026",
        "outcome": "reached",
        "created_on": "2026-11-23",
        "hours_to_take": 25,
        "hours_to_answer": 28,
        "helped": "yes",
    }


async def test_a_conversation_with_an_open_lead_waits_for_its_end(database: Database) -> None:
    await _add(database, _conversation(), _lead("taken"))
    await _clean(database, THEN + timedelta(days=181))
    assert await _count(database, ConversationRow) == 1


async def test_a_draft_goes_after_three_days_and_the_rest_stays(database: Database) -> None:
    conversation = Conversation(MOVER, language="nn", draft=Draft("aaaa", THEN, ("os",), ()), last_seen=THEN)
    async with database.transaction() as session:
        await conversations.save(session, conversation, 0)
    await _clean(database, THEN + timedelta(hours=72) - MINUTE)
    async with database.reading() as session:
        assert (await conversations.load(session, MOVER))[0] == conversation
    await _clean(database, THEN + timedelta(hours=72) + MINUTE)
    async with database.reading() as session:
        kept, version = await conversations.load(session, MOVER)
    assert kept is not None and kept.draft is None and kept.language == "nn"
    assert version == 2, "a turn decided on the old draft must be decided again"


async def test_the_operator_may_shorten_a_period(database: Database) -> None:
    await _add(database, _question(), _lead("closed"))
    await _clean(database, THEN + timedelta(days=3), Periods(question_days=2, lead_days=2))
    assert await _count(database, QuestionRow) == 0
    assert await _count(database, LeadRow) == 0


async def test_a_host_stays_when_old_leads_go(database: Database) -> None:
    await _add(database, HostRow(id=1, role="host", name="Hilde Prøve", joined_at=THEN))
    lead = _lead("closed")
    lead.taken_by = 1
    await _add(database, lead)
    await _clean(database, THEN + timedelta(days=91))
    assert await _count(database, HostRow) == 1


async def test_it_is_due_once_a_day(database: Database) -> None:
    async with database.reading() as session:
        assert await retention.due(session, THEN)
    await _clean(database, THEN)
    async with database.reading() as session:
        assert not await retention.due(session, THEN + timedelta(hours=23, minutes=59))
        assert await retention.due(session, THEN + timedelta(hours=24))


async def test_what_is_told_for_the_log_are_numbers_by_table(database: Database) -> None:
    await _add(database, _question(), _conversation())
    assert await _clean(database, THEN + timedelta(days=200)) == {"question": 1, "conversation": 1}
    assert await _clean(database, THEN + timedelta(days=201)) == {}


async def test_open_leads_are_found_however_old(database: Database) -> None:
    await _add(database, _lead("new"))
    await _clean(database, THEN + timedelta(days=900))
    async with database.reading() as session:
        assert [lead.reference for lead in await leads.open_leads(session)] == ["TYN-7F3K"]
        assert (await session.exec(select(col(LeadRow.mover_name)))).one() == "Mona Prøve"
