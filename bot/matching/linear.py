"""A trained linear model as plain arrays: features in, a score for each class out. Nothing to it but a sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.features import Floats, Vector

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` has a row for each feature and a column for each class; half precision, as it lies in the file."""

    weights: Halves
    bias: Floats

    def scores(self, vector: Vector) -> Floats:
        if not vector.ids.size:
            return self.bias
        rows = self.weights[vector.ids].astype(np.float32)
        return np.asarray(vector.weights @ rows + self.bias, dtype=np.float32)

    def dense_scores(self, values: Floats) -> Floats:
        return np.asarray(values @ self.weights.astype(np.float32) + self.bias, dtype=np.float32)
