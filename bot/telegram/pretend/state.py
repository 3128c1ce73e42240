"""Everything the pretend Telegram remembers, in one place for the methods that work on it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.telegram.pretend.database import JSON, Database
from bot.telegram.pretend.messages import Messages
from bot.telegram.pretend.pace import Pace
from bot.telegram.pretend.params import Upload
from bot.telegram.pretend.people import People
from bot.telegram.pretend.queue import Queue


class State:
    def __init__(
        self, path: Path | None, *, bot_id: int, bot_name: str, bot_username: str, now: Callable[[], datetime]
    ) -> None:
        self.now = now
        self.pace: Pace | None = None
        self.polls = 0  # how many getUpdates came, so that an older one sees that it was replaced
        self.bot: JSON = {"id": bot_id, "is_bot": True, "first_name": bot_name, "username": bot_username}
        self.db = Database(path)
        self.people = People(self.db)
        self.messages = Messages(self.db, self.people, self.bot)
        self.queue = Queue(self.db)

    def keep_file(self, upload: Upload) -> str:
        """Stores a file's bytes and gives the id under which messages name it."""
        with self.db.transaction():
            file_id = f"PretendFile{self.db.count_up('next file', 1):08}"
            self.db.run("insert into file values (?, ?, ?, ?)", file_id, upload.name, upload.mime, upload.content)
        return file_id

    def file(self, file_id: str) -> Upload | None:
        row = self.db.row("select * from file where id = ?", file_id)
        return Upload(row["name"], row["mime"], row["content"]) if row else None
