"""Anything may come in; nothing raises, and the work is bounded by the length."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import TrainedMatcher
from bot.matching.semantic import LONGEST_BYTES, shortened
from bot.matching.text import LONGEST as LONGEST_LINE
from bot.matching.text import clean
from bot.matching.verdict import Context

NASTY = {
    "nul": "hus\x00 til leie",
    "lone surrogate": "hus \ud83d til leie",
    "zalgo": "h" + "\u0301\u0330\u0334" * 300 + "us til leie",
    "direction marks": "\u202ehus\u202c til leie",
    "zero width": "h\u200bu\u200bs til leie",
    "one letter": "a" * 4096,
    "one word": "barnehage" * 455,
    "many words": "hus " * 1024,
    "all different": " ".join(f"ord{number}" for number in range(600)),
    "only marks": "?!" * 2048,
    "only emoji": "🐄" * 4096,
    "places": "Os Tolga Tynset " * 256,
    "commas": ", og " * 800,
    "sentences": "Er det hus? " * 340,
    "mixed scripts": "hус дom haus 家 بيت " * 200,
    "nested quotes": "«" * 2000 + "»" * 2000,
    "newlines": "\n" * 4096,
    "spaces": " " * 4096,
    "emergency words": "mannen slår ikke puste livet ta meg " * 110,
    "beyond Telegram": "hus " * 50_000,
}
#: Profiled events for one line: a plain question takes some 5,000, anything quadratic in 4,096 characters millions.
MOST_EVENTS = 150_000


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    calls = [0]

    def count(_frame: Any, _event: str, _argument: Any) -> None:
        calls[0] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("name", NASTY)
def test_nothing_raises_and_the_steps_are_bounded(matcher: TrainedMatcher, name: str) -> None:
    with counted_calls() as calls:
        verdict = matcher.understand(NASTY[name], Context("housing/rent-home", ("tynset",)))
    assert calls[0] <= MOST_EVENTS
    assert verdict.decision in ("answer", "choose", "none")


@pytest.mark.parametrize("name", ["nul", "lone surrogate", "zalgo", "direction marks", "zero width"])
def test_what_is_readable_is_still_understood(matcher: TrainedMatcher, name: str) -> None:
    assert matcher.understand(NASTY[name]).matches[0].entry == "housing/rent-home"


@pytest.mark.parametrize("line", ["", " ", "?????", "❤️", "123456", "\x00", "...", "😂😂😂"])
def test_a_line_without_letters_gets_nothing(matcher: TrainedMatcher, line: str) -> None:
    verdict = matcher.understand(line)
    assert (verdict.decision, verdict.matches) == ("none", ())


def test_the_same_line_a_thousand_times_is_the_same_verdict(matcher_by_words: TrainedMatcher) -> None:
    verdicts = {matcher_by_words.understand("hus til leie på tolga") for _ in range(1000)}
    assert len(verdicts) == 1


def test_lines_are_cut() -> None:
    assert len(clean("å" * 10_000)) <= LONGEST_LINE
    for text in ("ord " * 1000, "слово " * 500, "🐄" * 1200, "a" * 1200):
        assert len(shortened(text).encode()) <= LONGEST_BYTES


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_cleaned_text_is_harmless(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
