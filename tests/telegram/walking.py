"""Every kind of person there is, for tests of who may do what; and all that is stored, to see that nothing changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import SQLModel, select

from bot.storage import hosts
from tests.world import Person, World

KINDS = ("own host", "other host", "former host", "mover", "stranger", "coordinator")


async def person_of(kind: str, world: World, mover: Person) -> Person:
    """Somebody of this kind, seen from a lead of Tynset that `mover` has sent."""
    match kind:
        case "own host":
            return await world.host("tynset", "Hedda Prøve")
        case "other host":
            return await world.host("roros", "Rune Prøve")
        case "coordinator":
            return await world.coordinator()
        case "former host":
            return await _removed(world)
        case "mover":
            return mover
        case "stranger":
            return world.mover("Siri Prøve")
    raise ValueError(kind)


async def _removed(world: World) -> Person:
    former = await world.host("tynset", "Finn Prøve")
    async with world.house.database.reading() as session:
        (role,) = await hosts.of_chat(session, former.user.id)
    assert await world.house.desk.remove(role.id, world.clock())
    await world.settle()
    return former


async def stored(world: World, tables: Sequence[type[SQLModel]], without: Collection[str] = ()) -> list[dict[str, Any]]:
    """Every row of these tables, without these columns."""
    async with world.house.database.reading() as session:
        rows = [(await session.exec(select(table))).all() for table in tables]
    return [row.model_dump(exclude=set(without)) for found in rows for row in found]
