"""Questions whose right answer is known: what is measured with, and what confidence is fitted on. Never examples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line with what a person would expect. `expect` is best first; empty when `out_of_scope`."""

    text: str
    expect: tuple[str, ...] = ()
    municipality: str | None = None
    out_of_scope: bool = False
    language: str = "nb"
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    line: Labelled


@dataclass(frozen=True, slots=True)
class Dialogue:
    id: str
    turns: tuple[Labelled, ...]


def read(path: Path) -> list[Question | Dialogue]:
    """Either form, one JSON object a line."""
    with path.open(encoding="utf-8") as file:
        return [parse(json.loads(line)) for line in file if line.strip()]


def parse(value: Mapping[str, Any]) -> Question | Dialogue:
    if "turns" in value:
        return Dialogue(str(value["id"]), tuple(_labelled(turn) for turn in value["turns"]))
    return Question(str(value["id"]), _labelled(value))


def questions(cases: Iterable[Question | Dialogue]) -> list[Labelled]:
    return [case.line for case in cases if isinstance(case, Question)]


def _labelled(value: Mapping[str, Any]) -> Labelled:
    return Labelled(
        text=value["text"],
        expect=tuple(value.get("expect", ())),
        municipality=value.get("municipality"),
        out_of_scope=bool(value.get("oos", False)),
        language=value.get("lang", "nb"),
        style=value.get("style", "plain"),
    )
