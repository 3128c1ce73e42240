"""Who may do what in a group: everything that can be done there × every kind of person."""

from __future__ import annotations

import pytest

from bot.storage.tables import GroupRow, LeadLogRow, LeadMessageRow, LeadRow
from bot.telegram import groups
from tests.telegram.test_groups import Group
from tests.telegram.walking import KINDS, person_of, stored
from tests.world import World

OF_TYNSET = {"own host", "coordinator"}
#: In an order in which each can be done; what changes nothing that is stored is not here.
LINES = ("/ta {reference}", "/svar {reference} Hei fra verten", "/lukk {reference}", "/saker", "/gruppe", "/group av")
TABLES = (LeadRow, LeadLogRow, LeadMessageRow, GroupRow)
#: Who has been seen in the group: any message may change it.
SEEN = ("present",)


def test_every_command_of_a_group_is_walked() -> None:
    walked = {line.split()[0].removeprefix("/") for line in LINES} | {"answer"}
    assert walked == {*groups._BEGIN, *groups._ANSWER, *groups._ALONE}


@pytest.mark.parametrize("kind", KINDS)
async def test_who_may_does_and_nobody_else(world: World, kind: str) -> None:
    hanna, mover = await world.host("tynset", "Hanna Prøve"), world.mover("Mona Prøve")
    person = await person_of(kind, world, mover)
    chat_id = world.telegram.group("Verter", hanna.user, person.user)
    world.telegram.add_bot(chat_id, hanna.user)
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    group, reference, may = Group(world, chat_id), mover.reference, kind in OF_TYNSET
    notice, before, said = group.told[-1], await stored(world, TABLES, SEEN), len(person.from_bot())

    toast = await group.is_pressed_by(person, notice)
    assert ("private" in toast) == may
    await group.hears(person, "Hei fra verten", reply_to=notice)
    for line in LINES:
        await group.hears(person, line.format(reference=reference))
    assert (await stored(world, TABLES, SEEN) != before) == may
    told = sum("Hei fra verten" in message.text for message in mover.from_bot())
    assert told == (2 if may else 0)
    if kind in ("former host", "mover", "stranger"):
        assert len(person.from_bot()) == said, "who is no host is not answered"


async def test_nobody_hides_behind_an_anonymous_administrator(world: World) -> None:
    """Telegram gives all of them one id, which is no host's."""
    hanna, mover = await world.host("tynset", "Hanna Prøve"), world.mover("Mona Prøve")
    chat_id = world.telegram.group("Verter", hanna.user)
    world.telegram.add_bot(chat_id, hanna.user)
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    before = await stored(world, TABLES, SEEN)
    chat = {"id": chat_id, "type": "supergroup", "title": "Verter"}
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    said = {"message_id": 77, "date": 1, "chat": chat, "from": anonymous, "sender_chat": chat}
    for text in (f"/ta {mover.reference}", "/gruppe av", f"/svar {mover.reference} Hei"):
        world.telegram.inject({"message": said | {"text": text}})
        await world.settle()
    assert await stored(world, TABLES, SEEN) == before
