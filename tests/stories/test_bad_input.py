"""Whatever is sent, there is a kind reply or a reasoned silence, and nothing is lost."""

from __future__ import annotations

import pytest

from bot.telegram.receiving import Poller
from tests.world import World

TEXTS = {
    "one space and a dot": " . ",
    "4,096 characters": "husleie " * 512,
    "4,096 without a space": "å" * 4096,
    "emoji only": "🏔️🏠👨‍👩‍👧",
    "right-to-left marks": "\u202eEr det noe å leie på Tynset?\u202c",
    "zalgo": "h̷̛̰e̴͙͝i̸͇͐ ̵̻̈p̸̗̏å̶̖ ̸̫̀d̷̰̆e̶̙͗g̵̤͂",
    "HTML": "<b>hei</b> <script>alert(1)</script> &amp; &lt;",
    "Markdown": "*hei* _der_ [lenke](https://example.org) `kode`",
    "callback data": "1:hy:AAAA.1",
    "a slash": "/",
    "an unknown command": "/gjørnoerart nå",
    "digits": "12345678901",
    "mixed scripts": "привет Tynset 你好 مرحبا",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_any_text_gets_one_kind_reply(world: World, text: str) -> None:
    mover = world.mover()
    await mover.says(text)
    assert mover.replies, "no silence in a private chat"
    assert all(0 < len(reply.text) <= 4096 for reply in mover.replies)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_any_text_reaches_the_host_as_text(world: World, text: str) -> None:
    host = await world.host("tynset")
    mover = world.mover("<i>Mona</i> & co")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.presses("Ta saken")
    await host.says("Hei", reply_to=host.last)
    await mover.says(text)
    if text.startswith("/gj"):
        assert "kommandoen" in mover.text, "a mistyped command is not for the host"
        return
    told = host.from_bot()[-2:]  # a long text comes in parts
    assert all("<i>Mona</i> & co" in message.text for message in told)
    words = "".join("".join(message.text.partition("\n")[2].split()) for message in told)
    assert words.endswith("".join(text.split()))


@pytest.mark.parametrize(
    "data", ["", "1", "1:", "1::", "2:h:", "1:hy:", "1:hp:x.y", "1:e:no/entry", "1:mt:oslo@", "æøå", "1:ho:a.99999"]
)
async def test_forged_buttons_are_met_kindly(world: World, data: str) -> None:
    mover = world.mover()
    await mover.starts()
    await mover.presses_data(mover.last, data or " ", forged=True)
    assert mover.replies
    assert await world.leads() == []


async def test_a_yes_pressed_twice_makes_one_lead(world: World) -> None:
    await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    yes = mover.last
    data = yes.button("Ja, send").callback_data or ""
    for _ in range(2):
        world.telegram.press(mover.user, yes.id, data, forged=True)
    await world.settle()
    assert len(await world.leads()) == 1


async def test_a_button_of_somebody_elses_form_sends_nothing(world: World) -> None:
    await world.host("tynset")
    mover, stranger = world.mover(), world.mover("Siri Prøve")
    await mover.says("/vert tynset")
    data = mover.last.button("Ja, send").callback_data or ""
    await stranger.starts()
    await stranger.presses_data(stranger.last, data, forged=True)
    assert "gjelder ikke lenger" in stranger.text or "ikke gjelder lenger" in stranger.text
    assert await world.leads() == []


async def test_a_draft_lives_three_days(world: World) -> None:
    await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    world.clock.move(hours=73)
    await mover.presses("Ja, send")
    assert "ikke gjelder lenger" in mover.text
    assert await world.leads() == []


@pytest.mark.parametrize("parameter", ["m_oslo", "m_", "h_", "c_x", "-_-", "x" * 64])
async def test_rubbish_in_a_start_link_still_welcomes(world: World, parameter: str) -> None:
    mover = world.mover()
    await mover.starts(parameter)
    assert mover.replies


async def test_the_same_update_twice_is_answered_once(world: World) -> None:
    mover = world.mover()
    await mover.starts()
    before = len(mover.from_bot())
    world.telegram.say(mover.user, "Er det noe å leie på Tynset?")
    service = world.service
    await service.poller.poll_once()
    # Killed before it could confirm, the program asks again without an offset and gets the same update.
    restarted = Poller(service.bot, service.bot_id, world.house.database, world.clock, service.worker.wake, 0)
    assert await restarted.poll_once() == 0
    await world.settle()
    assert len(mover.from_bot()) == before + 1


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 5, "message": {"text": 5}},
        {"update_id": 6, "message": {"chat": {"id": "x"}, "date": "never"}},
        {"update_id": 7, "callback_query": {"id": 1}},
        {"update_id": 8, "something_new": {"a": [1, 2]}},
        {"update_id": 9},
        {"update_id": 10, "message": None},
        {"update_id": 11, "message": {"chat": {"id": 2**70, "type": "private"}, "date": 1, "message_id": 1}},
    ],
)
async def test_an_update_that_is_none_does_not_hold_up_the_next(world: World, update: dict[str, object]) -> None:
    mover = world.mover()
    world.telegram.inject(update)
    await mover.says("Er det noe å leie på Tynset?")
    mover.sees_entry("housing/rent-home")


async def test_a_private_word_in_a_group_gets_silence(world: World) -> None:
    mover = world.mover()
    group = world.telegram.group("Venner", mover.user)
    world.telegram.add_bot(group, by=mover.user)
    world.telegram.say(mover.user, "Er det noe å leie på Tynset?", chat_id=group)
    await world.settle()
    assert not [m for m in world.telegram.messages(group) if m.from_bot]
