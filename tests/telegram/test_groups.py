"""Hosts in a group: told once, taken by who presses, and not a word of the mover's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.leads.model import Preferences
from bot.leads.service import Service
from bot.storage import groups, hosts, services
from bot.telegram.pretend import Fault, Message
from tests.world import Person, World

MUTED = Fault.error(400, "Bad Request: not enough rights to send text messages")
NIGHT = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
#: Municipalities open at eight in Oslo.
MORNING = datetime(2026, 11, 25, 7, 1, tzinfo=UTC)


class Group:
    """A Telegram group with the bot in it."""

    def __init__(self, world: World, chat_id: int) -> None:
        self.world, self.chat_id = world, chat_id

    @property
    def told(self) -> list[Message]:
        return [m for m in self.world.telegram.messages(self.chat_id) if m.from_bot and m.text]

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.told)

    async def hears(self, person: Person, text: str, reply_to: Message | None = None, topic: int | None = None) -> None:
        self.world.telegram.say(
            person.user, text, reply_to.id if reply_to else None, chat_id=self.chat_id, thread_id=topic
        )
        await self.world.settle()

    async def is_pressed_by(self, person: Person, message: Message, button: str = "Ta saken") -> str:
        """What is shown over the button."""
        data = message.button(button).callback_data or ""
        query = self.world.telegram.press(person.user, message.id, data, chat_id=self.chat_id)
        await self.world.settle()
        answer = self.world.telegram.press_answer(query)
        assert answer is not None, "the little clock goes on"
        return str(answer["text"])


async def _group(
    world: World, *members: Person, by: Person, forum: bool = False, status: str = "member", basic: bool = False
) -> Group:
    chat_id = world.telegram.group("Verter", *(person.user for person in members), forum=forum, basic=basic)
    world.telegram.add_bot(chat_id, by.user, status=status)
    await world.settle()
    return Group(world, chat_id)


async def _lead(world: World, mover: Person, place: str = "tynset") -> str:
    await mover.says(f"/vert {place}")
    await mover.presses("Ja, send")
    return mover.reference


def _private(person: Person) -> str:
    return "\n".join(message.text for message in person.from_bot())


async def test_a_lead_is_told_once_in_the_group_and_taken_by_who_presses(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    mover = world.mover("Mona Prøve")
    group = await _group(world, hilde, arne, by=hilde)
    assert "Tynset" in group.text
    await mover.says("Er det noe å leie på Tynset? Ring meg på 99 88 77 66")
    reference = await _lead(world, mover)

    notice = group.told[-1]
    assert reference in notice.text
    assert reference not in _private(hilde) + _private(arne)
    assert "Mona" not in group.text and "leie på Tynset" not in group.text

    toast = await group.is_pressed_by(arne, notice)
    assert "private" in toast
    assert reference in _private(arne) and "leie på Tynset" in _private(arne)
    assert "Arne Prøve har tatt" in group.told[-1].text
    assert reference not in _private(hilde)
    assert "Mona" not in group.text and "leie på Tynset" not in group.text
    assert "Arne Prøve" in mover.last.text

    assert "Arne Prøve" in await group.is_pressed_by(hilde, notice)
    assert (await world.leads())[0].state == "taken"


async def test_strangers_and_hosts_of_elsewhere_are_refused_kindly(world: World) -> None:
    hilde, rune = await world.host("tynset", "Hilde Prøve"), await world.host("roros", "Rune Prøve")
    stranger = world.mover("Siri Prøve")
    group = await _group(world, hilde, rune, stranger, by=hilde)
    await _lead(world, world.mover())
    notice, before = group.told[-1], len(group.told)

    assert "Bare verter" in await group.is_pressed_by(stranger, notice)
    assert "finner jeg ikke" in await group.is_pressed_by(rune, notice)
    assert (await world.leads())[0].state == "new"
    assert len(group.told) == before
    assert stranger.from_bot() == []


async def test_talk_in_the_group_stays_there(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    stranger, mover = world.mover("Siri Prøve"), world.mover("Mona Prøve")
    group = await _group(world, hilde, arne, stranger, by=hilde)
    reference = await _lead(world, mover)
    notice = group.told[-1]
    await group.is_pressed_by(hilde, notice)
    taken, before = group.told[-1], len(group.told)

    await group.hears(hilde, "Er det noen som kjenner til boliger?")
    await group.hears(stranger, "Hva er barnehagedekningen på Tynset?")
    await group.hears(stranger, f"/svar {reference} Hei fra en fremmed")
    await group.hears(stranger, "Hei fra en fremmed", reply_to=notice)
    await group.hears(arne, "Skal jeg ringe henne?", reply_to=notice)
    await group.hears(hilde, "Nei, jeg gjør det", reply_to=taken)
    assert len(group.told) == before
    assert all("skriver:" not in message.text for message in mover.from_bot())

    await group.hears(hilde, "Vi har to ledige leiligheter", reply_to=notice)
    assert "Vi har to ledige leiligheter" in mover.last.text
    assert "Hilde Prøve har svart" in group.told[-1].text
    assert "leiligheter" not in group.told[-1].text

    await group.hears(hilde, f"/svar {reference} Ring gjerne")
    assert "Ring gjerne" in mover.last.text


async def test_the_movers_words_go_to_the_takers_private_chat(world: World) -> None:
    hilde, mover = await world.host("tynset", "Hilde Prøve"), world.mover("Mona Prøve")
    group = await _group(world, hilde, by=hilde)
    reference = await _lead(world, mover)
    await mover.says("/mine")
    await mover.presses("Skriv til")
    await mover.says("Vi har en hest også")
    assert reference in group.told[-1].text and "hest" not in group.text
    await group.is_pressed_by(hilde, next(m for m in group.told if m.buttons))
    assert "hest" in _private(hilde)
    await mover.says("Hesten heter Blakken")
    assert "Blakken" in hilde.last.text and "Blakken" not in group.text


async def test_words_do_not_stand_in_telegram_where_the_municipality_wants_only_summaries(world: World) -> None:
    hilde, mover = await world.host("tynset", "Hilde Prøve"), world.mover("Mona Prøve")
    async with world.house.database.transaction() as session:
        await services.save(session, "tynset", Service(detail="reference"), world.clock())
    group = await _group(world, hilde, by=hilde)
    await mover.says("Er det noe å leie på Tynset?")
    reference = await _lead(world, mover)
    assert reference in group.told[-1].text and "Temaer" not in group.told[-1].text
    await group.is_pressed_by(hilde, group.told[-1])
    assert "leie på Tynset" not in _private(hilde) and "Mona" not in _private(hilde)


async def test_each_lead_has_a_topic_of_its_own_in_a_forum(world: World) -> None:
    hilde, mover, second = await world.host("tynset", "Hilde Prøve"), world.mover("Mona"), world.mover("Olga")
    group = await _group(world, hilde, by=hilde, forum=True, status="administrator")
    first_reference, second_reference = await _lead(world, mover), await _lead(world, second)

    made = [m for m in world.telegram.messages(group.chat_id) if "forum_topic_created" in m.body]
    names = [m.body["forum_topic_created"]["name"] for m in made]  # type: ignore[index]
    assert names == [f"{first_reference} · Tynset", f"{second_reference} · Tynset"]
    first, other = (m for m in group.told if m.buttons)
    assert (first.thread_id, other.thread_id) == (made[0].id, made[1].id)

    await group.is_pressed_by(hilde, first)
    assert group.told[-1].thread_id == first.thread_id
    await group.hears(hilde, "Dette blir mellom oss", topic=first.thread_id)
    assert all("mellom oss" not in message.text for message in mover.from_bot())
    await group.hears(hilde, "Velkommen hit", reply_to=first, topic=first.thread_id)
    assert "Velkommen hit" in mover.last.text
    assert group.told[-1].thread_id == first.thread_id


async def test_without_the_right_to_topics_plain_replies_do(world: World) -> None:
    hilde, mover = await world.host("tynset", "Hilde Prøve"), world.mover()
    group = await _group(world, hilde, by=hilde, forum=True, status="member")
    reference = await _lead(world, mover)
    notice = group.told[-1]
    assert reference in notice.text and notice.thread_id is None
    await group.is_pressed_by(hilde, notice)
    assert group.told[-1].reply_to == notice.id

    world.telegram.add_bot(group.chat_id, hilde.user, status="administrator")
    await world.settle()
    await _lead(world, world.mover("Olga"))
    assert group.told[-1].thread_id is not None


async def test_a_topic_that_was_deleted_does_not_hold_up_the_lead(world: World) -> None:
    hilde, mover = await world.host("tynset", "Hilde Prøve"), world.mover()
    group = await _group(world, hilde, by=hilde, forum=True, status="administrator")
    reference = await _lead(world, mover)
    thread = group.told[-1].thread_id
    assert thread is not None
    world.telegram.delete_topic(group.chat_id, thread)
    await hilde.says(f"/ta {reference}")
    assert "har tatt" in group.told[-1].text and group.told[-1].thread_id is None


async def test_only_a_host_makes_a_group_and_only_hers(world: World) -> None:
    hilde, rune = await world.host("tynset", "Hilde Prøve"), await world.host("roros", "Rune Prøve")
    stranger = world.mover("Hilde Prøve")
    group = await _group(world, hilde, rune, stranger, by=stranger)
    await group.hears(stranger, "/gruppe tynset")
    await group.hears(hilde, "/gruppe roros")
    assert "Skriv /gruppe" in group.text
    await group.hears(hilde, "/gruppe@FlyttHitBot")
    assert "Tynset" in group.told[-1].text
    await group.hears(rune, "/gruppe")
    assert "Bare verter der" in group.told[-1].text
    await group.hears(stranger, "/gruppe av")
    async with world.house.database.reading() as session:
        found = await groups.get(session, group.chat_id)
    assert found is not None and found.municipality == "tynset"


async def test_a_new_group_takes_the_place_of_the_one_before(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    old, new = await _group(world, hilde, by=hilde), await _group(world, hilde, by=hilde)
    assert "en annen gruppe" in old.told[-1].text
    reference = await _lead(world, world.mover())
    assert reference in new.text and reference not in old.text


async def test_a_coordinators_group_gets_leads_without_municipality(world: World) -> None:
    kari, hilde = await world.coordinator("Kari Prøve"), await world.host("tynset", "Hilde Prøve")
    group = await _group(world, kari, by=kari)
    assert "regionen" in group.text
    mover = world.mover()
    await mover.says("/vert")
    await mover.presses("Vet ikke ennå")
    await mover.presses("Ja, send")
    assert mover.reference in group.told[-1].text and mover.reference.startswith("REG")
    in_tynset = await _lead(world, world.mover("Olga"))
    assert in_tynset not in group.text and in_tynset in _private(hilde)
    await group.is_pressed_by(kari, group.told[-1])
    assert "Kari Prøve har tatt" in group.told[-1].text


async def test_who_is_not_in_the_group_is_told_alone(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    group = await _group(world, hilde, by=hilde)
    first = await _lead(world, world.mover())
    assert first in group.text and first in _private(arne) and first not in _private(hilde)

    world.telegram.enter(group.chat_id, arne.user)
    await world.settle()
    second = await _lead(world, world.mover())
    assert second in group.text and second not in _private(arne)

    world.telegram.leave(group.chat_id, arne.user)
    await world.settle()
    third = await _lead(world, world.mover())
    assert third in group.text and third in _private(arne) and third not in _private(hilde)


async def test_who_chose_mail_gets_mail_and_the_group_is_told_once(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    async with world.house.database.transaction() as session:
        (role,) = await hosts.of_chat(session, hilde.user.id)
        await hosts.add_channel(session, role.id, None, "hilde@tynset.example")
        await hosts.set_preferences(session, role.id, Preferences(channel="mail"))
    group = await _group(world, hilde, by=hilde)
    reference = await _lead(world, world.mover())
    assert [reference in str(mail["Subject"]) for mail in world.outbox.mails] == [True]
    assert len([message for message in group.told if reference in message.text]) == 1
    assert reference not in _private(hilde)


async def test_when_the_bot_is_taken_out_the_hosts_are_told_alone(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    group = await _group(world, hilde, arne, by=hilde)
    world.telegram.add_bot(group.chat_id, hilde.user, status="kicked")
    await world.settle()
    assert "Gruppa får ikke" in hilde.last.text
    reference = await _lead(world, world.mover())
    assert reference in _private(hilde) and reference in _private(arne)


async def test_a_lead_that_the_group_did_not_take_any_more_reaches_the_hosts(world: World) -> None:
    """Telegram had not told that the bot was out when the lead came."""
    hilde = await world.host("tynset", "Hilde Prøve")
    group = await _group(world, hilde, by=hilde)
    world.telegram._state.people.set_bot_status(group.chat_id, "kicked")
    reference = await _lead(world, world.mover())
    assert reference in _private(hilde)
    assert "Ta saken" in [button.text for message in hilde.from_bot() for button in message.buttons]


async def test_a_group_that_becomes_a_supergroup_is_followed(world: World) -> None:
    hilde, mover = await world.host("tynset", "Hilde Prøve"), world.mover()
    group = await _group(world, hilde, by=hilde, basic=True)
    before = await _lead(world, mover)
    new = Group(world, world.telegram.migrate(group.chat_id))
    after = await _lead(world, world.mover("Olga"))
    assert after not in group.text
    await world.settle()
    assert after in new.text and before not in new.text
    await new.is_pressed_by(hilde, new.told[-1])
    assert "har tatt" in new.told[-1].text


async def test_at_night_the_group_sleeps(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    group = await _group(world, hilde, by=hilde)
    world.clock.now = NIGHT
    reference = await _lead(world, world.mover())
    assert reference not in group.text and reference not in _private(hilde)
    await world.is_now(MORNING)
    assert sum(reference in message.text for message in group.told) == 1
    assert "Hilde Prøve har tatt" not in group.text
    assert "Hilde Prøve har tatt" in await _taken(group, hilde)


async def _taken(group: Group, host: Person) -> str:
    await group.is_pressed_by(host, next(message for message in group.told if message.buttons))
    return group.told[-1].text


async def test_what_waits_for_the_morning_holds_up_no_other_lead_and_no_answer(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    group = await _group(world, hilde, arne, by=hilde)
    world.clock.now = NIGHT
    waits = await _lead(world, world.mover())
    await group.hears(hilde, "/gruppe")
    assert "Fra nå av kommer" in group.told[-1].text, "who writes in the night is answered in the night"
    await _prefers(world, arne, Preferences(night_notices=True))
    at_once = await _lead(world, world.mover("Olga Prøve"))
    assert at_once in group.told[-1].text and waits not in group.text
    await world.is_now(MORNING)
    assert [sum(one in message.text for message in group.told) for one in (waits, at_once)] == [1, 1]


async def test_news_of_a_lead_do_not_overtake_its_notice(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    kari = await world.coordinator()
    group = await _group(world, hilde, arne, by=hilde)
    world.clock.now = NIGHT
    taken, passed = await _lead(world, world.mover()), await _lead(world, world.mover("Olga Prøve"))
    await _prefers(world, arne, Preferences(night_notices=True))
    await kari.says(f"/ta {taken}")
    assert taken not in group.text and passed not in group.text
    await world.is_now(MORNING)
    assert taken not in group.text, "it is no offer any more, and news of it would tell nobody anything"
    assert sum(passed in message.text for message in group.told) == 1


async def test_what_waits_goes_along_when_the_group_ends_moves_or_is_replaced(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    first = await _group(world, hilde, by=hilde, basic=True)
    world.clock.now = NIGHT
    reference = await _lead(world, world.mover())
    moved = Group(world, world.telegram.migrate(first.chat_id))
    await world.settle()
    assert reference not in first.text + moved.text
    other = await _group(world, hilde, by=hilde)
    await world.is_now(MORNING)
    assert reference in other.text and reference not in first.text + moved.text

    world.clock.now = NIGHT + timedelta(days=1)
    later = await _lead(world, world.mover("Olga Prøve"))
    await other.hears(hilde, "/gruppe av")
    await world.is_now(MORNING + timedelta(days=1))
    assert later in _private(hilde) and later not in other.text


async def _prefers(world: World, host: Person, preferences: Preferences) -> None:
    async with world.house.database.transaction() as session:
        for role in await hosts.of_chat(session, host.user.id):
            await hosts.set_preferences(session, role.id, preferences)


async def test_what_is_withdrawn_is_told_in_the_group(world: World) -> None:
    hilde, mover = await world.host("tynset", "Hilde Prøve"), world.mover()
    group = await _group(world, hilde, by=hilde)
    reference = await _lead(world, mover)
    await mover.says("/mine")
    await mover.presses("Trekk")
    assert "er trukket" in group.told[-1].text and reference in group.told[-1].text
    assert reference not in _private(hilde)
    assert "trukket" in await group.is_pressed_by(hilde, next(m for m in group.told if m.buttons))


async def test_a_removed_host_has_no_rights_in_the_group(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    mover = world.mover()
    group = await _group(world, hilde, arne, by=hilde)
    reference = await _lead(world, mover)
    async with world.house.database.reading() as session:
        (role,) = await hosts.of_chat(session, arne.user.id)
    await world.house.desk.remove(role.id, world.clock())
    await world.settle()
    assert "Arne Prøve er ikke vert lenger" in group.told[-1].text
    assert "Bare verter" in await group.is_pressed_by(arne, next(m for m in group.told if m.buttons))
    await group.hears(arne, f"/svar {reference} Hei")
    assert (await world.leads())[0].state == "new"


async def test_a_group_that_moved_while_a_lead_was_under_way_is_followed(world: World) -> None:
    """Telegram tells of it only when something is sent there."""
    hilde = await world.host("tynset", "Hilde Prøve")
    group = await _group(world, hilde, by=hilde, basic=True)
    new = Group(world, world.telegram._state.people.migrate_group(group.chat_id))
    reference = await _lead(world, world.mover())
    assert reference in new.text
    await new.is_pressed_by(hilde, new.told[-1])
    assert "har tatt" in new.told[-1].text


async def test_what_the_group_refuses_reaches_the_hosts(world: World) -> None:
    """Somebody has taken the bot's right to write there, and it is a member still."""
    hilde = await world.host("tynset", "Hilde Prøve")
    group = await _group(world, hilde, by=hilde)
    _sending_there_meets(world, group, MUTED)
    reference = await _lead(world, world.mover())
    assert reference in _private(hilde) and "kan svare direkte" not in _private(hilde)


