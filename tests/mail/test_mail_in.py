"""A host who has only mail: she replies, is away, is forged, and her mailbox is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.desk import Via
from bot.leads.model import Host, Preferences
from bot.mail import Collector, MailboxError, collecting
from bot.mail.connection import MOST_BYTES
from bot.storage import answer_drafts, hosts, leads
from bot.storage.notices import MAILBOXES
from bot.storage.tables import AnswerDraftRow, DeliveryRow, EndedChatRow
from tests.mail.letters import HILDE, MX, reply, report
from tests.mail.mailbox import Letters, serving
from tests.postgres import server
from tests.world import Person, World, world

WORDS = "Hei Mona! Ja, vi har ledig plass fra januar."


class Story:
    """The world, our mailbox, and a host by mail whose lead waits."""

    def __init__(self, world: World, letters: Letters) -> None:
        self.world, self.letters = world, letters
        self.authserv_id: str | None = MX
        self.mover: Person

    async def begins(self) -> None:
        await self.joins()
        await self.collects()
        self.mover = self.world.mover()
        await self.mover.says("/vert tynset")
        await self.mover.says("ja")

    async def joins(self, email: str = HILDE, chat_id: int | None = None) -> Host:
        async with self.world.house.database.transaction() as session:
            preferences = Preferences(channel="mail", night_notices=True)
            host = Host(0, "host", "Hilde Prøve", "tynset", chat_id, "nb", email=email, preferences=preferences)
            made = await hosts.add(session, host, self.world.clock())
            await hosts.set_preferences(session, made.id, preferences)
            return made

    async def collects(self) -> int:
        post, clock = self.world.house.desk.post, self.world.clock
        collector = Collector(self.letters.box, post, "flytthit.example", self.authserv_id, clock)
        number = await collector.collect()
        await self.world.settle()
        return number

    async def comes(self, mail: EmailMessage | bytes) -> int:
        uid = self.letters.put(mail if isinstance(mail, bytes) else mail.as_bytes())
        await self.collects()
        return uid

    @property
    def notice(self) -> EmailMessage:
        """The newest mail to Hilde."""
        return next(mail for mail in reversed(self.world.outbox.mails) if mail["To"] == HILDE)

    async def drafts(self) -> list[str]:
        async with self.world.house.database.reading() as session:
            return [row.text for row in (await session.exec(select(AnswerDraftRow))).all()]


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with world(tmp_path) as opened, serving(Letters()) as letters:
        told = Story(opened, letters)
        await told.begins()
        yield told


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


async def test_her_reply_is_a_draft_and_goes_nowhere(story: Story) -> None:
    quoted = f"{WORDS}\n\nMvh\nHilde\n\ntir. 24. nov. 2026 kl. 10:05 skrev Flytt hit <f@x.example>:\n> Ny sak"
    mails = len(story.world.outbox.mails)
    uid = await story.comes(reply(story.notice, quoted))
    assert await story.drafts() == [f"{WORDS}\n\nMvh\nHilde"]
    assert len(story.world.outbox.mails) == mails, "no extra mail"
    assert WORDS not in "".join(message.text for message in story.mover.from_bot())
    assert uid in story.letters.read
    await story.comes(reply(story.notice, "Heller dette."))
    assert await story.drafts() == ["Heller dette."]


async def test_the_draft_is_hers_alone_and_gone_when_it_is_sent(story: Story) -> None:
    await story.comes(reply(story.notice, WORDS))
    reference = story.mover.reference
    async with story.world.house.database.reading() as session:
        (hilde,) = await hosts.of_email(session, HILDE)
        assert await answer_drafts.get(session, reference, [hilde.id]) == WORDS
        assert await answer_drafts.get(session, reference, [hilde.id + 1]) == ""
    told = await story.world.house.desk.answer(reference, WORDS, Via(host_ids=(hilde.id,)), story.world.clock())
    await story.world.settle()
    assert told.done and WORDS in story.mover.last.text and await story.drafts() == []


async def test_a_mail_is_handled_once(story: Story) -> None:
    await story.comes(reply(story.notice, WORDS))
    assert await story.collects() == 0
    story.letters.validity += 1
    async with story.world.house.database.transaction() as session:
        for row in (await session.exec(select(AnswerDraftRow))).all():
            await session.delete(row)
    assert await story.collects() == 0 and await story.drafts() == [], "numbered anew, it is not read again"


async def test_what_lay_there_before_is_left_alone(tmp_path: Path) -> None:
    async with world(tmp_path) as opened, serving(Letters()) as letters:
        letters.put(b"From: x@y.example\r\n\r\nGammelt")
        told = Story(opened, letters)
        await told.begins()
        assert letters.read == set()
        await told.comes(reply(told.notice, WORDS))
        assert await told.drafts() == [WORDS]


FORGED = {
    "a stranger": ("ond@ond.example", f"{MX}; dmarc=pass header.from=ond.example"),
    "another server's word": (HILDE, "mx.ond.example; dmarc=pass header.from=tynset.example"),
    "our server's no": (HILDE, f"{MX}; dmarc=fail header.from=tynset.example"),
}


async def test_forged_senders_are_refused(story: Story, caplog: pytest.LogCaptureFixture) -> None:
    mails = len(story.world.outbox.mails)
    for case, (sender, results) in FORGED.items():
        caplog.clear()
        with caplog.at_level(logging.INFO, "bot.mail"):
            uid = await story.comes(reply(story.notice, WORDS, sender, results=results))
        assert await story.drafts() == [] and len(story.world.outbox.mails) == mails, case
        assert "refused" in caplog.text and uid not in story.letters.read, case
        assert sender not in caplog.text and WORDS not in caplog.text


async def test_only_she_can_reply_and_only_while_she_is_host(story: Story) -> None:
    notice = story.notice
    await story.joins("nabo@tynset.example")
    await story.comes(reply(notice, WORDS, "nabo@tynset.example"))
    assert await story.drafts() == []
    async with story.world.house.database.reading() as session:
        (hilde,) = await hosts.of_email(session, HILDE)
    await story.world.house.desk.remove(hilde.id, story.world.clock())
    await story.comes(reply(notice, WORDS))
    assert await story.drafts() == []


async def test_where_nobody_vouches_she_is_told_once_a_day(story: Story) -> None:
    story.authserv_id = None
    notice = story.notice
    for _ in range(3):
        await story.comes(reply(notice, WORDS))
    told = [mail for mail in story.world.outbox.mails if "ikke tas imot" in _words(mail)]
    assert await story.drafts() == [] and len(told) == 1 and told[0]["To"] == HILDE
    story.world.clock.move(days=1)
    await story.comes(reply(notice, WORDS))
    assert len([mail for mail in story.world.outbox.mails if "ikke tas imot" in _words(mail)]) == 2


async def test_a_reply_to_a_lead_that_is_over_is_told_back(story: Story) -> None:
    notice = story.notice
    async with story.world.house.database.transaction() as session:
        await leads.withdraw(session, story.mover.reference, story.world.clock())
    await story.comes(reply(notice, WORDS))
    assert await story.drafts() == []
    assert "er ikke sendt til noen" in _words(story.notice)


async def test_a_thread_is_enough_when_the_mail_is_forgotten(story: Story) -> None:
    mail = reply(story.notice, WORDS)
    async with story.world.house.database.transaction() as session:
        for row in (await session.exec(select(DeliveryRow).where(col(DeliveryRow.channel) == "mail"))).all():
            await session.delete(row)
    await story.comes(mail)
    assert await story.drafts() == [WORDS]


async def test_attachments_are_named_in_the_draft(story: Story) -> None:
    mail = reply(story.notice, WORDS)
    mail.add_attachment(b"x" * (2 * MOST_BYTES), maintype="application", subtype="pdf", filename="kart.pdf")
    await story.comes(mail)
    assert await story.drafts() == [f"{WORDS}\n\n(Vedlegg som ikke følger med: kart.pdf)"]


async def test_what_is_no_reply_does_not_hold_up_the_next(story: Story) -> None:
    await story.comes(reply(story.notice, "Jeg er på ferie til mandag.", Auto_Submitted="auto-replied"))
    assert await story.drafts() == []
    story.letters.put(("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 5000).encode())
    await story.comes(reply(story.notice, WORDS))
    assert await story.drafts() == [WORDS]


# -- bounces


async def _ended(story: Story) -> list[int]:
    async with story.world.house.database.reading() as session:
        return [row.chat_id for row in (await session.exec(select(EndedChatRow))).all()]


async def test_a_bounce_ends_the_mailbox_and_the_lead_goes_to_the_coordinator(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    kari = await story.world.coordinator()
    with caplog.at_level(logging.INFO, "bot"):
        await story.comes(report(story.notice))
    assert len(await _ended(story)) == 1 and (await _ended(story))[0] >= MAILBOXES
    assert story.mover.reference in kari.text, kari.text
    assert "did not arrive" in caplog.text and HILDE not in caplog.text
    mails = len(story.world.outbox.mails)
    await story.mover.says("/vert tynset")
    await story.mover.says("ja")
    assert len(story.world.outbox.mails) == mails, "nothing more goes there"


async def test_where_she_has_telegram_too_it_comes_there(tmp_path: Path) -> None:
    async with world(tmp_path) as opened, serving(Letters()) as letters:
        told = Story(opened, letters)
        hilde = opened.mover("Hilde Prøve")
        await hilde.says("hei")
        await told.joins(chat_id=hilde.user.id)
        await told.collects()
        told.mover = opened.mover()
        await told.mover.says("/vert tynset")
        await told.mover.says("ja")
        seen = len(hilde.from_bot())
        await told.comes(report(told.notice))
        assert told.mover.reference in hilde.from_bot()[-1].text and len(hilde.from_bot()) > seen
        assert any("Ta saken" in button.text for button in hilde.last.buttons)


async def test_a_passing_delay_changes_nothing(story: Story) -> None:
    await story.comes(report(story.notice, "delayed", "4.4.1"))
    assert await _ended(story) == []


async def test_a_mail_given_up_for_now_goes_on_but_the_mailbox_stays(story: Story) -> None:
    kari = await story.world.coordinator()
    await story.comes(report(story.notice, "failed", "4.4.7"))
    assert await _ended(story) == [] and story.mover.reference in kari.text


async def test_nobody_can_invent_a_bounce(story: Story) -> None:
    notice = story.notice
    number = int(str(notice["Message-ID"]).split("-")[1])
    forged = EmailMessage()
    forged["Message-ID"] = f"<delivery-{number}-0123456789abcdef@flytthit.example>"
    await story.comes(report(forged))
    assert await _ended(story) == []


async def test_a_bounced_invitation_stops_no_other(story: Story) -> None:
    desk, clock = story.world.house.desk, story.world.clock
    await desk.invite("host", "os", clock(), "feil@os.example")
    await story.world.settle()
    await story.comes(report(story.world.outbox.mails[-1]))
    assert len(await _ended(story)) == 1
    for address in ("riktig@os.example", "feil@os.example"):
        await desk.invite("host", "os", clock(), address)
        await story.world.settle()
        assert story.world.outbox.mails[-1]["To"] == address


# -- the server


async def test_a_server_in_trouble_is_asked_again(story: Story) -> None:
    story.letters.put(reply(story.notice, WORDS).as_bytes())
    for command in ("LOGIN", "SELECT", "SEARCH", "FETCH"):
        for says in ("NO not today, hilde@tynset.example", "hang up"):
            story.letters.says = {command: says}
            with pytest.raises(MailboxError) as told:
                await story.collects()
            assert "hilde" not in str(told.value) and "hemmelig" not in str(told.value)
    story.letters.says = {}
    await story.collects()
    assert await story.drafts() == [WORDS]


async def test_nonsense_does_not_end_the_program(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    times, twice = [0], asyncio.Event()

    async def nonsense(self: Collector) -> int:
        times[0] += 1
        if times[0] == 2:
            twice.set()
        raise KeyError(HILDE)

    monkeypatch.setattr(Collector, "collect", nonsense)
    monkeypatch.setattr(collecting, "EVERY", timedelta(milliseconds=1))
    monkeypatch.setattr(collecting, "_DUE", timedelta(0))
    collector = Collector(story.letters.box, story.world.house.desk.post, "flytthit.example", MX, story.world.clock)
    running = asyncio.create_task(collector.run())
    await asyncio.wait_for(twice.wait(), 30)
    assert not running.done() and "again in a minute" in caplog.text
    running.cancel()


async def test_of_several_replicas_one_looks_each_minute(story: Story) -> None:
    post, clock = story.world.house.desk.post, story.world.clock
    due = [await post.is_due("INBOX", timedelta(seconds=55), clock()) for _ in range(3)]
    assert due == [True, False, False]
    clock.move(seconds=60)
    assert await post.is_due("INBOX", timedelta(seconds=55), clock())


async def test_on_postgresql_too(tmp_path: Path) -> None:
    async with world(tmp_path, await server().fresh()) as opened, serving(Letters()) as letters:
        told = Story(opened, letters)
        await told.begins()
        await told.comes(reply(told.notice, WORDS))
        assert await told.drafts() == [WORDS] and await told.collects() == 0
        await told.comes(report(told.notice))
        assert len(await _ended(told)) == 1
