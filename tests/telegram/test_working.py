"""Arrivals on their way to an answer: what cannot be handled is put aside, and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from bot.matching.verdict import Context, Matcher, Verdict
from bot.storage.tables import ArrivalRow, QuestionRow
from bot.telegram import working
from bot.telegram.pretend import Fault, Plan
from tests.world import Person, World

QUESTION = "Er det noe å leie på Tynset?"
POISON = "dette velter alt"


class Toppling:
    """The real matcher, except for one line that it cannot take: a mistake of ours that nobody has found yet."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def understand(self, text: str, context: Context = Context(), why: bool = False) -> Verdict:
        if POISON in text:
            raise ZeroDivisionError(text)
        return self._matcher.understand(text, context, why)


@pytest.fixture
def toppling(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The mind is shared by all tests, so it is put back."""
    monkeypatch.setattr(working, "RETRY_SECONDS", 0.0)
    matcher = world.house.mind.matcher
    world.house.mind.matcher = Toppling(matcher)
    yield
    world.house.mind.matcher = matcher


async def _arrivals(world: World) -> list[ArrivalRow]:
    async with world.house.database.reading() as session:
        return list((await session.exec(select(ArrivalRow).order_by(col(ArrivalRow.id)))).all())


def _update(mover: Person, update_id: int, **content: Any) -> dict[str, Any]:
    person = {"id": mover.user.id, "is_bot": False, "first_name": mover.user.name}
    chat = {"id": mover.user.id, "type": "private"}
    message = {"message_id": update_id, "date": 1_790_000_000, "chat": chat, "from": person}
    return {"update_id": update_id, "message": message | content}


@pytest.mark.usefixtures("toppling")
async def test_what_fails_three_times_is_parked_and_the_next_goes_on(world: World) -> None:
    mover = world.mover()
    world.telegram.say(mover.user, POISON)
    await world.settle()
    await mover.says(QUESTION)
    mover.sees_entry("housing/rent-home")
    parked, answered = await _arrivals(world)
    assert (parked.state, parked.trouble) == ("parked", "ZeroDivisionError")
    assert parked.body is not None and POISON in json.loads(parked.body)["message"]["text"]
    assert (answered.state, answered.body) == ("done", None)


@pytest.mark.usefixtures("toppling")
async def test_what_came_together_with_it_is_answered_all_the_same(world: World) -> None:
    mover = world.mover()
    mover._begin()
    for text in (QUESTION, POISON, "Hva koster barnehage?"):
        world.telegram.say(mover.user, text)
    await world.settle()
    assert [row.state for row in await _arrivals(world)] == ["done", "parked", "done"]
    mover.sees_entry("housing/rent-home")


@pytest.mark.usefixtures("toppling")
async def test_who_wrote_it_is_told_that_something_went_wrong(world: World) -> None:
    mover = world.mover()
    await mover.says(POISON)
    assert len(mover.replies) == 1
    assert "gikk galt" in mover.text


@pytest.mark.usefixtures("toppling")
async def test_another_chat_does_not_notice(world: World) -> None:
    mover, other = world.mover(), world.mover("Arne Prøve")
    world.telegram.say(mover.user, POISON)
    await other.says(QUESTION)
    other.sees_entry("housing/rent-home")


async def test_a_passing_trouble_is_tried_again_and_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "RETRY_SECONDS", 0.0)
    mover = world.mover()
    await mover.starts()
    async with world.house.database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE question RENAME TO question_away")
    world.telegram.say(mover.user, QUESTION)
    await world.service.poller.poll_once()
    batch = await world.service.worker._batch(mover.user.id)
    group = [item for arrival in batch if (item := await world.service.worker._parse(arrival))]
    with pytest.raises(Exception, match="question"):
        await world.service.worker._handle(group)
    assert (await _arrivals(world))[-1].state == "waiting", "nothing of the turn was stored"
    async with world.house.database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE question_away RENAME TO question")
    mover._begin()
    await world.settle()
    assert len(mover.replies) == 1
    mover.sees_entry("housing/rent-home")


@pytest.mark.parametrize("id", ["\ud83c\t", "5", 5.0, True, None, 2**70], ids=repr)
async def test_a_chat_that_is_no_number_is_parked_and_the_rest_goes_on(world: World, id: object) -> None:
    mover = world.mover()
    sender = {"id": mover.user.id, "is_bot": False, "first_name": "Mona"}
    nonsense = {"date": 1, "message_id": 1, "from": sender, "chat": {"id": id, "type": "private"}, "text": "Hei"}
    world.telegram.inject({"message": nonsense})
    await mover.says("Er det noe å leie på Tynset?")
    mover.sees_entry("housing/rent-home")
    assert (await _arrivals(world))[0].state == "parked"


@pytest.mark.parametrize("wrong", [{"language_code": 5.5}, {"language_code": ["nb"]}, {"first_name": 3}], ids=repr)
async def test_a_sender_of_the_wrong_kind_is_parked_and_the_rest_goes_on(
    world: World, wrong: dict[str, object]
) -> None:
    mover = world.mover()
    broken = _update(mover, 900_000_051, text="Hei")
    broken["message"]["from"] |= wrong
    world.telegram.inject(broken)
    await mover.says(QUESTION)
    mover.sees_entry("housing/rent-home")
    assert [row.state for row in await _arrivals(world)] == ["parked", "done"]


async def test_a_blocking_without_a_member_is_parked_and_the_rest_goes_on(world: World) -> None:
    mover = world.mover()
    chat = {"id": mover.user.id, "type": "private"}
    world.telegram.inject({"my_chat_member": {"chat": chat, "new_chat_member": None, "date": 1}})
    await mover.says(QUESTION)
    mover.sees_entry("housing/rent-home")
    assert [row.state for row in await _arrivals(world)] == ["parked", "done"]


async def test_where_even_the_apology_fails_it_is_parked_without_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.service.worker._assistant, "handle", fails)
    monkeypatch.setattr(world.service.worker._assistant, "apologise", fails)
    mover = world.mover()
    await mover.says(QUESTION)
    assert [(row.state, row.trouble) for row in await _arrivals(world)] == [("parked", "ZeroDivisionError")]


async def test_what_cannot_be_parsed_is_parked_with_its_body(world: World) -> None:
    mover = world.mover()
    broken = _update(mover, 900_000_050, text=5, date="never")
    world.telegram.inject(broken)
    await mover.says(QUESTION)
    mover.sees_entry("housing/rent-home")
    parked, _ = await _arrivals(world)
    assert parked.state == "parked" and (parked.trouble or "").startswith("unparsable")
    assert parked.body is not None and json.loads(parked.body) == broken


async def test_an_update_of_unknown_kind_is_done_in_silence(world: World) -> None:
    mover = world.mover()
    world.telegram.inject({"update_id": 900_000_060, "sent_from_the_future": {"chat": {"id": mover.user.id}}})
    await world.settle()
    assert [row.state for row in await _arrivals(world)] == ["done"]
    assert mover.from_bot() == []


async def test_the_same_update_twice_gets_one_reply(world: World) -> None:
    mover = world.mover()
    await mover.starts()
    before = len(mover.from_bot())
    for _ in range(2):
        world.telegram.inject(_update(mover, 900_000_070, text=QUESTION))
        await world.settle()
    assert len(mover.from_bot()) == before + 1
    assert world.telegram.pending() == []


async def test_an_offset_that_was_lost_makes_no_second_answer(world: World) -> None:
    """The program was killed after storing and before confirming: Telegram tells everything again."""
    mover = world.mover()
    world.telegram.say(mover.user, QUESTION)
    await world.service.poller.poll_once()
    await world.service.worker.handle_waiting()
    world.service.poller._offset = None
    await world.settle()
    assert len(mover.from_bot()) == 1


@pytest.mark.parametrize("fault", [Fault.timeout(), Fault.refused(), Fault.answer(502, b"<html>")])
async def test_a_poll_that_fails_loses_nothing(world: World, fault: Fault) -> None:
    mover = world.mover()
    world.telegram.say(mover.user, QUESTION)
    plan = Plan()
    plan.add("getUpdates", fault)
    world.telegram.fault = plan
    with pytest.raises(Exception, match=r".+"):
        await world.service.poller.poll_once()
    assert await _arrivals(world) == []
    await world.settle()
    assert len(mover.from_bot()) == 1


async def test_an_update_is_stored_before_it_is_confirmed(world: World) -> None:
    mover = world.mover()
    world.telegram.say(mover.user, QUESTION)
    await world.service.poller.poll_once()
    assert [row.state for row in await _arrivals(world)] == ["waiting"]
    assert len(world.telegram.pending()) == 1, "Telegram still has it"
    await world.service.poller.poll_once()
    assert world.telegram.pending() == []


@pytest.mark.parametrize(
    "text", ["N\x00UL på Tynset", "alene \ud83c på Tynset", "\ud83c", "\x00", "\u202eTynset\u202c"]
)
async def test_what_no_app_would_send_is_answered(world: World, text: str) -> None:
    mover = world.mover()
    await mover.starts()
    mover._begin()
    world.telegram.inject(_update(mover, 900_000_080, text=text))
    await world.settle()
    assert (await _arrivals(world))[-1].state == "done"
    assert mover.replies
    async with world.house.database.reading() as session:
        for row in (await session.exec(select(QuestionRow))).all():
            assert "\x00" not in row.text and row.text.encode()


FREE_TEXTS = [
    '<a href="tg://user?id=1">her</a> & <script>alert(1)</script>',
    "*fet* _skrå_ `kode` [lenke](https://example.org)",
    "&lt;b&gt; &amp;amp; </b></i> <b>",
    "N\x00UL og \ud83c og \u202emotsatt\u202c",
    "{reference} {0} %s {mover.__class__}",
]


@pytest.mark.parametrize("free", FREE_TEXTS, ids=["HTML", "Markdown", "entities", "dirt", "placeholders"])
async def test_every_free_text_is_shown_to_the_host_as_text(world: World, free: str) -> None:
    """Name, earlier question and message, and back again the host's name and answer."""
    shown = free.replace("\x00", "").replace("\ud83c", "")
    host = await world.host("tynset", "<b>Hilde</b> & {co}")
    mover = world.mover("Mona")
    await mover.starts()
    question = f"Er det noe å leie på Tynset? {free}"
    person = {"id": mover.user.id, "is_bot": False, "first_name": free}
    world.telegram.inject(_update(mover, 900_000_090, text=question, **{"from": person}))
    await world.settle()
    await mover.says("/vert tynset")
    world.telegram.user("<i>Mona</i>", id=mover.user.id)
    await mover.says("ja")
    await host.presses("Ta saken")
    assert "<i>Mona</i>" in host.text
    assert "<b>Hilde</b> & {co}" in mover.last.text
    await host.says(free.encode("utf-8", "ignore").decode().replace("\x00", "") or "x", reply_to=host.last)
    assert shown in mover.last.text
    mover._begin()
    world.telegram.inject(_update(mover, 900_000_095, text=free))
    await world.settle()
    assert shown in host.last.text


async def test_a_whole_message_of_4096_characters_reaches_the_host(world: World) -> None:
    host = await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.presses("Ta saken")
    await host.says("Hei", reply_to=host.last)
    await mover.says("å" * 4090 + "slutt!")
    assert "slutt!" in host.from_bot()[-1].text + host.from_bot()[-2].text
    assert all(len(message.text) <= 4096 for message in host.from_bot())


async def test_a_whole_answer_of_4096_characters_reaches_the_mover(world: World) -> None:
    host = await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.presses("Ta saken")
    await host.says("ø" * 4090 + "slutt!", reply_to=host.last)
    told = "".join(message.text for message in mover.from_bot()[-2:])
    assert "slutt!" in told or "lang" in host.text, "either it arrives or the host is told that it does not"


async def test_a_group_gets_silence_whatever_is_said_there(world: World) -> None:
    mover = world.mover()
    group = world.telegram.group("Venner", mover.user)
    world.telegram.add_bot(group, by=mover.user)
    world.telegram.say(mover.user, QUESTION, chat_id=group)
    world.telegram.say(mover.user, "/start", chat_id=group)
    world.telegram.send_kind(mover.user, "photo", chat_id=group)
    await world.settle()
    assert [message for message in world.telegram.messages(group) if message.from_bot] == []
    assert {row.state for row in await _arrivals(world)} == {"done"}


async def test_an_album_gets_one_reply(world: World) -> None:
    mover = world.mover()
    mover._begin()
    for _ in range(5):
        world.telegram.send_kind(mover.user, "photo")
    await world.settle()
    assert len(mover.replies) == 1


async def test_messages_are_answered_in_the_order_they_came(world: World) -> None:
    mover = world.mover()
    for text in ("/tema", "/kommune", "/mine"):
        world.telegram.say(mover.user, text)
    await world.settle()
    first, second, third = mover.from_bot()
    assert "Hva vil du lese om" in first.text
    assert "Hvilken kommune" in second.text
    assert "ingen henvendelser" in third.text


async def test_a_press_is_answered_so_that_its_clock_stops(world: World) -> None:
    mover = world.mover()
    await mover.starts()
    pressed = world.telegram.press(mover.user, mover.last.id, mover.last.button("Temaer").callback_data or "")
    late = world.telegram.press(mover.user, mover.last.id, "1:no-such-verb:", forged=True)
    await world.settle()
    assert world.telegram.press_answer(pressed) is not None
    answer = world.telegram.press_answer(late)
    assert answer is not None and answer["text"], "an unknown button says so"


async def test_a_press_too_old_to_be_answered_still_does_its_work(world: World) -> None:
    mover = world.mover()
    await mover.starts()
    plan = Plan()
    plan.add("answerCallbackQuery", Fault.error(400, "Bad Request: query is too old"))
    world.telegram.fault = plan
    await mover.presses("Temaer")
    assert "Hva vil du lese om" in mover.text
