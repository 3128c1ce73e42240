"""Asking, browsing, settling: what a mover meets before any lead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlmodel import select

from bot.knowledge.model import Knowledge
from bot.knowledge.problems import Problem
from bot.knowledge.reading import read
from bot.knowledge.watching import Watcher
from bot.storage.tables import CounterRow, QuestionRow
from tests.world import World


async def test_welcome_says_what_it_is_and_that_a_person_is_near(world: World) -> None:
    mover = world.mover("Mona")
    await mover.starts()
    assert "automatisk tjeneste" in mover.text
    assert "Mona" in mover.text
    assert {"Temaer", "Velg kommune", "Snakk med verten"} <= set(mover.labels())


async def test_the_first_language_is_what_the_app_is_set_to(world: World) -> None:
    english, nynorsk, german = (world.mover(f"Prøve {code}", code) for code in ("en-GB", "nn", "de"))
    for mover in (english, nynorsk, german):
        await mover.starts()
    assert "automatic service" in english.text
    assert "automatisk teneste" in nynorsk.text
    assert "automatic service" in german.text


async def test_an_answer_tells_the_part_for_the_place_its_sources_and_its_date(world: World) -> None:
    mover = world.mover()
    await mover.says("Er det noe å leie på Tynset?")
    mover.sees_entry("housing/rent-home")
    assert "\n\nTynset\n" in mover.text
    assert "Kilder:" in mover.text and "Sjekket" in mover.text
    assert len(mover.labels()) <= 4
    assert {"Snakk med verten", "Hjalp", "Hjalp ikke"} <= set(mover.labels())


async def test_a_chosen_municipality_is_remembered_and_changed(world: World) -> None:
    mover = world.mover()
    await mover.says("/kommune")
    await mover.presses("Tolga")
    await mover.presses("Folldal")
    assert {"✓ Tolga", "✓ Folldal"} <= set(mover.labels())
    await mover.presses("✓ Folldal")
    await mover.presses("Ferdig")
    assert "Tolga" in mover.text and "Folldal" not in mover.text
    await mover.says("Er det noe å leie?")
    assert "\n\nTolga\n" in mover.text
    await mover.says("/kommune")
    await mover.presses("Ingen bestemt")
    assert "hele regionen" in mover.text


async def test_two_places_weighed_against_each_other_are_both_held_in_mind(world: World) -> None:
    mover = world.mover()
    await mover.says("Er det noe å leie på Tynset eller Tolga?")
    await mover.says("Hvor kaldt blir det om vinteren?")
    assert "\n\nTynset\n" in mover.text and "\n\nTolga\n" in mover.text
    await mover.says("/vert")
    assert "Gjelder: Tynset og Tolga" in mover.text


async def test_a_couple_with_two_trades_sees_of_which_place_is_told(world: World) -> None:
    mover = world.mover()
    await mover.says("jeg jobber som elektriker og kona er regnskapsfører, er det jobb på Tynset?")
    assert "Håndverk, industri og transport · Tynset\n" in mover.text
    assert "Mer: Håndverk, industri og transport" in mover.labels()
    await mover.says("jeg jobber som elektriker og kona er regnskapsfører, er det jobb på Tynset eller Tolga?")
    assert "·" not in mover.text
    await mover.presses("Mer: Håndverk, industri og transport")
    assert "\n\nTynset\n" in mover.text and "\n\nTolga\n" in mover.text


async def test_a_municipality_link_notes_the_place_and_a_campaign_is_counted(world: World) -> None:
    mover, other = world.mover(), world.mover("Arne Prøve")
    await mover.starts("m_tynset")
    assert "Tynset" in mover.text
    await other.starts("plakat-2026")
    await other.says("Er det noe å leie på Tynset?")
    async with world.house.database.reading() as session:
        counters = (await session.exec(select(CounterRow))).all()
    assert [(c.campaign, c.topic, c.decision, c.municipality) for c in counters if c.campaign] == [
        ("plakat-2026", "housing", "answer", "tynset")
    ]


async def test_browsing_leads_from_topics_to_an_answer(world: World) -> None:
    mover = world.mover()
    await mover.says("/tema")
    await mover.presses("Bolig")
    mover.is_offered("housing/rent-home")
    await mover.presses("Leie")
    mover.sees_entry("housing/rent-home")


async def test_not_knowing_is_said_with_ways_on(world: World) -> None:
    mover = world.mover()
    await mover.says("Hvem vant VM i curling i 1998?")
    assert "vet jeg ikke" in mover.text
    assert {"Temaer", "Snakk med verten"} <= set(mover.labels())


async def test_a_chosen_language_is_never_overridden(world: World) -> None:
    mover = world.mover()
    await mover.says("/sprak")
    await mover.presses("English")
    assert "English" in mover.text
    await mover.says("Er det noe å leie på Tynset?")
    mover.sees_entry("housing/rent-home", "en")


async def test_english_is_answered_in_english(world: World) -> None:
    mover = world.mover()
    await mover.says("Is there any work for a nurse in Tynset?")
    mover.sees_entry("jobs/healthcare-jobs", "en")


async def test_what_did_not_help_is_counted_and_met(world: World) -> None:
    mover = world.mover()
    await mover.says("Er det noe å leie på Tynset?")
    await mover.presses("Hjalp ikke")
    assert "verten" in mover.text
    async with world.house.database.reading() as session:
        counters = (await session.exec(select(CounterRow).where(CounterRow.decision == "feedback"))).all()
    assert [(c.topic, c.helped, c.count) for c in counters] == [("housing", "no", 1)]


async def test_questions_are_masked_before_they_are_stored(world: World) -> None:
    mover = world.mover()
    await mover.says("Ring meg på 912 34 567 eller mona@example.org om hus på Tynset")
    async with world.house.database.reading() as session:
        stored = " ".join(row.text for row in (await session.exec(select(QuestionRow))).all())
    assert "912" not in stored and "example.org" not in stored and "Tynset" in stored


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "contact", "document"])
async def test_what_cannot_be_read_is_met_kindly(world: World, kind: str) -> None:
    mover = world.mover()
    await mover.shows(kind)
    assert len(mover.replies) == 1
    assert "Temaer" in mover.labels()


async def test_forgetting_deletes_and_tells_the_host_by_reference_alone(world: World) -> None:
    host = await world.host("tynset")
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    reference = mover.reference
    await mover.says("/glem")
    await mover.presses("Ja, slett alt")
    assert "slettet" in mover.text
    assert reference in host.last.text and "Mona" not in host.last.text
    assert await world.leads() == []
    await mover.says("/mine")
    assert "ingen henvendelser" in mover.text


async def test_privacy_says_what_is_stored_and_what_is_not_set_up(world: World) -> None:
    mover = world.mover()
    await mover.says("Er det noe å leie på Tynset?")
    await mover.says("/personvern")
    assert "Spørsmål: 1." in mover.text
    assert "ikke satt opp" in mover.text


async def test_errors_in_the_knowledge_files_are_told_to_the_coordinator(world: World, tmp_path: Path) -> None:
    coordinator = await world.coordinator()
    folder = tmp_path / "knowledge"
    (folder / "housing").mkdir(parents=True)

    async def found(problems: Sequence[Problem]) -> None:
        await world.house.desk.tell_findings([str(problem) for problem in problems], world.clock())

    watcher = Watcher(folder, read(folder), _ignored, found)
    (folder / "housing" / "rent-home.md").write_text("---\ntitle: [\n---\nSvar\n")
    assert await watcher.look()
    await world.settle()
    assert "housing/rent-home.md" in coordinator.last.text


async def _ignored(knowledge: Knowledge) -> None:
    """This test is about what is told, not about what is served."""
