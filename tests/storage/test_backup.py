"""A copy while the database is in use, read back before it counts as one."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.backup import BackupError, backup_sqlite
from bot.storage.engine import Database
from bot.storage.tables import LeadRow

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _lead(number: int) -> LeadRow:
    return LeadRow(
        reference=f"TYN-{number:04}", mover_chat=number, mover_name="Mona", language="nb", asked=[], created_at=NOW
    )


def _source(database: Database) -> Path:
    return Path(database.url.database or "")


async def test_a_copy_made_while_somebody_writes_is_whole(database: Database, tmp_path: Path) -> None:
    written = 0
    begun, stop = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        nonlocal written
        while not stop.is_set():
            async with database.transaction() as session:
                session.add_all([_lead(written * 2), _lead(written * 2 + 1)])
            written += 1
            if written == 5:
                begun.set()

    writer = asyncio.create_task(write())
    await begun.wait()
    before = written
    target = tmp_path / "copy.sqlite"
    copied = await asyncio.to_thread(backup_sqlite, _source(database), target)
    stop.set()
    await writer
    assert before * 2 <= copied <= written * 2
    assert copied % 2 == 0, "two leads of one transaction are both in it or none"
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM lead").fetchone()[0] == copied
        assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


async def test_the_copy_can_be_served_from(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as session:
        session.add(_lead(1))
    target = tmp_path / "copy.sqlite"
    assert backup_sqlite(_source(database), target) == 1
    opened = Database(f"sqlite:///{target}")
    async with opened.transaction() as session:
        assert (await session.get(LeadRow, "TYN-0001")) is not None
    await opened.close()


async def test_an_existing_file_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    target.write_text("the last copy there is")
    with pytest.raises(BackupError, match="exists already"):
        backup_sqlite(_source(database), target)
    assert target.read_text() == "the last copy there is"


async def test_a_half_made_copy_of_last_time_is_no_hindrance(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(tmp_path / "copy.sqlite.unfinished")) as left:
        left.execute("CREATE TABLE rest (x)")
        left.commit()
    assert backup_sqlite(_source(database), target) == 0
    assert not (tmp_path / "copy.sqlite.unfinished").exists()


def test_a_missing_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        backup_sqlite(tmp_path / "missing.sqlite", tmp_path / "copy.sqlite")
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_is_not_there_is_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="could not write"):
        backup_sqlite(_source(database), tmp_path / "missing" / "copy.sqlite")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    source, target = tmp_path / "store.sqlite", tmp_path / "copy.sqlite"
    source.write_bytes(b"this was a database once" * 1000)
    with pytest.raises(BackupError):
        backup_sqlite(source, target)
    assert not target.exists()


async def test_a_damaged_database_makes_no_copy(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as session:
        session.add_all([_lead(number) for number in range(500)])
    await database.close()
    source, target = _source(database), tmp_path / "copy.sqlite"
    raw = bytearray(source.read_bytes())
    for page in range(len(raw) // 4096 // 2, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    source.write_bytes(raw)
    with pytest.raises(BackupError):
        backup_sqlite(source, target)
    assert not target.exists()
