"""What hosts and the coordinator set in the inbox, and what follows from it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from bot.leads.model import Host
from bot.leads.service import Service
from bot.leads.text_blocks import TextBlock
from bot.storage import answer_drafts, hosts, services, text_blocks
from tests.web.inbox.visitor import Visitor, joined, lead_for
from tests.world import Person, World

SERVICE: dict[str, Any] = {
    "weekdays": ["0", "1", "2", "3"],
    "opens": "09:00",
    "closes": "14:30",
    "remind": "2,5",
    "stand_in": "1",
    "coordinator": "3",
    "detail": "reference",
}
ALL_WEEK = ["0", "1", "2", "3", "4"]


async def role_of(world: World, visitor: Visitor) -> Host:
    async with world.house.database.reading() as session:
        return (await hosts.of_email(session, visitor.email))[0]


async def settings_of(world: World, place: str | None) -> Service:
    async with world.house.database.reading() as session:
        return (await services.everything(session))[place]


async def with_text(world: World, place: str, title: str, text: str, language: str = "nb") -> None:
    async with world.house.database.transaction() as session:
        await text_blocks.add(session, place, TextBlock("", language, title, text), world.clock())


# -- my settings


async def test_a_host_sets_her_own_days_absence_stand_in_and_card(world: World) -> None:
    host, other = await joined(world), await joined(world, "roros", "Rune Prøve")
    rune = await role_of(world, other)
    await host.opens("/inbox")
    await host.follows("Innstillinger")
    await host.presses(
        "Lagre",
        name="Hilde Fjell",
        weekdays=["0", "2"],
        away_from="2026-12-21",
        away_until="2027-01-03",
        stand_in=str(rune.id),
        channel="mail",
        night="yes",
        sentence="Jeg kom hit for ti år siden.",
        languages="norsk og engelsk",
    )
    assert "Lagret" in host.text and "Hilde Fjell" in host.text
    role = await role_of(world, host)
    chosen = role.preferences
    assert (chosen.weekdays, chosen.stand_in, chosen.channel) == ((0, 2), rune.id, "mail")
    assert (chosen.away_from, chosen.away_until) == (date(2026, 12, 21), date(2027, 1, 3))
    assert (chosen.morning_summary, chosen.night_notices) == (False, True)
    assert (role.name, role.card.sentence) == ("Hilde Fjell", "Jeg kom hit for ti år siden.")


async def test_a_mistake_is_told_and_nothing_is_lost(world: World) -> None:
    host = await joined(world)
    await host.opens("/inbox/me")
    await host.presses("Lagre", weekdays=ALL_WEEK, away_from="2027-01-05", away_until="2027-01-04", sentence="Hei!")
    assert host.status == 422 and "etter den første" in host.text
    assert host.page.forms[0].fields["sentence"] == "Hei!"
    await host.presses("Lagre", away_until="")
    assert host.status == 422 and "minst én dag" in host.text
    assert (await role_of(world, host)).preferences.weekdays == (0, 1, 2, 3, 4)


async def test_the_language_chosen_is_the_language_spoken(world: World) -> None:
    host = await joined(world)
    await host.opens("/inbox/me?lang=en")
    await host.presses("Save", language="nn", weekdays=ALL_WEEK)
    assert "Mine innstillingar" in host.text
    await lead_for(world)
    assert "Gjeld: Tynset" in host.mail_text()


async def test_nobody_stands_in_for_herself_or_gets_a_channel_she_has_not(world: World) -> None:
    host = await joined(world)
    role = await role_of(world, host)
    await host.opens("/inbox/me")
    await host.presses("Lagre", weekdays=ALL_WEEK, stand_in=str(role.id), channel="telegram")
    chosen = (await role_of(world, host)).preferences
    assert (chosen.stand_in, chosen.channel) == (None, None)


async def test_telegram_is_added_by_a_link_and_chosen_or_not(world: World) -> None:
    host = await joined(world)
    await host.opens("/inbox/me")
    await host.presses("Lag en lenke til Telegram")
    parameter = next(line for line in host.text.splitlines() if "/start " in line).split()[-1]
    chat = world.mover("Hilde Prøve")
    await chat.starts(parameter)
    assert "Nå er du med her også" in chat.text
    thief = world.mover("Tyv Prøve")
    await thief.starts(parameter)
    assert "alt brukt" in thief.text

    mails = len(host.mails)
    reference = await lead_for(world)
    assert reference in chat.last.text and len(host.mails) == mails, "nothing is said twice to the same person"
    await host.opens("/inbox/me")
    await host.presses("Lagre", weekdays=ALL_WEEK, channel="mail")
    before = len(chat.from_bot())
    await lead_for(world, name="Ola Prøve")
    assert len(host.mails) == mails + 1 and len(chat.from_bot()) == before


async def test_mail_is_added_from_telegram_and_opens_the_inbox(world: World) -> None:
    chat = await world.host("tynset", "Hilde Prøve")
    browser = Visitor(world, "hilde@kommune.example")
    await chat.says("/innstillinger hilde@kommune.example")
    assert "sendt en lenke" in chat.text
    await browser.opens(browser.mailed_link())
    assert "Koble til e-posten din" in browser.text
    await browser.presses("Koble til")
    assert "Saker" in browser.text and "Hilde Prøve" in browser.text
    await browser.opens("/inbox/me")
    assert "På e-post til hilde@kommune.example" in browser.text and "I Telegram" in browser.text
    assert len([host for host in await _active(world) if host.municipality == "tynset"]) == 1


async def _mailed_invitation(world: World, chat: Person, place: str = "tynset") -> Visitor:
    """A browser on the page of an invitation that was mailed to this host's other address."""
    browser = Visitor(world, "hilde@kommune.example")
    await world.house.desk.invite("host", place, world.clock(), browser.email)
    await world.settle()
    await browser.opens(browser.mailed_link())
    return browser


