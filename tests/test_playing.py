"""The playground as a whole: one clock for everything, hosts in their places, the inbox beside the chats."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx

from bot.playing import Played
from bot.storage import hosts
from tests.web.inbox.visitor import Page
from tests.web.playground.whole import MORNING, all_leads, played, told


def user(playground: Played, key: str) -> int:
    return next(persona.user.id for persona in playground.telegram.personas() if persona.key == key)


async def settle(playground: Played) -> None:
    service = playground.service
    more = True
    while more:
        # A poll for nothing would wait for something.
        if playground.telegram.pending():
            await service.poller.poll_once()
        await service.worker.handle_waiting()
        await service.sender.send_due()
        more = bool(playground.telegram.pending())


async def lead_in_os(playground: Played) -> str:
    """Ola asks for the host in Os, who has only mail; the reference."""
    ola = user(playground, "mover-ola")
    playground.telegram.say(ola, "/vert os")
    await settle(playground)
    press(playground, ola, "Ja, send")
    await settle(playground)
    return (await all_leads(playground))[-1].reference


def press(playground: Played, person: int, label: str) -> None:
    for message in reversed(playground.telegram.messages(person)):
        for button in message.buttons:
            if label in button.text:
                playground.telegram.press(person, message.id, button.callback_data or "")
                return
    raise LookupError(label)


async def test_the_invented_hosts_are_there_once(tmp_path: Path) -> None:
    for _ in range(2):
        async with played(tmp_path) as playground:
            await settle(playground)
            async with playground.service.house.database.reading() as session:
                found = [(host.name, host.municipality) for host in await hosts.active(session)]
    assert sorted(found, key=str) == [("Ingrid", "os"), ("Kari", None), ("Rune", "roros"), ("Turid", "tynset")]


async def test_one_clock_moves_everything(tmp_path: Path) -> None:
    async with played(tmp_path) as playground:
        await settle(playground)
        reference = await lead_in_os(playground)
        assert reference in playground.outbox.mails[-1]["Subject"]
        assert playground.outbox.mails[-1]["Date"].datetime == MORNING

        await playground.time.forward("day")
        tomorrow = playground.time.clock()
        assert tomorrow.date() == MORNING.date() + timedelta(days=1)
        assert playground.service.clock() == tomorrow
        playground.telegram.say(user(playground, "mover-ola"), "Hei igjen")
        await settle(playground)
        said = playground.telegram.messages(user(playground, "mover-ola"))[-1]
        assert playground.telegram.message_json(said)["date"] == int(tomorrow.timestamp())
        page = await pages(playground).get("/inbox/sign-in")
        assert page.status_code == 200


async def test_reminders_are_seen_without_waiting(tmp_path: Path) -> None:
    """Nobody takes the lead: four working hours later Ingrid is reminded, days later the coordinator is called."""
    async with played(tmp_path) as playground:
        await settle(playground)
        reference = await lead_in_os(playground)
        await playground.time.forward("hours")
        await playground.service.house.desk.run_clock(playground.service.clock())
        await settle(playground)
        assert [reference in mail["Subject"] for mail in playground.outbox.mails] == [True, True]
        kari = user(playground, "coordinator")
        assert not any(reference in text for text in told(playground, kari))
        for _ in range(3):
            await playground.time.forward("day")
            await playground.service.house.desk.run_clock(playground.service.clock())
            await settle(playground)
        assert any(reference in text for text in told(playground, kari))


async def test_a_moved_clock_hurries_the_periodic_work(tmp_path: Path) -> None:
    async with played(tmp_path) as playground:
        assert not playground.service.hurry.is_set()
        await playground.time.forward("hours")
        assert playground.service.hurry.is_set()


async def test_mails_are_shown_with_buttons_that_lead_into_this_program(tmp_path: Path) -> None:
    async with played(tmp_path) as playground:
        await settle(playground)
        reference = await lead_in_os(playground)
        client = pages(playground)
        (mail,) = (await client.get("/playground/mails/news")).json()
        assert mail["to"] == "ingrid@os.example"
        assert [piece["href"] for piece in mail["pieces"] if piece["href"]] == [f"/inbox/lead/{reference}"]
        assert not any("http" in piece["text"] for piece in mail["pieces"])
        page = Page((await client.get("/playground/mails")).text)
        assert page.links["Åpne saken"] == f"/inbox/lead/{reference}"
        state = (await client.get("/playground/state")).json()
        assert state["beside"]["newest_mail"] == mail["id"]
        assert [one["email"] for one in state["mailboxes"]] == ["ingrid@os.example"]


async def test_only_here_may_the_inbox_stand_inside_another_page(tmp_path: Path) -> None:
    async with played(tmp_path) as playground:
        client = pages(playground)
        policy = (await client.get("/inbox/sign-in")).headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy and "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in (await client.get("/")).headers["Content-Security-Policy"]


async def test_everybody_is_welcomed(tmp_path: Path) -> None:
    async with played(tmp_path) as playground:
        await settle(playground)
        for key in ("host-tynset", "host-roros", "coordinator"):
            assert len(told(playground, user(playground, key))) == 1


def pages(playground: Played) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(playground.pages(lambda: False))
    return httpx.AsyncClient(transport=transport, base_url=playground.public_url)
