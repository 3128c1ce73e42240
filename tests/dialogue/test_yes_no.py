"""A bare yes or no outside the form: never guessed at, never answered with topics."""

from __future__ import annotations

import pytest

from tests.world import Person, World


@pytest.mark.parametrize("word", ["ja", "Nei.", "avbryt", "ok send"])
async def test_where_nothing_was_asked_that_is_said(world: World, word: str) -> None:
    mover = world.mover()
    await mover.says("Er det noe å leie på Tynset?")
    await mover.says(word)
    assert "venter ikke på noe ja eller nei" in mover.text


async def test_what_deletes_needs_more_than_a_yes(world: World) -> None:
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.says("ja")
    await mover.says("/glem")
    await mover.says("ja")
    assert "«Ja, slett alt»" in mover.text and mover.labels() == ["Ja, slett alt"]
    assert len(await world.leads()) == 1
    await mover.says("/glem")
    await mover.says("nei")
    assert "ingenting er slettet" in mover.text
    await mover.says("/glem")
    await mover.says("Ja, slett alt")
    assert await world.leads() == []


async def _offered(world: World) -> Person:
    """Somebody who has grown warm was offered the host."""
    mover = world.mover()
    for words in (
        "Vi er to voksne og to barn og vil flytte til Tynset til sommeren",
        "Er det jobb som sykepleier på Tynset?",
        "Er det noe å leie på Tynset?",
        "Hva koster barnehagen på Tynset?",
    ):
        await mover.says(words)
        if "Ikke nå" in mover.labels():
            return mover
    raise AssertionError("no host was offered")


@pytest.mark.parametrize(("word", "told"), [("ja", "Henvendelse til verten i Tynset"), ("nei takk", "")])
async def test_the_offer_of_a_host_is_answered_by_it(world: World, word: str, told: str) -> None:
    mover = await _offered(world)
    await mover.says(word)
    assert told in mover.text and "venter ikke på noe" not in mover.text
    assert await world.leads() == [], "the form is only opened"


async def test_a_further_question_that_leads_to_the_same_says_that_there_is_no_more(world: World) -> None:
    mover = world.mover()
    await mover.says("Hvilke skoler er det på Tynset?")
    mover.sees_entry("children/primary-school")
    assert "alt jeg vet" not in mover.text
    await mover.says("Hvor stor er skolen på Tynset?")
    mover.sees_entry("children/primary-school")
    assert "Dette er alt jeg vet om det" in mover.text
    await mover.says("og på Os?")
    mover.sees_entry("children/primary-school")
    assert "alt jeg vet" not in mover.text, "another place is something else"


async def test_what_was_only_suggested_is_told_in_full(world: World) -> None:
    mover = world.mover()
    await mover.says("Kan jeg overta garden?")
    assert "ikke sikker" in mover.text, "a choice, with the farm first"
    await mover.says("er det bo- og driveplikt på gården")
    mover.sees_entry("housing/smallholding")
    assert "Dette er alt jeg vet om det" not in mover.text


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("slutt", "Ha det bra"),
        ("STOPP!", "Ha det bra"),
        ("/stop", "Ha det bra"),
        ("slett alt om meg", "Skal jeg slette alt"),
        ("start på nytt", "Jeg er en automatisk tjeneste"),
    ],
)
async def test_bare_words_that_are_a_command(world: World, words: str, answered: str) -> None:
    mover = world.mover()
    await mover.says(words)
    assert answered in mover.text


async def test_stop_in_the_form_stops_the_form(world: World) -> None:
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.says("stopp")
    assert "ingenting er sendt" in mover.text and "Ha det bra" not in mover.text
