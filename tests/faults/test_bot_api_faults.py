"""Whatever breaks between Telegram and us, at whichever call: said, or put aside with an alarm, at most twice.

`make test` has each way to break once at each kind of call; FAULTS=full has twenty seeds, in which a call breaks
several times in a row and in several ways.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from telegram.error import InvalidToken

from bot import running
from bot.dialogue.model import Reply
from bot.storage import deliveries
from bot.storage.turns import reply_body
from bot.telegram.pretend import User
from bot.telegram.pretend.params import Upload
from bot.telegram.watching import LOOK_SECONDS, WebhookWatcher
from tests.faults.serving import Serving, serving
from tests.faults.virtual_time import in_virtual_time
from tests.faults.wire import BREAKS, RETRY_AFTER, Break, each_once, migration, the_next

FULL = os.environ.get("FAULTS") == "full"
PICTURE = "PretendFile00000001"
SEEDS = range(20) if FULL else range(1)


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


class Crowd:
    """For each way to break one person, who meets it; and one who meets none."""

    def __init__(self, serving: Serving, chance: random.Random, times: int, kind: str) -> None:
        self.serving, self.times, self.kind = serving, times, kind
        telegram = serving.world.telegram
        self.lucky = self._started("Arne Prøve")
        self.new_home = self._started("Nytt Hjem")
        # A person's chat does not move, but nothing here knows a person's chat from a group.
        breaks = [*BREAKS, migration(self.new_home.id)]
        chance.shuffle(breaks)
        self.meets = {self._started(f"Mona {broken}").id: broken for broken in breaks}
        telegram.calls.clear()

    def _started(self, name: str) -> User:
        user = self.serving.world.telegram.user(name)
        self.serving.world.telegram.start(user)
        return user

    def breaks(self, method: str) -> None:
        self.serving.wire.cut = each_once(method, self.meets, self.times)

    async def is_sent(self, reply: Reply, changes: bool = False) -> None:
        """The same to all, perhaps in place of what each was sent last."""
        world = self.serving.world
        async with world.house.database.transaction() as session:
            for chat_id in (*self.meets, self.lucky.id):
                last = self.serving.world.telegram.messages(chat_id)[-1].id
                body = reply_body(replace(reply, edits=last if changes else None))
                await deliveries.add(session, self.kind, chat_id, body, world.clock())
        world.service.sender.wake()

    def said_to(self, chat_id: int) -> list[str]:
        return [message.text for message in self.serving.world.telegram.messages(chat_id) if message.from_bot]


@pytest.fixture
def alarms(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


def _copies(broken: Break, times: int) -> int:
    """How many may be seen: what may have gone out twice is not sent a third time."""
    return {"once": 1, "twice": min(1 + times, 2), "ended": 0, "moved": 0}[broken.outcome]


async def _check(crowd: Crowd, said: str, alarms: pytest.LogCaptureFixture) -> None:
    rows = {row.chat_id: row for row in await crowd.serving.deliveries()}
    for chat_id, broken in crowd.meets.items():
        copies = sum(said in text for text in crowd.said_to(chat_id))
        row = rows.get(chat_id)
        told = f"{broken}: {copies} copies, {row.state if row else 'moved'} ({row.trouble if row else ''})"
        if broken.outcome == "ended":
            # A reply to somebody who is gone ends; what concerns a lead is put aside for somebody to look at.
            ends = "stopped" if crowd.kind == "reply" else "parked"
            assert copies == 0 and row and row.state == ends and row.trouble == "Forbidden", told
            assert f"delivery {row.id}: unreachable" in alarms.text, told
            assert crowd.kind == "reply" or "are parked" in alarms.text, told
        elif broken.outcome == "moved":
            assert any(said in text for text in crowd.said_to(crowd.new_home.id)), told
        elif row and row.state == "parked":
            # Perhaps it went out twice, and then it is for somebody to look at.
            assert row.copies == 2 and f"delivery {row.id} is parked" in alarms.text, told
            assert copies <= 2, told
        else:
            assert row and row.state == "sent" and 1 <= copies <= _copies(broken, crowd.times), told


def _obeyed(crowd: Crowd, method: str) -> None:
    """Who was told to wait is not tried a moment before, nor a second after."""
    chat_id = next(chat_id for chat_id, broken in crowd.meets.items() if broken.name == "429")
    times = [c.at for c in crowd.serving.wire.calls if (c.method, c.chat_id) == (method.lower(), chat_id)]
    waits = [later - earlier for earlier, later in itertools.pairwise(times[-crowd.times - 1 :])]
    assert len(waits) == crowd.times and all(RETRY_AFTER <= wait < RETRY_AFTER + 1 for wait in waits), waits


async def _meet(
    folder: Path,
    chance: random.Random,
    method: str,
    reply: Reply,
    alarms: pytest.LogCaptureFixture,
    old: str = "",
    kind: str = "reply",
) -> None:
    """All of a crowd are sent the same by this method; with `old`, by changing what was sent before."""
    async with serving(folder) as program:
        crowd = Crowd(program, chance, chance.randint(1, 3) if FULL else 1, kind)
        await program.rests()
        assert program.world.telegram.keep_file(Upload("hilde.jpg", "image/jpeg", b"JPEG")) == PICTURE
        if old:
            await crowd.is_sent(Reply(old))
            await program.rests()
        crowd.breaks(method)
        await crowd.is_sent(reply, changes=bool(old))
        await program.rests(24 * 3600)
        await _check(crowd, reply.html, alarms)
        _obeyed(crowd, method)
        assert any(reply.html in text for text in crowd.said_to(crowd.lucky.id))
        assert program.lives


def test_a_message(tmp_path: Path, chance: random.Random, alarms: pytest.LogCaptureFixture) -> None:
    in_virtual_time(_meet(tmp_path, chance, "sendMessage", Reply("Hei fra Tynset"), alarms))


def test_a_file(tmp_path: Path, chance: random.Random, alarms: pytest.LogCaptureFixture) -> None:
    reply = Reply("Alt du har sagt", document=("flytt-hit.txt", "Er det noe å leie?"))
    in_virtual_time(_meet(tmp_path, chance, "sendDocument", reply, alarms))


def test_a_picture(tmp_path: Path, chance: random.Random, alarms: pytest.LogCaptureFixture) -> None:
    reply = Reply("Hilde, verten i Tynset", photo=PICTURE)
    in_virtual_time(_meet(tmp_path, chance, "sendPhoto", reply, alarms))


def test_a_changed_message(tmp_path: Path, chance: random.Random, alarms: pytest.LogCaptureFixture) -> None:
    reply = Reply("Dette er valgt")
    in_virtual_time(_meet(tmp_path, chance, "editMessageText", reply, alarms, old="Velg en kommune"))


def test_a_notice(tmp_path: Path, chance: random.Random, alarms: pytest.LogCaptureFixture) -> None:
    in_virtual_time(_meet(tmp_path, chance, "sendMessage", Reply("Ny henvendelse TYN-7F3K"), alarms, kind="notice"))


async def _presses(folder: Path, chance: random.Random) -> None:
    """The little clock may go on; what was pressed is done all the same."""
    async with serving(folder) as program:
        world = program.world
        for broken in chance.sample(BREAKS, len(BREAKS)):
            mover = world.mover(f"Mona {broken}")
            world.telegram.say(mover.user, "/kommune")
            await program.rests()
            program.wire.cut = the_next("answerCallbackQuery", broken, chance.randint(1, 3) if FULL else 1)
            button = mover.last.button("Tynset")
            world.telegram.press(mover.user, mover.last.id, button.callback_data or "")
            before = world.telegram.revision
            await program.rests()
            assert world.telegram.messages_after(before) and program.lives, str(broken)


def test_the_answer_to_a_press(tmp_path: Path, chance: random.Random) -> None:
    in_virtual_time(_presses(tmp_path, chance))


async def _updates(folder: Path, chance: random.Random, method: str) -> None:
    """Whatever Telegram says when it is asked for updates, all are answered, and once."""
    async with serving(folder) as program:
        world = program.world
        for broken in chance.sample(BREAKS, len(BREAKS)):
            mover = world.mover(f"Mona {broken}")
            program.wire.calls.clear()
            program.wire.cut = the_next(method, broken, chance.randint(1, 3) if FULL else 1)
            if method == "deleteWebhook":
                await program.stop()
                program.start()
            world.telegram.say(mover.user, "/tema")
            while broken.name in ("401", "404"):
                # Nobody but the operator can mend that: it says so and ends, and is started again.
                await asyncio.sleep(120)
                if program.lives:
                    break
                await program.ends_over(InvalidToken)
            await program.rests(600)
            assert len(mover.from_bot()) == 1 and program.lives, str(broken)
            if broken.name == "429":
                asked = [call.at for call in program.wire.calls if call.method == method.lower()]
                waits = [later - earlier for earlier, later in itertools.pairwise(asked)]
                assert any(RETRY_AFTER <= wait < RETRY_AFTER + 1 for wait in waits), waits


@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"])
def test_receiving(tmp_path: Path, chance: random.Random, method: str) -> None:
    in_virtual_time(_updates(tmp_path, chance, method))


async def _begins(folder: Path, chance: random.Random, method: str) -> None:
    """The menu and the bot's name come when Telegram answers at last."""
    async with serving(folder) as program:
        telegram, service = program.world.telegram, program.world.service
        for broken in chance.sample(BREAKS, len(BREAKS)):
            service.house.assistant.bot_name = None
            program.wire.cut = the_next(method, broken, chance.randint(1, 3) if FULL else 1)
            await running.prepare_bot(service)
            assert service.house.assistant.bot_name == telegram.bot_username, str(broken)
        assert telegram.commands(telegram.user("Mona Prøve"))


