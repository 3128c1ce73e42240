"""A host who has only a browser and mail, and a mover in Telegram."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.leads.model import Preferences
from bot.leads.service import Service
from bot.storage import hosts, services
from tests.web.inbox.visitor import joined, lead_for
from tests.world import World


async def test_a_mover_in_telegram_and_a_host_in_a_browser(world: World) -> None:
    host = await joined(world)
    mover = world.mover("Mona Prøve")
    await mover.says("Jeg er sykepleier, er det jobb på Tynset?")
    await mover.presses("Snakk med verten")
    await mover.presses("Ja, send")
    reference = mover.reference

    mail = host.mails[-1]
    assert reference in mail["Subject"]
    assert "Mona" not in mail.as_string() and "Jeg er" not in mail.as_string(), "a notice holds no name and no words"
    assert host.mail_text().startswith("Svar på denne e-posten blir ikke lest")

    await host.opens(host.mailed_link())
    assert "Mona Prøve" in host.text
    assert "Jeg er sykepleier, er det jobb på Tynset?" in host.text
    await host.presses("Ta saken")
    assert "Du har tatt saken" in host.text
    assert "Hilde Prøve har tatt saken" in mover.last.text

    await host.follows("Svar")
    draft = host.page.forms[0].fields["text"]
    assert draft.startswith("Hei, Mona Prøve!") and "Hilsen Hilde Prøve" in draft
    assert "Kilder for utkastet" in host.text
    before = len(mover.from_bot())
    await host.opens(f"/inbox/lead/{reference}/answer?draft=no")
    assert host.page.forms[0].fields["text"] == ""
    assert len(mover.from_bot()) == before, "nothing goes by itself"
    await host.presses("Send til Mona", text="Ring avdelingen, de <b>trenger</b> folk.")
    assert "<b>trenger</b> folk" in mover.last.text
    assert "de <b>trenger</b> folk." in host.text

    await mover.says("Takk! Kan jeg ringe i morgen?")
    assert "ringe" not in host.mail_text(), "the words are in the inbox, not in the mail"
    assert mail["References"] == host.mails[-1]["References"], "one thread for each lead"
    await host.opens(host.mailed_link())
    assert "Kan jeg ringe i morgen?" in host.text

    await host.follows("Avslutt")
    await host.presses("Avslutt", outcome="reached")
    assert "avsluttet: Fikk svar" in host.text
    assert "avsluttet" in mover.from_bot()[-2].text


async def test_answering_takes_the_lead_on_the_way(world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}/answer")
    assert "Du tar saken når du sender" in host.text
    await host.presses("Send til", text="Velkommen!")
    (lead,) = await world.leads()
    assert lead.state == "taken" and lead.first_answer_at is not None


async def test_phone_is_shown_where_the_mover_chose_it(world: World) -> None:
    host = await joined(world)
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Endre noe")
    await mover.presses("Hvor du får svar")
    await mover.presses("Telefon")
    await mover.says("99 88 77 66")
    await mover.presses("Ja, send")
    assert "99 88" not in host.mail_text() and "9988" not in host.mail_text()
    await host.opens(host.mailed_link())
    assert "99 88 77 66" in host.page.links or "99887766" in host.page.links
    await host.follows("Svar")
    await host.presses("Jeg har ringt")
    assert "Merket som besvart" in host.text
    assert (await world.leads())[0].first_answer_at is not None


async def test_notes_are_for_hosts_alone(world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Lagre notatet", text="Ring etter ferien")
    assert "Ring etter ferien" in host.text
    assert all("ferien" not in message.text for message in world.telegram.messages(1) if message.from_bot)


async def test_passing_to_the_coordinator_goes_at_once(world: World) -> None:
    host, coordinator = await joined(world), await joined(world, None, "Kari Prøve")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Ta saken")
    await host.presses("Send videre", to="coordinator", text="Gjelder hele regionen")
    assert "Koordinatoren har fått saken" in host.text
    assert reference in coordinator.mails[-1]["Subject"]
    assert "hele regionen" not in coordinator.mail_text()
    await coordinator.opens(coordinator.mailed_link())
    assert "Gjelder hele regionen" in coordinator.text
    await coordinator.presses("Ta saken")
    assert (await world.leads())[0].state == "taken"


async def test_another_municipality_reads_it_only_after_the_movers_yes(world: World) -> None:
    host, other = await joined(world), await joined(world, "roros", "Rune Prøve")
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    reference = mover.reference
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Send videre", to="roros", text="Vil bo på Røros")
    assert "er spurt" in host.text
    await other.opens(f"/inbox/lead/{reference}")
    assert other.status == 404

    await mover.presses("Nei")
    assert "blir der den er" in mover.last.text
    await other.opens(f"/inbox/lead/{reference}")
    assert other.status == 404

    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Send videre", to="roros", text="Vil bo på Røros")
    await mover.presses("Ja, det er greit")
    assert reference in other.mails[-1]["Subject"]
    await other.opens(other.mailed_link())
    assert other.status == 200
    await other.presses("Ta saken")
    await host.opens(f"/inbox/lead/{reference}")
    assert host.status == 404, "who passed it on has no more business with it"


async def test_the_mail_of_a_reminder_opens_the_lead_and_the_mornings_the_list(world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    world.clock.move(hours=4)
    await world.is_now(world.clock())
    assert "venter på noen" in host.mail_text() and "Åpne saken:" in host.mail_text()
    assert host.mailed_link() == f"/inbox/lead/{reference}"
    world.clock.move(hours=20)
    await world.is_now(world.clock())
    assert "God morgen" in host.mail_text() and "Åpne innboksen:" in host.mail_text()
    assert host.mailed_link() == "/inbox"


async def test_a_lead_that_was_put_off_comes_back(world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Utsett", days="1")
    assert "utsatt til onsdag 25. november" in host.text
    sent = len(host.mails)
    assert await world.house.desk.remind_of_snoozed(world.clock()) == 0
    world.clock.move(days=1)
    assert await world.house.desk.remind_of_snoozed(world.clock()) == 1
    await world.settle()
    assert len(host.mails) == sent + 1 and reference in host.mails[-1]["Subject"]
    assert await world.house.desk.remind_of_snoozed(world.clock()) == 0


@pytest.mark.parametrize(
    ("days", "back"),
    [
        ("1", "mandag 30. november kl. 09.00"),  # Wednesday is the municipality's next day, but not hers
        ("3", "mandag 30. november kl. 09.00"),  # Wednesday, Thursday, Monday: nobody works there on Fridays
        ("5", "mandag 7. desember kl. 09.00"),  # ..., Tuesday, Wednesday
    ],
)
async def test_a_part_time_host_puts_off_to_a_day_of_her_own(world: World, days: str, back: str) -> None:
    host = await joined(world)
    async with world.house.database.transaction() as session:
        await services.save(session, "tynset", Service((0, 1, 2, 3), time(9), time(15)), world.clock())
        (role,) = await hosts.of_email(session, host.email)
        await hosts.set_preferences(session, role.id, Preferences(weekdays=(0, 1), away_until=date(2026, 11, 26)))
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Utsett", days=days)
    assert f"utsatt til {back}" in host.text


async def test_what_was_withdrawn_is_not_shown(world: World) -> None:
    host = await joined(world)
    mover = world.mover("Mona Prøve")
    await mover.says("Jeg er sykepleier, er det jobb på Tynset?")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await mover.says("/mine")
    await mover.presses("Trekk")
    await host.opens(f"/inbox/lead/{mover.reference}")
    assert "trukket" in host.text
    assert "Mona" not in host.text and "sykepleier" not in host.text


async def test_a_mover_who_blocked_the_bot_is_told_of_by_mail(world: World) -> None:
    host = await joined(world)
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    world.telegram.block(mover.user)
    await host.opens(f"/inbox/lead/{mover.reference}")
    await host.presses("Ta saken")
    assert mover.reference in host.mails[-1]["Subject"]
    assert "tar ikke lenger imot meldinger" in host.mail_text() and "Mona" not in host.mail_text()
