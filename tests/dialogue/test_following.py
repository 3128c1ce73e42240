"""Which language is answered in: what is written is followed, what was chosen stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dialogue.following import first_guess, follow_language
from bot.dialogue.model import Conversation, Situation
from bot.dialogue.talk import Talk
from bot.matching.verdict import Context, Detected, Verdict
from bot.texts import foreign
from tests.world import World, shipped_mind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FOUR = "a line of words"


def _follow(conversation: Conversation, code: str, confidence: float = 0.95, text: str = FOUR) -> Talk:
    mind = shipped_mind()
    talk = Talk(conversation, Situation(), mind.knowledge, mind.matcher, NOW)
    follow_language(talk, text, Verdict("none", (), Detected(code, confidence), Context()))
    return talk


@pytest.mark.parametrize(
    ("present", "written", "answered"),
    [
        ("nb", "nb", "nb"),
        ("nb", "nn", "nn"),
        ("nb", "en", "en"),
        ("en", "nb", "nb"),
        ("nb", "sv", "nb"),
        ("nn", "sv", "nn"),
        ("nn", "da", "nn"),
        ("en", "sv", "nb"),
        ("en", "da", "nb"),
        ("nb", "de", "en"),
        ("nn", "pl", "en"),
        ("nb", "uk", "en"),
        ("nb", "nl", "en"),
        ("nb", "sma", "en"),
    ],
)
def test_the_language_that_is_written_is_followed(present: str, written: str, answered: str) -> None:
    assert _follow(Conversation(1, language=present), written).language == answered


def test_a_writer_of_nynorsk_stays_one_until_a_word_is_bokmaal() -> None:
    mind = shipped_mind()
    for line, answered in {
        "er det hyttefolk overalt der?": "nn",
        "blir det rovdyr på trappa": "nn",
        "er det fint å bo der": "nn",
        "hvor mange hytter er det der?": "nb",
        "jeg vil vite hva hus koster": "nb",
    }.items():
        talk = Talk(Conversation(1, language="nn"), Situation(), mind.knowledge, mind.matcher, NOW)
        follow_language(talk, line, mind.matcher.understand(line))
        assert talk.language == answered, line


@pytest.mark.parametrize("text", ["hello", "is it cold", "  one   two three  "])
def test_three_words_switch_nothing(text: str) -> None:
    talk = _follow(Conversation(1, language="nb"), "en", text=text)
    assert talk.language == "nb" and talk.replies == []


def test_what_is_not_sure_switches_nothing() -> None:
    assert _follow(Conversation(1, language="nb"), "en", confidence=0.79).language == "nb"
    assert _follow(Conversation(1, language="nb"), "en", confidence=0.8).language == "en"
    assert _follow(Conversation(1, language="nb"), "nn", confidence=0.89).language == "nb", "siblings"
    assert _follow(Conversation(1, language="nb"), "nn", confidence=0.9).language == "nn"


@pytest.mark.parametrize("written", ["nb", "nn", "en", "sv", "de", "pl", "xx"])
@pytest.mark.parametrize("chosen", ["nb", "nn", "en"])
def test_what_was_chosen_is_never_overridden(chosen: str, written: str) -> None:
    talk = _follow(Conversation(1, language=chosen, language_chosen=True), written)
    assert talk.language == chosen


@pytest.mark.parametrize("code", ["de", "nl", "pl", "uk"])
def test_a_language_understood_a_little_gets_a_line_in_it(code: str) -> None:
    talk = _follow(Conversation(1, language="nb"), code)
    assert [reply.html for reply in talk.replies] == [foreign()[code]]


@pytest.mark.parametrize("code", ["nb", "nn", "en", "sv", "da"])
def test_others_get_none(code: str) -> None:
    assert _follow(Conversation(1, language="nb"), code).replies == []


@pytest.mark.parametrize(
    ("telegram", "guess"),
    [
        ("nb", "nb"),
        ("nn", "nn"),
        ("no", "nb"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("sv", "nb"),
        ("da-DK", "nb"),
        ("de", "en"),
        ("pl", "en"),
        ("", "nb"),
        (None, "nb"),
        ("\ud800", "en"),
        ("x" * 500, "en"),
    ],
)
def test_the_first_guess_is_what_the_app_is_set_to(telegram: str | None, guess: str) -> None:
    assert first_guess(telegram) == guess


async def test_german_is_answered_in_english_with_a_line_of_german(world: World) -> None:
    mover = world.mover()
    await mover.says("Gibt es in Tynset eine Wohnung zu mieten?")
    assert mover.replies[0].text == foreign()["de"]
    mover.sees_entry("housing/rent-home", "en")


async def test_swedish_is_answered_in_norwegian(world: World) -> None:
    mover = world.mover()
    await mover.says("Finns det något att hyra i Tynset för en familj med två barn?")
    assert "Snakk med verten" in mover.labels()