async def test_a_mailed_invitation_gives_a_host_in_telegram_one_more_channel(world: World) -> None:
    chat = await world.host("tynset", "Hilde")
    browser = await _mailed_invitation(world, chat)
    assert "Er du alt vert her i Telegram?" in browser.text
    await browser.presses("Bli med", name="Hilde Prøve")
    assert browser.status == 422 and "alt en vert med det navnet" in browser.text
    start = next(line for line in browser.text.splitlines() if line.startswith("/start h_"))
    await chat.says(start)
    assert "Nå hører hilde@kommune.example til deg" in chat.text
    (role,) = await _active(world)
    assert (role.chat_id, role.email, role.name) == (chat.user.id, browser.email, "Hilde")

    mails = len(browser.mails)
    reference = await lead_for(world)
    told = [message for message in chat.from_bot() if reference in message.text]
    assert len(told) == 1 and len(browser.mails) == mails, "nothing is said twice to the same person"
    await browser.signs_in()
    assert reference in browser.text
    await chat.says("/innstillinger e-post")
    said, mails = len(chat.from_bot()), len(browser.mails)
    later = await lead_for(world, name="Ola Prøve")
    assert len(chat.from_bot()) == said and len(browser.mails) == mails + 1 and later in browser.mails[-1]["Subject"]


async def test_somebody_of_the_same_name_is_a_host_of_her_own(world: World) -> None:
    chat = await world.host("tynset", "Hilde")
    browser = await _mailed_invitation(world, chat)
    await browser.presses("Bli med", name="Hilde Prøve")
    await browser.presses("Bli med", name="Hilde Prøve", other="yes")
    assert "Saker" in browser.text
    assert [(role.chat_id is None, role.email) for role in await _active(world)] == [(False, ""), (True, browser.email)]


async def test_a_mailed_invitation_for_another_place_is_one_person_too(world: World) -> None:
    chat = await world.host("tynset", "Hilde")
    browser = await _mailed_invitation(world, chat, "os")
    assert "Er du alt vert her i Telegram?" not in browser.text
    await chat.says(f"/start {browser.response.url.path.rpartition('/')[2]}")
    assert "Du er nå vert for Os" in chat.text
    assert {(role.municipality, role.chat_id, role.email) for role in await _active(world)} == {
        ("tynset", chat.user.id, browser.email),
        ("os", chat.user.id, browser.email),
    }
    await browser.signs_in()
    await browser.opens("/inbox/me")
    assert "Tynset: tider og varsler" in browser.text and "Os: tider og varsler" in browser.text


async def _active(world: World) -> tuple[Host, ...]:
    async with world.house.database.reading() as session:
        return await hosts.active(session)


# -- a municipality's settings


