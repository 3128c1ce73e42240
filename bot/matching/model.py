"""The trained matcher's parts, and what they make of one line. Nothing here is changed after loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.matching import semantic
from bot.matching.features import Floats, Vector, Vocabulary
from bot.matching.language import SCANDINAVIAN_OR_ENGLISH, LanguageModel
from bot.matching.linear import Linear
from bot.matching.neighbours import Index, Nearest, Numbers
from bot.matching.places import Gazetteer, Places
from bot.matching.ranking import Evidence, Meant, Stage
from bot.matching.text import words
from bot.matching.verdict import Detected
from bot.matching.wording import Reader, Wording


@dataclass(frozen=True, slots=True)
class Meaning:
    """The classifier over sentence vectors; they are centred first, since e5 puts all of them in one corner."""

    mean: Floats
    scale: float
    linear: Linear
    #: The examples' vectors, centred and of length one, class after class; `starts` is each class's first.
    vectors: Floats
    starts: Numbers

    def of(self, vector: Floats) -> Meant:
        centred = vector - self.mean
        scores = self.linear.dense_scores(centred * np.float32(self.scale))
        return Meant(scores, self.likeness(self.vectors @ (centred / np.linalg.norm(centred))))

    def likeness(self, cosines: Floats) -> Floats:
        return np.asarray(np.maximum.reduceat(cosines, self.starts), dtype=np.float32)


def centred(vectors: Floats, mean: Floats) -> Floats:
    values = vectors - mean
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From calibration (training.py), never from feeling."""

    answer: float
    choose: float
    #: The lexical stage alone answers from here on; below, the semantic stage is asked.
    sure: float
    sure_in_scope: float
    #: ... and refuses alone when the line is less likely than this to be ours.
    surely_not: float


@dataclass(frozen=True, slots=True)
class Model:
    """What lies in knowledge/trained, in memory. `classes` ends with the out-of-scope class."""

    digest: str
    classes: tuple[str, ...]
    vocabulary: Vocabulary
    ngrams: Linear
    index: Index
    meaning: Meaning | None
    languages: LanguageModel
    by_words: Stage
    by_meaning: Stage
    thresholds: Thresholds
    #: The same without the semantic stage, which knows less about its own mistakes.
    thresholds_by_words: Thresholds

    @property
    def topics(self) -> Floats:
        return topic_numbers(self.classes)


def topic_numbers(classes: Sequence[str]) -> Floats:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name.partition("/")[0], len(numbers)) for name in classes], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Line:
    """A cleaned line with everything that is read off it before the model is asked."""

    text: str
    places: Places
    language: Detected
    wording: Wording
    count: int


@dataclass(frozen=True, slots=True)
class Senses:
    """Reads lines: language, places, wording. Built from the knowledge as it is now, not from the trained files."""

    languages: LanguageModel
    gazetteer: Gazetteer
    reader: Reader

    def read(self, text: str) -> Line:
        places = self.gazetteer.find(text)
        language = self.languages.detect(text, places)
        # In Danish "os" is "us".
        if language.code == "da" and places.municipalities:
            places = self.gazetteer.find(text, foreign_us=True)
        return Line(text, places, language, self.reader.read(text, places), len(words(text)))


def evidence(line: Line, vector: Vector, ngrams: Floats, nearest: Nearest, meaning: Meant | None) -> Evidence:
    """Everything that is known about a line, for the ranking."""
    marks = line.wording.marks
    return Evidence(
        ngrams=ngrams,
        nearest=nearest,
        meaning=meaning,
        known=vector.known,
        word_count=line.count,
        here=bool(line.places.spans),
        elsewhere="@borte" in marks,
        from_elsewhere="@fra_borte" in marks,
        foreign=line.language.code not in SCANDINAVIAN_OR_ENGLISH,
    )


@dataclass(slots=True)
class Gatherer:
    """Asks the stages. Remembers the last vectors, since the parts of a story are asked about more than once."""

    model: Model
    embedder: semantic.Embedder | None
    _remembered: dict[str, Floats] = field(default_factory=dict)

    def lexical(self, line: Line) -> Evidence:
        vector = self.model.vocabulary.vector(line.wording)
        nearest = self.model.index.nearest(vector, line.wording.line, len(self.model.classes))
        return evidence(line, vector, self.model.ngrams.scores(vector), nearest, None)

    @property
    def has_meaning(self) -> bool:
        return self.embedder is not None and self.model.meaning is not None

    def meaning(self, text: str) -> Meant:
        assert self.embedder is not None and self.model.meaning is not None
        vector = self._remembered.get(text)
        if vector is None:
            vector = semantic.embed(self.embedder, text)
            if len(self._remembered) >= 64:
                self._remembered.clear()
            self._remembered[text] = vector
        return self.model.meaning.of(vector)
