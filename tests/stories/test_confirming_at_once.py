"""A coordinator's link that two press at once, and a question that two answer at once, on both databases."""

from __future__ import annotations

from tests.telegram.test_confirming import YES, link_of, roles_of
from tests.world import World


async def test_of_two_who_press_at_once_one_waits(world: World) -> None:
    kari = await world.coordinator()
    parameter = await link_of(kari)
    both = [world.mover("Nina Prøve"), world.mover("Ola Prøve")]
    for person in both:
        world.telegram.start(person.user, parameter)
    await world.settle()
    told = sorted("bekrefter først" in person.last.text for person in both)
    assert told == [False, True]
    await kari.presses(YES)
    assert sorted([len(await roles_of(world, person)) for person in both]) == [0, 1]


async def test_of_two_answers_at_once_one_counts(world: World) -> None:
    kari, knut = await world.coordinator(), await world.coordinator("Knut Prøve")
    nina = world.mover("Nina Prøve")
    await nina.starts(await link_of(kari))
    data = kari.last.button(YES).callback_data or ""
    world.telegram.press(kari.user, kari.last.id, data)
    world.telegram.press(knut.user, knut.last.id, data.replace(":iy:", ":in:"), forged=True)
    await world.settle()
    over = sum("ikke noe å svare på" in person.last.text for person in (kari, knut))
    assert over == 1
    assert len(await roles_of(world, nina)) == ("er nå vert" in kari.last.text)
    before = len(nina.from_bot())
    await kari.presses(YES)
    assert "ikke noe å svare på" in kari.text and len(nina.from_bot()) == before, "once is enough"
