"""How far the measures can be trusted: `python -m bot.matching.validation KNOWLEDGE QUESTIONS [--trained FOLDER]`.

Weights and thresholds are fitted on four fifths of the labelled questions, by cross-validation among them; the last
fifth is touched by nothing. Both are reported with bootstrap intervals, for the full matcher and for the words alone.
What this cannot see: examples were added to the knowledge after reading what was missed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.knowledge.reading import read
from bot.matching import files, labelled
from bot.matching.calibration import (
    FULL,
    WORDS,
    Case,
    Judged,
    Target,
    choose_thresholds,
    fit_stage,
    judge,
    judge_unseen,
)
from bot.matching.model import Thresholds, topic_numbers
from bot.matching.training import asked, gather, held_out, senses_of

_RESAMPLES = 2000
_SEED = 20260924
_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """What a case would have got, and what was right."""

    in_scope: bool
    answered: bool
    refused: bool
    first_right: bool
    helped: bool


def shown(judged: Judged, thresholds: Thresholds) -> Shown:
    entries = judged.ranking.entries
    refused = judged.in_scope < thresholds.choose
    answered = not refused and judged.right >= thresholds.answer
    visible = () if refused else entries[:1] if answered else entries[:_CHOICES]
    return Shown(
        in_scope=bool(judged.expect),
        answered=answered,
        refused=refused,
        first_right=entries[0] in judged.expect,
        helped=any(entry in judged.expect for entry in visible),
    )


Measure = Callable[[Sequence[Shown]], float]


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


MEASURES: dict[str, Measure] = {
    "answered right": lambda cases: _mean([case.answered and case.first_right for case in cases if case.in_scope]),
    "helped": lambda cases: _mean([case.helped for case in cases if case.in_scope]),
    "answered wrong": lambda cases: _mean([case.answered and not case.first_right for case in cases]),
    "refused": lambda cases: _mean([case.refused for case in cases if not case.in_scope]),
}


def interval(cases: Sequence[Shown], measure: Measure) -> tuple[float, float]:
    """The middle 95 % of the measure over resampled sets."""
    chance = np.random.default_rng(_SEED)
    picks = chance.integers(0, len(cases), size=(_RESAMPLES, len(cases)))
    values = [measure([cases[number] for number in pick]) for pick in picks.tolist()]
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return float(low), float(high)


def validate(cases: Sequence[Case], classes: Sequence[str], target: Target) -> dict[str, list[Shown]]:
    examples = [case for case in cases if case.example]
    questions = [case for case in cases if not case.example]
    untouched, rest = questions[::5], [case for number, case in enumerate(questions) if number % 5]
    judged = judge_unseen([*examples, *rest], classes, target.with_meaning)
    thresholds = choose_thresholds(judged, target)
    stage = fit_stage([*examples, *rest], classes, target.with_meaning)
    topics = topic_numbers(classes)
    return {
        "cross-validated four fifths": [shown(case, thresholds) for case in judged],
        "untouched fifth": [shown(judge(case, stage, topics), thresholds) for case in untouched],
    }


def report(cases: Sequence[Case], classes: Sequence[str]) -> str:
    lines = []
    for name, target in (("full", FULL), ("words alone", WORDS)):
        for part, shown_cases in validate(cases, classes, target).items():
            lines.append(f"{name}, {part} ({len(shown_cases)} questions)")
            for measure_name, measure in MEASURES.items():
                low, high = interval(shown_cases, measure)
                lines.append(f"  {measure_name:16} {measure(shown_cases):6.1%}   [{low:.1%} – {high:.1%}]")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("knowledge", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--trained", type=Path)
    arguments = parser.parse_args()
    folder = arguments.trained or arguments.knowledge / "trained"
    knowledge = read(arguments.knowledge).knowledge
    senses = senses_of(knowledge, files.load_languages(folder))
    examples = gather(knowledge, senses, folder)
    questions = labelled.questions(labelled.read(arguments.questions))
    cases = held_out(examples) + asked(examples, senses, folder, questions)
    print(report(cases, examples.classes))  # noqa: T201  a command


if __name__ == "__main__":
    main()
