"""The queue of updates: confirming, waiting, forgetting, and what stays after a restart."""

import asyncio
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.telegram.pretend import PretendRequest, PretendTelegram
from tests.telegram.pretend.conftest import Clock


async def raw_updates(bot: Bot, **given: int) -> list[int]:
    # PTB warns when its own method is called by this name; Telegram does not mind the case.
    found = await bot.do_api_request("getupdates", api_kwargs=given)
    assert isinstance(found, list)
    return [update["update_id"] for update in found]


async def test_an_offset_confirms_what_lies_before(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    for number in range(5):
        telegram.say(kari, str(number))
    first, *rest = await raw_updates(bot)
    assert await raw_updates(bot) == [first, *rest]
    assert await raw_updates(bot, offset=first + 1, limit=2) == rest[:2]
    assert await raw_updates(bot, offset=-1) == rest[-1:]
    assert await raw_updates(bot) == rest[-1:]
    assert await raw_updates(bot, offset=rest[-1] + 1) == []
    assert telegram.pending() == []


async def test_long_polling_waits_for_the_first(telegram: PretendTelegram, any_bot: Bot) -> None:
    waiting = asyncio.create_task(raw_updates(any_bot, timeout=5))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    telegram.say(telegram.user("Kari"), "Hei")
    assert len(await asyncio.wait_for(waiting, 1)) == 1


async def test_a_second_poll_ends_the_first(telegram: PretendTelegram, bot: Bot) -> None:
    older = asyncio.create_task(raw_updates(bot, timeout=5))
    await asyncio.sleep(0.05)
    assert await raw_updates(bot) == []
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older


async def test_a_webhook_shuts_polling_out(telegram: PretendTelegram, bot: Bot) -> None:
    telegram.say(telegram.user("Kari"), "Hei")
    await bot.set_webhook("https://example.org/hook", secret_token="s")
    assert telegram.webhook["secret_token"] == "s"
    info = await bot.get_webhook_info()
    assert info.url == "https://example.org/hook" and info.pending_update_count == 1
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await raw_updates(bot)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await raw_updates(bot) == []


async def test_updates_are_kept_a_day_and_presses_150_seconds(
    telegram: PretendTelegram, bot: Bot, clock: Clock
) -> None:
    kari = telegram.user("Kari")
    message = telegram.say(kari, "Hei")
    telegram.press(kari, message.id, "x", forged=True)
    assert len(telegram.pending()) == 2
    clock.move(seconds=151)
    assert len(telegram.pending()) == 1
    clock.move(hours=24)
    assert await raw_updates(bot) == []


async def test_injected_updates_come_as_they_are(telegram: PretendTelegram, bot: Bot) -> None:
    first = telegram.inject({"message": {"text": "no chat at all", "junk": "\ud800\x00"}})
    telegram.inject({"update_id": first + 1000, "unheard_of": {}})
    found = await bot.do_api_request("getupdates")
    assert isinstance(found, list)
    assert found[0]["message"]["junk"] == "\ud800\x00"
    assert [update["update_id"] for update in found] == [first, first + 1000]
    telegram.say(telegram.user("Kari"), "Hei")
    assert telegram.pending()[-1]["update_id"] == first + 1001
    telegram.jump_updates(17)
    telegram.say(telegram.user("Ola"), "Hei")
    assert telegram.pending()[0]["update_id"] == 17


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "telegram.db"
    before = PretendTelegram(path)
    kari = before.user("Kari", "nn")
    before.persona("kari", "mover", "Vil flytte", kari)
    before.say(kari, "Hei")
    revision = before.revision
    before.close()
    after = PretendTelegram(path)
    assert [message.text for message in after.messages(kari)] == ["Hei"]
    assert [persona.user.name for persona in after.personas()] == ["Kari"]
    assert after.revision == revision
    assert after.user("Ola").id > kari.id
    async with Bot(after.token, request=PretendRequest(after)) as bot:
        (waiting,) = await raw_updates(bot)
        assert (await bot.send_message(kari.id, "Hei selv")).message_id == 2
    after.say(kari, "Er du der?")
    assert after.pending()[-1]["update_id"] == waiting + 1
    after.close()


async def test_waiting_for_changes(telegram: PretendTelegram) -> None:
    before = telegram.revision
    assert await telegram.changed(before, 0.01) == before
    waiting = asyncio.create_task(telegram.changed(before, 5))
    await asyncio.sleep(0)
    telegram.user("Kari")
    assert await asyncio.wait_for(waiting, 1) > before
