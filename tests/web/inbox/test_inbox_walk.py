"""Who may open and do what: every address of the inbox × every kind of visitor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.routing import Route

from bot.app import inbox_door
from bot.storage import hosts, text_blocks
from bot.storage.tables import (
    HostRow,
    InviteRow,
    LeadLogRow,
    LeadMessageRow,
    LeadNoteRow,
    LeadRow,
    ServiceRow,
    TextBlockRow,
)
from bot.web.inbox import routes
from tests.web.inbox.test_inbox_settings import SERVICE, settings_of, with_text
from tests.web.inbox.visitor import Visitor, joined, lead_for, waiting
from tests.world import PUBLIC_URL, World

ANYBODY = frozenset({"own host", "other host", "former host", "mover", "stranger", "coordinator"})
OF_TYNSET = frozenset({"own host", "coordinator"})
COORDINATOR = frozenset({"coordinator"})
SIGNED_IN = frozenset({"own host", "other host", "coordinator"})
#: For who is signed in or not; what they do is in test_inbox_signing.
OPEN = {"/inbox/sign-in", "/inbox/code", "/inbox/sign-in/{token}", "/inbox/join/{parameter}"}
OPEN |= {"/inbox/sign-out", "/inbox/sign-out-everywhere"}
LEAD = "/inbox/lead/{reference}"


@dataclass(frozen=True)
class Step:
    """One address, and who may. `fields`: what a form there is filled in with."""

    method: str
    path: str
    may: frozenset[str]
    fields: dict[str, Any] = field(default_factory=dict)


#: The order matters: what is done by one step is there for the next.
STEPS = (
    Step("GET", "/inbox", SIGNED_IN),
    Step("GET", LEAD, OF_TYNSET),
    Step("GET", f"{LEAD}/answer", OF_TYNSET),
    Step("GET", f"{LEAD}/close", OF_TYNSET),
    Step("POST", f"{LEAD}/note", OF_TYNSET, {"text": "Et notat"}),
    Step("POST", f"{LEAD}/block", OF_TYNSET, {"text": "Hei", "block": "thanks"}),
    Step("POST", f"{LEAD}/pass", OF_TYNSET, {"to": "roros", "text": "Fordi"}),
    Step("POST", f"{LEAD}/take", OF_TYNSET),
    Step("POST", f"{LEAD}/answer", OF_TYNSET, {"text": "Hei"}),
    Step("POST", f"{LEAD}/answered", OF_TYNSET),
    Step("POST", f"{LEAD}/snooze", OF_TYNSET, {"days": "1"}),
    Step("POST", f"{LEAD}/close", OF_TYNSET, {"outcome": "visiting"}),
    Step("GET", "/inbox/me", SIGNED_IN),
    Step("POST", "/inbox/me/telegram", SIGNED_IN),
    Step("GET", "/inbox/service/{place}", OF_TYNSET),
    Step("POST", "/inbox/service/{place}", OF_TYNSET, SERVICE),
    Step("GET", "/inbox/texts/{place}", OF_TYNSET),
    Step("POST", "/inbox/texts/{place}", OF_TYNSET, {"title": "Visning", "text": "Kom og se.", "language": "nb"}),
    Step("GET", "/inbox/texts/{place}/{key}", OF_TYNSET),
    Step("POST", "/inbox/texts/{place}/{key}", OF_TYNSET, {"title": "Ny", "text": "Ny", "language": "nb"}),
    Step("POST", "/inbox/texts/{place}/{key}/remove", OF_TYNSET),
    Step("GET", "/inbox/hosts", COORDINATOR),
    Step("POST", "/inbox/hosts/invite", COORDINATOR, {"place": "os", "email": ""}),
    Step("POST", "/inbox/hosts/waiting/{code}/confirm", COORDINATOR),
    Step("POST", "/inbox/hosts/waiting/{code}/refuse", COORDINATOR),
    Step("GET", "/inbox/hosts/{number:int}/remove", COORDINATOR),
    Step("POST", "/inbox/hosts/{number:int}/remove", COORDINATOR),
    Step("POST", "/inbox/me", SIGNED_IN, {"name": "Nytt Navn", "weekdays": ["0", "1"], "language": "nb"}),
)
TABLES = (LeadRow, LeadLogRow, LeadMessageRow, LeadNoteRow, HostRow, InviteRow, ServiceRow, TextBlockRow)


def test_every_address_is_walked(world: World) -> None:
    made = [route for route in routes(inbox_door(world.house, PUBLIC_URL)) if isinstance(route, Route)]
    there = {(method, one.path) for one in made for method in (one.methods or set()) - {"HEAD"} if one.path not in OPEN}
    assert there == {(step.method, step.path) for step in STEPS}


async def _visitor(world: World, kind: str) -> Visitor:
    if kind == "own host":
        return await joined(world, "tynset", "Eva Prøve")
    if kind == "other host":
        return await joined(world, "roros", "Rune Prøve")
    if kind == "coordinator":
        return await joined(world, None, "Kari Prøve")
    if kind == "former host":
        former = await joined(world, "tynset", "Finn Prøve")
        async with world.house.database.reading() as session:
            (role,) = await hosts.of_email(session, former.email)
        assert await world.house.desk.remove(role.id, world.clock())
        return former
    # A mover has no session, only a chat and the reference.
    return Visitor(world, "mona@mail.example" if kind == "mover" else "")


async def _everything(world: World) -> list[Any]:
    """All that a step could change, as it is stored."""
    async with world.house.database.reading() as session:
        rows = [(await session.exec(select(table))).all() for table in TABLES]
    return [row.model_dump() for found in rows for row in found]


@pytest.mark.parametrize("kind", sorted(ANYBODY))
async def test_who_may_does_and_nobody_else(world: World, kind: str) -> None:
    own = await joined(world)
    visitor, reference = await _visitor(world, kind), await lead_for(world)
    await with_text(world, "tynset", "Bolig", "Se på Finn.")
    codes = iter(await waiting(world))
    async with world.house.database.reading() as session:
        number = (await hosts.of_email(session, own.email))[0].id
        (block,) = await text_blocks.of(session, "tynset")
    await visitor.opens("/inbox")
    token = visitor.page.forms[0].fields["csrf"]
    for step in STEPS:
        path = step.path.replace("{number:int}", str(number))
        code = next(codes) if "{code}" in path else ""
        path = path.format(reference=reference, place="tynset", key=block.key, code=code)
        before = await _everything(world)
        if step.method == "GET":
            await visitor.opens(path)
        else:
            await visitor.posts(path, csrf=token, **step.fields)
        if kind in step.may:
            assert visitor.status in (200, 303), (step.path, visitor.text)
            assert "/sign-in" not in str(visitor.response.url), step.path
            assert "/sign-in" not in visitor.response.headers.get("location", ""), step.path
        else:
            assert visitor.status in (303, 403, 404) or "Logg inn" in visitor.text, step.path
            assert "Mona" not in visitor.response.text and "sykepleier" not in visitor.response.text
            assert await _everything(world) == before, step.path


async def test_a_host_sets_nothing_for_the_region_or_an_invented_place(world: World) -> None:
    host = await joined(world)
    await host.opens("/inbox/me")
    token = host.page.forms[0].fields["csrf"]
    for place in ("region", "atlantis", "roros"):
        for page in ("service", "texts"):
            await host.opens(f"/inbox/{page}/{place}")
            assert host.status == 404
        await host.posts(f"/inbox/service/{place}", csrf=token, **SERVICE)
        assert host.status == 404
    assert await settings_of(world, "roros") == await settings_of(world, None)


async def test_a_stand_in_of_another_municipality_may_for_this_lead_alone(world: World) -> None:
    host, stand_in = await joined(world), await joined(world, "roros", "Rune Prøve")
    reference, later = await lead_for(world), await lead_for(world, name="Ola Prøve")
    async with world.house.database.reading() as session:
        (role,) = await hosts.of_email(session, host.email)
        (other,) = await hosts.of_email(session, stand_in.email)
    await host.opens("/inbox/me")
    await host.presses("Lagre", stand_in=str(other.id), weekdays=["0", "1", "2", "3", "4"], channel="mail")
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Ta saken")
    assert await world.house.desk.remove(role.id, world.clock())
    await world.settle()
    assert any(reference in mail["Subject"] for mail in stand_in.mails)
    await stand_in.opens(f"/inbox/lead/{reference}")
    await stand_in.presses("Ta saken")
    assert "Du har tatt saken" in stand_in.text
    async with world.house.database.reading() as session:
        rows = (await session.exec(select(LeadRow).where(col(LeadRow.reference) == later))).all()
    assert rows[0].stand_in == other.id, "nobody else of Tynset is left, so the free one is hers to take too"
    third = await lead_for(world, name="Olga Prøve")
    await stand_in.opens(f"/inbox/lead/{third}")
    assert stand_in.status == 404
