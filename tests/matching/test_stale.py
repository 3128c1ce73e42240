"""Trained on other knowledge: still usable, never with an id that is gone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge.model import Knowledge
from bot.matching import TrainedMatcher, UnusableFilesError, load
from bot.matching.files import made_whole
from tests.matching.conftest import ROOT, TRAINED


def test_the_shipped_files_fit_the_shipped_knowledge(matcher: TrainedMatcher) -> None:
    assert not matcher.stale, "run: python run_bot.py knowledge train"


def test_an_entry_that_is_gone_is_never_shown(knowledge: Knowledge) -> None:
    entries = {id: entry for id, entry in knowledge.entries.items() if id != "housing/rent-home"}
    matcher = load(replace(knowledge, entries=entries, digest="changed"), TRAINED)
    assert matcher.stale
    for line in ("hus til leie", "Hvor finner vi noe å leie?", "leilighet utleie hund"):
        verdict = matcher.understand(line)
        assert all(match.entry in entries for match in (*verdict.matches, *verdict.near))


def test_missing_or_damaged_files_are_told(knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(UnusableFilesError):
        load(knowledge, tmp_path)
    for path in TRAINED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:100])
    with pytest.raises(UnusableFilesError):
        load(knowledge, tmp_path)


@pytest.mark.parametrize("name", sorted(path.name for path in TRAINED.iterdir()))
def test_a_file_that_arrived_by_half_is_told(knowledge: Knowledge, tmp_path: Path, name: str) -> None:
    shutil.copytree(TRAINED, tmp_path / "trained")
    whole = (TRAINED / name).read_bytes()
    (tmp_path / "trained" / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnusableFilesError):
        load(knowledge, tmp_path / "trained")


def _die_in_training(folder: Path) -> None:
    with made_whole(folder) as unfinished:
        (unfinished / "model.json").write_text("half")
        raise RuntimeError


def test_training_that_dies_leaves_the_files_as_they_were(tmp_path: Path) -> None:
    folder = tmp_path / "trained"
    shutil.copytree(TRAINED, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(RuntimeError):
        _die_in_training(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(tmp_path.iterdir()) == [folder]


def test_the_same_line_gets_the_same_verdict_from_two_loads(knowledge: Knowledge, matcher: TrainedMatcher) -> None:
    again = load(knowledge, TRAINED)
    for line in ("Vi har to ungar og ein hund, kor kan vi bu?", "bredbånd vingelen", "what about schools"):
        assert again.understand(line, why=True) == matcher.understand(line, why=True)


def test_answering_imports_no_scikit_learn() -> None:
    code = "import sys, bot.matching, bot.matching.train; sys.exit(any(n in sys.modules for n in ('sklearn', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
