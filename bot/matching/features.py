"""Features of a wording: character and word n-grams, weighed by how rare they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.matching.wording import Wording

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

#: Characters of each word with a space on both sides, so that beginnings and ends count as such.
_SHORTEST, _LONGEST = 3, 5
#: Nobody needs more words than this to say one thing; it bounds the time for a wall of text.
_MOST_WORDS = 200


def grams(wording: Wording) -> tuple[list[str], list[str]]:
    """Character n-grams and word features. Word features begin with "=" (words) or "@" (marks)."""
    plain = wording.plain[:_MOST_WORDS]
    characters: list[str] = []
    for word in plain:
        padded = f" {word} "
        size = len(padded)
        for n in range(_SHORTEST, _LONGEST + 1):
            if size <= n:
                characters.append(padded)
                break
            characters.extend(padded[start : start + n] for start in range(size - n + 1))
    whole = [f"={word}" for word in plain]
    whole.extend(f"={first} {second}" for first, second in pairwise(plain))
    whole.extend(wording.marks)
    return characters, whole


@dataclass(frozen=True, slots=True)
class Vector:
    """The known features of a line and their weights; `known` is the share of its words the model has seen."""

    ids: Ids
    weights: Floats
    known: float


@dataclass(slots=True)
class Vocabulary:
    """Features seen at least twice in training, with their rarity."""

    index: dict[str, int]
    rarity: Floats

    @classmethod
    def learn(cls, wordings: Iterable[Wording], at_least: int = 2) -> Vocabulary:
        seen: Counter[str] = Counter()
        count = 0
        for wording in wordings:
            characters, whole = grams(wording)
            seen.update(set(characters))
            seen.update(set(whole))
            count += 1
        kept = sorted(gram for gram, times in seen.items() if times >= at_least)
        documents = np.array([seen[gram] for gram in kept], dtype=np.float32)
        rarity = np.log((1 + count) / (1 + documents)) + 1
        return cls({gram: number for number, gram in enumerate(kept)}, rarity.astype(np.float32))

    def vector(self, wording: Wording) -> Vector:
        characters, whole = grams(wording)
        # Both kinds weigh the same, however many n-grams a line has.
        parts = [self._weighed(gram_list) for gram_list in (characters, whole)]
        ids = np.concatenate([ids for ids, _ in parts])
        weights = np.concatenate([weights for _, weights in parts]) * np.float32(0.70710678)
        return Vector(ids, weights, self._known(wording.plain))

    def _weighed(self, gram_list: Sequence[str]) -> tuple[Ids, Floats]:
        index = self.index
        counts: Counter[int | None] = Counter(map(index.get, gram_list))
        counts.pop(None, None)
        if not counts:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        ids = np.fromiter(counts.keys(), np.int64, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        weights = (1 + np.log(times)) * self.rarity[ids]
        return ids, (weights / np.sqrt(weights @ weights)).astype(np.float32)

    def _known(self, plain: Sequence[str]) -> float:
        if not plain:
            return 0.0
        return sum(f"={word}" in self.index for word in plain) / len(plain)
