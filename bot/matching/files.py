"""What lies in knowledge/trained: arrays and a few words about them. Loading is reading, nothing is computed."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.matching.features import Floats, Vocabulary
from bot.matching.language import LanguageModel
from bot.matching.linear import Linear
from bot.matching.model import Meaning, Model, Thresholds, centred
from bot.matching.neighbours import Index
from bot.matching.ranking import CLUES, SIGNALS, Logistic, Stage
from bot.matching.semantic import from_bytes

#: Changes when the files' shape changes; files of another shape are not read.
SHAPE = 1
MODEL, LEXICAL, SEMANTIC, LANGUAGE, CONFIDENCE, VECTORS = (
    "model.json",
    "lexical.npz",
    "semantic.npz",
    "language.npz",
    "confidence.json",
    "vectors.npz",
)
#: Tells which files are of one training; missing where they were written one by one, as in tests.
SEAL = "seal.json"
Arrays = dict[str, npt.NDArray[Any]]


class UnusableFilesError(Exception):
    """The trained files are missing, damaged or of another shape; train again."""


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """A copy of `folder` to train in, which takes its place when all is written: nobody meets half of it."""
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, unfinished)
    else:
        unfinished.mkdir(parents=True)
    try:
        yield unfinished
        seal(unfinished)
        folder.mkdir(parents=True, exist_ok=True)
        # The seal first: whoever is stopped between two files leaves a folder that does not fit it, and is not loaded.
        for path in sorted(unfinished.iterdir(), key=lambda path: (path.name != SEAL, path.name)):
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def seal(folder: Path) -> None:
    """Note which files belong together."""
    _write_json(folder / SEAL, _sums(folder))


def _sums(folder: Path) -> dict[str, int]:
    names = (MODEL, LEXICAL, LANGUAGE, SEMANTIC, VECTORS, CONFIDENCE)
    return {name: zlib.crc32((folder / name).read_bytes()) for name in names if (folder / name).exists()}


def save(model: Model, hashes: Sequence[str], folder: Path) -> None:
    """`hashes`: of the examples' texts in order, by which their vectors are found in VECTORS."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SEAL).unlink(missing_ok=True)
    _write_json(folder / MODEL, {"shape": SHAPE, "digest": model.digest, "classes": list(model.classes)})
    index = model.index
    np.savez(
        folder / LEXICAL,
        vocabulary=_lines_to_bytes(model.vocabulary.index),
        rarity=model.vocabulary.rarity,
        weights=model.ngrams.weights,
        bias=model.ngrams.bias,
        starts=index.starts,
        examples=index.examples.astype(np.uint16 if len(index.lines) < 65536 else np.int32),
        shares=index.weights,
        example_classes=index.classes.astype(np.uint16),
        lines=_lines_to_bytes(index.lines),
    )
    save_languages(model.languages, folder)
    if model.meaning is not None:
        meaning = model.meaning
        scale = np.array([meaning.scale], dtype=np.float32)
        row_of = {key: row for row, key in enumerate(load_vectors(folder)[0])}
        rows = np.array([row_of[key] for key in hashes], dtype=np.int32)
        linear = meaning.linear
        np.savez(
            folder / SEMANTIC,
            mean=meaning.mean,
            scale=scale,
            starts=meaning.starts,
            weights=linear.weights,
            bias=linear.bias,
            rows=rows,
        )
    save_confidence(model, folder)


def save_languages(languages: LanguageModel, folder: Path) -> None:
    np.savez(
        folder / LANGUAGE,
        languages=_lines_to_bytes(languages.languages),
        vocabulary=_lines_to_bytes(languages.index),
        weights=languages.linear.weights,
        bias=languages.linear.bias,
    )


def save_confidence(model: Model, folder: Path) -> None:
    stages = {"by_words": model.by_words, "by_meaning": model.by_meaning}
    value: dict[str, Any] = {name: _stage_to_json(stage) for name, stage in stages.items()}
    value["thresholds"] = _thresholds_to_json(model.thresholds)
    value["thresholds_by_words"] = _thresholds_to_json(model.thresholds_by_words)
    _write_json(folder / CONFIDENCE, value)


def load(folder: Path) -> Model:
    try:
        return _load(folder)
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, BadZipFile) as error:
        raise UnusableFilesError(f"{folder}: {error}") from error


