"""Training: the same files for the same knowledge, and a model that knows what it was shown."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge.model import Knowledge
from bot.matching import files, load
from bot.matching.training import train
from tests.matching.conftest import TRAINED


@pytest.fixture(scope="module")
def small(knowledge: Knowledge) -> Knowledge:
    ids = ("housing/rent-home", "transport/train", "services/dentist", "outdoors/fishing")
    entries = {id: replace(knowledge.entries[id], questions=knowledge.entries[id].questions[:12]) for id in ids}
    return replace(knowledge, entries=entries, out_of_scope=knowledge.out_of_scope[:15], digest="small")


def test_training_twice_gives_the_same_files(small: Knowledge, tmp_path: Path) -> None:
    languages = files.load_languages(TRAINED)
    for name in ("one", "two"):
        train(small, languages, tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        if path.suffix == ".json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        else:
            one, two = files.arrays(path), files.arrays(tmp_path / "two" / path.name)
            assert one.keys() == two.keys()
            assert all((one[name] == two[name]).all() for name in one)


def test_a_quick_training_keeps_the_confidence_and_learns_the_new_entry(small: Knowledge, tmp_path: Path) -> None:
    for name in (files.CONFIDENCE, files.LANGUAGE):
        (tmp_path / name).write_bytes((TRAINED / name).read_bytes())
    train(small, files.load_languages(TRAINED), tmp_path, quick=True)
    assert (tmp_path / files.CONFIDENCE).read_text() == (TRAINED / files.CONFIDENCE).read_text()
    matcher = load(small, tmp_path)
    assert not matcher.stale
    assert matcher.understand("Hvor finner jeg en tannlege?").near[0].entry == "services/dentist"


def test_entries_without_keywords_can_be_learnt(small: Knowledge, tmp_path: Path) -> None:
    for name in (files.CONFIDENCE, files.LANGUAGE):
        (tmp_path / name).write_bytes((TRAINED / name).read_bytes())
    texts = {
        id: {language: replace(text, keywords=()) for language, text in entry.texts.items()}
        for id, entry in small.entries.items()
    }
    without = replace(small, entries={id: replace(entry, texts=texts[id]) for id, entry in small.entries.items()})
    train(without, files.load_languages(TRAINED), tmp_path, quick=True)
    assert load(without, tmp_path).understand("Hvor finner jeg en tannlege?").near[0].entry == "services/dentist"


def test_files_of_two_trainings_are_not_loaded(small: Knowledge, tmp_path: Path) -> None:
    """As after a stop between two files: one is new, the others are old."""
    folder = tmp_path / "trained"
    shutil.copytree(TRAINED, folder)
    old = {path.name: path.read_bytes() for path in folder.iterdir()}
    with files.made_whole(folder) as unfinished:
        train(small, files.load_languages(TRAINED), unfinished, quick=True)
    assert not load(small, folder).stale
    (folder / files.LEXICAL).write_bytes(old[files.LEXICAL])
    with pytest.raises(files.UnusableFilesError, match="two trainings"):
        files.load(folder)
