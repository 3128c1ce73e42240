"""The lead form: filled from what was written, every part optional, and unmoved by nonsense."""

from __future__ import annotations

import pytest

from bot.leads import warmth
from tests.world import Person, World

NONSENSE = ("asdf qwer", "x" * 4096, "🏔️🏠", "<b>hei</b>", "12345678901")


async def opened(world: World, *lines: str) -> Person:
    await world.host("tynset")
    mover = world.mover("Mona Prøve")
    for line in lines:
        await mover.says(line)
    await mover.says("/vert tynset")
    return mover


async def test_what_was_written_is_filled_in(world: World) -> None:
    mover = await opened(world, "Jeg er sykepleier, mannen min er elektriker og vi har barn på 10 og 13 år")
    assert "Hvem flytter: partner, barn (10 og 13 år)" in mover.text
    assert "sykepleier" in mover.text and "elektriker" in mover.text
    await mover.says("når kan vi flytte? helst til sommeren")
    await mover.says("/vert tynset")
    assert "Når: til sommeren" in mover.text


async def test_each_part_is_changed_from_the_summary_typed_or_pressed(world: World) -> None:
    mover = await opened(world)
    for part, words, shown in (
        ("Hvem som flytter", "to voksne og en hund", "Hvem flytter: to voksne og en hund"),
        ("Når", "om et halvt år", "Når: om et halvt år"),
        ("Språk", "norsk og polsk", "Språk hjemme: norsk og polsk"),
        ("Melding til verten", "Vi lurer på hus med låve", "Melding: Vi lurer på hus med låve"),
    ):
        await mover.presses("Endre noe")
        await mover.says(part)
        await mover.says(words)
        assert shown in mover.text
    await mover.presses("Endre noe")
    await mover.presses("Hvem som flytter")
    await mover.presses("Hopp over")
    assert "Hvem flytter" not in mover.text
    await mover.says("ja")
    (lead,) = await world.leads()
    assert (lead.wishes.household, lead.wishes.when, lead.wishes.message) == (
        "",
        "om et halvt år",
        "Vi lurer på hus med låve",
    )


async def test_several_municipalities_get_a_lead_each_and_know_of_each_other(world: World) -> None:
    tynset, roros = await world.host("tynset"), await world.host("roros", "Rune Prøve")
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.presses("Endre noe")
    await mover.presses("Kommune")
    await mover.presses("Røros")
    await mover.presses("Ferdig")
    assert "verten i Tynset og verten i Røros" in mover.text
    await mover.presses("Ja, send")
    leads = await world.leads()
    assert {lead.municipality for lead in leads} == {"tynset", "roros"}
    assert "Også sendt til: Røros" in tynset.last.text
    assert "Også sendt til: Tynset" in roros.last.text


async def test_phone_and_mail_are_checked_and_shown_to_the_taker_only(world: World) -> None:
    mover = await opened(world)
    await mover.presses("Endre noe")
    await mover.presses("Hvor du får svar")
    await mover.presses("Telefon")
    await mover.says("ring meg")
    assert "telefonnummer" in mover.text
    await mover.says("912 34 567")
    assert "på telefon 91234567" in mover.text
    await mover.presses("Ja, send")
    assert "på telefon 91234567" in mover.text
    host = mover.world.hosts[0]
    assert "91234567" not in host.last.text
    await host.presses("Ta saken")
    assert "91234567" in host.last.text


async def test_an_identity_number_is_covered_with_a_kind_word(world: World) -> None:
    mover = await opened(world)
    await mover.presses("Endre noe")
    await mover.presses("Melding til verten")
    await mover.says("Jeg heter Mona, 010190 12345, og vil flytte")
    assert "12345" not in mover.last.text
    assert "fødselsnummer" in mover.text
    await mover.presses("Endre noe")
    await mover.presses("Hvor du får svar")
    await mover.presses("Telefon")
    await mover.says("01019012345")
    assert "telefonnummer" in mover.text


async def test_a_question_in_mid_form_is_answered_and_the_form_goes_on(world: World) -> None:
    mover = await opened(world)
    await mover.says("Hva koster barnehagen?")
    mover.sees_entry("children/kindergarten-price")
    assert "Henvendelsen din venter" in mover.text
    await mover.presses("Endre noe")
    await mover.presses("Hvem som flytter")
    await mover.says("Er det noe å leie på Tynset?")
    mover.sees_entry("housing/rent-home")
    await mover.says("to voksne")
    assert "Hvem flytter: to voksne" in mover.text
    await mover.says("ja")
    assert len(await world.leads()) == 1


