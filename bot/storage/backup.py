"""A copy of the database while it is in use, read back before it counts as one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.points import reached


class BackupError(Exception):
    """The copy could not be made or does not read back; says why."""


def backup_sqlite(source: Path, target: Path) -> int:
    """Copy online by SQLite's own backup; the number of leads in the copy. An existing file is not overwritten."""
    if target.exists():
        raise BackupError(f"{target} exists already; choose another name")
    if not source.exists():
        raise BackupError(f"there is no database at {source} yet")
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(unfinished)) as to:
            from_.backup(to)
        leads = _read_back(unfinished)
        reached("backup: before the copy counts as one")
        unfinished.rename(target)
        reached("backup: after the copy counts as one")
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"could not write {target}: {error}") from error
    finally:
        # Personal data must not lie about in a copy that is none.
        unfinished.unlink(missing_ok=True)
    return leads


def _read_back(path: Path) -> int:
    with closing(sqlite3.connect(path)) as copy:
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BackupError(f"the copy is damaged: {verdict}")
        return int(copy.execute("SELECT count(*) FROM lead").fetchone()[0])