async def test_what_the_group_refuses_in_the_evening_reaches_who_heard_of_it_there(world: World) -> None:
    hilde, mover = await world.host("tynset", "Hilde Prøve"), world.mover()
    group = await _group(world, hilde, by=hilde)
    reference = await _lead(world, mover)
    _sending_there_meets(world, group, Fault.refused())
    await mover.says("/mine")
    await mover.presses("Trekk")
    _sending_there_meets(world, group, MUTED)
    await world.is_now(NIGHT)
    assert reference not in _private(hilde)
    await world.is_now(MORNING)
    assert f"{reference} er trukket" in _private(hilde)


def _sending_there_meets(world: World, group: Group, fault: Fault) -> None:
    world.telegram.fault = lambda method, values: (
        fault if method.lower() == "sendmessage" and str(values.get("chat_id")) == str(group.chat_id) else None
    )


async def test_who_writes_gruppe_in_private_is_told_how(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    await hilde.says("/gruppe")
    assert "i den gruppa" in hilde.text


async def test_what_nobody_can_read_in_a_group_is_parked_and_the_rest_goes_on(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    group = await _group(world, hilde, by=hilde)
    broken = {"message": {"message_id": 9, "chat": {"id": group.chat_id, "type": "supergroup"}, "date": "now"}}
    world.telegram.inject(broken)
    world.telegram.inject({"message": {"message_id": 10, "date": 1, "chat": {"id": -5, "type": "channel"}}})
    await group.hears(hilde, "/gruppe av")
    assert "ingen henvendelser hit" in group.told[-1].text
