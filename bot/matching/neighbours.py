"""The known questions nearest to a line, by shared rare n-grams and then by spelling (`fuzz.ratio`).

An index from feature to examples chooses the candidates, so the cost hardly grows with the number of examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from bot.matching.features import Floats, Vector

Numbers = npt.NDArray[np.int32]

#: Candidates whose spelling is compared; more did not find better neighbours on the development questions.
CANDIDATES = 40
#: Entries of the index a line may touch: the rarest features come first and say the most.
_MOST_TOUCHED = 6000
#: Features in more examples than this say nothing about a neighbour and are not indexed.
COMMON = 400
#: What is compared letter by letter; a longer line has no near-identical twin among the examples anyway.
_LONGEST_COMPARED = 160


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each class the best neighbour's cosine and spelling (0 to 1), and the example closest of all."""

    cosine: Floats
    ratio: Floats
    example: int | None


@dataclass(frozen=True, slots=True)
class Index:
    """Postings by feature (`starts[f]` to `starts[f + 1]`), and for each example its class and line."""

    starts: Numbers
    examples: Numbers
    weights: npt.NDArray[np.float16]
    classes: Numbers
    lines: Sequence[str]

    def nearest(self, vector: Vector, line: str, class_count: int, without: frozenset[int] = frozenset()) -> Nearest:
        cosine = np.zeros(class_count, dtype=np.float32)
        ratio = np.zeros(class_count, dtype=np.float32)
        examples, scores = self._candidates(vector)
        if without:
            kept = np.array([number not in without for number in examples], dtype=bool)
            examples, scores = examples[kept], scores[kept]
        if not examples.size:
            return Nearest(cosine, ratio, None)
        best = _largest(scores, CANDIDATES)
        examples, scores = examples[best], scores[best]
        classes = self.classes[examples]
        np.maximum.at(cosine, classes, scores)
        spellings = self._spellings(line[:_LONGEST_COMPARED], examples)
        np.maximum.at(ratio, classes, spellings)
        return Nearest(cosine, ratio, int(examples[int(np.argmax(spellings))]))

    def _candidates(self, vector: Vector) -> tuple[Numbers, Floats]:
        """Examples that share rare features, with the sum over what is shared."""
        starts, ends = self.starts[vector.ids], self.starts[vector.ids + 1]
        lengths = ends - starts
        order = np.argsort(lengths, kind="stable")
        order = order[(lengths[order] > 0) & (np.cumsum(lengths[order]) <= _MOST_TOUCHED)]
        if not order.size:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        lengths = lengths[order]
        # One long list of positions instead of a loop over slices: runs that begin at each feature's start.
        offsets = np.repeat(starts[order] - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        positions = offsets + np.arange(int(lengths.sum()))
        shared = self.weights[positions].astype(np.float32) * np.repeat(vector.weights[order], lengths)
        sums = np.bincount(self.examples[positions], weights=shared, minlength=1)
        touched = np.flatnonzero(sums)
        return touched.astype(np.int32), sums[touched].astype(np.float32)

    def _spellings(self, line: str, examples: Numbers) -> Floats:
        choices = [self.lines[number] for number in examples.tolist()]
        compared = process.cdist([line], choices, scorer=fuzz.ratio, dtype=np.float32)
        return np.asarray(compared[0] / np.float32(100), dtype=np.float32)


def _largest(scores: Floats, count: int) -> npt.NDArray[np.intp]:
    """Positions of the largest scores, largest first; equal ones in the order of the examples."""
    if scores.size > count:
        bar = np.partition(scores, scores.size - count)[scores.size - count]
        positions = np.flatnonzero(scores >= bar)
    else:
        positions = np.arange(scores.size)
    return positions[np.argsort(-scores[positions], kind="stable")][:count]
