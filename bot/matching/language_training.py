"""Trains the language model: on the examples under their language headings, the entries' texts and samples/."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from bot.matching.language import LanguageModel, language_grams, tell_tale_words, weigh
from bot.matching.linear import Linear
from bot.matching.places import Gazetteer

SAMPLES = Path(__file__).with_name("samples")
#: Headings of the question files, as editors write them.
HEADINGS: Mapping[str, str] = {
    "bokmål": "nb",
    "bokmål og dialekt": "nb",
    "nynorsk": "nn",
    "english": "en",
    "engelsk": "en",
    "svenska": "sv",
    "dansk": "da",
    "deutsch": "de",
    "nederlands": "nl",
    "polski": "pl",
    "українська": "uk",
}
_COST = 5.0
#: Rarer languages count a little more than their few lines, but a typo must not become Danish.
_BALANCE = 0.2
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


@dataclass(frozen=True, slots=True)
class Sample:
    text: str
    language: str


def samples(folder: Path) -> list[Sample]:
    """Everything in a known language: questions, sentences of entries, and the program's own samples."""
    found = [*_questions(folder), *_entries(folder), *_own()]
    return sorted(set(found), key=lambda sample: (sample.language, sample.text))


def _questions(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.rglob("*.questions.txt")):
        language = "nb"
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                language = HEADINGS.get(line.lstrip("# ").strip().lower(), language)
            elif line.strip():
                yield Sample(line.strip(), language)


def _entries(folder: Path) -> Iterator[Sample]:
    """The bodies of entries and translations; their language is in the file's name."""
    for path in sorted(folder.glob("*/*.md")):
        suffix = path.stem.partition(".")[2] or "nb"
        if suffix not in ("nb", "nn", "en"):
            continue
        body = path.read_text(encoding="utf-8", errors="ignore").split("\n---\n", 1)[-1]
        for sentence in _SENTENCE.findall(re.sub(r"\(https?://\S+\)|[#*\[\]|>]", " ", body)):
            if len(sentence.split()) >= 4:
                yield Sample(" ".join(sentence.split()), suffix)


def _own() -> Iterator[Sample]:
    for path in sorted(SAMPLES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield Sample(line.strip(), path.stem)


def train_languages(lines: list[Sample], gazetteer: Gazetteer) -> LanguageModel:
    """`gazetteer`: names of places say nothing about the language and are left out."""
    languages = tuple(sorted({line.language for line in lines}))
    counted = [language_grams(tell_tale_words(line.text, gazetteer.find(line.text))) for line in lines]
    seen = Counter(gram for whole, pieces in counted for gram in {*whole, *pieces})
    grams = sorted(gram for gram, times in seen.items() if times >= 2)
    index = {gram: number for number, gram in enumerate(grams)}
    features = _matrix(counted, index)
    labels = np.array([languages.index(line.language) for line in lines])
    sizes = np.bincount(labels, minlength=len(languages))
    weights = (len(lines) / sizes[labels]) ** _BALANCE
    fitted = LogisticRegression(C=_COST, max_iter=500).fit(features, labels, sample_weight=weights)
    linear = Linear(fitted.coef_.T.astype(np.float16), fitted.intercept_.astype(np.float32))
    return LanguageModel(languages, index, linear)


def _matrix(counted: list[tuple[list[str], list[str]]], index: Mapping[str, int]) -> csr_matrix:
    rows = [weigh(grams, index) for grams in counted]
    ends = np.cumsum([0, *(len(ids) for ids, _ in rows)])
    ids = np.concatenate([ids for ids, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, ids, ends), shape=(len(counted), len(index)))
