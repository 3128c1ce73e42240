"""The training process: `python -m bot.matching.train KNOWLEDGE [--out FOLDER] [--questions FILE] [--quick]`.

`run_bot.py knowledge train` starts it by `start()`, so that scikit-learn's memory goes away with the process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: One thread, so that the sums come out the same everywhere and the bot keeps its core.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Child:
    """How to start the training process; whoever waits for it decides how."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path


def child(
    knowledge: Path, out: Path, questions: Path | None = None, quick: bool = False, base: Path | None = None
) -> Child:
    """`base` is copied to an `out` that is still empty: quick training keeps its language model and confidence."""
    if base is not None and not out.exists():
        shutil.copytree(base, out)
    command = [sys.executable, "-m", "bot.matching.train", str(knowledge.absolute()), "--out", str(out.absolute())]
    command += ["--questions", str(questions.absolute())] if questions else []
    command += ["--quick"] if quick else []
    return Child(tuple(command), {**os.environ, **_ONE_THREAD}, Path(__file__).parents[2])


def start(
    knowledge: Path, out: Path, questions: Path | None = None, quick: bool = False, base: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Trains in a child process and waits for it."""
    process = child(knowledge, out, questions, quick, base)
    return subprocess.run(  # noqa: S603 - our own module with paths
        process.command, env=process.environment, cwd=process.folder, capture_output=True, text=True, check=False
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the matcher on the knowledge folder")
    parser.add_argument("knowledge", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--questions", type=Path, help="labelled questions to fit the confidence on")
    parser.add_argument("--quick", action="store_true", help="keep language model and confidence as they are")
    arguments = parser.parse_args()
    run(arguments.knowledge, arguments.out or arguments.knowledge / "trained", arguments.questions, arguments.quick)


def run(folder: Path, out: Path, questions: Path | None, quick: bool) -> None:
    """Imports here and not above: whoever only wants `start` must not load scikit-learn."""
    from bot.knowledge.reading import read
    from bot.matching import files, labelled
    from bot.matching.language_training import samples, train_languages
    from bot.matching.places import Gazetteer
    from bot.matching.training import train

    knowledge = read(folder).knowledge
    with files.made_whole(out) as unfinished:
        if quick and (unfinished / files.LANGUAGE).exists():
            languages = files.load_languages(unfinished)
        else:
            languages = train_languages(samples(folder), Gazetteer.build(knowledge))
        asked = labelled.questions(labelled.read(questions)) if questions else []
        train(knowledge, languages, unfinished, asked, quick)


if __name__ == "__main__":
    main()
