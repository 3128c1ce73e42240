"""Buttons pressed late, twice, forged or by somebody else: met kindly, and nothing happens that should not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.model import (
    Commanded,
    Conversation,
    Draft,
    Forget,
    Message,
    OpenLeads,
    Pressed,
    Said,
    Situation,
    Turn,
    Withdraw,
)
from bot.dialogue.presses import _ACTIONS
from bot.dialogue.respond import respond
from bot.leads.model import Host, Lead
from tests.world import shipped_mind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOVER = Conversation(5_204_881_301, "Mona")
HOST = Host(1, "host", "Hilde Prøve", "tynset", 77)
LEAD = Lead("TYN-7F3K", "tynset", "new", MOVER.chat_id, "Mona", "nb", (), NOW)
DRAFT = Draft("0123abcd", NOW, ("tynset",), ())


def _turn(*messages: Message, conversation: Conversation = MOVER, situation: Situation = Situation()) -> Turn:
    mind = shipped_mind()
    return respond(conversation, messages, situation, mind.knowledge, mind.matcher, NOW)


def _text(turn: Turn) -> str:
    return "\n".join(reply.html for reply in turn.replies)


def _data(turn: Turn, label: str) -> str:
    return next(b.data for reply in turn.replies for row in reply.buttons for b in row if label in b.label)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x",
        "1:nothing:",
        "2:T:",
        "1:e:no/such",
        "1:e:",
        "1:t:no-such-topic",
        "1:mt:oslo@",
        "1:ms:oslo",
        "1:l:tlh",
        "1:ok:no/such",
        "1:T",
        "\x00",
        "æøå" * 10,
    ],
)
def test_rubbish_gets_a_kind_word_and_ways_on(raw: str) -> None:
    turn = _turn(Pressed(raw, 5))
    assert "gjelder ikke lenger" in _text(turn)
    assert turn.toast
    assert turn.replies[0].buttons
    assert turn.changes == () and replace(turn.conversation, last_seen=None, offered=()) == MOVER


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(_ACTIONS)),
    st.text(alphabet="abcdefåTYN-7F3K0123456789./@:\x00 ", max_size=40),
    st.booleans(),
)
def test_no_forged_press_breaks_a_turn_or_makes_a_lead(verb: str, argument: str, form_is_open: bool) -> None:
    conversation = replace(MOVER, draft=DRAFT) if form_is_open else MOVER
    turn = _turn(Pressed(f"1:{verb}:{argument}", 3), conversation=conversation, situation=Situation(hosts=(HOST,)))
    assert turn.replies or turn.toast
    assert not any(isinstance(change, OpenLeads) for change in turn.changes)


@pytest.mark.parametrize("verb", ["hy", "hn", "he", "hf", "hk", "hs", "hb", "hp", "ho"])
@pytest.mark.parametrize("draft", [None, replace(DRAFT, id="ffffffff")], ids=["no form", "another form"])
def test_a_forms_button_counts_for_that_form_only(verb: str, draft: Draft | None) -> None:
    turn = _turn(Pressed(f"1:{verb}:{DRAFT.id}.tynset", 3), conversation=replace(MOVER, draft=draft))
    assert "ikke gjelder lenger" in _text(turn)
    assert turn.changes == () and turn.conversation.draft == draft


def test_a_yes_twice_in_one_go_makes_one_lead() -> None:
    yes = Pressed(f"1:hy:{DRAFT.id}", 3)
    turn = _turn(yes, yes, conversation=replace(MOVER, draft=DRAFT), situation=Situation(hosts=(HOST,)))
    assert len([change for change in turn.changes if isinstance(change, OpenLeads)]) == 1
    assert len(turn.notices) == 1


def test_a_yes_before_the_place_is_known_asks_for_it() -> None:
    draft = replace(DRAFT, municipalities=(), step="place")
    turn = _turn(Pressed(f"1:hy:{DRAFT.id}", 3), conversation=replace(MOVER, draft=draft))
    assert turn.changes == ()
    assert "Hvilken kommune" in _text(turn)


@pytest.mark.parametrize("hours", [71.9, 72.1])
def test_a_draft_lives_72_hours(hours: float) -> None:
    draft = replace(DRAFT, started_at=NOW - timedelta(hours=hours))
    for message in (Pressed(f"1:hy:{DRAFT.id}", 3), Said("ja")):
        turn = _turn(message, conversation=replace(MOVER, draft=draft), situation=Situation(hosts=(HOST,)))
        assert bool(turn.changes) is (hours < 72)
        assert turn.conversation.draft is None


@pytest.mark.parametrize("word", ["ja", "Ja!", " JA ", "ja takk", "send"])
def test_a_typed_yes_is_a_yes(word: str) -> None:
    turn = _turn(Said(word), conversation=replace(MOVER, draft=DRAFT))
    assert isinstance(turn.changes[0], OpenLeads)


@pytest.mark.parametrize("word", ["nei", "Nei takk.", "avbryt", "ikke send"])
def test_a_typed_no_sends_nothing(word: str) -> None:
    turn = _turn(Said(word), conversation=replace(MOVER, draft=DRAFT))
    assert turn.changes == () and turn.conversation.draft is None


@pytest.mark.parametrize("word", ["ja, men først: er det kaldt der?", "kanskje", "jada jada", "👍", "ok"])
def test_nothing_else_is_a_yes(word: str) -> None:
    turn = _turn(Said(word), conversation=replace(MOVER, draft=DRAFT))
    assert not any(isinstance(change, OpenLeads) for change in turn.changes)


def test_a_typed_yes_belongs_to_the_summary_on_the_screen_whoever_is_written_to() -> None:
    draft = replace(DRAFT, municipalities=("roros",))
    conversation = replace(MOVER, draft=draft, partner=LEAD.reference)
    turn = _turn(Said("ja"), conversation=conversation, situation=Situation(leads=(LEAD,), hosts=(HOST,)))
    (change,) = turn.changes
    assert isinstance(change, OpenLeads) and change.leads[0].municipality == "roros"


def test_a_yes_without_a_summary_is_no_consent() -> None:
    assert _turn(Said("ja")).changes == ()


def test_somebody_elses_lead_is_as_unknown_as_an_invented_one() -> None:
    other = replace(LEAD, reference="TYN-2222")
    for verb in ("hw", "wd"):
        turn = _turn(Pressed(f"1:{verb}:{other.reference}", 3), situation=Situation(leads=(LEAD,)))
        assert "finner jeg ikke" in _text(turn) and turn.changes == ()


@pytest.mark.parametrize("yes", [Said("ja"), Pressed("1:hy:0123abcd", 3)], ids=["typed", "pressed"])
def test_a_form_whose_place_has_a_lead_meanwhile_adds_to_that_one(yes: Message) -> None:
    """A host passed a lead on to the place of a form that was not sent yet."""
    turn = _turn(yes, conversation=replace(MOVER, draft=DRAFT), situation=Situation(leads=(LEAD,), hosts=(HOST,)))
    assert not turn.changes and LEAD.reference in turn.replies[0].html
    assert (turn.conversation.draft, turn.conversation.partner) == (None, LEAD.reference)


def test_a_lead_is_withdrawn_once() -> None:
    press = Pressed(f"1:wd:{LEAD.reference}", 3)
    turn = _turn(press, situation=Situation(leads=(LEAD,), hosts=(HOST,)))
    assert turn.changes == (Withdraw(LEAD.reference),)
    again = _turn(press, situation=Situation(leads=(replace(LEAD, state="withdrawn"),), hosts=(HOST,)))
    assert again.changes == () and again.notices == ()


def test_forgetting_needs_its_own_yes() -> None:
    asked = _turn(Commanded("glem"))
    assert asked.changes == ()
    assert _turn(Said("ja"), conversation=asked.conversation).changes == ()
    assert _turn(Pressed(_data(asked, "Ja, slett alt")), conversation=asked.conversation).changes == (Forget(),)
    typed = _turn(Said("ja, slett alt"), conversation=asked.conversation)
    assert typed.changes == (Forget(),), "every button has a typed equivalent"


@pytest.mark.parametrize("label", ["Temaer", "temaer!", " TEMAER ", "Bolig"])
def test_typing_what_a_button_says_is_pressing_it(label: str) -> None:
    shown = _turn(Commanded("tema"))
    turn = _turn(Said(label), conversation=shown.conversation)
    pressed = _turn(Pressed("1:t:housing" if label == "Bolig" else "1:T:"))
    assert [reply.html for reply in turn.replies] == [reply.html for reply in pressed.replies]
    assert turn.questions == (), "and it is no question to be counted"


def test_a_button_that_is_not_shown_any_more_cannot_be_typed() -> None:
    shown = _turn(Commanded("glem"))
    later = _turn(Commanded("tema"), conversation=shown.conversation)
    assert _turn(Said("Ja, slett alt"), conversation=later.conversation).changes == ()


def test_taking_out_a_question_that_is_not_there_takes_none_out() -> None:
    for rest in ("0", "9", "-1", "x", "١", "99999999999999"):
        turn = _turn(Pressed(f"1:ho:{DRAFT.id}.{rest}", 3), conversation=replace(MOVER, draft=DRAFT))
        assert turn.conversation.draft == DRAFT
