"""Danger now gets the emergency entry alone; the same words about work, services and grass never do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.matching import TrainedMatcher
from bot.matching.emergency import EMERGENCY
from bot.matching.verdict import Context
from tests.matching.conftest import QUESTIONS


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", lines("emergency.jsonl"), ids=lambda case: case["id"])
def test_danger_is_recognised_and_comes_alone(matcher: TrainedMatcher, case: dict[str, Any]) -> None:
    for context in (Context(), Context("housing/rent-home", ("tolga",))):
        verdict = matcher.understand(case["text"], context)
        assert verdict.decision == "answer"
        assert [match.entry for match in verdict.matches] == [EMERGENCY]


@pytest.mark.parametrize("case", lines("never_a_joke.jsonl"), ids=lambda case: case["id"])
def test_never_a_joke(matcher: TrainedMatcher, case: dict[str, Any]) -> None:
    verdict = matcher.understand(case["text"])
    assert not {match.entry for match in verdict.matches} & set(case["never"])


def test_most_of_those_are_answered_normally(matcher: TrainedMatcher) -> None:
    cases = [case for case in lines("never_a_joke.jsonl") if case["expect"]]
    helped = [
        case for case in cases if {m.entry for m in matcher.understand(case["text"]).matches} & set(case["expect"])
    ]
    assert len(helped) >= 0.85 * len(cases)


def test_the_words_alone_suffice_without_the_semantic_stage(matcher_by_words: TrainedMatcher) -> None:
    found = [
        matcher_by_words.understand(case["text"]).matches[0].entry == EMERGENCY for case in lines("emergency.jsonl")
    ]
    assert all(found)


def test_an_emergency_is_never_a_mere_suggestion(matcher: TrainedMatcher) -> None:
    for case in [*lines("questions.dev.jsonl")[::4], *lines("never_a_joke.jsonl")]:
        verdict = matcher.understand(case["text"])
        assert EMERGENCY not in [match.entry for match in (*verdict.matches, *verdict.near)], case["text"]
