"""Button data: comes back as it went, and fits into Telegram's 64 bytes for all there is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.buttons import MAX_BYTES, Press, data, parse
from bot.dialogue.lead_form import UNSURE
from bot.leads.model import OUTCOMES
from bot.texts import languages
from tests.world import shipped_mind


@settings(deadline=None)
@given(st.sampled_from(["T", "e", "hp", "mine"]), st.text(alphabet="abcæøå019-_/@.:", max_size=30))
def test_data_comes_back_as_it_went(verb: str, argument: str) -> None:
    assert parse(data(verb, argument)) == Press(verb, argument)


def test_what_telegram_would_refuse_is_refused_here() -> None:
    assert data("e", "x" * (MAX_BYTES - 4))
    with pytest.raises(ValueError, match="64 bytes"):
        data("e", "x" * (MAX_BYTES - 3))
    with pytest.raises(ValueError, match="64 bytes"):
        data("e", "å" * 31)


@pytest.mark.parametrize("raw", ["", "1", "1:", "1:T", "2:T:", ":T:", "1::x", "T", "x" * 64, "1\x00:T:", "æ:ø:å"])
def test_what_we_never_made_is_no_press(raw: str) -> None:
    assert parse(raw) is None


def test_every_entry_of_every_municipality_fits() -> None:
    knowledge = shipped_mind().knowledge
    assert len(knowledge.municipalities) == 8
    for entry in knowledge.entries:
        for verb in ("ok", "no", "m", "mx", "md"):
            data(verb, entry)
        for slug in knowledge.municipalities:
            assert parse(data("e", f"{entry}@{slug}")) == Press("e", f"{entry}@{slug}")
            data("mt", f"{slug}@{entry}")


def test_everything_else_fits() -> None:
    draft = "0123abcd"
    for slug in (*shipped_mind().knowledge.municipalities, UNSURE):
        data("hp", f"{draft}.{slug}")
    for outcome in OUTCOMES:
        data("hx", f"TYN-7F3K.{outcome}")
    for topic in shipped_mind().knowledge.topics:
        data("t", topic)
    for language in languages():
        data("l", language)