def _load(folder: Path) -> Model:
    about = _read_json(folder / MODEL)
    if about["shape"] != SHAPE:
        raise UnusableFilesError(f"{folder}: shape {about['shape']}, this program reads {SHAPE}")
    if (folder / SEAL).exists() and _read_json(folder / SEAL) != _sums(folder):
        raise UnusableFilesError(f"{folder}: the files are of two trainings, as after a stop between them")
    lexical = arrays(folder / LEXICAL)
    confidence = _read_json(folder / CONFIDENCE)
    vocabulary = _bytes_to_lines(lexical["vocabulary"])
    return Model(
        digest=about["digest"],
        classes=tuple(about["classes"]),
        vocabulary=Vocabulary(dict(zip(vocabulary, range(len(vocabulary)), strict=True)), lexical["rarity"]),
        ngrams=Linear(lexical["weights"], lexical["bias"]),
        index=Index(
            starts=lexical["starts"],
            examples=lexical["examples"].astype(np.int32),
            weights=lexical["shares"],
            classes=lexical["example_classes"].astype(np.int32),
            lines=_bytes_to_lines(lexical["lines"]),
        ),
        meaning=_load_meaning(folder),
        languages=load_languages(folder),
        by_words=_stage(confidence["by_words"]),
        by_meaning=_stage(confidence["by_meaning"]),
        thresholds=Thresholds(**confidence["thresholds"]),
        thresholds_by_words=Thresholds(**confidence["thresholds_by_words"]),
    )


def load_languages(folder: Path) -> LanguageModel:
    stored = arrays(folder / LANGUAGE)
    grams = _bytes_to_lines(stored["vocabulary"])
    index = dict(zip(grams, range(len(grams)), strict=True))
    languages = tuple(_bytes_to_lines(stored["languages"]))
    return LanguageModel(languages, index, Linear(stored["weights"], stored["bias"]))


def _load_meaning(folder: Path) -> Meaning | None:
    if not (folder / SEMANTIC).exists():
        return None
    stored = arrays(folder / SEMANTIC)
    vectors = centred(from_bytes(load_vectors(folder)[1][stored["rows"]]), stored["mean"])
    linear = Linear(stored["weights"], stored["bias"])
    return Meaning(stored["mean"], float(stored["scale"][0]), linear, vectors, stored["starts"])


def read_confidence(folder: Path) -> tuple[Stage, Stage, Thresholds, Thresholds] | None:
    """What was fitted before, for training without labelled questions at hand."""
    try:
        value = _read_json(folder / CONFIDENCE)
        stages = _stage(value["by_words"]), _stage(value["by_meaning"])
        return *stages, Thresholds(**value["thresholds"]), Thresholds(**value["thresholds_by_words"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def load_vectors(folder: Path) -> tuple[list[str], npt.NDArray[np.int8]]:
    """The examples' sentence vectors by hash of their text, so that a text is embedded once only."""
    if not (folder / VECTORS).exists():
        return [], np.empty((0, 0), np.int8)
    stored = arrays(folder / VECTORS)
    return _bytes_to_lines(stored["hashes"]), stored["vectors"]


def save_vectors(hashes: Iterable[str], vectors: npt.NDArray[np.int8], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / VECTORS, hashes=_lines_to_bytes(hashes), vectors=vectors)


def _stage_to_json(stage: Stage) -> dict[str, Any]:
    """With names, so that an editor can read it and a reordered list is noticed."""
    return {
        "signals": {name: round(float(w), 5) for name, w in zip(SIGNALS, stage.signals, strict=False)},
        "right": _logistic_to_json(stage.right),
        "in_scope": _logistic_to_json(stage.in_scope),
    }


def _logistic_to_json(logistic: Logistic) -> dict[str, Any]:
    weights = {name: round(float(weight), 5) for name, weight in zip(CLUES, logistic.weights, strict=True)}
    return {"weights": weights, "bias": round(logistic.bias, 5)}


def _stage(value: Mapping[str, Any]) -> Stage:
    signals = [value["signals"][name] for name in SIGNALS if name in value["signals"]]
    return Stage(np.array(signals, dtype=np.float32), _logistic(value["right"]), _logistic(value["in_scope"]))


def _logistic(value: Mapping[str, Any]) -> Logistic:
    weights: Floats = np.array([value["weights"][name] for name in CLUES], dtype=np.float32)
    return Logistic(weights, float(value["bias"]))


def _thresholds_to_json(thresholds: Thresholds) -> dict[str, float]:
    return {name: getattr(thresholds, name) for name in ("answer", "choose", "sure", "sure_in_scope", "surely_not")}


def arrays(path: Path) -> Arrays:
    # Opened here, since numpy leaves a file open that it cannot read.
    with path.open("rb") as stored, np.load(stored, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _read_json(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _lines_to_bytes(lines: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def _bytes_to_lines(data: npt.NDArray[np.uint8]) -> list[str]:
    return data.tobytes().decode("utf-8").split("\n") if data.size else []
