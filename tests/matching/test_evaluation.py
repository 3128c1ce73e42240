"""The measures themselves, on verdicts made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.matching.evaluation import evaluate
from bot.matching.labelled import Dialogue, Question, parse
from bot.matching.verdict import Context, Decision, Detected, Match, Verdict


def verdict(decision: Decision, *entries: str, place: str | None = None, language: str = "nb") -> Verdict:
    matches = tuple(Match(entry, 1.0) for entry in entries)
    places = (place,) if place else ()
    return Verdict(decision, matches, Detected(language, 1.0), Context(entries[0] if entries else None, places), places)


VERDICTS = {
    "right": verdict("answer", "housing/rent-home", place="tolga"),
    "wrong": verdict("answer", "housing/buy-home"),
    "chosen": verdict("choose", "housing/buy-home", "housing/rent-home"),
    "none": verdict("none"),
}
CASES: list[dict[str, Any]] = [
    {"id": "1", "text": "right", "expect": ["housing/rent-home"], "municipality": "tolga", "lang": "nb"},
    {"id": "2", "text": "wrong", "expect": ["housing/rent-home"], "municipality": None, "lang": "nb"},
    {"id": "3", "text": "chosen", "expect": ["housing/rent-home"], "municipality": None, "lang": "nb"},
    {"id": "4", "text": "none", "expect": [], "oos": True, "municipality": "os", "lang": "nb"},
]
DIALOGUE: dict[str, Any] = {
    "id": "c1",
    "turns": [
        {"text": "right", "expect": ["housing/rent-home"], "municipality": "tolga"},
        {"text": "wrong", "expect": ["housing/rent-home"], "municipality": None},
    ],
}


def predict(text: str, context: Context) -> Verdict:
    return VERDICTS[text]


def test_measures() -> None:
    overall = evaluate(map(parse, CASES), predict).overall
    values = {name: share.value for name, share in overall.items()}
    assert values["answered right"] == pytest.approx(1 / 3)
    assert values["helped"] == pytest.approx(2 / 3)
    assert values["answered wrong"] == 0.25
    assert values["refused"] == 1.0
    assert values["place right"] == 0.75
    assert values["entries per answer"] == 1.0
    assert values["language right"] is None


def test_predictions_are_in_the_order_of_the_input(tmp_path: Path) -> None:
    report = evaluate([*map(parse, CASES), parse(DIALOGUE)], predict)
    report.write_predictions(tmp_path / "out.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == ["1", "2", "3", "4", "c1"]
    assert lines[2]["entries"] == ["housing/buy-home", "housing/rent-home"]
    assert lines[3]["entries"] == []
    assert [turn["decision"] for turn in lines[4]["turns"]] == ["answer", "answer"]
    assert "id" not in lines[4]["turns"][0]
    assert set(lines[0]) == {"id", "decision", "entries", "municipality", "language", "milliseconds"}


def test_each_dialogue_is_a_conversation_of_its_own() -> None:
    seen: list[Context] = []

    def remember(text: str, context: Context) -> Verdict:
        seen.append(context)
        return VERDICTS[text]

    evaluate([parse(DIALOGUE), parse(DIALOGUE)], remember)
    assert [context.entry for context in seen] == [None, "housing/rent-home", None, "housing/rent-home"]


def test_a_report_reads_as_a_table() -> None:
    report = evaluate([*map(parse, CASES), parse(DIALOGUE)], predict)
    assert "answered right" in report.to_text()
    assert report.to_json()["overall"]["last turn helped"] == {"value": 0.0, "of": 1}
    assert report.missed == ("2", "c1/2")
    assert isinstance(parse(DIALOGUE), Dialogue) and isinstance(parse(CASES[0]), Question)
