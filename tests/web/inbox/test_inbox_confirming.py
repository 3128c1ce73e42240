"""A coordinator with only mail and a browser says who pressed her link."""

from __future__ import annotations

from datetime import timedelta

from bot.leads.model import Host
from bot.storage import hosts, invites
from tests.web.inbox.visitor import Visitor, joined, waiting
from tests.world import Person, World


async def _roles(world: World, person: Person) -> tuple[Host, ...]:
    async with world.house.database.reading() as session:
        return await hosts.of_chat(session, person.user.id)


async def _pressed(world: World, kari: Visitor, name: str) -> Person:
    """Somebody who has just pressed a link that she made on the page."""
    await kari.opens("/inbox/hosts")
    await kari.presses("Inviter", place="folldal", email="")
    person = world.mover(name)
    await person.starts(next(line for line in kari.text.splitlines() if "/start h_" in line).split()[-1])
    return person


async def test_she_is_asked_by_mail_and_answers_on_the_page(world: World) -> None:
    kari = await joined(world, None, "Kari Prøve")
    frida = await _pressed(world, kari, "Frida & co")
    world.clock.move(minutes=1)
    tyv = await _pressed(world, kari, "Tyv Prøve")
    mail = kari.mails[-2]
    assert "Bekreft en ny vert" in mail["Subject"] and "Frida" not in str(mail["Subject"])
    assert "Tyv Prøve har åpnet lenken" in kari.mail_text() and "/bekreft" not in kari.mail_text()
    assert kari.mailed_link() == "/inbox/hosts"
    await kari.opens(kari.mailed_link())
    assert "Frida & co har åpnet lenken for å bli vert for Folldal" in kari.text
    assert "alle velge fritt" in kari.text
    await kari.presses("Ja, det er rett person")
    assert "Verten er bekreftet" in kari.text and "Tyv Prøve har åpnet" in kari.text
    assert "Du er nå vert for Folldal" in frida.last.text
    assert [role.municipality for role in await _roles(world, frida)] == ["folldal"]
    await kari.presses("Nei")
    assert "avvist" in kari.text and "har åpnet lenken" not in kari.text
    assert "ikke bekreftet" in tyv.last.text and await _roles(world, tyv) == ()


async def test_signing_in_on_the_way_leads_to_the_question(world: World) -> None:
    kari = await joined(world, None, "Kari Prøve")
    await _pressed(world, kari, "Frida Prøve")
    elsewhere = Visitor(world, kari.email)
    await elsewhere.opens(kari.mailed_link())
    await elsewhere.presses("Send meg en kode", email=kari.email)
    await elsewhere.presses("Logg inn", code=elsewhere.code())
    assert "Er dette rett person?" in elsewhere.text


async def test_a_question_that_was_answered_meanwhile_says_so(world: World) -> None:
    kari = await joined(world, None, "Kari Prøve")
    frida = await _pressed(world, kari, "Frida Prøve")
    other = Visitor(world, kari.email)
    await other.signs_in()
    for page in (kari, other):
        await page.opens("/inbox/hosts")
    await kari.presses("Nei")
    await other.presses("Ja, det er rett person")
    assert other.status == 409 and "ikke noe å svare på" in other.text
    assert await _roles(world, frida) == ()


async def test_what_has_expired_is_not_shown(world: World) -> None:
    kari = await joined(world, None, "Kari Prøve")
    (code,) = await waiting(world, "Nina Prøve")
    await kari.opens("/inbox/hosts")
    token = kari.page.forms[0].fields["csrf"]
    assert "Nina Prøve" in kari.text
    world.clock.now += invites.LIVES + timedelta(minutes=1)
    again = Visitor(world, kari.email)
    await again.signs_in()
    await again.opens("/inbox/hosts")
    assert "Nina Prøve" not in again.text and "Er dette rett person?" not in again.text
    await kari.posts(f"/inbox/hosts/waiting/{code}/confirm", csrf=token)
    assert kari.status in (303, 403)
