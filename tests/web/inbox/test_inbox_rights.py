"""Who may see and do what: every address of the inbox × every kind of visitor."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select
from starlette.routing import Route

from bot.app import inbox_door
from bot.desk import Via
from bot.storage import hosts
from bot.storage.tables import LeadLogRow
from bot.web.inbox import routes
from tests.postgres import server
from tests.web.inbox.visitor import Visitor, joined, lead_for
from tests.world import PUBLIC_URL, World

ACTIONS = {
    "take": {},
    "answer": {"text": "Hei"},
    "answered": {},
    "close": {"outcome": "reached"},
    "note": {"text": "Et notat"},
    "pass": {"to": "coordinator", "text": "Fordi"},
    "snooze": {"days": "1"},
}
VISITORS = ("stranger", "other host", "former host")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest) -> str:
    """Of many who take at once one gets it, whatever the database."""
    return await server().fresh() if request.param == "postgresql" else ""


async def _visitor(world: World, kind: str) -> Visitor:
    if kind == "stranger":
        return Visitor(world)
    if kind == "other host":
        return await joined(world, "roros", "Rune Prøve")
    former = await joined(world, "tynset", "Finn Prøve")
    async with world.house.database.reading() as session:
        (role,) = await hosts.of_email(session, former.email)
    assert await world.house.desk.remove(role.id, world.clock())
    return former


def test_every_action_is_walked(world: World) -> None:
    paths = [route.path for route in routes(inbox_door(world.house, PUBLIC_URL)) if isinstance(route, Route)]
    on_leads = {path.rpartition("/")[2] for path in paths if "{reference}/" in path}
    assert on_leads == set(ACTIONS)


@pytest.mark.parametrize("kind", VISITORS)
async def test_nobody_else_sees_or_does_anything(world: World, kind: str) -> None:
    await joined(world)
    visitor = await _visitor(world, kind)
    reference = await lead_for(world)
    before = await world.leads()
    for path in ("", "/answer", "/close"):
        await visitor.opens(f"/inbox/lead/{reference}{path}")
        assert visitor.status == 404 if kind == "other host" else "Logg inn" in visitor.text
        assert "Mona" not in visitor.text and "sykepleier" not in visitor.text
    await visitor.opens("/inbox")
    assert reference not in visitor.text
    token = next((form.fields["csrf"] for form in visitor.page.forms), "")
    for action, fields in ACTIONS.items():
        await visitor.posts(f"/inbox/lead/{reference}/{action}", csrf=token, **fields)
        assert visitor.status in (303, 403, 404)
        assert "Mona" not in visitor.response.text
    assert await world.leads() == before
    async with world.house.database.reading() as session:
        actions = (await session.exec(select(LeadLogRow.action))).all()
    assert list(actions) == ["opened"]


@pytest.mark.parametrize("action", ACTIONS)
async def test_the_own_host_may(world: World, action: str) -> None:
    host = await joined(world)
    await joined(world, None, "Kari Prøve")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    token = host.page.forms[0].fields["csrf"]
    await host.posts(f"/inbox/lead/{reference}/{action}", csrf=token, **ACTIONS[action])
    assert host.status == 303, host.text
    assert "done=" in host.response.headers["location"]


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
