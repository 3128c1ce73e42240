"""What was parked can be seen, tried again and dropped by the operator."""

from __future__ import annotations

from bot.storage import parked
from tests.world import World


async def _parked(world: World) -> list[parked.Parked]:
    async with world.house.database.reading() as session:
        return await parked.everything(session)


async def test_a_parked_delivery_goes_out_when_it_is_tried_again(world: World) -> None:
    mover = world.mover()
    await mover.starts()
    before = len(mover.from_bot())
    world.telegram.say(mover.user, "/mine")
    await world.service.poller.poll_once()
    await world.service.worker.handle_waiting()
    async with world.house.database.transaction() as session:
        await (await session.connection()).exec_driver_sql(
            "UPDATE delivery SET state = 'parked' WHERE state = 'waiting'"
        )
    await world.settle()
    assert len(mover.from_bot()) == before
    (item,) = await _parked(world)
    async with world.house.database.transaction() as session:
        assert await parked.retry(session, item.name, world.clock())
        assert not await parked.retry(session, "d999", world.clock())
    await world.settle()
    assert len(mover.from_bot()) == before + 1
    assert await _parked(world) == []


async def test_poison_can_be_dropped_and_does_not_come_back(world: World) -> None:
    mover = world.mover()
    world.telegram.inject({"message": {"chat": {"id": mover.user.id}, "text": 5, "date": "never"}})
    await world.settle()
    (item,) = await _parked(world)
    assert (item.kind, item.chat_id) == ("arrival", mover.user.id) and item.size > 0
    async with world.house.database.transaction() as session:
        assert await parked.retry(session, item.name, world.clock())
    await world.settle()
    assert [again.name for again in await _parked(world)] == [item.name], "it is as broken as before"
    async with world.house.database.transaction() as session:
        assert await parked.drop(session, item.name, world.clock())
    await world.settle()
    assert await _parked(world) == []
