"""What is no business of others, and what happens when several act at once."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from bot.desk import Via
from bot.storage import hosts
from bot.storage.tables import LeadLogRow
from tests.postgres import server
from tests.web.inbox.visitor import joined, lead_for
from tests.world import World


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest) -> str:
    """Of many who take at once one gets it, whatever the database."""
    return await server().fresh() if request.param == "postgresql" else ""


async def test_an_invented_reference_is_as_unknown_as_another_municipalitys(world: World) -> None:
    host = await joined(world, "roros", "Rune Prøve")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    theirs = host.text
    await host.opens("/inbox/lead/TYN-2222")
    assert (host.status, host.text.replace("TYN-2222", reference)) == (404, theirs)


async def test_every_look_is_in_the_leads_log(world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.opens(f"/inbox/lead/{reference}/close")
    async with world.house.database.reading() as session:
        looks = (await session.exec(select(LeadLogRow).where(LeadLogRow.action == "looked"))).all()
    assert len(looks) == 2 and all(look.host_id for look in looks)


async def test_removing_a_host_ends_sessions_and_gives_the_leads_back(world: World) -> None:
    host, colleague = await joined(world), await joined(world, "tynset", "Arne Prøve")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Ta saken")
    sent = len(colleague.mails)
    async with world.house.database.reading() as session:
        (role,) = await hosts.of_email(session, host.email)
    assert await world.house.desk.remove(role.id, world.clock())
    await world.settle()
    await host.opens("/inbox")
    assert "Logg inn" in host.text
    assert len(colleague.mails) == sent + 1
    (lead,) = await world.leads()
    assert (lead.state, lead.taken_by) == ("new", None)


async def test_of_twenty_who_take_at_once_one_gets_it(world: World) -> None:
    first = await joined(world)
    async with world.house.database.reading() as session:
        (role,) = await hosts.of_email(session, first.email)
    async with world.house.database.transaction() as session:
        others = [
            await hosts.add(session, type(role)(0, "host", f"Vert {n}", "tynset", None), world.clock())
            for n in range(19)
        ]
    reference = await lead_for(world)
    takers = [role, *others]
    told = await asyncio.gather(
        *(world.house.desk.take(reference, Via(host_ids=(taker.id,)), world.clock()) for taker in takers)
    )
    assert sum(one.done for one in told) == 1
    (lead,) = await world.leads()
    winner = takers[[one.done for one in told].index(True)]
    assert lead.taken_by == winner.id
    assert sum(winner.name in one.replies[0].html for one in told if not one.done) == 19


async def test_the_second_who_presses_is_told_and_keeps_the_words(world: World) -> None:
    first, second = await joined(world), await joined(world, "tynset", "Arne Prøve")
    reference = await lead_for(world)
    await second.opens(f"/inbox/lead/{reference}/answer")
    await first.opens(f"/inbox/lead/{reference}")
    await first.presses("Ta saken")
    await second.presses("Send til", text="Et langt svar")
    assert second.status == 409
    assert "er tatt av Hilde Prøve" in second.text and "Et langt svar" in second.text
