"""A mover who blocked the bot or does not answer: the host sees it at once, and how else to reach them."""

from __future__ import annotations

import pytest

from bot.leads.service import Service
from bot.storage import services
from tests.web.inbox.visitor import joined
from tests.world import Person, World


async def _lead(world: World, mover: Person, phone: str = "") -> str:
    await mover.says("/vert tynset")
    if phone:
        await mover.presses("Endre noe")
        await mover.presses("Hvor du får svar")
        await mover.presses("Telefon")
        await mover.says(phone)
    await mover.presses("Ja, send")
    return mover.reference


async def _taken_then_blocked(world: World, host: Person, mover: Person, phone: str = "") -> str:
    reference = await _lead(world, mover, phone)
    await host.says(f"/ta {reference}")
    world.telegram.block(mover.user)
    await world.settle()
    return reference


async def test_the_host_hears_at_once_and_gets_the_number(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover("Mona Prøve")
    reference = await _taken_then_blocked(world, host, mover, "62 48 50 00")
    assert reference in host.last.text and "tar ikke lenger imot" in host.last.text
    assert "Ring 62485000" in host.last.text
    told = len(host.from_bot())
    await world.settle()
    assert len(host.from_bot()) == told
    await host.says(f"/svar {reference} Hei")
    assert "tar ikke lenger imot" in host.text


async def test_where_no_other_way_was_given_that_is_said(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover("Mona Prøve")
    await _taken_then_blocked(world, host, mover)
    assert "ikke oppgitt noen annen måte" in host.last.text


async def test_the_number_stands_in_the_inbox_and_not_in_the_mail(world: World) -> None:
    host, mover = await joined(world), world.mover("Mona Prøve")
    reference = await _lead(world, mover, "62 48 50 00")
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Ta saken")
    world.telegram.block(mover.user)
    await world.settle()
    mail = host.mail_text()
    assert "tar ikke lenger imot" in mail and "står i innboksen" in mail
    assert "62485000" not in mail.replace(" ", "") and "Mona" not in mail
    await host.opens(host.mailed_link())
    assert "tar ikke imot meldinger her lenger" in host.text and "62485000" in host.text
    await host.opens("/inbox")
    assert "tar ikke imot meldinger her lenger" in host.text


@pytest.mark.parametrize("detail", ["reference", "summary"])
async def test_nothing_of_it_in_telegram_where_the_municipality_wants_summaries(world: World, detail: str) -> None:
    host, mover = await world.host("tynset"), world.mover("Mona Prøve")
    async with world.house.database.transaction() as session:
        chosen = Service(detail="reference") if detail == "reference" else Service(detail="summary")
        await services.save(session, "tynset", chosen, world.clock())
    reference = await _taken_then_blocked(world, host, mover, "62 48 50 00")
    assert reference in host.last.text and "tar ikke lenger imot" in host.last.text
    assert "Mona" not in host.last.text and "62 48" not in host.last.text


async def test_the_list_says_since_when_a_mover_has_not_answered(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover("Mona Prøve")
    reference = await _lead(world, mover)
    await host.says(f"/ta {reference}")
    await host.says(f"/svar {reference} Hva lurer du på?")
    world.clock.move(days=2)
    await host.says("/saker")
    assert "har ikke svart" not in host.text
    world.clock.move(days=2)
    await host.says("/saker")
    assert "har ikke svart siden 24.11." in host.text
    await mover.says("Beklager, nå er jeg her")
    await host.says("/saker")
    assert "har ikke svart" not in host.text


async def test_who_comes_back_is_not_called_gone(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover("Mona Prøve")
    await _taken_then_blocked(world, host, mover)
    await host.says("/saker")
    assert "tar ikke imot" in host.text
    await mover.starts()
    await host.says("/saker")
    assert "tar ikke imot" not in host.text
