"""Brings a database to the present tables, and says why when it cannot."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.engine import STORE_ERRORS, Database

FOLDER = Path(__file__).parent / "migrations"
#: PostgreSQL: replicas that start together migrate one after the other. The number is ours alone.
_LOCK = 7_301_547
OLDEST_POSTGRESQL = 15


class BrokenStore(Exception):
    """The database cannot be used; says why and what to do."""


async def migrate(database: Database) -> None:
    """Apply what is missing, one process at a time. Raises BrokenStore."""
    try:
        await _check(database)
        async with database.engine.begin() as connection:
            if not database.is_sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.run_sync(_upgrade)
    except STORE_ERRORS as error:
        raise BrokenStore(f"The database at {_place(database)} cannot be used: {_reason(error)}") from error


def head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


State = Literal["empty", "old", "present", "newer"]


async def look(database: Database) -> State:
    """How far the database is, without changing it. Raises BrokenStore."""
    try:
        await _check(database)
        async with database.engine.connect() as connection:
            revision = await connection.run_sync(_revision)
    except STORE_ERRORS as error:
        raise BrokenStore(f"The database at {_place(database)} cannot be used: {_reason(error)}") from error
    if revision is None:
        return "empty"
    if revision == head():
        return "present"
    return "old" if revision in _known() else "newer"


def make_revision(connection: Connection, message: str) -> None:
    """For developers: write a migration from the difference between database and tables."""
    config = _config()
    config.attributes["connection"] = connection
    command.revision(config, message=message, autogenerate=True)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _upgrade(connection: Connection) -> None:
    present = _revision(connection)
    if present is not None and present not in _known():
        raise BrokenStore(f"The database is of a newer version of this program ({present}). Run that one.")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


async def _check(database: Database) -> None:
    if database.is_sqlite:
        await asyncio.to_thread(_check_file, Path(database.url.database or ""))
        return
    async with database.engine.connect() as connection:
        version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one()) // 10_000
        encoding = (await connection.execute(text("SHOW server_encoding"))).scalar_one()
    if version < OLDEST_POSTGRESQL:
        raise BrokenStore(f"PostgreSQL {OLDEST_POSTGRESQL} or newer is needed; this is {version}.")
    if encoding != "UTF8":
        raise BrokenStore(f"The database's encoding is {encoding}; make one with ENCODING 'UTF8'.")


def _check_file(path: Path) -> None:
    """A damaged file must not be served: what looks answered today is gone tomorrow."""
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(path, timeout=10)) as file:
            verdict = file.execute("PRAGMA quick_check(1)").fetchone()[0]
            orphan = file.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise BrokenStore(f"{path} cannot be read: {error}. Restore a backup, or move the file away.") from error
    if verdict != "ok":
        raise BrokenStore(f"{path} is damaged ({verdict}). Restore a backup.")
    if orphan is not None:
        raise BrokenStore(f"{path} is damaged (a row of {orphan[0]} points at nothing). Restore a backup.")


def _place(database: Database) -> str:
    """Where the database is, without user and password."""
    url = database.url
    return str(url.database) if database.is_sqlite else f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}"


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) if isinstance(error, SQLAlchemyError) else None
    return str(cause or error).splitlines()[0]
