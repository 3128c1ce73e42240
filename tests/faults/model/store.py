"""The program's file as another process reads it, so that nothing counts but what is committed.

Triggers, set up before the stories begin, keep the history of leads and messages; they hold ids, never words.
`takings` is how often a message's lead had been taken when the message was made: given back, it is offered anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.leads.model import OPEN

#: Tables of ours in the program's file.
HISTORY = ("seen_lead", "seen_delivery")
_LEAD = ("state", "taken_by", "step", "waiting_since", "municipality")
_MADE = ", ".join(f"NULL, new.{column}" for column in _LEAD)
_CHANGED = ", ".join(f"old.{column}, new.{column}" for column in _LEAD)
_GONE = ", ".join(f"old.{column}, NULL" for column in _LEAD)
_TRIGGERS = f"""
    CREATE TABLE seen_lead (id INTEGER PRIMARY KEY, reference, chat, {", ".join(f"{c}_was, {c}" for c in _LEAD)});
    INSERT INTO seen_lead SELECT NULL, reference, mover_chat, {_MADE.replace("new.", "")} FROM lead;
    CREATE TRIGGER lead_made AFTER INSERT ON lead BEGIN
        INSERT INTO seen_lead VALUES (NULL, new.reference, new.mover_chat, {_MADE}); END;
    CREATE TRIGGER lead_changed AFTER UPDATE OF state, taken_by, step, municipality ON lead BEGIN
        INSERT INTO seen_lead VALUES (NULL, new.reference, new.mover_chat, {_CHANGED}); END;
    CREATE TRIGGER lead_gone AFTER DELETE ON lead BEGIN
        INSERT INTO seen_lead VALUES (NULL, old.reference, old.mover_chat, {_GONE}); END;
    CREATE TABLE seen_delivery (id INTEGER PRIMARY KEY, delivery, chat, kind, reference, state_was, state, takings);
    INSERT INTO seen_delivery SELECT NULL, id, chat_id, kind, reference, NULL, state, 0 FROM delivery;
    CREATE TRIGGER delivery_made AFTER INSERT ON delivery BEGIN
        INSERT INTO seen_delivery
            SELECT NULL, new.id, new.chat_id, new.kind, new.reference, NULL, new.state, count(*)
            FROM seen_lead WHERE reference = new.reference AND state_was = 'new' AND state = 'taken'; END;
    CREATE TRIGGER delivery_changed AFTER UPDATE OF state ON delivery BEGIN
        INSERT INTO seen_delivery VALUES
            (NULL, new.id, new.chat_id, new.kind, new.reference, old.state, new.state, NULL); END;
    CREATE TRIGGER delivery_gone AFTER DELETE ON delivery BEGIN
        INSERT INTO seen_delivery VALUES
            (NULL, old.id, old.chat_id, old.kind, old.reference, old.state, NULL, NULL); END;
"""


def keep_history(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(_TRIGGERS)


@dataclass(frozen=True, slots=True)
class Seen:
    """A lead as it is stored."""

    reference: str
    mover_chat: int
    state: str
    municipality: str | None
    taken_by: int | None
    stand_in: int | None
    pass_to: str | None

    @property
    def open(self) -> bool:
        return self.state in OPEN


_LEADS = f"SELECT {', '.join(Seen.__slots__)} FROM lead"


class Store:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.open()

    def open(self) -> None:
        self._file = sqlite3.connect(self.path, isolation_level=None)
        self._file.row_factory = sqlite3.Row

    def close(self) -> None:
        self._file.close()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._file.execute(sql, values).fetchall()

    def number(self, sql: str, *values: object) -> int:
        return int(self._file.execute(sql, values).fetchone()[0] or 0)

    def leads(self, mover_chat: int | None = None) -> list[Seen]:
        """Those of one mover, or all, in the order they were made."""
        rows = self.rows(f"{_LEADS} WHERE ? IN (mover_chat, 0) ORDER BY rowid", mover_chat or 0)
        return [Seen(*row) for row in rows]

    def lead(self, reference: str) -> Seen:
        return Seen(*self.rows(f"{_LEADS} WHERE reference = ?", reference)[0])

    # -- how often something has come about

    def messages(self, chat: int | None = None, reference: str | None = None, kinds: Iterable[str] = ()) -> int:
        """So many were made to be sent: to this chat, about this lead, of these kinds."""
        given = {"chat = ?": chat, "reference = ?": reference}
        conditions = ["state_was IS NULL", *(condition for condition, value in given.items() if value is not None)]
        conditions += [f"kind IN ({', '.join(map(repr, kinds))})"] if kinds else []
        values = [value for value in given.values() if value is not None]
        return self.number(f"SELECT count(*) FROM seen_delivery WHERE {' AND '.join(conditions)}", *values)

    def written(self, reference: str, text: str | None = None) -> int:
        """So often it stands in the thread of a lead; without a text, all that stands there."""
        wanted = "SELECT count(*) FROM lead_message WHERE reference = ? AND ? IN (text, '')"
        return self.number(wanted, reference, text or "")

    # -- what is to be gone

    def holding(self, words: Iterable[str], but: tuple[str, ...] = ()) -> set[str]:
        """Tables with a row that holds one of these."""
        tables = [row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        wanted = tuple(words)
        return {
            table
            for table in tables
            if table not in (*but, *HISTORY)
            for row in self._file.execute(f"SELECT * FROM {table}").fetchall()
            if any(word in str(value) for value in row for word in wanted)
        }

    def bytes_hold(self, word: str) -> bool:
        """Whether it stands anywhere in the file or in its log, deleted or not."""
        files = (self.path, Path(f"{self.path}-wal"))
        return any(word.encode() in file.read_bytes() for file in files if file.is_file())
