"""Several replicas run the same clock, several hosts press at once: each thing is done once."""

from __future__ import annotations

import asyncio

from tests.stories.test_time import at, sends, the_lead, three
from tests.world import World


async def test_each_step_is_done_once_however_many_do_it(world: World) -> None:
    hilde, _, _ = await three(world)
    _, reference = await sends(world, at(3, 15, 9))
    before = len(hilde.from_bot())
    moment = at(3, 15, 13)
    world.clock.now = moment
    await asyncio.gather(*(world.house.desk.run_clock(moment) for _ in range(5)))
    await world.settle()
    assert [reference in message.text for message in hilde.from_bot()[before:]] == [True]


async def test_of_twenty_who_press_at_once_one_gets_the_lead(world: World) -> None:
    named = [(f"Vert Prøve {number}", await world.host("tynset", f"Vert Prøve {number}")) for number in range(20)]
    takers = [person for _, person in named]
    mover, reference = await sends(world, at(3, 15, 9))
    for taker in takers:
        world.telegram.press(taker.user, taker.last.id, f"1:ht:{reference}")
    await world.settle()
    took = [taker for taker in takers if any("Du har tatt" in message.text for message in taker.from_bot())]
    assert len(took) == 1
    assert sum("har tatt saken din" in message.text for message in mover.from_bot()) == 1
    lead = await the_lead(world)
    name = next(name for name, person in named if person is took[0])
    for taker in takers:
        if taker is not took[0]:
            assert any(f"tatt av {name}" in message.text for message in taker.from_bot()), "and hears who did"
    assert lead.state == "taken"
