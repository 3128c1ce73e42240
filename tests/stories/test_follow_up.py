"""After a lead is closed: did it help, and, only with a separate yes, have you moved?"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import select

from bot.leads.follow_up import due_on
from bot.leads.periods import Periods
from bot.storage import retention
from bot.storage.tables import ConsentRow, CounterRow, FollowUpRow, LeadRow, LeadStatisticRow
from bot.texts import follow_up_consent, hash_of
from tests.world import START, Person, World


async def _closed(world: World, mover: Person, outcome: str = "Fikk svar") -> str:
    """A lead that a host took, answered and closed."""
    host = world.hosts[0] if world.hosts else await world.host("tynset", "Hilde Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    reference = mover.reference
    await host.says(f"/ta {reference}")
    await host.says(f"/svar {reference} Hei, velkommen hit")
    await host.says(f"/lukk {reference}")
    await host.presses(outcome)
    return reference


async def _rows(world: World) -> list[FollowUpRow]:
    async with world.house.database.reading() as session:
        return list((await session.exec(select(FollowUpRow))).all())


async def _counted(world: World) -> dict[tuple[str, str, str], int]:
    async with world.house.database.reading() as session:
        rows = (await session.exec(select(CounterRow))).all()
    return {(row.municipality, row.topic, row.decision): row.count for row in rows if row.topic.startswith("after ")}


async def _goes_on_to(world: World, day: datetime) -> int:
    world.clock.now = day
    asked = await world.house.desk.ask_follow_ups(world.clock())
    await world.settle()
    return asked


def _noon(months: int) -> datetime:
    day = due_on(START, months)
    return datetime(day.year, day.month, day.day, 11, 0, tzinfo=START.tzinfo)


async def test_one_press_tells_whether_it_helped(world: World) -> None:
    mover = world.mover("Mona Prøve")
    reference = await _closed(world, mover)
    await mover.presses("Hjalp litt")
    assert "uten navnet" in mover.text
    assert (await world.leads())[0].helped == "partly"
    await mover.says("Ja, det hjalp")
    assert (await world.leads())[0].helped == "yes"

    await mover.says("/mine")
    await mover.presses(f"Slett {reference}")
    await mover.presses("Ja, slett")
    async with world.house.database.reading() as session:
        assert [row.helped for row in (await session.exec(select(LeadStatisticRow))).all()] == ["yes"]


async def test_nobody_says_for_another_that_it_helped(world: World) -> None:
    mover, stranger = world.mover("Mona Prøve"), world.mover("Siri Prøve")
    reference = await _closed(world, mover)
    await stranger.says("Hei")
    for data in (f"1:lh:{reference}.yes", f"1:lh:{reference}.great", f"1:uy:{reference}.nb", "1:lh:", "1:ua:3.moved"):
        await stranger.presses_data(stranger.last, data, forged=True)
    assert (await world.leads())[0].helped is None
    assert await _rows(world) == [] and await _counted(world) == {}


async def test_without_a_yes_nobody_is_asked_later(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    assert "tre måneder" in mover.last.text
    await mover.presses("Nei, ikke spør")
    assert await _rows(world) == []
    assert await _goes_on_to(world, _noon(3)) == 0


async def test_a_yes_is_kept_by_itself_with_its_proof(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    shown = mover.last.text
    await mover.says("Ja, spør meg")
    assert "24. februar" in mover.text
    (row,) = await _rows(world)
    assert (row.municipality, row.months, row.due_on) == ("tynset", 3, due_on(START, 3))
    async with world.house.database.reading() as session:
        proof = (await session.exec(select(ConsentRow).where(ConsentRow.version == "follow-up-1"))).one()
    assert proof.text_hash == hash_of(shown) == hash_of(follow_up_consent("nb").format(consent_years=3))

    await mover.says("/personvern")
    assert "24. februar" in mover.text
    await mover.says("/ta_med")
    files = [str(m.body["document"]["file_id"]) for m in mover.replies if "document" in m.body]  # type: ignore[index]
    kept = [world.telegram.file(file_id) for file_id in files]
    assert all(file and b"2027-02-24" in file.content for file in kept) and len(kept) == 2
    await _closed(world, mover)
    assert "Ja, spør meg" not in mover.labels()


async def test_asked_once_after_three_months_and_once_after_twelve(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")

    assert await _goes_on_to(world, _noon(3) - timedelta(days=1)) == 0
    assert await _goes_on_to(world, _noon(3) - timedelta(hours=6)) == 0
    assert await _goes_on_to(world, _noon(3)) == 1
    assert await _goes_on_to(world, _noon(3) + timedelta(hours=1)) == 0
    assert "3 måneder siden" in mover.last.text and "Tynset" in mover.last.text
    question = mover.last
    await mover.says("Ikke ennå")
    assert "24. november" in mover.text
    await mover.presses_data(question, question.button("Ja, jeg har flyttet").callback_data or "")
    assert await _counted(world) == {("tynset", "after 3 months", "not_yet"): 1}

    assert await _goes_on_to(world, _noon(12)) == 1
    assert "12 måneder siden" in mover.last.text
    await mover.presses("Ja, jeg har flyttet")
    assert await _rows(world) == []
    await mover.presses("Ja, jeg har flyttet")
    assert await _counted(world) == {
        ("tynset", "after 3 months", "not_yet"): 1,
        ("tynset", "after 12 months", "moved"): 1,
    }


async def test_who_has_moved_is_not_asked_again(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")
    await _goes_on_to(world, _noon(3))
    await mover.presses("Ja, jeg har flyttet")
    assert await _rows(world) == []
    assert await _goes_on_to(world, _noon(12)) == 0


async def test_silence_is_no_answer_and_ends_with_the_last_question(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")
    assert await _goes_on_to(world, _noon(3)) == 1
    assert await _goes_on_to(world, _noon(12)) == 1
    await _goes_on_to(world, _noon(12) + timedelta(days=15))
    assert await _rows(world) == []
    assert await _counted(world) == {}


async def test_stop_ends_it_at_once(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")
    await mover.says("Stopp")
    assert "spør ikke mer" in mover.text
    assert await _rows(world) == []
    async with world.house.database.reading() as session:
        proof = (await session.exec(select(ConsentRow).where(ConsentRow.version == "follow-up-1"))).one()
    assert proof.withdrawn_at is not None
    assert await _goes_on_to(world, _noon(3)) == 0


async def test_forgetting_takes_the_yes_along(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")
    await mover.says("/glem")
    await mover.presses("Ja, slett alt")
    assert await _rows(world) == []


async def test_who_blocked_the_bot_is_not_asked_and_not_kept(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")
    world.telegram.block(mover.user)
    await world.settle()
    assert await _rows(world) == []


async def test_an_account_that_is_gone_is_not_kept_either(world: World) -> None:
    """Telegram does not tell of it; it shows when the question is sent."""
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")
    world.telegram.deactivate(mover.user)
    assert await _goes_on_to(world, _noon(3)) == 1
    assert await _rows(world) == []


async def test_after_a_year_the_answer_counts_though_nothing_else_is_remembered(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover)
    await mover.presses("Ja, spør meg")
    await _goes_on_to(world, _noon(12))
    async with world.house.database.transaction() as session:
        await retention.clean_up(session, Periods(), world.clock())
        assert (await session.exec(select(LeadRow))).all() == []
    await mover.says("Nei, jeg flytter ikke")
    assert await _counted(world) == {("tynset", "after 12 months", "not_moving"): 1}


async def test_who_moved_or_never_meant_it_is_not_asked_for_a_yes(world: World) -> None:
    mover = world.mover("Mona Prøve")
    await _closed(world, mover, "Flyttet hit")
    assert "Ja, det hjalp" in mover.labels() and "Ja, spør meg" not in mover.labels()
