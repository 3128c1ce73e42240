"""A coordinator's link makes nobody host before a coordinator says that the right person pressed it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlmodel import select

from bot.leads.model import Host
from bot.leads.working_time import OSLO
from bot.storage import hosts, invites
from bot.storage.tables import InviteRow
from tests.world import Person, World

YES, NO = "Ja, det er rett person", "Nei"


async def link_of(coordinator: Person, place: str = "tynset") -> str:
    """The parameter of a link that this coordinator makes in the chat."""
    await coordinator.says(f"/invite {place}")
    return coordinator.text.split()[-1]


async def roles_of(world: World, person: Person) -> tuple[Host, ...]:
    async with world.house.database.reading() as session:
        return await hosts.of_chat(session, person.user.id)


async def _remove(world: World, person: Person) -> None:
    for role in await roles_of(world, person):
        assert await world.house.desk.remove(role.id, world.clock())
    await world.settle()


async def _rows(world: World) -> list[InviteRow]:
    async with world.house.database.reading() as session:
        return list((await session.exec(select(InviteRow))).all())


async def test_who_presses_waits_and_is_host_after_a_yes(world: World) -> None:
    kari = await world.coordinator()
    mover, nina = world.mover(), world.mover("Nina <b>Prøve</b>")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await nina.starts(await link_of(kari))
    assert "Kari Prøve bekrefter først" in nina.text and "Tynset" in nina.text
    assert await roles_of(world, nina) == ()
    assert "Nina <b>Prøve</b> har åpnet lenken" in kari.last.text and "Tynset" in kari.last.text
    assert "alle velge fritt" in kari.last.text
    before = len(nina.from_bot())
    await kari.presses(YES)
    assert "Nina <b>Prøve</b> er nå vert for Tynset" in kari.text
    told = "\n".join(message.text for message in nina.from_bot()[before:])
    assert "Velkommen, Nina <b>Prøve</b>. Du er nå vert for Tynset" in told
    (role,) = await roles_of(world, nina)
    assert (role.role, role.municipality, role.name) == ("host", "tynset", "Nina <b>Prøve</b>")
    (row,) = [row for row in await _rows(world) if row.invited_by]
    assert (row.waiting_chat, row.waiting_name, row.used_by) == (None, None, nina.user.id)
    await nina.says("/saker")
    assert mover.reference in nina.text


async def test_a_no_ends_the_link_and_is_told_kindly(world: World) -> None:
    kari = await world.coordinator()
    parameter, nina = await link_of(kari), world.mover("Nina Prøve")
    await nina.starts(parameter)
    await kari.presses(NO)
    assert "ikke blitt vert" in kari.text
    assert "ikke bekreftet" in nina.last.text and await roles_of(world, nina) == ()
    await nina.starts(parameter)
    assert "alt brukt" in nina.text
    assert all((row.waiting_chat, row.waiting_name) == (None, None) for row in await _rows(world))
    await kari.says("/bekreft")
    assert "Ingen venter" in kari.text


async def test_it_can_be_typed(world: World) -> None:
    kari = await world.coordinator()
    nina, ola = world.mover("Nina Prøve"), world.mover("Ola Prøve")
    await nina.starts(await link_of(kari))
    code = re.findall(r"/bekreft (\w+) eller /avvis \1", kari.last.text)[0]
    await ola.starts(await link_of(kari, "os"))
    await kari.says("/bekreft")
    assert "Nina Prøve" in kari.text and "Ola Prøve" in kari.text, "a right is given to somebody who was named"
    assert await roles_of(world, nina) == () == await roles_of(world, ola)
    await kari.says(f"/bekreft {code.upper()}")
    assert [role.municipality for role in await roles_of(world, nina)] == ["tynset"]
    other = re.findall(r"/avvis (\w+)", kari.from_bot()[-3].text + kari.from_bot()[-2].text)
    (left,) = {found for found in other if found != code}
    await kari.says(f"/refuse {left}")
    assert "ikke bekreftet" in ola.last.text and await roles_of(world, ola) == ()


async def test_it_is_bound_to_the_first_who_presses(world: World) -> None:
    kari = await world.coordinator()
    parameter, nina, thief = await link_of(kari), world.mover("Nina Prøve"), world.mover("Tyv Prøve")
    await nina.starts(parameter)
    asked = len(kari.from_bot())
    await thief.starts(parameter)
    assert "alt brukt" in thief.text
    await nina.starts(parameter)
    assert "bekrefter først" in nina.text
    assert len(kari.from_bot()) == asked, "she is asked once"
    await kari.presses(YES)
    assert len(await roles_of(world, nina)) == 1
    await thief.starts(parameter)
    assert "alt brukt" in thief.text and await roles_of(world, thief) == ()


async def test_only_coordinators_answer(world: World) -> None:
    kari, host = await world.coordinator(), await world.host("tynset")
    nina, stranger = world.mover("Nina Prøve"), world.mover("Siri Prøve")
    await nina.starts(await link_of(kari))
    await stranger.starts()
    code = (kari.last.button(YES).callback_data or "").removeprefix("1:iy:")
    for person in (nina, stranger, host):
        for data in (f"1:iy:{code}", f"1:in:{code}"):
            await person.presses_data(person.last, data, forged=True)
            assert person.replies
        await person.says(f"/bekreft {code}")
    assert await roles_of(world, nina) == ()
    await kari.presses_data(kari.last, "1:iy:00000000", forged=True)
    assert "ikke noe å svare på" in kari.text
    await kari.presses(YES)
    assert len(await roles_of(world, nina)) == 1


async def test_who_is_no_coordinator_any_more_says_nothing_but_another_does(world: World) -> None:
    kari, knut = await world.coordinator(), await world.coordinator("Knut Prøve")
    nina, ola = world.mover("Nina Prøve"), world.mover("Ola Prøve")
    asked_kari, later = await link_of(kari), await link_of(kari, "os")
    await nina.starts(asked_kari)
    asked = kari.last
    assert "Nina Prøve" in asked.text and "Nina" not in knut.last.text
    await _remove(world, kari)
    await kari.presses_data(asked, asked.button(YES).callback_data or "")
    assert "koordinatoren" in kari.text and await roles_of(world, nina) == ()
    await knut.says("/bekreft")
    await knut.presses(YES)
    assert len(await roles_of(world, nina)) == 1
    await ola.starts(later)
    assert "Koordinatoren bekrefter først" in ola.text
    assert "Ola Prøve" in knut.last.text, "where who invited is not there, the others are asked"


async def test_an_inviter_who_is_not_reached_is_not_waited_for(world: World) -> None:
    kari, knut = await world.coordinator(), await world.coordinator("Knut Prøve")
    parameter, nina = await link_of(kari), world.mover("Nina Prøve")
    world.telegram.block(kari.user)
    await world.settle()
    await nina.starts(parameter)
    assert "Nina Prøve" in knut.last.text


async def test_an_invitation_that_expires_while_waiting_dies_quietly(world: World) -> None:
    kari = await world.coordinator()
    parameter, nina = await link_of(kari), world.mover("Nina Prøve")
    await nina.starts(parameter)
    asked, told, seen = kari.last, len(kari.from_bot()), len(nina.from_bot())
    world.clock.now += invites.LIVES + timedelta(minutes=1)
    await world.is_now(world.clock.now)
    assert len(nina.from_bot()) == seen and not any("Nina" in m.text for m in kari.from_bot()[told:])
    await kari.presses_data(asked, asked.button(YES).callback_data or "")
    assert "ikke noe å svare på" in kari.text and await roles_of(world, nina) == ()
    await nina.starts(parameter)
    assert "har gått ut" in nina.text


async def test_who_invites_herself_needs_no_second_yes(world: World) -> None:
    kari = await world.coordinator()
    await kari.starts(await link_of(kari))
    assert "Du er nå vert for Tynset" in kari.text
    assert {role.municipality for role in await roles_of(world, kari)} == {None, "tynset"}


async def test_a_host_who_tries_the_link_leaves_it_to_the_one_it_is_for(world: World) -> None:
    kari, hilde, nina = await world.coordinator(), await world.host("tynset"), world.mover("Nina Prøve")
    parameter = await link_of(kari)
    await hilde.starts(parameter)
    assert "alt med her" in hilde.text
    await nina.starts(parameter)
    assert "bekrefter først" in nina.text


async def test_a_mailed_link_and_the_operators_need_no_yes(world: World) -> None:
    kari, nina, ola = await world.coordinator(), world.mover("Nina Prøve"), world.mover("Ola Prøve")
    await kari.says("/invite os nina@os.example")
    link = re.findall(r"join/(h_\S+)", world.outbox.mails[-1].as_string())[0]
    await nina.starts(link)
    assert "Du er nå vert for Os" in nina.text
    await ola.starts(await world.house.desk.invite("host", "tynset", world.clock()))
    assert "Du er nå vert for Tynset" in ola.text


async def test_who_is_removed_or_forgotten_waits_no_more(world: World) -> None:
    kari = await world.coordinator()
    hilde, ola = await world.host("tynset"), world.mover("Ola Prøve")
    await hilde.starts(await link_of(kari, "os"))
    await ola.starts(await link_of(kari, "tolga"))
    await _remove(world, hilde)
    await ola.says("/glem")
    await ola.presses("Ja, slett alt")
    await kari.says("/bekreft")
    assert "Ingen venter" in kari.text
    for message in kari.from_bot():
        for button in message.buttons:
            if button.text == YES:
                await kari.presses_data(message, button.callback_data or "")
    assert await roles_of(world, hilde) == () == await roles_of(world, ola)
    assert all(row.waiting_chat is None and row.waiting_name is None for row in await _rows(world))


async def test_at_night_she_is_asked_in_the_morning_if_it_is_still_a_question(world: World) -> None:
    kari, knut = await world.coordinator(), await world.coordinator("Knut Prøve")
    first, second = await link_of(kari), await link_of(kari, "os")
    nina, ola = world.mover("Nina Prøve"), world.mover("Ola Prøve")
    world.clock.now = datetime(2026, 11, 24, 22, 0, tzinfo=OSLO)
    await nina.starts(first)
    await ola.starts(second)
    assert "Nina" not in kari.last.text and "bekrefter først" in nina.text
    await knut.says("/bekreft")
    await knut.presses_data(knut.from_bot()[-2], knut.from_bot()[-2].button(YES).callback_data or "")
    answered = "Nina Prøve" if "Nina" in knut.text else "Ola Prøve"
    before = len(kari.from_bot())
    await world.is_now(datetime(2026, 11, 25, 8, 1, tzinfo=OSLO))
    asked = [message.text for message in kari.from_bot()[before:] if "rett person" in message.text]
    assert len(asked) == 1 and answered not in asked[0]
