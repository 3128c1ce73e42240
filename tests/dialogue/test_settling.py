"""Municipalities and languages chosen, changed and mistyped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dialogue.model import Commanded, Conversation, Message, Pressed, Situation, Turn
from bot.dialogue.respond import respond
from tests.world import shipped_mind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOVER = Conversation(5_204_881_301, "Mona")


def _turn(message: Message, conversation: Conversation = MOVER) -> Turn:
    mind = shipped_mind()
    return respond(conversation, [message], Situation(), mind.knowledge, mind.matcher, NOW)


def _text(turn: Turn) -> str:
    return "\n".join(reply.html for reply in turn.replies)


def _labels(turn: Turn) -> list[str]:
    return [button.label for reply in turn.replies for row in reply.buttons for button in row]


def test_every_press_takes_a_municipality_in_or_out() -> None:
    turn = _turn(Commanded("kommune"))
    assert "Tynset" in _labels(turn) and "Ferdig" not in _labels(turn)
    for slug, chosen in (("tynset", ("tynset",)), ("os", ("tynset", "os")), ("tynset", ("os",)), ("os", ())):
        turn = _turn(Pressed(f"1:mt:{slug}@", 3), turn.conversation)
        assert turn.conversation.municipalities == chosen
        assert turn.replies[0].edits == 3, "the menu is changed in place"
        assert sum(label.startswith("✓") for label in _labels(turn)) == len(chosen)


def test_done_leads_back_to_the_entry_from_which_it_was_opened() -> None:
    turn = _turn(Pressed("1:mt:tynset@housing/rent-home", 3))
    turn = _turn(Pressed("1:md:housing/rent-home", 3), turn.conversation)
    title = shipped_mind().knowledge.entries["housing/rent-home"].title("nb")
    assert title in _text(turn)
    assert "<b>Tynset</b>" in _text(turn)


def test_no_place_in_particular_forgets_them() -> None:
    turn = _turn(Pressed("1:mt:tynset@", 3))
    turn = _turn(Pressed("1:mx:", 3), turn.conversation)
    assert turn.conversation.municipalities == ()
    assert "hele regionen" in _text(turn)


@pytest.mark.parametrize("argument", ["tynset", "Tynset", " TYNSET ", "Røros", "roros", "holtålen"])
def test_a_municipality_is_told_of(argument: str) -> None:
    turn = _turn(Commanded("kommune", argument))
    assert "Kontakt kommunen" in _text(turn)
    assert turn.conversation.municipalities == (), "reading about one is not choosing it"


@pytest.mark.parametrize("argument", ["Atlantis", "🏔", "<b>", "x" * 4000, "1; DROP TABLE lead", "../../etc"])
def test_a_municipality_that_is_none_gets_the_menu(argument: str) -> None:
    turn = _turn(Commanded("kommune", argument))
    assert "kjenner jeg ikke" in _text(turn)
    assert "Tynset" in _labels(turn)


@pytest.mark.parametrize("argument", ["bolig", "Bolig", " BOLIG ", "housing"])
def test_a_topic_is_told_by_its_name(argument: str) -> None:
    assert shipped_mind().knowledge.entries["housing/rent-home"].title("nb") in _labels(
        _turn(Commanded("tema", argument))
    )


@pytest.mark.parametrize("argument", ["", "romfart", "🏠", "<script>", "x" * 4000])
def test_a_topic_that_is_none_gets_all_of_them(argument: str) -> None:
    assert {"Bolig", "Reise"} <= set(_labels(_turn(Commanded("tema", argument))))


@pytest.mark.parametrize(
    ("argument", "language"), [("english", "en"), ("English", "en"), ("nn", "nn"), ("Nynorsk", "nn"), ("BOKMÅL", "nb")]
)
def test_a_language_is_chosen_by_name_or_code(argument: str, language: str) -> None:
    turn = _turn(Commanded("sprak", argument))
    assert (turn.conversation.language, turn.conversation.language_chosen) == (language, True)


@pytest.mark.parametrize("argument", ["", "klingonsk", "../en", "x" * 4000])
def test_a_language_there_is_none_of_gets_the_choice(argument: str) -> None:
    turn = _turn(Commanded("sprak", argument))
    assert not turn.conversation.language_chosen
    assert {"Bokmål", "English"} <= set(_labels(turn))


@pytest.mark.parametrize("name", ["gjørnoerart", "TEMA2", "", "start_", "x" * 4000])
def test_a_command_there_is_none_of_gets_ways_on(name: str) -> None:
    turn = _turn(Commanded(name))
    assert "kommandoen" in _text(turn) and "Temaer" in _labels(turn)


@pytest.mark.parametrize("english", ["topics", "municipality", "host", "language", "privacy", "forget"])
def test_the_commands_have_english_names_too(english: str) -> None:
    assert "kommandoen" not in _text(_turn(Commanded(english)))


@pytest.mark.parametrize("parameter", ["m_oslo", "m_", "<b>", "a b", "x" * 65, "æ", "\x00"])
def test_rubbish_in_a_start_link_chooses_nothing(parameter: str) -> None:
    turn = _turn(Commanded("start", parameter))
    assert turn.conversation.municipalities == ()
    assert "automatisk tjeneste" in _text(turn)


def test_the_first_campaign_counts() -> None:
    turn = _turn(Commanded("start", "plakat-2026"))
    turn = _turn(Commanded("start", "brev-2027"), turn.conversation)
    assert turn.conversation.campaign == "plakat-2026"