async def test_a_municipality_sets_its_hours_its_clock_and_what_notices_tell(world: World) -> None:
    host = await joined(world)
    await host.opens("/inbox/me")
    await host.follows("Tynset: tider og varsler")
    await host.presses("Lagre", **SERVICE)
    assert "Lagret" in host.text
    wanted = Service((0, 1, 2, 3), time(9), time(14, 30), 2.5, 1, 3, "reference")
    assert await settings_of(world, "tynset") == wanted
    assert await settings_of(world, "roros") == Service()
    reference = await lead_for(world)
    assert reference in host.mail_text() and "Gjelder" not in host.mail_text()


async def test_hours_and_limits_that_cannot_be_are_refused(world: World) -> None:
    host = await joined(world)
    await host.opens("/inbox/service/tynset")
    for wrong, told in (
        ({"closes": "08:00"}, "åpner før"),
        ({"closes": "i går"}, "åpner før"),
        ({"weekdays": []}, "minst én dag"),
        ({"remind": "0"}, "over null"),
        ({"remind": "mange"}, "over null"),
        ({"coordinator": "0,5"}, "over null"),
    ):
        await host.presses("Lagre", **(SERVICE | wrong))
        assert host.status == 422 and told in host.text, wrong
    assert await settings_of(world, "tynset") == Service()


async def test_words_stay_in_the_inbox_where_the_municipality_wants_it(world: World) -> None:
    chat = await world.host("tynset", "Hilde Prøve")
    async with world.house.database.transaction() as session:
        await services.save(session, "tynset", Service(detail="summary"), world.clock())
    mover = world.mover("Mona Prøve")
    await mover.says("Jeg er sykepleier, er det jobb på Tynset?")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await chat.presses("Ta saken")
    assert "innboksen på nettet" in chat.text
    await chat.presses("Svar")
    await chat.says("Hei og velkommen")
    assert "Hei og velkommen" in mover.last.text
    await mover.says("Takk, jeg heter forresten Mona")
    everything = "\n".join(message.text for message in chat.from_bot())
    assert "Mona" not in everything and "sykepleier" not in everything and "Takk" not in everything


async def test_by_default_a_host_with_an_inbox_reads_the_words_there(world: World) -> None:
    chat = await world.host("tynset", "Hilde Prøve")
    await lead_for(world)
    await chat.presses("Ta saken")
    assert "Mona" in chat.text, "who has no inbox has no other place to read"
    async with world.house.database.transaction() as session:
        (role,) = await hosts.of_chat(session, chat.user.id)
        await hosts.add_channel(session, role.id, None, "hilde@kommune.example")
    await lead_for(world, name="Ola Prøve")
    await chat.presses("Ta saken")
    assert "Ola" not in chat.text and "innboksen på nettet" in chat.text


# -- ready-made texts


async def test_texts_are_added_changed_and_deleted(world: World) -> None:
    host = await joined(world)
    await host.opens("/inbox/texts/tynset")
    assert "ingen egne ennå" in host.text
    await host.presses("Lagre teksten", title="Bolig", text="Se på Finn først.", language="en")
    assert "Lagret" in host.text and "Se på Finn først." in host.text and "English" in host.text
    await host.follows("Endre")
    await host.presses("Lagre teksten", text="Ring oss om bolig.", language="nb")
    assert "Ring oss om bolig." in host.text and "Se på Finn" not in host.text
    await host.presses("Slett «Bolig»")
    assert "Teksten er slettet" in host.text and "Ring oss" not in host.text
    await host.presses("Lagre teksten", title=" ", text="Noe")
    assert host.status == 422 and host.page.forms[0].fields["text"] == "Noe"


async def test_a_ready_made_text_is_put_after_what_was_written(world: World) -> None:
    host = await joined(world)
    await with_text(world, "tynset", "Bolig", "Se på Finn.")
    await with_text(world, "tynset", "Housing", "Look at Finn.", "en")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}/answer")
    assert "Housing" not in host.text, "the mover writes Bokmål"
    await host.presses("Bolig", text="Hei Mona, <b>takk</b>")
    assert host.page.forms[0].fields["text"] == "Hei Mona, <b>takk</b>\n\nSe på Finn."
    assert (await world.leads())[0].state == "new", "nothing is sent or taken by that"


async def test_neutral_texts_are_offered_where_there_are_none(world: World) -> None:
    host = await joined(world)
    mover = world.mover("Emma Prøve", "en")
    await mover.says("/host tynset")
    await mover.presses("Yes, send")
    await host.opens(f"/inbox/lead/{mover.reference}/answer")
    assert "Thanks, I will get back to you" in host.text