async def test_who_moves_and_when_told_in_mid_form_go_into_it(world: World) -> None:
    mover = await opened(world)
    await mover.says("vi er to voksne og to barn fra Bergen")
    assert "Hvem flytter: vi er to voksne og to barn fra Bergen" in mover.text
    assert "ikke sikker" not in mover.text, "it was no question"
    await mover.says("vi har en hund også")
    assert "Hvem flytter: vi er to voksne og to barn fra Bergen; vi har en hund også" in mover.text
    await mover.says("Vi er fire")
    assert "113" not in mover.text and "vi har en hund også; Vi er fire" in mover.text, "four, and no fire"
    await mover.says("Vi kommer til sommeren")
    assert "Når: Vi kommer til sommeren" in mover.text
    await mover.says("ja")
    (lead,) = await world.leads()
    assert lead.wishes.members == ("adults", "children", "animals", "several")


async def test_danger_told_in_mid_form_is_no_part_of_it(world: World) -> None:
    mover = await opened(world)
    await mover.says("vi har en baby som ikke puster")
    assert "113" in mover.text
    await mover.says("meg og kona kommer te sommaren")
    assert "Hvem flytter: meg og kona kommer te sommaren" in mover.text


async def test_who_tells_and_asks_is_answered(world: World) -> None:
    mover = await opened(world)
    await mover.says("vi har to barn, er det plass i barnehagen på Tynset")
    mover.sees_entry("children/kindergarten-place")
    assert "Hvem flytter: barn" in mover.text


async def test_what_a_question_in_mid_form_tells_goes_into_the_form(world: World) -> None:
    mover = await opened(world)
    await mover.says("Hva koster barnehagen for barn på 3 og 5 år?")
    mover.sees_entry("children/kindergarten-price")
    assert "Hvem flytter: barn (3 og 5 år)" in mover.text
    await mover.presses("Endre noe")
    await mover.presses("Hvem som flytter")
    await mover.says("bare meg")
    await mover.says("Er det noe å leie til en hund?")
    assert "Hvem flytter: bare meg" in mover.text, "the mover's own words stay"


async def test_a_mover_is_not_given_a_partner_by_being_two(world: World) -> None:
    mover = await opened(world, "Vi er to voksne og to barn. Hva koster barnehagen?")
    assert "Hvem flytter: to voksne, barn" in mover.text
    await mover.says("/avbryt")
    await mover.says("Kona er lærer. Er det jobb på skolen?")
    await mover.says("/vert tynset")
    assert "Hvem flytter: barn, partner" in mover.text or "Hvem flytter: partner, barn" in mover.text


@pytest.mark.parametrize(
    "step", ["Hvem som flytter", "Når", "Språk", "Melding til verten", "Hvor du får svar", "Kommune"]
)
async def test_every_step_survives_nonsense_commands_and_a_restart(world: World, step: str) -> None:
    mover = await opened(world)
    await mover.presses("Endre noe")
    await mover.presses(step)
    for text in (*NONSENSE, "/tema", "/sprak"):
        await mover.says(text)
        assert mover.replies
    await mover.presses_data(mover.last, "1:hf:forged.when", forged=True)
    assert "ikke gjelder lenger" in mover.text
    await mover.says("avbryt")
    await mover.says("ja")
    assert await world.leads() == [], "a cancelled form sends nothing"


async def test_silence_for_three_days_ends_the_form(world: World) -> None:
    mover = await opened(world)
    world.clock.move(hours=73)
    await mover.says("ja")
    assert await world.leads() == []


async def test_a_second_request_to_the_same_municipality_is_added_to_the_first(world: World) -> None:
    mover = await opened(world)
    await mover.says("ja")
    await mover.says("/vert tynset")
    assert "alt en åpen henvendelse" in mover.text
    await mover.says("Vi har også hund")
    assert len(await world.leads()) == 1
    assert "Sendt til" in mover.text


async def test_the_receipt_names_a_day_that_is_a_working_day(world: World) -> None:
    world.clock.now = world.clock.now.replace(
        year=2027, month=3, day=24, hour=14, minute=40
    )  # after closing, before Maundy Thursday
    mover = await opened(world)
    await mover.says("ja")
    assert "senest torsdag 1. april" in mover.text
    await mover.says("/mine")
    assert "svar senest torsdag 1. april" in mover.text


async def test_the_partner_joins_by_link_with_own_words_and_leaves_again(world: World) -> None:
    host = await world.host("tynset")
    mover, partner, third = world.mover("Mona Prøve"), world.mover("Arne Prøve"), world.mover("Siri Prøve")
    await mover.says("/vert tynset")
    await mover.says("ja")
    await mover.presses("Ta med den du flytter med")
    parameter = mover.text[mover.text.index("p_") :].split()[0]
    await partner.starts(parameter)
    assert "Mona Prøve" in partner.text
    await third.starts(parameter)
    assert "virker ikke lenger" in third.text, "the link is the first one's"
    await partner.presses("Ja, bli med")
    await partner.says("Jeg er snekker og vil ha verksted")
    assert "blitt med" in host.last.text and "snekker" not in host.last.text
    await host.presses("Ta saken")
    assert "Arne Prøve: Jeg er snekker" in host.last.text
    await partner.says("/mine")
    await partner.presses("Gå ut av")
    assert "gått ut" in host.last.text
    await partner.says("/mine")
    assert "ingen henvendelser" in partner.text


