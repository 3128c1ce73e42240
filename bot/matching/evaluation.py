"""Measures verdicts against labelled lines; `run_bot.py evaluate` calls this."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.matching.labelled import Dialogue, Labelled, Question
from bot.matching.text import words
from bot.matching.verdict import Context, Decision, Verdict

#: How a line is understood: normally `matcher.understand`; the command line puts the dialogue's way in its place.
Predict = Callable[[str, Context], Verdict]
LANGUAGES_COUNTED = ("nb", "nn", "en")
_WORDS_FOR_LANGUAGE = 4
MEASURES = (
    "answered right", "helped", "entries per answer", "answered wrong", "refused", "place right", "language right"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the mover would be shown for one line."""

    decision: Decision
    entries: tuple[str, ...]
    municipality: str | None
    language: str
    milliseconds: float

    def to_json(self) -> dict[str, Any]:
        return {
            "decision": self.decision,
            "entries": list(self.entries),
            "municipality": self.municipality,
            "language": self.language,
            "milliseconds": round(self.milliseconds, 2),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line with its label and what came of it; `last` for the last turn of a dialogue, None outside dialogues."""

    id: str
    expected: Labelled
    predicted: Predicted
    last: bool | None = None

    @property
    def right(self) -> bool:
        first = self.predicted.entries[:1]
        return self.predicted.decision == "answer" and bool(first) and first[0] in self.expected.expect

    @property
    def helped(self) -> bool:
        return any(entry in self.expected.expect for entry in self.predicted.entries)

    @property
    def wrong(self) -> bool:
        return self.predicted.decision == "answer" and not self.right

    @property
    def refused(self) -> bool:
        return self.predicted.decision == "none"

    @property
    def as_expected(self) -> bool:
        return self.refused if self.expected.out_of_scope else self.helped

    @property
    def counts_for_language(self) -> bool:
        return self.expected.language in LANGUAGES_COUNTED and len(words(self.expected.text)) >= _WORDS_FOR_LANGUAGE


@dataclass(frozen=True, slots=True)
class Share:
    """A measure: how many of how many, or a mean of so many."""

    value: float | None
    of: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything measured in one run. `predictions` are the predictions file's lines, in the order of the input."""

    outcomes: tuple[Outcome, ...]
    predictions: tuple[Mapping[str, Any], ...]

    @property
    def overall(self) -> dict[str, Share]:
        return measure(self.outcomes)

    @property
    def missed(self) -> tuple[str, ...]:
        """Ids whose line was neither helped nor rightly refused; a dialogue's turn is "c001/2", counted from one."""
        return tuple(outcome.id for outcome in self.outcomes if not outcome.as_expected)

    def groups(self) -> dict[str, dict[str, dict[str, Share]]]:
        keys: dict[str, Callable[[Outcome], str]] = {
            "language": lambda outcome: outcome.expected.language,
            "style": lambda outcome: outcome.expected.style,
            "topic": _topic,
        }
        return {name: _by(self.outcomes, key) for name, key in keys.items()}

    def to_json(self) -> dict[str, Any]:
        groups = {name: {key: _values(shares) for key, shares in rows.items()} for name, rows in self.groups().items()}
        value: dict[str, Any] = {"lines": len(self.outcomes), "overall": _values(self.overall), **groups}
        times = sorted(outcome.predicted.milliseconds for outcome in self.outcomes)
        if times:
            value["milliseconds"] = {
                "mean": round(sum(times) / len(times), 2),
                "median": round(times[len(times) // 2], 2),
                "p99": round(times[min(len(times) - 1, int(len(times) * 0.99))], 2),
            }
        return value

    def to_text(self) -> str:
        parts = [_table("", {"all": self.overall})]
        parts += [_table(name, rows) for name, rows in self.groups().items() if len(rows) > 1]
        return "\n\n".join(parts)

    def write_predictions(self, path: Path) -> None:
        lines = (json.dumps(line, ensure_ascii=False) for line in self.predictions)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@dataclass(slots=True)
class _Run:
    """One run over a file; each dialogue is a conversation of its own."""

    predict: Predict
    clock: Callable[[], float] = time.perf_counter
    outcomes: list[Outcome] = field(default_factory=list)
    predictions: list[dict[str, Any]] = field(default_factory=list)

    def question(self, question: Question) -> None:
        predicted, _ = self._ask(question.line.text, Context())
        self.outcomes.append(Outcome(question.id, question.line, predicted))
        self.predictions.append({"id": question.id, **predicted.to_json()})

    def dialogue(self, dialogue: Dialogue) -> None:
        context, turns = Context(), []
        for number, line in enumerate(dialogue.turns, start=1):
            predicted, context = self._ask(line.text, context)
            last = number == len(dialogue.turns)
            self.outcomes.append(Outcome(f"{dialogue.id}/{number}", line, predicted, last))
            turns.append(predicted.to_json())
        self.predictions.append({"id": dialogue.id, "turns": turns})

    def _ask(self, text: str, context: Context) -> tuple[Predicted, Context]:
        started = self.clock()
        verdict = self.predict(text, context)
        return shown(verdict, (self.clock() - started) * 1000), verdict.context


def shown(verdict: Verdict, milliseconds: float) -> Predicted:
    entries = () if verdict.decision == "none" else tuple(match.entry for match in verdict.matches)
    return Predicted(verdict.decision, entries, verdict.municipality, verdict.language.code, milliseconds)


def evaluate(cases: Iterable[Question | Dialogue], predict: Predict) -> Report:
    run = _Run(predict)
    for case in cases:
        if isinstance(case, Dialogue):
            run.dialogue(case)
        else:
            run.question(case)
    return Report(tuple(run.outcomes), tuple(run.predictions))


def measure(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    inside = [outcome for outcome in outcomes if not outcome.expected.out_of_scope]
    outside = [outcome for outcome in outcomes if outcome.expected.out_of_scope]
    answers = [float(len(o.predicted.entries)) for o in outcomes if o.predicted.decision == "answer"]
    last = [outcome for outcome in outcomes if outcome.last]
    shares = {
        "answered right": _share([outcome.right for outcome in inside]),
        "helped": _share([outcome.helped for outcome in inside]),
        "entries per answer": Share(sum(answers) / len(answers) if answers else None, len(answers)),
        "answered wrong": _share([outcome.wrong for outcome in outcomes]),
        "refused": _share([outcome.refused for outcome in outside]),
        "place right": _share([o.predicted.municipality == o.expected.municipality for o in outcomes]),
        "language right": _share(
            [o.predicted.language == o.expected.language for o in outcomes if o.counts_for_language]
        ),
    }
    if last:
        shares["last turn helped"] = _share([outcome.as_expected for outcome in last])
        del shares["language right"]
    return shares


def _share(values: Sequence[bool]) -> Share:
    return Share(sum(values) / len(values) if values else None, len(values))


def _topic(outcome: Outcome) -> str:
    return outcome.expected.expect[0].partition("/")[0] if outcome.expected.expect else "out of scope"


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, dict[str, Share]]:
    grouped: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        grouped.setdefault(key(outcome), []).append(outcome)
    return {name: measure(grouped[name]) for name in sorted(grouped)}


def _values(shares: Mapping[str, Share]) -> dict[str, Any]:
    return {
        name: {"value": None if share.value is None else round(share.value, 4), "of": share.of}
        for name, share in shares.items()
    }


def _table(heading: str, rows: Mapping[str, Mapping[str, Share]]) -> str:
    """Rows of percentages under short column names, with the number of lines they rest on."""
    names = list(next(iter(rows.values())))
    width = max(len(heading), *(len(name) for name in rows)) + 2
    head = heading.ljust(width) + "".join(name.rjust(len(name) + 2) for name in names) + "  lines"
    lines = [head]
    for name, shares in rows.items():
        cells = "".join(_cell(column, shares.get(column)).rjust(len(column) + 2) for column in names)
        counted = shares["place right"].of
        lines.append(name.ljust(width) + cells + str(counted).rjust(7))
    return "\n".join(lines)


def _cell(name: str, share: Share | None) -> str:
    if share is None or share.value is None:
        return "–"
    return f"{share.value:.2f}" if name == "entries per answer" else f"{share.value:.1%}"
