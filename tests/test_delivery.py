"""Whatever Telegram does to a message: in order, marked after sending, two copies at most, nobody else held up."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from telegram import Bot

from bot.delivery import SCHEDULE, Sender
from bot.dialogue.model import Button, Reply
from bot.storage import arrivals, deliveries
from bot.storage.arrivals import Incoming
from bot.storage.engine import Database
from bot.storage.migrating import migrate
from bot.storage.tables import DeliveryRow
from bot.storage.turns import reply_body
from bot.telegram.channel import TelegramChannel
from bot.telegram.pretend import Fault, Plan, PretendRequest, PretendTelegram, User
from bot.telegram.pretend.faults import FaultHook
from tests.world import Clock

SEND = "sendMessage"
_NO_MARKING = text(
    "CREATE TRIGGER full BEFORE UPDATE OF state ON delivery WHEN NEW.state = 'sent'"
    " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
)


class Post:
    """A sender, its store and its Telegram; two people who have started the bot."""

    def __init__(self, database: Database, telegram: PretendTelegram, clock: Clock) -> None:
        self.database, self.telegram, self.clock = database, telegram, clock
        request = PretendRequest(telegram)
        self.bot = Bot(telegram.token, request=request, get_updates_request=request)
        self.sender = Sender(database, {"telegram": TelegramChannel(self.bot)}, clock)
        self.mona, self.arne = self._started("Mona Prøve"), self._started("Arne Prøve")

    def _started(self, name: str) -> User:
        user = self.telegram.user(name)
        self.telegram.start(user)
        return user

    async def writes(self, user: User, *texts: str, edits: int | None = None, button: str = "") -> None:
        rows = ((Button(button, "1:T:"),),) if button else ()
        async with self.database.transaction() as session:
            for html in texts:
                await deliveries.add(session, "reply", user.id, reply_body(Reply(html, rows, edits)), self.clock())

    async def hears(self, user: User) -> None:
        async with self.database.transaction() as session:
            await arrivals.keep(session, 7, [Incoming(1, user.id, b"{}")], self.clock())

    async def sends(self) -> None:
        await self.sender.send_due()

    async def dies_while_sending(self) -> None:
        calls = len(self.telegram.calls)
        dying = asyncio.create_task(self.sends())
        for _ in range(20):
            await asyncio.sleep(0.02)
            if len(self.telegram.calls) > calls:
                break
        await asyncio.sleep(0.05)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)

    async def starts_again(self) -> None:
        self.sender = Sender(self.database, {"telegram": TelegramChannel(self.bot)}, self.clock)
        async with self.database.transaction() as session:
            await deliveries.recover(session, self.clock())
        self.clock.move(hours=12)

    def meets(self, fault: Fault, times: int = 1, method: str = SEND) -> None:
        plan = Plan()
        plan.add(method, fault, times)
        self.telegram.fault = plan

    def goes_wrong_for(self, user: User, fault: Fault, times: int = 1) -> None:
        self.telegram.fault = _only_for(user, fault, times)

    def seen_by(self, user: User) -> list[str]:
        return [message.text for message in self.telegram.messages(user) if message.from_bot]

    async def cannot_mark(self) -> None:
        """From now on the store does not take that something was sent, as a full disk would not."""
        async with self.database.engine.begin() as connection:
            await connection.execute(_NO_MARKING)

    async def rows(self) -> list[DeliveryRow]:
        async with self.database.reading() as session:
            return list((await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))).all())

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]

    async def due_at(self) -> datetime:
        """When the first message may go."""
        return (await self.rows())[0].due_at


def _only_for(user: User, fault: Fault, times: int) -> FaultHook:
    left = [fault] * times

    def hook(method: str, params: Mapping[str, object]) -> Fault | None:
        return left.pop() if left and str(params.get("chat_id")) == str(user.id) else None

    return hook


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    clock = Clock()
    database = Database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    telegram = PretendTelegram(now=clock)
    await migrate(database)
    yield Post(database, telegram, clock)
    await database.close()
    telegram.close()


async def test_each_chat_gets_its_messages_in_the_order_they_were_stored(post: Post) -> None:
    for number in range(5):
        await post.writes(post.mona, f"til Mona {number}")
        await post.writes(post.arne, f"til Arne {number}")
    await post.sends()
    assert post.seen_by(post.mona) == [f"til Mona {number}" for number in range(5)]
    assert post.seen_by(post.arne) == [f"til Arne {number}" for number in range(5)]


async def test_what_was_sent_is_marked_with_its_message_id_and_loses_its_words(post: Post) -> None:
    await post.writes(post.mona, "Hei")
    await post.sends()
    (row,) = await post.rows()
    (message,) = [message for message in post.telegram.messages(post.mona) if message.from_bot]
    assert (row.state, row.message_id, row.body, row.sent_at) == ("sent", message.id, None, post.clock())


async def test_it_is_marked_after_it_was_sent_not_before(post: Post) -> None:
    states: list[str] = []
    await post.writes(post.mona, "Hei")

    def look(method: str, params: Mapping[str, object]) -> Fault | None:
        with closing(sqlite3.connect(post.database.url.database or "")) as other:
            states.append(other.execute("SELECT state FROM delivery").fetchone()[0])
        return None

    post.telegram.fault = look
    await post.sends()
    assert states and "sent" not in states
    assert await post.states() == ["sent"]


async def test_nothing_is_sent_twice_without_need(post: Post) -> None:
    await post.writes(post.mona, "Hei")
    await post.sends()
    await post.sends()
    assert post.seen_by(post.mona) == ["Hei"]


async def test_when_nobody_listens_it_is_tried_again_and_nothing_overtakes(post: Post) -> None:
    await post.writes(post.mona, "først", "så")
    post.meets(Fault.refused())
    await post.sends()
    assert post.seen_by(post.mona) == []
    post.clock.move(seconds=2)
    await post.sends()
    assert post.seen_by(post.mona) == ["først", "så"]


async def test_a_chat_that_waits_holds_up_no_other(post: Post) -> None:
    await post.writes(post.mona, "til Mona")
    await post.writes(post.arne, "til Arne")
    post.goes_wrong_for(post.mona, Fault.refused())
    await post.sends()
    assert (post.seen_by(post.mona), post.seen_by(post.arne)) == ([], ["til Arne"])


async def test_too_many_requests_is_obeyed_to_the_second_for_that_chat_only(post: Post) -> None:
    await post.writes(post.mona, "til Mona", "mer til Mona")
    await post.writes(post.arne, "til Arne")
    post.goes_wrong_for(post.mona, Fault.too_many_requests(37))
    await post.sends()
    assert post.seen_by(post.arne) == ["til Arne"]
    post.clock.move(seconds=36, milliseconds=999)
    await post.sends()
    assert post.seen_by(post.mona) == []
    post.clock.move(milliseconds=1)
    await post.sends()
    assert post.seen_by(post.mona) == ["til Mona", "mer til Mona"]


async def test_too_many_requests_without_a_time_is_waited_out_and_sent_once(post: Post) -> None:
    await post.writes(post.mona, "Hei")
    post.meets(Fault.too_many_requests(None), times=3)
    for _ in range(4):
        await post.sends()
        post.clock.move(minutes=2)
    assert post.seen_by(post.mona) == ["Hei"]
    assert await post.states() == ["sent"]


@pytest.mark.parametrize(
    "fault",
    [Fault.timeout(), Fault.reset(after_effect=True), Fault.half_body(), Fault.invalid_json()],
    ids=["timeout", "reset", "half an answer", "an answer that is none"],
)
async def test_what_may_have_gone_out_goes_out_once_more_then_is_parked(post: Post, fault: Fault) -> None:
    await post.writes(post.mona, "Hei", "og mer")
    post.meets(fault, times=2)
    await post.sends()
    assert await post.states() == ["unknown", "waiting"]
    assert post.seen_by(post.mona) == ["Hei"]
    for _ in range(5):
        post.clock.move(hours=12)
        await post.sends()
    assert post.seen_by(post.mona) == ["Hei", "Hei", "og mer"]
    assert await post.states() == ["parked", "sent"]


async def test_what_did_not_go_out_after_all_still_arrives(post: Post) -> None:
    await post.writes(post.mona, "Hei")
    post.meets(Fault.timeout(after_effect=False))
    await post.sends()
    post.clock.move(minutes=10)
    await post.sends()
    assert post.seen_by(post.mona) == ["Hei"]
    assert await post.states() == ["sent"]


async def test_a_plain_failure_after_an_unknown_one_costs_no_copy(post: Post) -> None:
    await post.writes(post.mona, "Hei")
    plan = Plan()
    plan.add(SEND, Fault.timeout())
    plan.add(SEND, Fault.refused(), times=3)
    plan.add(SEND, Fault.timeout())
    post.telegram.fault = plan
    for _ in range(8):
        await post.sends()
        post.clock.move(hours=1)
    assert post.seen_by(post.mona) == ["Hei", "Hei"]
    assert await post.states() == ["parked"]


async def test_who_has_blocked_the_bot_gets_nothing_more_and_the_others_do(post: Post) -> None:
    await post.writes(post.mona, "en", "to", "tre")
    await post.writes(post.arne, "til Arne")
    post.telegram.block(post.mona)
    await post.sends()
    rows = await post.rows()
    assert [row.state for row in rows] == ["stopped", "stopped", "stopped", "sent"]
    assert all(row.body is None for row in rows), "their words go too"
    assert post.seen_by(post.arne) == ["til Arne"]
    tried = [call for call in post.telegram.calls if str(call.params.get("chat_id")) == str(post.mona.id)]
    assert len(tried) == 1


async def test_who_comes_back_gets_what_is_new(post: Post) -> None:
    await post.writes(post.mona, "før")
    post.telegram.block(post.mona)
    await post.sends()
    post.telegram.unblock(post.mona)
    await post.writes(post.mona, "ennå ikke hørt fra")
    await post.sends()
    assert post.seen_by(post.mona) == [], "the channel has ended"
    await post.hears(post.mona)
    await post.writes(post.mona, "etter")
    await post.sends()
    assert post.seen_by(post.mona) == ["etter"]


@pytest.mark.parametrize("description", ["chat not found", "user is deactivated"])
async def test_who_is_not_there_any_more_is_stopped(post: Post, description: str) -> None:
    await post.writes(post.mona, "en", "to")
    post.meets(Fault.error(400, f"Bad Request: {description}"))
    await post.sends()
    assert await post.states() == ["stopped", "stopped"]


async def test_a_message_that_telegram_refuses_is_parked_and_the_next_one_goes(post: Post) -> None:
    await post.writes(post.mona, "<b>ikke lukket", "men dette går")
    await post.sends()
    rows = await post.rows()
    assert [row.state for row in rows] == ["parked", "sent"]
    assert rows[0].body is not None, "somebody must be able to look at it"
    assert post.seen_by(post.mona) == ["men dette går"]


async def test_an_edit_changes_the_message_in_place(post: Post) -> None:
    await post.writes(post.mona, "Velg", button="Tynset")
    await post.sends()
    (message,) = [message for message in post.telegram.messages(post.mona) if message.from_bot]
    await post.writes(post.mona, "Velg", edits=message.id, button="✓ Tynset")
    await post.sends()
    (edited,) = [message for message in post.telegram.messages(post.mona) if message.from_bot]
    assert [button.text for button in edited.buttons] == ["✓ Tynset"]
    assert [row.message_id for row in await post.rows()] == [message.id, message.id]


async def test_what_cannot_be_edited_comes_as_a_new_message(post: Post) -> None:
    own = post.telegram.messages(post.mona)[0]
    await post.writes(post.mona, "Nytt", edits=own.id)
    await post.writes(post.mona, "Også nytt", edits=9_999)
    await post.sends()
    assert post.seen_by(post.mona) == ["Nytt", "Også nytt"]
    assert await post.states() == ["sent", "sent"]


async def test_an_edit_that_changes_nothing_counts_as_sent(post: Post) -> None:
    await post.writes(post.mona, "Velg", button="Tynset")
    await post.sends()
    (message,) = [message for message in post.telegram.messages(post.mona) if message.from_bot]
    await post.writes(post.mona, "Velg", edits=message.id, button="Tynset")
    await post.sends()
    assert post.seen_by(post.mona) == ["Velg"]
    assert await post.states() == ["sent", "sent"]


async def test_an_edit_whose_answer_was_lost_is_not_made_twice(post: Post) -> None:
    await post.writes(post.mona, "Velg")
    await post.sends()
    (message,) = [message for message in post.telegram.messages(post.mona) if message.from_bot]
    await post.writes(post.mona, "Valgt", edits=message.id)
    post.meets(Fault.timeout(), method="editMessageText")
    await post.sends()
    post.clock.move(hours=1)
    await post.sends()
    assert post.seen_by(post.mona) == ["Valgt"]
    assert await post.states() == ["sent", "sent"]


async def test_the_schedule_has_an_end_and_then_the_next_message_goes(post: Post) -> None:
    await post.writes(post.mona, "går aldri", "går")
    post.meets(Fault.refused(), times=len(SCHEDULE) + 1)
    waits = []
    for _ in SCHEDULE:
        await post.sends()
        waits.append((await post.due_at() - post.clock()).total_seconds())
        post.clock.now = await post.due_at()
    await post.sends()
    assert all(0.9 * wanted <= wait <= 1.1 * wanted for wanted, wait in zip(SCHEDULE, waits, strict=True)), waits
    assert await post.states() == ["parked", "sent"]
    assert post.seen_by(post.mona) == ["går"]


async def test_a_bad_token_parks_nothing_at_once(post: Post) -> None:
    """It is the operator's to mend; what is to be said waits."""
    await post.writes(post.mona, "Hei")
    post.meets(Fault.error(401, "Unauthorized"), times=3)
    for _ in range(4):
        await post.sends()
        post.clock.move(minutes=2)
    assert post.seen_by(post.mona) == ["Hei"]


