"""Messages of all chats: written, edited, deleted, and shown in the Bot API's form."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bot.telegram.pretend.database import JSON, Database, moment, packed, unpacked
from bot.telegram.pretend.model import Message
from bot.telegram.pretend.people import People

NO_BODY: Mapping[str, object] = {}


class Messages:
    def __init__(self, database: Database, people: People, bot: JSON) -> None:
        self._db = database
        self._people = people
        self._bot = bot
        self._bot_id = int(str(bot["id"]))

    def add(
        self,
        chat_id: int,
        sender_id: int | None,
        body: Mapping[str, object],
        now: datetime,
        *,
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """A new message at the end of a chat; without a sender it is the bot's."""
        with self._db.transaction():
            self._db.run("update chat set last_message_id = last_message_id + 1 where id = ?", chat_id)
            row = self._db.row("select last_message_id from chat where id = ?", chat_id)
            assert row is not None
            number = int(row["last_message_id"])
            self._db.run(
                "insert into message (chat_id, id, sender_id, thread_id, reply_to, sent_at, body, revision)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                *(chat_id, number, sender_id or self._bot_id, thread_id, reply_to, int(now.timestamp())),
                *(packed(body), self._db.revise()),
            )
        return self.get(chat_id, number)

    def change(self, message: Message, body: Mapping[str, object], now: datetime | None) -> Message:
        """New content; without a time it does not count as edited (a keyboard that changes leaves no mark)."""
        edited = int(now.timestamp()) if now else None
        with self._db.transaction():
            self._db.run(
                "update message set body = ?, edited_at = coalesce(?, edited_at), revision = ?"
                " where chat_id = ? and id = ?",
                *(packed(body), edited, self._db.revise(), message.chat_id, message.id),
            )
        return self.get(message.chat_id, message.id)

    def delete(self, message: Message) -> None:
        with self._db.transaction():
            self._db.run(
                "update message set deleted = 1, body = '{}', revision = ? where chat_id = ? and id = ?",
                *(self._db.revise(), message.chat_id, message.id),
            )

    def find(self, chat_id: int, message_id: int) -> Message | None:
        """A message that is there; a deleted one is not."""
        row = self._db.row("select * from message where chat_id = ? and id = ? and not deleted", chat_id, message_id)
        return self._message(row) if row else None

    def get(self, chat_id: int, message_id: int) -> Message:
        found = self.find(chat_id, message_id)
        if found is None:
            raise LookupError(f"chat {chat_id} has no message {message_id}")
        return found

    def of_chat(self, chat_id: int) -> list[Message]:
        rows = self._db.rows("select * from message where chat_id = ? and not deleted order by id", chat_id)
        return [self._message(row) for row in rows]

    def changed_after(self, revision: int) -> list[Message]:
        """Everything new, edited or deleted since then, each chat in its own order."""
        rows = self._db.rows("select * from message where revision > ? order by chat_id, id", revision)
        return [self._message(row) for row in rows]

    def as_json(self, message: Message, *, with_reply: bool = True) -> JSON:
        """The Bot API's Message."""
        result: JSON = {
            "message_id": message.id,
            "date": int(message.sent_at.timestamp()),
            "chat": self._people.chat(message.chat_id),
            "from": self._bot if message.from_bot else self._people.get(message.sender_id).as_json(),
        }
        if message.edited_at:
            result["edit_date"] = int(message.edited_at.timestamp())
        if message.thread_id:
            result |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        if message.reply_to and with_reply:
            answered = self.find(message.chat_id, message.reply_to)
            if answered:
                result["reply_to_message"] = self.as_json(answered, with_reply=False)
        return result | message.body

    def _message(self, row: sqlite3.Row) -> Message:
        sent_at = moment(row["sent_at"])
        assert sent_at is not None
        return Message(
            chat_id=row["chat_id"],
            id=row["id"],
            sender_id=row["sender_id"],
            from_bot=row["sender_id"] == self._bot_id,
            sent_at=sent_at,
            body=unpacked(row["body"]),
            edited_at=moment(row["edited_at"]),
            deleted=bool(row["deleted"]),
            reply_to=row["reply_to"],
            thread_id=row["thread_id"],
            revision=row["revision"],
        )
