"""What hosts set in their chat, and the coordinator's invitations."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.dates import read_day
from bot.leads.model import Host
from bot.storage import hosts
from tests.world import Person, World


async def _role(world: World, person: Person) -> Host:
    async with world.house.database.reading() as session:
        return (await hosts.of_chat(session, person.user.id))[0]


async def test_away_and_back_in_ones_own_words(world: World) -> None:
    host = await world.host("tynset")
    await host.says("/borte til 12.1.")
    assert "tirsdag 12. januar" in host.text
    chosen = (await _role(world, host)).preferences
    assert (chosen.away_from, chosen.away_until) == (date(2026, 11, 24), date(2027, 1, 12))
    await host.says("/innstillinger")
    assert "Borte: til og med tirsdag 12. januar" in host.text
    await host.says("/tilbake")
    assert "Velkommen tilbake" in host.text
    assert (await _role(world, host)).preferences.away_until is None


async def test_a_day_that_is_none_changes_nothing(world: World) -> None:
    host = await world.host("tynset")
    for line in ("/borte", "/borte lenge", "/borte til 31.2.", "/borte til 1.1.2020"):
        await host.says(line)
        assert "/borte til 12.1." in host.text, line
    assert (await _role(world, host)).preferences.away_until is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12.1.", date(2027, 1, 12)),
        ("24.11.", date(2026, 11, 24)),
        ("23.11", date(2027, 11, 23)),
        ("1. desember", date(2026, 12, 1)),
        ("3 January", date(2027, 1, 3)),
        ("24/12", date(2026, 12, 24)),
        ("12.1.2028", date(2028, 1, 12)),
        ("2027-02-03", date(2027, 2, 3)),
        ("30.2.", None),
        ("99.99.", None),
        ("5. brumaire", None),
        ("", None),
    ],
)
def test_days_as_people_write_them(written: str, meant: date | None) -> None:
    assert read_day(written, date(2026, 11, 24)) == meant


async def test_the_channel_is_changed_by_a_word_or_a_press(world: World) -> None:
    host = await world.host("tynset")
    await host.says("/innstillinger e-post")
    assert "har du ikke ennå" in host.text
    role = await _role(world, host)
    async with world.house.database.transaction() as session:
        await hosts.add_channel(session, role.id, None, "hilde@kommune.example")
    await host.says("/innstillinger")
    assert "i Telegram" in host.text
    await host.presses("Få varsler på e-post")
    assert "hilde@kommune.example" in host.text
    assert (await _role(world, host)).by_mail
    await host.says("/settings telegram")
    assert not (await _role(world, host)).by_mail


async def test_the_coordinator_invites_by_link_and_by_mail(world: World) -> None:
    kari = await world.coordinator()
    world.house.assistant.bot_name = "flytthit_bot"
    await kari.says("/invite Tynset")
    link = kari.text.splitlines()[-1]
    assert link.startswith("https://t.me/flytthit_bot?start=h_")
    newcomer = world.mover("Nina Prøve")
    await newcomer.starts(link.rpartition("=")[2])
    assert "Kari Prøve bekrefter først" in newcomer.text and "Nina Prøve" in kari.last.text
    await kari.says("/invite os ingrid@os.example")
    assert "h_" not in kari.text and "ingrid@os.example" in kari.text
    assert "Os" in world.outbox.mails[-1].as_string() and "ingrid@os.example" in str(world.outbox.mails[-1]["To"])
    for line, told in (("/invite", "Tynset"), ("/invite Atlantis", "Tynset"), ("/invite os ingrid", "e-postadresse")):
        await kari.says(line)
        assert told in kari.text and "start=" not in kari.text, line


async def test_without_mail_no_invitation_is_said_to_be_mailed(world: World) -> None:
    kari = await world.coordinator()
    world.house.desk.mail_is_on = False
    for line in ("/invite os ingrid@os.example", "/innstillinger kari@region.example"):
        await kari.says(line)
        assert "ikke satt opp" in kari.text


async def test_more_outcomes_lie_under_more(world: World) -> None:
    host, mover = await world.host("tynset"), world.mover()
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.presses("Ta saken")
    await host.presses("Avslutt")
    assert "Har søkt jobb eller bolig" not in host.labels()
    await host.presses("Mer")
    await host.presses("Har søkt jobb eller bolig")
    assert (await world.leads())[0].outcome == "applied"
