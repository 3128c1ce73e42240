"""The pretend Telegram's own SQLite file: so that ids go on after a restart and the chats are still there."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from bot.telegram.pretend.changes import Changes

JSON = dict[str, object]

# `revision` is the number of the last change to a row; a page asks for everything after the one it has seen.
SCHEMA = """
create table if not exists setting (name text primary key, value text not null) without rowid;
create table if not exists user (
    id integer primary key, first_name text not null, username text, language_code text,
    started integer not null default 0, blocked integer not null default 0, deactivated integer not null default 0,
    revision integer not null);
create table if not exists persona (
    user_id integer primary key references user (id), key text not null unique, role text not null,
    description text not null, added integer not null default 0, read_up_to integer not null default 0,
    revision integer not null);
create table if not exists chat (
    id integer primary key, type text not null, title text, is_forum integer not null default 0,
    bot_status text not null default 'member', last_message_id integer not null default 0);
create table if not exists member (
    chat_id integer not null references chat (id), user_id integer not null references user (id),
    status text not null, primary key (chat_id, user_id)) without rowid;
create table if not exists topic (
    chat_id integer not null references chat (id), id integer not null, primary key (chat_id, id)) without rowid;
create table if not exists message (
    chat_id integer not null references chat (id), id integer not null, sender_id integer not null,
    thread_id integer, reply_to integer, sent_at integer not null, edited_at integer,
    deleted integer not null default 0, body text not null, revision integer not null,
    primary key (chat_id, id)) without rowid;
create index if not exists message_revision on message (revision);
create table if not exists callback (
    id text primary key, user_id integer not null, chat_id integer not null, message_id integer not null,
    data text not null, pressed_at real not null, answer text, revision integer not null) without rowid;
create index if not exists callback_revision on callback (revision);
create table if not exists pending_update (
    id integer primary key, kind text not null, arrived_at real not null, body text not null);
create table if not exists file (id text primary key, name text not null, mime text not null, content blob not null);
"""


class Database:
    """One connection, used from any thread, one transaction at a time."""

    def __init__(self, path: Path | None) -> None:
        self._lock = RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        # What is pretended need not outlive a power cut, only a restart of the process.
        self._connection.execute("pragma synchronous = off")
        self._connection.execute("pragma foreign_keys = on")
        self._connection.executescript(SCHEMA)
        self.changes = Changes(int(self.setting("revision") or 0))
        self._next_revision = self.changes.revision

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; who waits for changes is woken after the commit. One inside another joins it."""
        with self._lock:
            if self._depth:
                yield
                return
            self._depth = 1
            self._connection.execute("begin immediate")
            try:
                yield
                self.set("revision", self._next_revision)
                self._connection.execute("commit")
            except BaseException:
                self._connection.execute("rollback")
                self._next_revision = self.changes.revision
                raise
            finally:
                self._depth = 0
            self.changes.reached(self._next_revision)

    def run(self, sql: str, *values: object) -> int:
        """Carries out a statement and tells how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def revise(self) -> int:
        """The number for a change made in the running transaction."""
        self._next_revision += 1
        return self._next_revision

    def setting(self, name: str) -> str | None:
        row = self.row("select value from setting where name = ?", name)
        return str(row["value"]) if row else None

    def set(self, name: str, value: object) -> None:
        self.run("insert into setting values (?, ?) on conflict do update set value = excluded.value", name, str(value))

    def count_up(self, name: str, first: int) -> int:
        """The next number of a counter that begins at `first`."""
        number = int(self.setting(name) or first)
        self.set(name, number + 1)
        return number


def packed(value: object) -> str:
    """JSON in ASCII, since SQLite cannot hold the lone surrogates that a hostile text may carry."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def unpacked(value: str) -> JSON:
    found: JSON = json.loads(value)
    return found


def moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
