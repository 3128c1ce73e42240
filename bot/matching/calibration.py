"""Fits how signals are weighed and how sure the matcher is, on lines with known answers which it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from bot.matching.features import Floats
from bot.matching.model import Thresholds, topic_numbers
from bot.matching.ranking import SIGNALS, Evidence, Logistic, Ranking, Stage, rank

#: Held-out examples are many but were written by the same people; a development question counts for several of them.
_EXAMPLE_WEIGHT = 0.15
#: For weighing signals even less: held-out examples have near relatives by the same hand, strangers' lines have not.
_EXAMPLE_WEIGHT_FOR_SIGNALS = 0.05


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of verdicts on lines not seen; stricter than what must be, since strangers write differently."""

    with_meaning: bool
    wrong_at_most: float
    refused_at_least: float


FULL = Target(with_meaning=True, wrong_at_most=0.028, refused_at_least=0.95)
#: Words alone know less about their mistakes; asking as much of them would leave too many without help.
WORDS = Target(with_meaning=False, wrong_at_most=0.035, refused_at_least=0.92)
#: Where the lexical stage decides alone: on the development questions it then errs no more often than both together.
SURE, SURE_IN_SCOPE, SURELY_NOT = 0.89, 0.9, 0.2


@dataclass(frozen=True, slots=True)
class Case:
    """What was found out about a line, and the classes that are right; none when it is out of scope."""

    evidence: Evidence
    expect: tuple[int, ...]
    example: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its ranking and the two probabilities."""

    ranking: Ranking
    expect: tuple[int, ...]
    right: float
    in_scope: float


def calibrate(cases: Sequence[Case], classes: Sequence[str], target: Target) -> tuple[Stage, Thresholds]:
    stage = fit_stage(cases, classes, target.with_meaning)
    # Thresholds come from development questions judged by a stage that had not seen them.
    return stage, choose_thresholds(judge_unseen(cases, classes, target.with_meaning), target)


def fit_stage(cases: Sequence[Case], classes: Sequence[str], with_meaning: bool) -> Stage:
    prepared = [
        case if with_meaning else replace(case, evidence=replace(case.evidence, meaning=None)) for case in cases
    ]
    signals = fit_signals(prepared)
    topics = topic_numbers(classes)
    ranked = [rank(case.evidence, signals, topics) for case in prepared]
    clues = np.stack([ranking.clues for ranking in ranked])
    weights = np.array([_EXAMPLE_WEIGHT if case.example else 1.0 for case in prepared])
    right = np.array([ranking.entries[0] in case.expect for ranking, case in zip(ranked, prepared, strict=True)])
    in_scope = np.array([bool(case.expect) for case in prepared])
    return Stage(signals, _fit_logistic(clues, right, weights), _fit_logistic(clues, in_scope, weights))


def fit_signals(cases: Sequence[Case]) -> Floats:
    """Weights under which the right class gets the largest share (conditional logit)."""
    signals = np.stack([case.evidence.signals() for case in cases]).astype(np.float64)
    last = signals.shape[1] - 1
    expected = np.zeros(signals.shape[:2], dtype=bool)
    for number, case in enumerate(cases):
        expected[number, list(case.expect) or [last]] = True
    importance = np.array([_EXAMPLE_WEIGHT_FOR_SIGNALS if case.example else 1.0 for case in cases])

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = signals @ weights
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        hit = np.where(expected, shares, 0)
        total = hit.sum(axis=1) + 1e-12
        gradient = ((shares - hit / total[:, None])[:, :, None] * signals).sum(axis=1)
        value = -(importance * np.log(total)).sum() + 0.01 * weights @ weights
        return float(value), importance @ gradient + 0.02 * weights

    start = np.ones(signals.shape[2])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x, dtype=np.float32)


def _fit_logistic(values: Floats, right: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]) -> Logistic:
    spread = values.std(axis=0) + 1e-6
    mean = values.mean(axis=0)
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit((values - mean) / spread, right, sample_weight=weights)
    coefficients = (fitted.coef_[0] / spread).astype(np.float32)
    return Logistic(coefficients, float(fitted.intercept_[0] - mean @ coefficients))


def judge(case: Case, stage: Stage, topics: Floats) -> Judged:
    with_meaning = len(stage.signals) == len(SIGNALS)
    evidence = case.evidence if with_meaning else replace(case.evidence, meaning=None)
    ranking = rank(evidence, stage.signals, topics)
    return Judged(
        ranking, case.expect, stage.right.probability(ranking.clues), stage.in_scope.probability(ranking.clues)
    )


def judge_unseen(cases: Sequence[Case], classes: Sequence[str], with_meaning: bool, parts: int = 5) -> list[Judged]:
    """Development questions, each judged by weights fitted without it; without such questions, the examples."""
    topics = topic_numbers(classes)
    questions = [case for case in cases if not case.example] or list(cases)
    others = [case for case in cases if case.example]
    judged: list[Judged] = []
    for part in range(parts):
        held = questions[part::parts]
        seen = [case for number, case in enumerate(questions) if number % parts != part]
        stage = fit_stage([*others, *seen], classes, with_meaning)
        judged.extend(judge(case, stage, topics) for case in held)
    return judged


def choose_thresholds(judged: Sequence[Judged], target: Target) -> Thresholds:
    """The lowest bars under which wrong answers stay rare and what is not ours is refused."""
    outside = sorted((case.in_scope for case in judged if not case.expect), reverse=True)
    let_through = int(len(outside) * (1 - target.refused_at_least))
    choose = outside[let_through] + 1e-3 if outside else 0.5
    wrong = sorted(
        (case.right for case in judged if case.ranking.entries[0] not in case.expect and case.in_scope >= choose),
        reverse=True,
    )
    allowed = int(len(judged) * target.wrong_at_most)
    answer = wrong[allowed] + 1e-3 if len(wrong) > allowed else 0.5
    return Thresholds(
        answer=round(answer, 4),
        choose=round(min(choose, 0.95), 4),
        sure=SURE,
        sure_in_scope=SURE_IN_SCOPE,
        surely_not=SURELY_NOT,
    )
