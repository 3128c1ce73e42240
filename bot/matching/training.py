"""Learns everything in knowledge/trained from the knowledge. Runs in a process of its own
(python -m bot.matching.train): the answering process never imports scikit-learn.

Always the same result for the same knowledge: fixed seeds, one thread, sorted input.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.knowledge.model import Entry, Knowledge
from bot.matching import files, semantic
from bot.matching.calibration import FULL, WORDS, Case, calibrate
from bot.matching.features import Floats, Vector, Vocabulary
from bot.matching.labelled import Labelled
from bot.matching.language import LanguageModel
from bot.matching.linear import Linear
from bot.matching.model import Line, Meaning, Model, Senses, centred, evidence
from bot.matching.neighbours import COMMON, Index
from bot.matching.places import Gazetteer, common_words
from bot.matching.ranking import OUT_OF_SCOPE, Evidence, Meant
from bot.matching.semantic import from_bytes, to_bytes
from bot.matching.text import clean
from bot.matching.wording import Reader

#: How hard the classifiers fit; found on held-out blocks of the examples.
_SVC_COST = 0.7
_MEANING_COST = 5.0
#: Examples are held out in blocks of neighbouring lines, since one person's lines stand together.
BLOCKS = 5
_SEED = 20260924


@dataclass(frozen=True, slots=True)
class Examples:
    """What is learnt from, as arrays: a row of `features` and `meanings` for each example."""

    classes: tuple[str, ...]
    lines: tuple[Line, ...]
    labels: npt.NDArray[np.int64]
    blocks: npt.NDArray[np.int64]
    vocabulary: Vocabulary
    vectors: tuple[Vector, ...]
    features: csr_matrix
    meanings: Floats | None
    #: Keywords teach the n-grams which words belong to an entry. As examples of meaning they would draw everything to
    #: themselves that merely mentions them, so they come in here only.
    keywords: csr_matrix
    keyword_labels: npt.NDArray[np.int64]


def train(
    knowledge: Knowledge,
    languages: LanguageModel,
    folder: Path,
    questions: Sequence[Labelled] = (),
    quick: bool = False,
) -> Model:
    """Learn and write to `folder`. `quick`, or without questions: the confidence fitted before stays."""
    senses = senses_of(knowledge, languages)
    examples = gather(knowledge, senses, folder)
    before = files.read_confidence(folder)
    if (quick or not questions) and before is not None:
        by_words, by_meaning, thresholds, thresholds_by_words = before
    else:
        cases = held_out(examples) + asked(examples, senses, folder, questions)
        by_words, thresholds_by_words = calibrate(cases, examples.classes, WORDS)
        by_meaning, thresholds = calibrate(cases, examples.classes, FULL if examples.meanings is not None else WORDS)
    model = Model(
        digest=knowledge.digest,
        classes=examples.classes,
        vocabulary=examples.vocabulary,
        ngrams=fit_ngrams(examples),
        index=build_index(examples),
        meaning=fit_meaning(examples) if examples.meanings is not None else None,
        languages=languages,
        by_words=by_words,
        by_meaning=by_meaning,
        thresholds=thresholds,
        thresholds_by_words=thresholds_by_words,
    )
    files.save(model, [hash_of(line.text) for line in examples.lines], folder)
    return model


def senses_of(knowledge: Knowledge, languages: LanguageModel) -> Senses:
    return Senses(languages, Gazetteer.build(knowledge, common_words(knowledge)), Reader.build(knowledge))


def gather(knowledge: Knowledge, senses: Senses, folder: Path) -> Examples:
    """All examples, read the way a mover's line is."""
    classes = (*sorted(id for id, entry in knowledge.entries.items() if entry.questions), OUT_OF_SCOPE)
    texts = [lines_of(knowledge.entries[id]) for id in classes[:-1]] + [knowledge.out_of_scope]
    lines = tuple(senses.read(clean(text)) for of_class in texts for text in of_class)
    labels = np.repeat(np.arange(len(classes)), [len(of_class) for of_class in texts])
    blocks = np.concatenate([np.arange(len(of_class)) * BLOCKS // max(len(of_class), 1) for of_class in texts])
    keywords = [
        (senses.read(clean(keyword)), number)
        for number, name in enumerate(classes[:-1])
        for keyword in keywords_of(knowledge.entries[name])
    ]
    vocabulary = Vocabulary.learn([*(line.wording for line in lines), *(line.wording for line, _ in keywords)])
    vocabulary = replace_rarity(vocabulary)
    vectors = tuple(vocabulary.vector(line.wording) for line in lines)
    return Examples(
        classes=classes,
        lines=lines,
        labels=labels.astype(np.int64),
        blocks=blocks.astype(np.int64),
        vocabulary=vocabulary,
        vectors=vectors,
        features=matrix(vectors, len(vocabulary.rarity)),
        meanings=embedded([line.text for line in lines], folder),
        keywords=matrix([vocabulary.vector(line.wording) for line, _ in keywords], len(vocabulary.rarity)),
        keyword_labels=np.array([number for _, number in keywords], dtype=np.int64),
    )


def lines_of(entry: Entry) -> tuple[str, ...]:
    """What people type for an entry: its questions, and its titles as if somebody had typed them."""
    return tuple(dict.fromkeys((*entry.questions, *(text.title for text in entry.texts.values()))))


def keywords_of(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keyword for text in entry.texts.values() for keyword in text.keywords))


def replace_rarity(vocabulary: Vocabulary) -> Vocabulary:
    """Half precision already while learning, so that answering sees the very same numbers."""
    return Vocabulary(vocabulary.index, vocabulary.rarity.astype(np.float16).astype(np.float32))


def matrix(vectors: Sequence[Vector], width: int) -> csr_matrix:
    if not vectors:
        return csr_matrix((0, width), dtype=np.float32)
    ends = np.cumsum([0, *(len(vector.ids) for vector in vectors)])
    ids = np.concatenate([vector.ids for vector in vectors])
    weights = np.concatenate([vector.weights for vector in vectors])
    return csr_matrix((weights, ids, ends), shape=(len(vectors), width))


def embedded(texts: Sequence[str], folder: Path) -> Floats | None:
    """Sentence vectors, from the file where a text was embedded before: only what is new costs time."""
    model = semantic.embedder()
    if model is None:
        return None
    hashes = [hash_of(text) for text in texts]
    old_hashes, old_vectors = files.load_vectors(folder)
    known = dict(zip(old_hashes, old_vectors, strict=True))
    for text, key in zip(texts, hashes, strict=True):
        if key not in known:
            known[key] = to_bytes(semantic.embed(model, text))
    kept = sorted(set(hashes))
    files.save_vectors(kept, np.stack([known[key] for key in kept]), folder)
    return from_bytes(np.stack([known[key] for key in hashes]))


def hash_of(text: str) -> str:
    return hashlib.sha256(semantic.shortened(text).encode()).hexdigest()[:16]


def fit_ngrams(examples: Examples, rows: npt.NDArray[np.int64] | None = None) -> Linear:
    rows = np.arange(len(examples.labels)) if rows is None else rows
    features = vstack([examples.features[rows], examples.keywords]).tocsr()
    labels = np.concatenate([examples.labels[rows], examples.keyword_labels])
    svc = LinearSVC(C=_SVC_COST, random_state=_SEED).fit(features, labels)
    width = len(examples.classes)
    weights = np.zeros((examples.features.shape[1], width), dtype=np.float16)
    bias = np.full(width, -1.5, dtype=np.float32)
    weights[:, svc.classes_] = svc.coef_.T
    bias[svc.classes_] = svc.intercept_
    return Linear(weights, bias)


def fit_meaning(examples: Examples, rows: npt.NDArray[np.int64] | None = None) -> Meaning:
    assert examples.meanings is not None
    rows = np.arange(len(examples.labels)) if rows is None else rows
    values = examples.meanings[rows]
    mean = values.mean(axis=0)
    spread = values - mean
    scale = float(1 / np.linalg.norm(spread, axis=1).mean())
    regression = LogisticRegression(C=_MEANING_COST, max_iter=400).fit(spread * scale, examples.labels[rows])
    width = len(examples.classes)
    weights = np.zeros((values.shape[1], width), dtype=np.float16)
    bias = np.full(width, float(regression.intercept_.min()) - 2, dtype=np.float32)
    weights[:, regression.classes_] = regression.coef_.T
    bias[regression.classes_] = regression.intercept_
    starts = np.searchsorted(examples.labels, np.arange(width)).astype(np.int32)
    return Meaning(mean, scale, Linear(weights, bias), centred(examples.meanings, mean), starts)


def build_index(examples: Examples) -> Index:
    return index_of(examples.features, examples.labels, [line.wording.line for line in examples.lines])


def index_of(features: csr_matrix, labels: npt.NDArray[np.int64], lines: Sequence[str]) -> Index:
    """Features rare enough to point somewhere, each with the examples that have it."""
    by_feature = features.tocsc()
    lengths = np.diff(by_feature.indptr)
    kept = np.repeat(lengths <= COMMON, lengths)
    starts = np.concatenate(([0], np.cumsum(np.where(lengths <= COMMON, lengths, 0))))
    return Index(
        starts=starts.astype(np.int32),
        examples=by_feature.indices[kept].astype(np.int32),
        weights=by_feature.data[kept].astype(np.float16),
        classes=labels.astype(np.int32),
        lines=lines,
    )


def held_out(examples: Examples) -> list[Case]:
    """Every example as a line the model had not seen, one block of each entry at a time."""
    index = build_index(examples)
    cases: list[Case | None] = [None] * len(examples.labels)
    for block in range(BLOCKS):
        inside = examples.blocks != block
        rows, held = np.flatnonzero(inside), np.flatnonzero(~inside)
        ngrams = fit_ngrams(examples, rows)
        meaning = fit_meaning(examples, rows) if examples.meanings is not None else None
        for number in held.tolist():
            cases[number] = _held_out_case(examples, number, ngrams, meaning, index, held)
    return [case for case in cases if case is not None]


def _held_out_case(
    examples: Examples, number: int, ngrams: Linear, meaning: Meaning | None, index: Index, held: npt.NDArray[np.int64]
) -> Case:
    line, vector = examples.lines[number], examples.vectors[number]
    nearest = index.nearest(vector, line.wording.line, len(examples.classes), frozenset(held.tolist()))
    sense = None
    if meaning is not None and examples.meanings is not None:
        sense = _unseen(meaning, examples.meanings[number], held)
    label = int(examples.labels[number])
    expect = () if label == len(examples.classes) - 1 else (label,)
    return Case(evidence(line, vector, ngrams.scores(vector), nearest, sense), expect, example=True)


def _unseen(meaning: Meaning, vector: Floats, held: npt.NDArray[np.int64]) -> Meant:
    """What the stage says of an example when its whole block is out of sight."""
    away = vector - meaning.mean
    cosines = meaning.vectors @ (away / np.linalg.norm(away))
    cosines[held] = -1
    return Meant(meaning.linear.dense_scores(away * np.float32(meaning.scale)), meaning.likeness(cosines))


def asked(examples: Examples, senses: Senses, folder: Path, questions: Sequence[Labelled]) -> list[Case]:
    """Questions of the development set as the finished model sees them; they are in no file of knowledge/."""
    if not questions:
        return []
    lines = [senses.read(clean(question.text)) for question in questions]
    found = gathered(examples, lines)
    numbers = {name: number for number, name in enumerate(examples.classes)}
    return [
        Case(evidence, tuple(numbers[id] for id in question.expect if id in numbers), example=False)
        for evidence, question in zip(found, questions, strict=True)
        if question.out_of_scope or any(id in numbers for id in question.expect)
    ]


def gathered(examples: Examples, lines: Iterable[Line], rows: npt.NDArray[np.int64] | None = None) -> list[Evidence]:
    """What a model of (some rows of) the examples finds out about lines."""
    ngrams = fit_ngrams(examples, rows)
    meaning = fit_meaning(examples, rows) if examples.meanings is not None else None
    index, model = build_index(examples), semantic.embedder()
    found = []
    for line in lines:
        vector = examples.vocabulary.vector(line.wording)
        nearest = index.nearest(vector, line.wording.line, len(examples.classes))
        sense = meaning.of(semantic.embed(model, line.text)) if meaning and model else None
        found.append(evidence(line, vector, ngrams.scores(vector), nearest, sense))
    return found
