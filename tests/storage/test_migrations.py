"""The migrated file is what the tables say, and holds what a power cut must not take."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import select

from bot.storage.engine import Database
from bot.storage.migrating import _config, head, migrate
from bot.storage.tables import HeldNoticeRow, metadata
from tests.postgres import server


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_migrations_lead_to_the_present_tables(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_check_constraints_are_migrated_too(database: Database) -> None:
    """Alembic compares no check constraints, so they are read from the file."""
    wanted = {
        (table.name, str(check.sqltext))
        for table in metadata.sorted_tables
        for check in table.constraints
        if hasattr(check, "sqltext")
    }
    async with database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        made = {row.name: row.sql for row in rows}
    assert wanted
    for table, check in wanted:
        assert check in made[table], (table, check)


@pytest.mark.parametrize(
    ("pragma", "wanted"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
async def test_every_connection_is_told_the_same(database: Database, pragma: str, wanted: object) -> None:
    for connecting in (database.transaction, database.reading):
        async with connecting() as session:
            connection = await session.connection()
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar() == wanted


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await migrate(database)
    async with database.engine.connect() as connection:
        version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars().all()
    assert version == [head()]


async def test_a_fresh_file_gets_every_table(tmp_path: Path) -> None:
    """A folder with two heads would fail here."""
    assert head() is not None
    fresh = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    try:
        await migrate(fresh)
        async with fresh.engine.connect() as connection:
            names = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
            assert {table.name for table in metadata.sorted_tables} <= set(names.scalars())
    finally:
        await fresh.close()


def _back_to(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


@pytest.mark.parametrize("engine", ["SQLite", "PostgreSQL"])
async def test_what_an_older_version_stored_goes_along(tmp_path: Path, engine: str) -> None:
    url = await server().fresh() if engine == "PostgreSQL" else f"sqlite:///{tmp_path / 'old.sqlite'}"
    database = Database(url)
    try:
        await migrate(database)
        async with database.engine.begin() as connection:
            await connection.run_sync(_back_to, "0002")
            await connection.execute(
                text(
                    'INSERT INTO held_notice (kind, html, buttons, "full", due_at) '
                    "VALUES ('gone', 'TYN-7F3K er trukket', '[]', false, '2026-11-24 08:00:00+00:00')"
                )
            )
        await migrate(database)
        async with database.reading() as session:
            (held,) = (await session.exec(select(HeldNoticeRow))).all()
        assert (held.html, held.heard) == ("TYN-7F3K er trukket", False)
    finally:
        await database.close()
