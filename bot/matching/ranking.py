"""How the signals of all stages become one score for each entry, and how sure the best one is.

The weights are fitted (bot/matching/training.py) on questions whose answer is known and which the model had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bot.matching.features import Floats
from bot.matching.neighbours import Nearest

Flags = npt.NDArray[np.bool_]

#: The class that stands for "nothing of ours"; always the last one.
OUT_OF_SCOPE = "-"
#: Places in a ranking; nobody looks further down.
_RANKED = 12
#: What speaks for an entry, in the order of the weights. The last two are missing without the semantic stage.
SIGNALS = ("ngrams", "neighbour", "spelling", "meaning", "likeness")
#: What tells how sure the best entry is, in the order of the weights.
CLUES = (
    "share",
    "lead",
    "lead_over_outside",
    "second_lead",
    "ngrams",
    "ngrams_lead",
    "meaning",
    "meaning_lead",
    "agree",
    "ngrams_outside",
    "meaning_outside",
    "neighbour",
    "spelling",
    "likeness",
    "likeness_lead",
    "known",
    "few_words",
    "many_words",
    "elsewhere",
    "from_elsewhere",
    "here",
    "foreign",
    "topic_share",
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What the semantic stage says of each class: its classifier, and the likeness of the nearest example."""

    scores: Floats
    likeness: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the stages found out about one line."""

    ngrams: Floats
    nearest: Nearest
    #: None when the semantic stage was not asked.
    meaning: Meant | None
    known: float
    word_count: int
    here: bool
    elsewhere: bool
    from_elsewhere: bool
    foreign: bool

    def signals(self) -> Floats:
        """One row for each class, one column for each signal."""
        rows = [self.ngrams, self.nearest.cosine, self.nearest.ratio]
        if self.meaning is not None:
            rows += [self.meaning.scores, self.meaning.likeness]
        return np.stack(rows, axis=1)

    def with_meaning(self, meaning: Meant | None) -> Evidence:
        return replace(self, meaning=meaning)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability from a weighted sum."""

    weights: Floats
    bias: float

    def probability(self, values: Floats) -> float:
        return float(1 / (1 + np.exp(-np.clip(float(values @ self.weights) + self.bias, -30, 30))))


@dataclass(frozen=True, slots=True)
class Stage:
    """Weights for one way of matching: by words alone, or with the semantic stage."""

    signals: Floats
    right: Logistic
    in_scope: Logistic


@dataclass(frozen=True, slots=True)
class Ranking:
    """Classes by score, best first, with their shares (they sum to one) and the clues for the confidence."""

    order: tuple[int, ...]
    shares: Floats
    scores: Floats
    clues: Floats = field(default_factory=lambda: np.empty(0, np.float32))

    @property
    def entries(self) -> tuple[int, ...]:
        """The best entries, without the out-of-scope class."""
        last = len(self.shares) - 1
        return tuple(number for number in self.order if number != last)


def rank(evidence: Evidence, weights: Floats, topics: Floats, allowed: Flags | None = None) -> Ranking:
    """`topics` numbers each class's topic, so that siblings can be counted together; others than `allowed` sink."""
    scores = evidence.signals() @ weights
    if allowed is not None and not allowed.all():
        scores = np.where(allowed, scores, scores.min() - 20)
    ranking = share_out(scores)
    return replace(ranking, clues=clues(evidence, scores, ranking.shares, topics))


def share_out(scores: Floats) -> Ranking:
    shares = np.exp(scores - scores.max())
    shares = (shares / shares.sum()).astype(np.float32)
    order = np.argsort(-scores, kind="stable")[:_RANKED]
    return Ranking(tuple(order.tolist()), shares, scores.astype(np.float32))


def clues(evidence: Evidence, scores: Floats, shares: Floats, topics: Floats) -> Floats:
    inside = scores[:-1]
    first, second, third = np.argsort(-inside, kind="stable")[:3].tolist()
    ngrams = evidence.ngrams
    meaning = evidence.meaning.scores if evidence.meaning is not None else None
    likeness = evidence.meaning.likeness if evidence.meaning is not None else None
    values = (
        shares[first],
        inside[first] - inside[second],
        inside[first] - scores[-1],
        inside[second] - inside[third],
        ngrams[first],
        ngrams[first] - _best_other(ngrams, first),
        meaning[first] if meaning is not None else 0.0,
        meaning[first] - _best_other(meaning, first) if meaning is not None else 0.0,
        float(meaning is not None and int(np.argmax(meaning)) == int(np.argmax(ngrams)) == first),
        ngrams[-1],
        meaning[-1] if meaning is not None else 0.0,
        evidence.nearest.cosine[first] - evidence.nearest.cosine[-1],
        evidence.nearest.ratio[first] - evidence.nearest.ratio[-1],
        likeness[first] if likeness is not None else 0.0,
        likeness[first] - likeness[-1] if likeness is not None else 0.0,
        evidence.known,
        float(evidence.word_count <= 2),
        float(evidence.word_count > 25),
        float(evidence.elsewhere and not evidence.here),
        float(evidence.from_elsewhere),
        float(evidence.here),
        float(evidence.foreign),
        float(shares[:-1][topics[:-1] == topics[first]].sum()),
    )
    return np.array(values, dtype=np.float32)


def _best_other(values: Floats, first: int) -> float:
    others = values[:-1].copy()
    others[first] = -np.inf
    return float(others.max())
