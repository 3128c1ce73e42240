"""The database, its last backup, and the disk."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from bot.doctor.finding import Finding, error, ok, warning
from bot.settings import Settings
from bot.storage import marks
from bot.storage.engine import Database
from bot.storage.migrating import BrokenStore, look

#: Free megabytes below which one is warned, and below which writing soon fails.
LOW_MB, EMPTY_MB = 1000, 200
BACKUP_OLD, BACKUP_VERY_OLD = timedelta(days=2), timedelta(days=7)


async def check(settings: Settings, name: str, now: datetime) -> list[Finding]:
    return [*await _database(settings, name, now), _disk(settings)]


async def _database(settings: Settings, name: str, now: datetime) -> list[Finding]:
    database = Database(settings.database(name))
    if (missing := _missing(settings, database)) is not None:
        return [missing]
    try:
        state = await look(database)
        if state == "present":
            return [ok("database", "opens, and has the present tables"), await _backup(database, now)]
    except BrokenStore as broken:
        remedy = "Look whether it runs and DATABASE_URL is right; a damaged file: restore a backup (docs/operate.md)."
        return [error("database", str(broken), remedy)]
    finally:
        await database.close()
    if state == "newer":
        return [error("database", "is of a newer version of this program", "Run that version, or restore a backup.")]
    text = "is empty" if state == "empty" else "has the tables of an older version"
    return [warning("database", text, "Make a backup; the next start, or `run_bot.py migrate`, brings it up to date.")]


def _missing(settings: Settings, database: Database) -> Finding | None:
    """Looking for a file by opening it would make it."""
    path = Path(database.url.database or "")
    if not database.is_sqlite or path.is_file():
        return None
    if settings.database_url and not path.parent.is_dir():
        return error("database", "the folder in DATABASE_URL does not exist", "Make it, or correct DATABASE_URL.")
    return warning("database", "there is none yet", "It is made when the program first starts.")


async def _backup(database: Database, now: datetime) -> Finding:
    if not database.is_sqlite:
        return ok("backup", "PostgreSQL's are made by pg_dump, which is not seen from here (docs/operate.md)")
    async with database.reading() as session:
        made = await marks.when(session, marks.BACKED_UP)
    remedy = "`run_bot.py backup FILE`, each night by a timer (docs/operate.md)."
    if made is None:
        return warning("backup", "none was ever made", remedy)
    age = now - made
    text = f"the last was made on {made:%Y-%m-%d %H:%M} UTC"
    if age <= BACKUP_OLD:
        return ok("backup", text)
    return error("backup", text, remedy) if age > BACKUP_VERY_OLD else warning("backup", text, remedy)


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        remedy = "Let the user who runs the program own it; run doctor as that user."
        return error("disk", "DATA_DIR cannot be written", remedy)
    free = shutil.disk_usage(folder).free // 1_000_000
    text = f"{free} MB free where DATA_DIR is"
    remedy = "Make room: old backups first. A full disk stops everything, but loses nothing that was confirmed."
    if free < EMPTY_MB:
        return error("disk", text, remedy)
    return warning("disk", text, remedy) if free < LOW_MB else ok("disk", text)