@pytest.mark.parametrize("method", ["getMe", "setMyCommands"])
def test_beginning(tmp_path: Path, chance: random.Random, method: str) -> None:
    in_virtual_time(_begins(tmp_path, chance, method))


async def _webhook(folder: Path, chance: random.Random, method: str) -> None:
    """It is set when Telegram answers at last, and looked at again and again whatever it answers."""
    url = "https://bot.example/telegram/webhook"
    async with serving(folder) as program:
        await program.stop()
        telegram = program.world.telegram
        for broken in chance.sample(BREAKS, len(BREAKS)):
            await program.world.service.bot.delete_webhook()
            program.wire.cut = the_next(method, broken, chance.randint(1, 3) if FULL else 1)
            watching = asyncio.create_task(WebhookWatcher(program.world.service.bot, url, "hemmelig").run())
            await program.until(lambda: telegram.webhook.get("url") == url)
            await asyncio.sleep(5 * LOOK_SECONDS)
            assert not watching.done(), str(broken)
            assert sum(call.method == method.lower() for call in program.wire.calls) >= 2
            program.wire.calls.clear()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


@pytest.mark.parametrize("method", ["setWebhook", "getWebhookInfo"])
def test_the_webhook(tmp_path: Path, chance: random.Random, method: str) -> None:
    in_virtual_time(_webhook(tmp_path, chance, method))