async def test_dying_again_and_again_while_sending_makes_two_copies_at_most(post: Post) -> None:
    """A program that dies between sending and marking, and is started again each time."""
    await post.writes(post.mona, "Hei", "og mer")
    await post.cannot_mark()
    for _ in range(4):
        await post.dies_while_sending()
        await post.starts_again()
    assert post.seen_by(post.mona)[:2] == ["Hei", "Hei"]
    assert post.seen_by(post.mona).count("Hei") == 2
    assert (await post.states())[0] == "parked"


async def test_a_store_that_takes_no_mark_makes_no_flood_of_copies(post: Post) -> None:
    await post.writes(post.mona, "Hei")
    await post.cannot_mark()
    for _ in range(3):
        await post.dies_while_sending()
    assert post.seen_by(post.mona) == ["Hei"]


async def test_a_channel_that_is_not_there_holds_up_nobody_for_long(post: Post) -> None:
    async with post.database.transaction() as session:
        session.add(
            DeliveryRow(
                channel="pigeon",
                kind="notice",
                chat_id=post.mona.id,
                body={"html": "x"},
                created_at=post.clock(),
                due_at=post.clock(),
            )
        )
    await post.writes(post.mona, "Hei")
    await post.sends()
    assert await post.states() == ["parked", "sent"]


async def test_running_it_sends_when_woken_and_stops_when_told(post: Post) -> None:
    running = asyncio.create_task(post.sender.run())
    await asyncio.sleep(0.05)
    await post.writes(post.mona, "Hei")
    post.sender.wake()
    for _ in range(100):
        if post.seen_by(post.mona):
            break
        await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert post.seen_by(post.mona) == ["Hei"]
    assert await post.states() == ["sent"]
