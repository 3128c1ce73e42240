"""Leads in the store: taken once, changed only while open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from bot.leads.model import Asked, Host, Lead
from bot.storage import hosts, invites, leads
from bot.storage.engine import Database

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEAD = Lead(
    reference="TYN-7F3K",
    municipality="tynset",
    state="new",
    mover_chat=5_204_881_301,
    mover_name="Mona <b>Prøve</b>",
    language="nb",
    asked=(Asked("housing/rent-home", "Er det noe å leie?", NOW, "tynset"),),
    created_at=NOW,
    campaign="plakat-2026",
)
TAKERS = 20


async def _add(database: Database, lead: Lead = LEAD) -> None:
    async with database.transaction() as session:
        await leads.add(session, lead)


async def _hosts(database: Database, number: int) -> list[int]:
    async with database.transaction() as session:
        added = [await hosts.add(session, Host(0, "host", f"Vert {n}", "tynset", n + 1), NOW) for n in range(number)]
    return [host.id for host in added]


async def _stored(database: Database) -> Lead:
    async with database.reading() as session:
        lead = await leads.get(session, LEAD.reference)
    assert lead is not None
    return lead


async def test_a_lead_comes_back_as_it_was(database: Database) -> None:
    await _add(database)
    assert await _stored(database) == LEAD


async def test_of_twenty_who_take_at_once_one_gets_it(database: Database) -> None:
    await _add(database)
    takers = await _hosts(database, TAKERS)

    async def take(host_id: int) -> bool:
        async with database.transaction() as session:
            return await leads.take(session, LEAD.reference, host_id, NOW)

    got = await asyncio.gather(*map(take, takers))
    assert sum(got) == 1
    lead = await _stored(database)
    assert (lead.state, lead.taken_by) == ("taken", takers[got.index(True)])


async def test_the_same_reference_twice_is_refused(database: Database) -> None:
    await _add(database)
    with pytest.raises(IntegrityError):
        await _add(database)


async def test_what_is_closed_or_withdrawn_stays_so(database: Database) -> None:
    await _add(database)
    (host_id,) = await _hosts(database, 1)
    async with database.transaction() as session:
        assert await leads.withdraw(session, LEAD.reference, NOW)
        assert not await leads.take(session, LEAD.reference, host_id, NOW)
        assert not await leads.close(session, LEAD.reference, "reached", NOW)
        assert not await leads.withdraw(session, LEAD.reference, NOW)
    assert (await _stored(database)).state == "withdrawn"


async def test_the_first_answer_is_the_one_that_is_timed(database: Database) -> None:
    await _add(database)
    later = NOW.replace(hour=15)
    async with database.transaction() as session:
        await leads.mark_answered(session, LEAD.reference, NOW)
        await leads.mark_answered(session, LEAD.reference, later)
    assert (await _stored(database)).first_answer_at == NOW


async def test_a_taken_lead_cannot_lose_its_host(database: Database) -> None:
    """Foreign keys hold: a lead never names a host that is not there."""
    await _add(database)
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            await leads.take(session, LEAD.reference, 99, NOW)


async def test_a_thread_is_told_in_the_order_it_was_written(database: Database) -> None:
    await _add(database)
    async with database.transaction() as session:
        for author, text in (("mover", "Hei"), ("host", "Hei du"), ("mover", "Takk")):
            await leads.write(session, LEAD.reference, "host" if author == "host" else "mover", text, NOW)
    async with database.reading() as session:
        assert [m.text for m in await leads.thread(session, "TYN-7F3K")] == ["Hei", "Hei du", "Takk"]


async def test_an_invitation_pressed_by_many_at_once_makes_one_host(database: Database) -> None:
    async with database.transaction() as session:
        await invites.add(session, "hash", "host", "tynset", NOW)

    async def use(chat_id: int) -> bool:
        async with database.transaction() as session:
            return await invites.use(session, "hash", chat_id, NOW)

    assert sum(await asyncio.gather(*map(use, range(1, 6)))) == 1


async def test_of_many_who_press_a_coordinators_link_at_once_one_waits_and_one_answer_counts(
    database: Database,
) -> None:
    async with database.transaction() as session:
        await invites.add(session, "f00dfeed" * 8, "host", "tynset", NOW, invited_by=1)

    async def press(chat_id: int) -> bool:
        async with database.transaction() as session:
            return await invites.bind(session, "f00dfeed" * 8, chat_id, f"Person {chat_id}")

    pressed = await asyncio.gather(*map(press, range(1, 6)))
    async with database.reading() as session:
        (one,) = await invites.waiting(session, NOW)
    assert pressed == [chat_id == one.chat_id for chat_id in range(1, 6)]

    async def answer(yes: bool) -> bool:
        async with database.transaction() as session:
            return await invites.settle(session, one, yes, NOW)

    assert sum(await asyncio.gather(*map(answer, (True, False, True)))) == 1
    async with database.reading() as session:
        assert await invites.waiting(session, NOW) == ()
        assert await invites.look(session, "f00dfeed" * 8, NOW) == "used"