# -- a draft from a mail, and looks


async def test_a_draft_from_a_mail_goes_only_by_the_hosts_press(world: World) -> None:
    host, colleague = await joined(world), await joined(world, "tynset", "Arne Prøve")
    reference = await lead_for(world)
    role = await role_of(world, host)
    async with world.house.database.transaction() as session:
        await answer_drafts.put(session, reference, role.id, "Hei, skrevet på bussen.", world.clock())
    await colleague.opens(f"/inbox/lead/{reference}/answer")
    assert "på bussen" not in colleague.text
    await host.opens(f"/inbox/lead/{reference}")
    assert "ligger som utkast" in host.text and "på bussen" not in host.text
    await host.follows("Svar")
    assert host.page.forms[0].fields["text"] == "Hei, skrevet på bussen."
    await host.presses("Send til")
    await host.opens(f"/inbox/lead/{reference}/answer")
    assert "på bussen" not in host.page.forms[0].fields["text"]


async def test_hosts_see_who_opened_a_lead_last(world: World) -> None:
    host, colleague = await joined(world), await joined(world, "tynset", "Arne Prøve")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    assert "Sist åpnet" not in host.text
    await colleague.opens(f"/inbox/lead/{reference}")
    assert "Sist åpnet av Hilde Prøve, tirsdag 24. november" in colleague.text


async def test_more_outcomes_lie_under_more(world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}/close")
    await host.presses("Avslutt", outcome="applied")
    assert "Har søkt jobb eller bolig" in host.text
    assert (await world.leads())[0].outcome == "applied"


# -- the coordinator


async def test_the_coordinator_sees_who_is_where_and_invites(world: World) -> None:
    host, kari = await joined(world), await joined(world, None, "Kari Prøve")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Ta saken")
    await host.opens("/inbox/me")
    await host.presses("Lagre", weekdays=ALL_WEEK, away_from="2026-11-20", away_until="2026-12-01", channel="mail")
    await kari.opens("/inbox/me")
    await kari.follows("Verter")
    assert "e-post · borte til og med tirsdag 1. desember · én åpen sak" in kari.text
    await kari.presses("Inviter", place="os", email="ingrid@os.example")
    assert "sendt på e-post" in kari.text
    ingrid = Visitor(world, "ingrid@os.example")
    await ingrid.opens(ingrid.mailed_link())
    await ingrid.presses("Bli med", name="Ingrid Prøve")
    assert "Saker" in ingrid.text


async def test_the_coordinator_gets_a_link_to_send_herself(world: World) -> None:
    kari = await joined(world, None, "Kari Prøve")
    await kari.opens("/inbox/hosts")
    await kari.presses("Inviter", place="folldal", email="")
    assert "h_" not in str(kari.response.url)
    parameter = next(line for line in kari.text.splitlines() if "/start h_" in line).split()[-1]
    newcomer = world.mover("Frida Prøve")
    await newcomer.starts(parameter)
    assert "Kari Prøve bekrefter først" in newcomer.text
    await kari.opens("/inbox/hosts")
    await kari.presses("Inviter", place="folldal", email="ikke en adresse")
    form = next(form for form in kari.page.forms if "email" in form.fields)
    assert kari.status == 422 and form.fields["email"] == "ikke en adresse"


async def test_removing_asks_first_and_ends_everything_at_once(world: World) -> None:
    host, kari = await joined(world), await joined(world, None, "Kari Prøve")
    reference = await lead_for(world)
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Ta saken")
    await host.opens("/inbox/me")
    await host.presses("Lag en lenke til Telegram")
    parameter = next(line for line in host.text.splitlines() if "/start " in line).split()[-1]
    await kari.opens("/inbox/hosts")
    await kari.follows("Fjern Hilde Prøve")
    assert (await role_of(world, host)).name == "Hilde Prøve", "a question changes nothing"
    await kari.presses("Ja, fjern")
    assert "Verten er fjernet" in kari.text
    await host.opens("/inbox")
    assert "Logg inn" in host.text
    chat = world.mover("Hilde Prøve")
    await chat.starts(parameter)
    assert not any(one.chat_id == chat.user.id for one in await _active(world)), "a link made before gives nothing"
    assert (await world.leads())[0].state == "new"
    assert reference in kari.mails[-1]["Subject"]
