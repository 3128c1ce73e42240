"""Every lead is answered by a person in time, or its mover hears the truth. Each story goes by a clock of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.leads.model import Host, Lead, Preferences
from bot.leads.service import Service
from bot.leads.working_time import OSLO
from bot.storage import hosts, leads, services
from tests.world import Person, World


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO)


async def prefers(world: World, person: Person, **chosen: Any) -> Host:
    """The host has chosen this on the own page."""
    async with world.house.database.transaction() as session:
        (host,) = await hosts.of_chat(session, person.user.id)
        await hosts.set_preferences(session, host.id, replace(Preferences(), **chosen))
    return host


async def sends(world: World, moment: datetime, place: str = "tynset") -> tuple[Person, str]:
    """A mover sends a lead at this moment."""
    world.clock.now = moment
    mover = world.mover("Mona Prøve")
    await mover.says(f"/vert {place}")
    await mover.presses("Ja, send")
    return mover, mover.reference


async def hears(world: World, moment: datetime, person: Person) -> str:
    """What somebody is told by this moment that was not there the moment before."""
    before = len(person.from_bot())
    await world.is_now(moment)
    return "\n".join(message.text for message in person.from_bot()[before:])


async def the_lead(world: World) -> Lead:
    (lead,) = await world.leads()
    return lead


async def three(world: World) -> tuple[Person, Person, Person]:
    """The host of Tynset, who chose the host of Røros as stand-in, and the coordinator."""
    hilde, rune = await world.host("tynset", "Hilde Prøve"), await world.host("roros", "Rune Prøve")
    kari = await world.coordinator("Kari Prøve")
    stand_in = await prefers(world, rune, morning_summary=False)
    await prefers(world, hilde, stand_in=stand_in.id, morning_summary=False)
    await prefers(world, kari, morning_summary=False)
    return hilde, rune, kari


async def test_a_friday_before_easter_goes_to_host_stand_in_and_coordinator(world: World) -> None:
    """Good Friday 2027 is 26 March; this is the Friday before, ten minutes after closing."""
    hilde, rune, kari = await three(world)
    mover, reference = await sends(world, at(3, 19, 15, 40))
    assert "senest onsdag 24. mars" in mover.last.text
    assert reference not in hilde.last.text, "her weekend has begun"
    assert await hears(world, at(3, 20, 12), hilde) == ""

    assert reference in await hears(world, at(3, 22, 8), hilde)
    assert await hears(world, at(3, 22, 11, 59), hilde) == ""
    reminded = await hears(world, at(3, 22, 12), hilde)
    assert reference in reminded and "venter på noen" in reminded and "Mona" not in reminded
    assert await hears(world, at(3, 22, 15, 29), rune) == ""

    asked = await hears(world, at(3, 23, 8), rune)
    assert f"Ny henvendelse {reference}" in asked and "stedfortreder" in asked
    assert await hears(world, at(3, 23, 15), kari) == ""
    called = await hears(world, at(3, 24, 8), kari)
    assert reference in called and "Ingen har kunnet svare" in called
    assert mover.last.text.startswith("Sendt."), "the promise still holds, so there was nothing to say"

    overdue = await hears(world, at(3, 30, 8), mover)
    assert "senest onsdag 24. mars" in overdue and "beklager" in overdue and "Tynset kommune" in overdue
    for blame in ("Hilde", "Rune", "Kari", "glemt", "verten har ikke"):
        assert blame not in overdue
    for person in (hilde, rune, kari):
        assert "har ikke fått svar ennå" in person.last.text
    assert await hears(world, at(4, 15, 12), mover) == "", "said once"

    await rune.presses("Ta saken")
    assert "Rune Prøve har tatt saken din" in mover.last.text
    assert "Rune Prøve har tatt" in hilde.last.text and "Rune Prøve har tatt" in kari.last.text


async def test_a_wednesday_before_maundy_thursday_goes_on_after_easter(world: World) -> None:
    hilde, rune, kari = await three(world)
    mover, reference = await sends(world, at(3, 24, 14))
    assert "senest onsdag 31. mars" in mover.last.text
    assert reference in hilde.last.text
    for quiet in (at(3, 24, 15, 29), at(3, 25, 12), at(3, 27, 12), at(3, 29, 12), at(3, 30, 10, 29)):
        assert await hears(world, quiet, hilde) == ""
    assert "venter på noen" in await hears(world, at(3, 30, 10, 30), hilde)
    assert await hears(world, at(3, 30, 13, 59), rune) == ""
    assert reference in await hears(world, at(3, 30, 14), rune)
    assert await hears(world, at(3, 31, 11, 29), kari) == ""
    assert reference in await hears(world, at(3, 31, 11, 30), kari), "in time to keep the promise"
    assert mover.last.text.startswith("Sendt.")


async def test_taken_in_time_and_answered_says_nothing_more(world: World) -> None:
    hilde, rune, kari = await three(world)
    mover, reference = await sends(world, at(3, 15, 9))
    await world.is_now(at(3, 15, 10))
    await hilde.presses("Ta saken")
    await hilde.says(f"/svar {reference} Velkommen hit!")
    before = [len(person.from_bot()) for person in (mover, hilde, rune, kari)]
    for day in (16, 17, 18, 19):
        await world.is_now(at(3, day, 12))
    assert [len(person.from_bot()) for person in (mover, hilde, rune, kari)] == before


async def test_taken_but_not_answered_has_the_same_clock(world: World) -> None:
    hilde, rune, _ = await three(world)
    mover, reference = await sends(world, at(3, 15, 9))
    world.clock.now = at(3, 15, 12)
    await hilde.presses("Ta saken")
    assert await hears(world, at(3, 15, 13, 30), hilde) == "", "the first clock has ended"
    assert "venter på svaret ditt" in await hears(world, at(3, 16, 8, 30), hilde)
    asked = await hears(world, at(3, 16, 12), rune)
    assert reference in asked
    assert "åpen igjen" in hilde.last.text
    assert "Hilde Prøve har tatt" in mover.last.text, "the mover's promise is as it was"
    await rune.presses("Ta saken")
    assert (await the_lead(world)).state == "taken"
    assert "Rune Prøve har tatt" in mover.last.text


async def test_a_promise_that_changes_is_told_without_blame(world: World) -> None:
    hilde, _, kari = await three(world)
    mover, reference = await sends(world, at(3, 15, 9))
    for moment in (at(3, 15, 13), at(3, 16, 9), at(3, 17, 9)):
        await world.is_now(moment)
    world.clock.now = at(3, 17, 15)
    await hilde.presses("Ta saken")
    told = await hears(world, at(3, 18, 11, 30), mover)
    assert "litt lenger tid enn jeg sa" in told and "senest fredag 19. mars" in told and "Hilde" not in told
    assert (await the_lead(world)).promised_on == date(2027, 3, 19)
    assert reference in kari.last.text
    await mover.says("/mine")
    assert "senest fredag 19. mars" in mover.text


async def test_new_words_after_an_answer_are_remembered_after_two_days(world: World) -> None:
    hilde, _, _ = await three(world)
    mover, reference = await sends(world, at(3, 15, 9))
    await hilde.presses("Ta saken")
    await hilde.says(f"/svar {reference} Hei!")
    await mover.says("Kan jeg komme på fredag?")
    assert await hears(world, at(3, 16, 12), hilde) == ""
    assert "melding uten svar" in await hears(world, at(3, 17, 10), hilde)
    assert await hears(world, at(3, 18, 12), hilde) == "", "once"
    await hilde.says(f"/svar {reference} Ja, kom!")
    await mover.says("Takk!")
    assert await hears(world, at(3, 19, 15), hilde) == "", "a new wait counts from its own beginning"


async def test_a_talk_goes_on_with_somebody_else_where_its_host_is_away(world: World) -> None:
    hilde, rune, _ = await three(world)
    mover, reference = await sends(world, at(3, 15, 9))
    await hilde.presses("Ta saken")
    await hilde.says(f"/svar {reference} Hei!")
    stand_in = await prefers(world, rune, morning_summary=False)
    await prefers(world, hilde, away_from=date(2027, 3, 15), away_until=date(2027, 3, 31), stand_in=stand_in.id)
    await mover.says("Kan jeg komme på fredag?")
    told = await hears(world, at(3, 17, 10), mover)
    assert "en som er på jobb" in told and "senest torsdag 18. mars" in told and "Hilde" not in told
    assert "ny melding" in rune.last.text and "fredag" not in rune.last.text
    await rune.presses("Ta saken")
    assert "Kan jeg komme på fredag?" in rune.last.text


async def test_what_is_passed_to_the_coordinator_has_a_true_day(world: World) -> None:
    hilde, _, kari = await three(world)
    mover, reference = await sends(world, at(3, 15, 9))
    world.clock.now = at(3, 17, 14)
    await world.house.desk.pass_on(reference, None, "Gjelder hele regionen", world.via(hilde), world.clock())
    await world.settle()
    assert "Koordinatoren for regionen har fått" in mover.last.text
    assert "senest torsdag 18. mars" in mover.last.text
    assert reference in kari.last.text
    heard = len(kari.from_bot())
    again = await world.house.desk.pass_on(reference, None, "Gjelder hele regionen", world.via(hilde), world.clock())
    await world.settle()
    assert not again.done and len(kari.from_bot()) == heard, "she has it already"
    assert "har alt fått" in hilde.last.text
    assert "beklager" in await hears(world, at(3, 19, 8), mover), "not taken by then"


async def test_answered_by_telephone_is_answered(world: World) -> None:
    hilde, rune, _ = await three(world)
    _, reference = await sends(world, at(3, 15, 9))
    await hilde.presses("Ta saken")
    async with world.house.database.transaction() as session:
        await leads.mark_answered(session, reference, world.clock())
    assert await hears(world, at(3, 18, 12), rune) == ""


async def test_a_lead_that_was_put_off_waits(world: World) -> None:
    hilde, rune, _ = await three(world)
    mover, reference = await sends(world, at(3, 15, 9))
    await hilde.presses("Ta saken")
    via = world.via(hilde)
    await world.house.desk.snooze(reference, at(3, 22, 8), via, world.clock())
    await world.settle()
    assert "Hilde Prøve svarer deg senest mandag 22. mars" in mover.last.text, "the promise changed"
    assert await hears(world, at(3, 19, 15), rune) == ""
    assert "utsatt til nå" in await hears(world, at(3, 22, 8), hilde)
    assert "venter på svaret ditt" in await hears(world, at(3, 22, 12), hilde)


async def test_each_municipality_keeps_its_own_hours(world: World) -> None:
    hilde, _, _ = await three(world)
    async with world.house.database.transaction() as session:
        await services.save(session, "tynset", Service(remind_after_hours=1), world.clock())
    await sends(world, at(3, 15, 9))
    assert "venter på noen" in await hears(world, at(3, 15, 10), hilde)


# -- who is there


async def test_an_away_host_with_a_stand_in_is_not_waited_for(world: World) -> None:
    hilde, rune, kari = await three(world)
    stand_in = await prefers(world, rune, morning_summary=False)
    await prefers(world, hilde, away_from=date(2027, 3, 15), away_until=date(2027, 3, 31), stand_in=stand_in.id)
    mover, reference = await sends(world, at(3, 15, 9))
    assert "stedfortrederen har fått beskjed" in mover.last.text and "onsdag 17. mars" in mover.last.text
    assert reference in rune.last.text and reference not in hilde.last.text
    assert "venter på noen" in await hears(world, at(3, 15, 13), rune)
    assert reference in await hears(world, at(3, 17, 9), kari)
    await rune.presses("Ta saken")
    assert (await the_lead(world)).taken_by == stand_in.id


async def test_an_away_host_without_a_stand_in_and_the_true_day(world: World) -> None:
    turid, kari = await world.host("folldal", "Turid Prøve"), await world.coordinator("Kari Prøve")
    await prefers(world, turid, away_from=date(2027, 3, 22), away_until=date(2027, 3, 29), morning_summary=False)
    await prefers(world, kari, morning_summary=False)
    mover, reference = await sends(world, at(3, 22, 9), "folldal")
    assert "Verten i Folldal er tilbake tirsdag 30. mars" in mover.last.text
    assert "senest onsdag 31. mars" in mover.last.text
    assert f"{reference} venter på Folldal til tirsdag 30. mars" in kari.last.text
    await kari.says("/saker")
    assert "venter på Folldal til tirsdag 30. mars" in kari.text
    for day in (24, 26, 28, 29):
        assert await hears(world, at(3, day, 12), kari) == "", "not overdue"
    assert reference in await hears(world, at(3, 30, 8), turid)
    assert "venter på noen" in await hears(world, at(3, 30, 12), turid)
    assert reference in await hears(world, at(3, 31, 11, 30), kari), "in time for the promise"


async def test_the_coordinator_may_take_what_waits(world: World) -> None:
    turid, kari = await world.host("folldal", "Turid Prøve"), await world.coordinator("Kari Prøve")
    await prefers(world, turid, away_from=date(2027, 3, 22), away_until=date(2027, 3, 29), morning_summary=False)
    mover, _ = await sends(world, at(3, 22, 9), "folldal")
    await kari.presses("Ta saken")
    assert "Kari Prøve har tatt saken din" in mover.last.text
    assert await hears(world, at(3, 30, 8), turid) == "", "what was taken meanwhile is no news"


async def test_a_part_time_host_is_counted_from_her_own_day(world: World) -> None:
    """She works on Tuesdays and Thursdays; on Monday she is one working day away."""
    tove = await world.host("tolga", "Tove Prøve")
    await prefers(world, tove, weekdays=(1, 3), morning_summary=False)
    mover, reference = await sends(world, at(3, 15, 9), "tolga")
    assert "senest onsdag 17. mars" in mover.last.text
    assert reference not in tove.last.text
    assert reference in await hears(world, at(3, 16, 8), tove)
    assert "venter på noen" in await hears(world, at(3, 16, 12), tove)


async def test_a_part_time_host_who_is_back_next_week(world: World) -> None:
    tove = await world.host("tolga", "Tove Prøve")
    await prefers(world, tove, weekdays=(0, 1), morning_summary=False)
    mover, _ = await sends(world, at(3, 16, 16), "tolga")
    assert "tilbake mandag 22. mars" in mover.last.text and "senest tirsdag 23. mars" in mover.last.text


# -- nights and mornings


async def test_a_notice_in_the_night_waits_unless_the_host_wants_it(world: World) -> None:
    hilde, arne = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    await prefers(world, hilde, morning_summary=False)
    await prefers(world, arne, night_notices=True, morning_summary=False)
    _, reference = await sends(world, at(3, 15, 22, 30))
    assert reference in arne.last.text and reference not in hilde.last.text
    assert reference in await hears(world, at(3, 16, 8), hilde)


async def test_what_is_withdrawn_in_the_night_is_never_told(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    await prefers(world, hilde, morning_summary=False)
    mover, _ = await sends(world, at(3, 15, 22, 30))
    await mover.says("/mine")
    await mover.presses("Trekk")
    assert "Ny henvendelse" not in await hears(world, at(3, 16, 8), hilde)


async def test_what_is_offered_twice_in_a_night_is_offered_once_in_the_morning(world: World) -> None:
    hilde, _, kari = await three(world)
    _, reference = await sends(world, at(3, 15, 22))
    for minute in (10, 20):
        world.clock.now = at(3, 15, 22, minute)
        await hilde.says(f"/ta {reference}")
        await world.house.desk.pass_on(reference, None, "", world.via(hilde), world.clock())
    told = await hears(world, at(3, 16, 8), kari)
    assert told.count(f"Ny henvendelse {reference}") == 1
    assert "har tatt" not in told, "who took it has given it back since"


async def test_what_waits_for_the_morning_holds_up_nothing_else(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    await sends(world, at(3, 15, 22, 30))
    await hilde.says("/saker")
    assert "TYN-" in hilde.text, "who asks in the night is answered in the night"


async def test_a_talk_in_the_evening_is_not_cut_by_closing_time(world: World) -> None:
    hilde, _, _ = await three(world)
    mover, reference = await sends(world, at(3, 15, 15))
    await hilde.presses("Ta saken")
    world.clock.now = at(3, 15, 18)
    await hilde.says(f"/svar {reference} Har du et spørsmål til?")
    await mover.says("Ja, om barnehagen")
    assert "barnehagen" in hilde.last.text


async def test_the_morning_summary_says_what_waits_once_and_only_when_there_is_something(world: World) -> None:
    hilde, kari = await world.host("tynset", "Hilde Prøve"), await world.coordinator("Kari Prøve")
    assert await hears(world, at(3, 12, 8), hilde) == "", "nothing waits"
    _, reference = await sends(world, at(3, 12, 9))
    assert f"Åpne ellers (1): {reference}" in await hears(world, at(3, 15, 8), hilde)
    assert "God morgen" not in await hears(world, at(3, 15, 8, 1), hilde), "once"
    assert f"Lovet svar i dag (1): {reference}" in await hears(world, at(3, 16, 8), hilde)
    await world.is_now(at(3, 16, 10))
    late = await hears(world, at(3, 17, 8), kari)
    assert f"Skulle vært besvart (1): {reference}" in late
    await prefers(world, hilde, morning_summary=False)
    assert "God morgen" not in await hears(world, at(3, 18, 8), hilde)


async def test_what_was_answered_waits_for_the_mover_and_is_not_told_in_the_morning(world: World) -> None:
    hilde = await world.host("tynset", "Hilde Prøve")
    mover, reference = await sends(world, at(3, 15, 9))
    await hilde.presses("Ta saken")
    await hilde.says(f"/svar {reference} Hei, hva lurer du på?")
    assert "God morgen" not in await hears(world, at(3, 16, 8), hilde)
    await mover.says("Om det er barnehageplass")
    assert f"Åpne ellers (1): {reference}" in await hears(world, at(3, 17, 8), hilde)


async def test_a_summary_comes_on_the_hosts_own_days(world: World) -> None:
    tove = await world.host("tolga", "Tove Prøve")
    await prefers(world, tove, weekdays=(1, 3))
    await sends(world, at(3, 9, 9), "tolga")
    assert "God morgen" not in await hears(world, at(3, 10, 8), tove)
    assert "God morgen" in await hears(world, at(3, 11, 8), tove)


async def test_the_monday_figures_tell_of_leads_and_never_of_few(world: World) -> None:
    hilde, kari = await world.host("tynset", "Hilde Prøve"), await world.coordinator("Kari Prøve")
    for person in (hilde, kari):
        await prefers(world, person, morning_summary=False)
    world.clock.now = at(3, 9, 9)
    for number in range(6):
        mover = world.mover(f"Mona Prøve {number}")
        await mover.says("/vert tynset")
        await mover.presses("Ja, send")
        world.clock.now = at(3, 9, 9 + number % 2)
        await hilde.says(f"/ta {mover.reference}")
        await hilde.says(f"/svar {mover.reference} Velkommen!")
    other = world.mover("Siri Prøve")
    await other.says("/vert os")
    await other.presses("Ja, send")
    world.clock.now = at(3, 15, 8)
    assert await world.house.desk.tell_week_if_due(world.clock())
    await world.settle()
    (tynset,) = (line for line in kari.last.text.splitlines() if line.startswith("Tynset:"))
    assert "6 ble henvendelser, 6 tatt i tide" in tynset and "arbeidstimer" in tynset
    (os,) = (line for line in kari.last.text.splitlines() if line.startswith("Os:"))
    assert "under 5 ble henvendelser" in os and "under 5 over fristen" in os and "1" not in os
