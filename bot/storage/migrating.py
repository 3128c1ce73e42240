"""Brings a database to the present tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.engine import Database

FOLDER = Path(__file__).parent / "migrations"


async def migrate(database: Database) -> None:
    """Apply what is missing. SQLite's file lock lets one process do it at a time."""
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


def head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def make_revision(connection: Connection, message: str) -> None:
    """For developers: write a migration from the difference between database and tables."""
    config = _config()
    config.attributes["connection"] = connection
    command.revision(config, message=message, autogenerate=True)
