"""Updates on their way to the bot, and presses that wait for an answer.

An update stays until the bot confirms it with a greater offset, for 24 hours at most; a press for 150 seconds.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from bot.telegram.pretend import limits
from bot.telegram.pretend.database import JSON, Database, packed, unpacked
from bot.telegram.pretend.errors import bad_request

FIRST_UPDATE_ID = 847_102_655  # ids begin anywhere; code that relies on 1 shall be found here
FIRST_CALLBACK_ID = 4_382_300_104_211_830_027


class Queue:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, kind: str, content: object, now: datetime) -> int:
        """One more update of this kind; tells its id."""
        with self._db.transaction():
            number = self._db.count_up("next update", FIRST_UPDATE_ID)
            self._store(number, kind, packed({"update_id": number, kind: content}), now)
        return number

    def inject(self, update: Mapping[str, object], now: datetime) -> int:
        """An update exactly as given, however wrong; a missing update_id is filled in."""
        with self._db.transaction():
            given = update.get("update_id")
            number = given if isinstance(given, int) else self._db.count_up("next update", FIRST_UPDATE_ID)
            self._store(number, "injected", packed({"update_id": number, **update}), now)
            following = int(self._db.setting("next update") or FIRST_UPDATE_ID)
            self._db.set("next update", max(following, number + 1))
        return number

    def jump(self, update_id: int) -> None:
        """The next update has this id: after a week without updates Telegram chooses one anew."""
        with self._db.transaction():
            self._db.set("next update", update_id)

    def _store(self, number: int, kind: str, body: str, now: datetime) -> None:
        self._db.run("insert or replace into pending_update values (?, ?, ?, ?)", number, kind, now.timestamp(), body)
        self._db.revise()

    def take(self, offset: int, limit: int, now: datetime) -> list[JSON]:
        """getUpdates: confirms what lies before the offset and returns what waits from there on, oldest first."""
        with self._db.transaction():
            self._forget_old(now)
            if offset < 0:
                offset = self._nth_from_end(-offset)
            if offset > 0:
                self._db.run("delete from pending_update where id < ?", offset)
            rows = self._db.rows("select body from pending_update order by id limit ?", limit)
        return [unpacked(row["body"]) for row in rows]

    def pending(self, now: datetime) -> list[JSON]:
        """What the bot has not confirmed yet."""
        with self._db.transaction():
            self._forget_old(now)
        return [unpacked(row["body"]) for row in self._db.rows("select body from pending_update order by id")]

    def drop(self) -> None:
        self._db.run("delete from pending_update")

    def _nth_from_end(self, count: int) -> int:
        row = self._db.row("select id from pending_update order by id desc limit 1 offset ?", count - 1)
        return int(row["id"]) if row else 0

    def _forget_old(self, now: datetime) -> None:
        self._db.run("delete from pending_update where arrived_at < ?", (now - limits.UPDATES_KEPT).timestamp())
        self._db.run(
            "delete from pending_update where kind = 'callback_query' and arrived_at < ?",
            (now - limits.PRESS_ANSWERABLE).timestamp(),
        )

    # Presses

    def press(self, user: JSON, message: JSON, data: str, now: datetime) -> str:
        """A press of a button on its way to the bot; tells the id under which it can be answered."""
        chat = message["chat"]
        assert isinstance(chat, dict)
        with self._db.transaction():
            query_id = str(self._db.count_up("next callback", FIRST_CALLBACK_ID))
            self._db.run(
                "insert into callback values (?, ?, ?, ?, ?, ?, null, ?)",
                *(query_id, user["id"], chat["id"], message["message_id"], packed(data), now.timestamp()),
                self._db.revise(),
            )
            query = {
                "id": query_id,
                "from": user,
                "message": message,
                "chat_instance": str(7_300_000_000_000_000_000 + hash(chat["id"]) % 10**9),
                "data": data,
            }
            self.add("callback_query", query, now)
        return query_id

    def answer_press(self, query_id: str, answer: Mapping[str, object], now: datetime) -> None:
        with self._db.transaction():
            answered = self._db.run(
                "update callback set answer = ?, revision = ? where id = ? and answer is null and pressed_at >= ?",
                *(packed(answer), self._db.revise(), query_id, (now - limits.PRESS_ANSWERABLE).timestamp()),
            )
            if not answered:
                raise bad_request("query is too old and response timeout expired or query ID is invalid")

    def press_answer(self, query_id: str) -> JSON | None:
        """The bot's answer to a press; None as long as the little clock goes."""
        row = self._db.row("select answer from callback where id = ?", query_id)
        return unpacked(row["answer"]) if row and row["answer"] else None

    def answers_after(self, revision: int) -> list[JSON]:
        rows = self._db.rows("select * from callback where revision > ? and answer is not null", revision)
        return [
            {
                "query_id": row["id"],
                "user_id": row["user_id"],
                "chat_id": row["chat_id"],
                "message_id": row["message_id"],
                "data": json.loads(row["data"]),
                **unpacked(row["answer"]),
            }
            for row in rows
        ]
