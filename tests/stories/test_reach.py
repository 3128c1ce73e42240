"""A host who is not reached: the next channel, then the stand-in, then the coordinator; nobody hears it twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.delivery import SendError
from bot.leads.model import ChannelName, Host, Preferences
from bot.mail import Outbox
from bot.storage import hosts
from bot.storage.deliveries import Delivery
from tests.world import Person, World
from tests.world import world as open_world

MAIL = "hilde@tynset.example"


class Post:
    """Mail goes out, but not to these addresses."""

    def __init__(self) -> None:
        self.outbox: Outbox | None = None
        self.unknown: set[str] = set()

    def before(self, outbox: Outbox) -> Post:
        self.outbox = outbox
        return self

    async def send(self, delivery: Delivery) -> None:
        if delivery.body["to"] in self.unknown:
            raise SendError("unreachable", "recipient refused (550)")
        assert self.outbox is not None
        await self.outbox.send(delivery)


@pytest.fixture
async def post() -> Post:
    return Post()


@pytest.fixture
async def world(tmp_path: Path, database_url: str, post: Post) -> AsyncIterator[World]:
    async with open_world(tmp_path, database_url, mail=post.before) as opened:
        yield opened


async def with_mail(world: World, person: Person, channel: ChannelName | None = None) -> None:
    """This host has an address too."""
    async with world.house.database.transaction() as session:
        (host,) = await hosts.of_chat(session, person.user.id)
        await hosts.add_channel(session, host.id, None, MAIL)
        await hosts.set_preferences(session, host.id, Preferences(channel=channel))


async def by_mail_alone(world: World) -> None:
    async with world.house.database.transaction() as session:
        await hosts.add(session, Host(0, "host", "Hilde Prøve", "tynset", None, email=MAIL), world.clock())


async def sends(world: World) -> str:
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    return mover.reference


def told(person: Person, reference: str) -> int:
    return sum(reference in message.text for message in person.from_bot())


async def test_who_blocked_the_bot_is_told_by_mail(world: World, caplog: pytest.LogCaptureFixture) -> None:
    hilde, kari = await world.host("tynset", "Hilde Prøve"), await world.coordinator()
    await with_mail(world, hilde)
    world.telegram.block(hilde.user)
    reference = await sends(world)
    assert reference in str(world.outbox.mails[-1]["Subject"]), "the undelivered notice itself goes by mail"
    assert told(kari, reference) == 0
    assert "is not reached; notices go by mail" in caplog.text and MAIL not in caplog.text
    before = len(world.outbox.mails)
    again = await sends(world)
    assert [again in str(mail["Subject"]) for mail in list(world.outbox.mails)[before:]] == [True], (
        "by mail from now on"
    )


async def test_the_movers_words_do_not_go_into_the_mail(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await hilde.presses("Ta saken")
    await hilde.says(f"/svar {mover.reference} Hei!")
    world.telegram.block(hilde.user)
    await with_mail(world, hilde)
    await mover.says("Jeg heter Mona og har to barn")
    mail = world.outbox.mails[-1]
    assert mover.reference in str(mail["Subject"])
    assert "barn" not in mail.as_string() and "Mona" not in mail.as_string()


async def test_without_another_channel_it_is_the_stand_ins(world: World, caplog: pytest.LogCaptureFixture) -> None:
    hilde, rune = await world.host("tynset", "Hilde Prøve"), await world.host("roros", "Rune Prøve")
    kari = await world.coordinator()
    async with world.house.database.transaction() as session:
        (host,), (stand_in,) = await hosts.of_chat(session, hilde.user.id), await hosts.of_chat(session, rune.user.id)
        await hosts.set_preferences(session, host.id, Preferences(stand_in=stand_in.id))
    world.telegram.block(hilde.user)
    reference = await sends(world)
    assert told(rune, reference) == 1 and told(kari, reference) == 0
    assert "by any channel" in caplog.text
    await rune.presses("Ta saken")
    assert (await world.leads())[0].taken_by == stand_in.id


async def test_without_a_stand_in_it_is_the_coordinators(world: World) -> None:
    hilde, kari = await world.host("tynset", "Hilde Prøve"), await world.coordinator()
    world.telegram.block(hilde.user)
    reference = await sends(world)
    assert told(kari, reference) == 1


async def test_a_colleague_who_was_told_already_is_not_told_again(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    kari = await world.coordinator()
    world.telegram.block(hilde.user)
    reference = await sends(world)
    assert told(arne, reference) == 1 and told(kari, reference) == 0


async def test_a_lead_that_somebody_has_who_is_gone_is_free_again(world: World) -> None:
    hilde, kari = await world.host("tynset", "Hilde Prøve"), await world.coordinator()
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await hilde.presses("Ta saken")
    await hilde.says(f"/svar {mover.reference} Hei!")
    world.telegram.block(hilde.user)
    await mover.says("Er du der?")
    assert told(kari, mover.reference) >= 1
    await kari.presses("Ta saken")
    assert (await world.leads())[0].state == "taken"


async def test_refused_mail_goes_to_telegram(world: World, post: Post) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    await with_mail(world, hilde, channel="mail")
    post.unknown.add(MAIL)
    reference = await sends(world)
    assert told(hilde, reference) == 1


async def test_refused_mail_without_telegram_goes_to_the_coordinator(world: World, post: Post) -> None:
    kari = await world.coordinator()
    await by_mail_alone(world)
    post.unknown.add(MAIL)
    reference = await sends(world)
    assert told(kari, reference) == 1


async def test_mail_and_telegram_both_gone(world: World, post: Post) -> None:
    hilde, kari = await world.host("tynset", "Hilde Prøve"), await world.coordinator()
    await with_mail(world, hilde)
    post.unknown.add(MAIL)
    world.telegram.block(hilde.user)
    reference = await sends(world)
    assert told(kari, reference) == 1
    again = await sends(world)
    assert told(kari, again) == 1, "and so the next time"
