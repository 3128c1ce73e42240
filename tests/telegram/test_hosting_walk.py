"""Who may do what in Telegram: every command and button of the desk × every kind of person."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue import presses
from bot.storage import hosts, invites
from bot.storage.tables import HostRow, InviteRow, LeadLogRow, LeadMessageRow, LeadRow
from bot.telegram import hosting
from tests.telegram.walking import KINDS, person_of, stored
from tests.world import Person, World

OF_TYNSET = {"own host", "coordinator"}
EVERY_HOST = {"own host", "other host", "coordinator"}
#: In an order in which each can be done. Who may, besides those who may not be there at all.
COMMANDS = (
    ("/saker", EVERY_HOST),
    ("/ta {reference}", OF_TYNSET),
    ("/svar {reference} Hei fra verten", OF_TYNSET),
    ("Svar {reference} Hei fra verten", OF_TYNSET),
    ("/svar {reference}", OF_TYNSET),
    ("/avbryt", OF_TYNSET),
    ("/lukk {reference}", OF_TYNSET),
    ("/kort Jeg hjelper deg.", EVERY_HOST),
    ("/kortsprak norsk", EVERY_HOST),
    ("/innstillinger", EVERY_HOST),
    ("/settings telegram", EVERY_HOST),
    ("/borte til 12.1.", EVERY_HOST),
    ("/away until 12.1.", EVERY_HOST),
    ("/tilbake", EVERY_HOST),
    ("/back", EVERY_HOST),
    ("/gruppe", EVERY_HOST),
    ("/group", EVERY_HOST),
    ("/invite os", {"coordinator"}),
    ("/inviter os", {"coordinator"}),
    ("/bekreft", {"coordinator"}),
    ("/confirm {first}", {"coordinator"}),
    ("/avvis {second}", {"coordinator"}),
    ("/refuse {second}", {"coordinator"}),
)
PRESSES = (
    ("1:ht:{reference}", OF_TYNSET),
    ("1:ha:{reference}", OF_TYNSET),
    ("1:hz:{reference}", OF_TYNSET),
    ("1:hm:{reference}", OF_TYNSET),
    ("1:hc:telegram", EVERY_HOST),
    ("1:hx:{reference}.reached", OF_TYNSET),
    ("1:iy:{third}", {"coordinator"}),
    ("1:in:{fourth}", {"coordinator"}),
)
TABLES = (LeadRow, LeadLogRow, LeadMessageRow, HostRow, InviteRow)


def test_every_command_and_button_is_walked() -> None:
    commands = {line.split()[0].removeprefix("/") for line, _ in COMMANDS if line.startswith("/")}
    assert commands == {*hosting._COMMANDS, *hosting._SETTINGS, *hosting._YES, *hosting._NO}
    assert {data.split(":")[1] for data, _ in PRESSES} == set(hosting._PRESSES)
    assert not set(hosting._PRESSES) & set(presses._ACTIONS), "a mover's press must not end at the desk"


async def _waiting(world: World) -> dict[str, str]:
    """The codes of people who have pressed a coordinator's link and wait for a yes."""
    kari = await world.coordinator("Karin Prøve")
    for name in ("Wenche", "Willy", "Wilma", "Werner"):
        await kari.says("/invite os")
        await world.mover(f"{name} Prøve").starts(kari.text.split()[-1])
    async with world.house.database.reading() as session:
        codes = [one.code for one in await invites.waiting(session, world.clock())]
    return dict(zip(("first", "second", "third", "fourth"), codes, strict=True))


@pytest.mark.parametrize("kind", KINDS)
async def test_who_may_does_and_nobody_else(world: World, kind: str) -> None:
    await world.host("tynset")
    mover = world.mover("Mona Prøve")
    await mover.says("Jeg er sykepleier, er det jobb på Tynset?")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    reference = mover.reference
    codes = await _waiting(world)
    person = await person_of(kind, world, mover)
    for line, may in COMMANDS:
        typed = line.format(reference=reference, **codes)
        await _walk(world, person, kind in may, lambda typed=typed: person.says(typed))
    for data, may in PRESSES:
        pressed = data.format(reference=reference, **codes)
        await _walk(world, person, kind in may, lambda p=pressed: person.presses_data(person.last, p, forged=True))
    (lead,) = await world.leads()
    assert lead.state == ("closed" if kind in OF_TYNSET else "new")
    async with world.house.database.reading() as session:
        came_in = sum(host.municipality == "os" for host in await hosts.active(session))
    assert came_in == (2 if kind == "coordinator" else 0)
    told = sum("Hei fra verten" in message.text for message in mover.from_bot())
    assert told == (2 if kind in OF_TYNSET else 0)


async def _walk(world: World, person: Person, may: bool, act: Any) -> None:
    before = await stored(world, TABLES)
    await act()
    assert person.replies, "nobody is met with silence"
    if not may:
        assert await stored(world, TABLES) == before
        for secret in ("sykepleier", "start=", "/start h_", "W"):
            assert secret not in person.text, secret