async def test_the_hosts_card_is_shown_when_the_lead_is_taken(world: World) -> None:
    host = await world.host("tynset", "Hilde Prøve")
    await host.says("/kort Jeg flyttet hit selv og viser deg gjerne rundt.")
    await host.says("/kortsprak norsk og engelsk")
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.says("ja")
    await host.presses("Ta saken")
    assert "viser deg gjerne rundt" in mover.last.text
    assert "norsk og engelsk" in mover.last.text


async def test_a_warm_mover_is_offered_the_host_once_in_three_months(world: World) -> None:
    await world.host("tynset")
    mover = world.mover()
    await mover.says("Er det noe å leie på Tynset?")
    assert "menneske" not in mover.last.text
    await mover.says(
        "Jeg er sykepleier, vi har to barn og vil flytte til sommeren. Er det jobb som sykepleier på Tynset?"
    )
    assert "tar kontakt" in mover.last.text
    offers = sum("tar kontakt" in m.text for m in mover.from_bot())
    await mover.presses("Ikke nå")
    await mover.says("Er det noe å leie på Tynset?")
    assert sum("tar kontakt" in m.text for m in mover.from_bot()) <= offers, "not again"
    world.clock.move(days=91)
    await mover.says("Er det noe å leie på Tynset?")
    assert "tar kontakt" in mover.last.text


async def test_taking_along_gives_two_files_and_one_lead_can_be_deleted(world: World) -> None:
    mover = await opened(world, "Er det noe å leie på Tynset?")
    await mover.says("ja")
    reference = mover.reference
    await mover.says("/mine")
    await mover.presses("Ta med alt")
    documents = [m.body.get("document") for m in mover.replies]
    names = [document["file_name"] for document in documents if isinstance(document, dict)]
    assert names == ["flytt-hit.txt", "flytt-hit.json"]
    await mover.says("/mine")
    await mover.presses("Trekk")
    await mover.says("/mine")
    await mover.presses("Slett")
    await mover.presses("Ja, slett")
    assert reference in mover.text
    assert await world.leads() == []


async def test_the_coordinator_gets_a_line_on_monday_without_small_figures(world: World) -> None:
    coordinator = await world.coordinator()
    movers = [world.mover(f"Mona Prøve {n}") for n in range(6)]
    for mover in movers:
        await mover.says("Er det noe å leie på Tynset?")
    await movers[0].says("Hvem vant VM i curling i 1998?")
    await movers[0].says("Er det noe å leie på Røros?")
    world.clock.now = world.clock.now.replace(day=30, hour=8)  # Monday
    assert await world.house.desk.tell_week_if_due(world.clock())
    assert not await world.house.desk.tell_week_if_due(world.clock()), "once"
    await world.settle()
    assert "Tynset: 6 spurte, 6 fikk svar" in coordinator.last.text
    assert "Røros: under 5 spurte" in coordinator.last.text
    assert "curling" in coordinator.last.text


def test_the_warmth_table_in_the_documents_is_the_one_in_code() -> None:
    from bot.settings import ROOT

    page = (ROOT / "docs" / "warmth.md").read_text("utf-8")
    for signal in warmth.TABLE:
        assert f"| {signal.name} | {signal.points} | {signal.most} | {signal.why} |" in page
    assert f"{warmth.WARM} points" in page


async def test_a_yes_before_the_summary_is_shown_leads_to_it_and_sends_nothing(world: World) -> None:
    mover = await opened(world)
    old = mover.last
    await mover.presses("Endre noe")
    await mover.presses("Kommune")
    await mover.presses("Tolga")
    await mover.says("ja")
    assert "Gjelder: Tynset og Tolga" in mover.text
    assert await world.leads() == []
    await mover.presses("Endre noe")
    await mover.presses_data(old, mover.last.button("Avbryt").callback_data.replace(":hn:", ":hy:"), forged=True)  # type: ignore[union-attr]
    assert await world.leads() == [], "nor does a late press"
    await mover.says("ja")
    assert len(await world.leads()) == 2


async def test_an_identity_number_to_the_host_is_covered_too(world: World) -> None:
    mover = await opened(world)
    await mover.says("ja")
    await world.hosts[0].presses("Ta saken")
    await world.hosts[0].says("Hei", reply_to=world.hosts[0].last)
    await mover.says("Nummeret mitt er 010190 12345, mobilen +46 70 123 45 67")
    assert "12345" not in world.hosts[0].last.text and "+46 70 123 45 67" in world.hosts[0].last.text
    assert "fødselsnummer" in mover.text


@pytest.mark.parametrize(
    "number", ["+46 70 123 45 67", "0046701234567", "+47 912 34 567", "91234567", "+49 1512 3456789"]
)
async def test_phone_numbers_of_neighbours_are_phone_numbers(world: World, number: str) -> None:
    mover = await opened(world)
    await mover.presses("Endre noe")
    await mover.presses("Hvor du får svar")
    await mover.presses("Telefon")
    await mover.says(number)
    assert "på telefon" in mover.text
