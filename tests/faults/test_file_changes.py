"""SIGKILL before and after a file is changed: what is there is the old or the new, and whole; trying again works."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.knowledge.reading import read
from bot.knowledge.translations import mark_translated
from bot.storage.backup import backup_sqlite
from tests.faults.dying import lives
from tests.faults.test_points import found
from tests.knowledge.builder import FILES, RENT_NN
from tests.world import world

POINTS = [point for point in found() if point.startswith(("backup", "knowledge"))]


def test_there_are_points_around_each_change() -> None:
    assert {point.partition(": ")[2].split()[0] for point in POINTS} == {"before", "after"} and len(POINTS) == 4


@pytest.mark.parametrize("point", [point for point in POINTS if point.startswith("backup")])
def test_death_while_a_copy_is_made(tmp_path: Path, point: str) -> None:
    source, target = tmp_path / "flytthit.sqlite", tmp_path / "copy.sqlite"

    async def begins() -> None:
        async with world(tmp_path) as opened:
            await opened.mover().says("/vert tynset")
            await opened.settle()

    async def copies() -> None:
        backup_sqlite(source, target)

    assert lives(begins)
    assert not lives(copies, point)
    if target.exists():
        assert "after" in point
        with closing(sqlite3.connect(target)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    else:
        assert "before" in point
        assert lives(copies), "what was left half done is in nobody's way"
    assert not list(tmp_path.glob("*.unfinished")) or "before" not in point


@pytest.mark.parametrize("point", [point for point in POINTS if point.startswith("knowledge")])
def test_death_while_a_translation_is_marked(tmp_path: Path, point: str) -> None:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    before = (tmp_path / RENT_NN).read_text()

    async def marks() -> None:
        mark_translated(tmp_path, [tmp_path / RENT_NN])

    assert not lives(marks, point)
    changed = (tmp_path / RENT_NN).read_text()
    assert (changed == before) == ("before" in point)
    assert "housing/rent-home" in read(tmp_path).knowledge.entries, "nothing half is read"
    assert lives(marks)
    assert "pending" not in (tmp_path / RENT_NN).read_text()
    read(tmp_path)
