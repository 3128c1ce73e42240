"""A host's words reach the right mover, whole, or nobody."""

from __future__ import annotations

from tests.world import Person, World


async def _lead(world: World, mover: Person, place: str) -> str:
    await mover.says(f"/vert {place}")
    await mover.presses("Ja, send")
    return mover.reference


async def _host_of_two(world: World) -> Person:
    host = await world.host("tynset", "Hilde Prøve")
    await host.starts(await world.house.desk.invite("host", "os", world.clock()))
    return host


async def test_who_is_host_of_two_answers_the_lead_that_was_pressed_last(world: World) -> None:
    host = await _host_of_two(world)
    in_tynset, in_os = world.mover("Mona Prøve"), world.mover("Olga Prøve")
    first, second = await _lead(world, in_tynset, "tynset"), await _lead(world, in_os, "os")
    await host.says(f"/ta {first}")
    await host.says(f"/ta {second}")
    await host.says(f"Svar {first}")
    await host.says(f"Svar {second}")
    await host.says("Til deg på Os")
    assert "Til deg på Os" in in_os.last.text
    assert all("Til deg på Os" not in message.text for message in in_tynset.from_bot())


async def test_the_words_after_the_reference_go_whole(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover()
    reference = await _lead(world, mover, "tynset")
    await host.says(f"/ta {reference}")
    for command in (
        f"/svar {reference} Hei på deg",
        f"/svar {reference}\nHei på deg",
        f"Svar {reference}\n\nHei på deg",
    ):
        await host.says(command)
        assert "skriver:\nHei på deg" in mover.last.text, command


async def test_after_svar_the_next_words_go_to_the_mover_for_ten_minutes(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover()
    reference = await _lead(world, mover, "tynset")
    await host.says(f"/ta {reference}")
    await host.says(f"/svar {reference}")
    world.clock.move(minutes=10, seconds=1)
    await host.says("Dette er for sent")
    assert all("for sent" not in message.text for message in mover.from_bot())
    await host.says(f"/svar {reference}")
    world.clock.move(minutes=9, seconds=59)
    await host.says("Dette er i tide")
    assert "i tide" in mover.last.text
    await host.says("Og dette er til ingen")
    assert all("til ingen" not in message.text for message in mover.from_bot())


async def test_avbryt_keeps_the_next_words_from_the_mover(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover()
    reference = await _lead(world, mover, "tynset")
    await host.says(f"/ta {reference}")
    await host.says(f"/svar {reference}")
    await host.says("/avbryt")
    await host.says("Ikke til noen")
    assert all("Ikke til noen" not in message.text for message in mover.from_bot())


async def test_what_is_not_meant_for_a_mover_is_a_question_to_the_assistant(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover()
    reference = await _lead(world, mover, "tynset")
    await host.says(f"/ta {reference}")
    await host.says("Er det noe å leie på Tynset?")
    host.sees_entry("housing/rent-home")
    assert all("noe å leie" not in message.text for message in mover.from_bot())


async def test_only_the_one_who_took_it_may_answer_or_close(world: World) -> None:
    first, second = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    mover = world.mover()
    reference = await _lead(world, mover, "tynset")
    await first.says(f"/ta {reference}")
    await second.says(f"/svar {reference} Jeg svarer også")
    assert "Hilde Prøve" in second.text
    assert all("Jeg svarer også" not in message.text for message in mover.from_bot())
    await second.says(f"/lukk {reference}")
    assert (await world.leads())[0].state == "taken"


async def test_answering_before_taking_offers_to_take(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover()
    reference = await _lead(world, mover, "tynset")
    await host.says(f"/svar {reference} Hei")
    assert "Ta saken" in host.labels()
    assert all("skriver:" not in message.text for message in mover.from_bot())


async def test_the_list_shows_what_one_may_see(world: World) -> None:
    tynset, roros = await world.host("tynset"), await world.host("roros", "Rune Prøve")
    coordinator = await world.coordinator()
    first = await _lead(world, world.mover("Mona Prøve"), "tynset")
    second = await _lead(world, world.mover("Olga Prøve"), "roros")
    for person, seen in ((tynset, {first}), (roros, {second}), (coordinator, {first, second})):
        await person.says("/saker")
        assert {reference for reference in (first, second) if reference in person.text} == seen
        assert "Mona" not in person.text and "Olga" not in person.text


async def test_a_movers_emoji_reaches_the_host_too(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover()
    await _lead(world, mover, "tynset")
    await host.presses("Ta saken")
    await host.says("Hei", reply_to=host.last)
    await mover.says("👍")
    assert "👍" in host.last.text


async def test_a_mover_who_has_blocked_the_bot_is_told_of_to_the_host(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover("Mona Prøve")
    reference = await _lead(world, mover, "tynset")
    await host.presses("Ta saken")
    world.telegram.block(mover.user)
    await host.says("Hei", reply_to=host.last)
    assert any(reference in message.text and "tar ikke lenger imot" in message.text for message in host.replies)


async def test_who_is_no_host_cannot_be_one_by_typing(world: World) -> None:
    mover, stranger = world.mover("Mona Prøve"), world.mover("Siri Prøve")
    await world.host("tynset")
    reference = await _lead(world, mover, "tynset")
    for line in ("/saker", f"/ta {reference}", f"/svar {reference} Hei", f"Svar {reference} Hei", "/lukk " + reference):
        await stranger.says(line)
        assert reference not in stranger.text
    assert (await world.leads())[0].state == "new"
    assert all("skriver:" not in message.text for message in mover.from_bot())
