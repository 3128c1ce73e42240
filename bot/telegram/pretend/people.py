"""Users, the personas a page plays, and the chats they share with the bot."""

import sqlite3
from dataclasses import dataclass

from bot.telegram.pretend.database import JSON, Database
from bot.telegram.pretend.errors import NotPossible, Refused, bad_request, forbidden
from bot.telegram.pretend.model import User

FIRST_USER_ID = 5_204_881_301  # over 32 bits, as true ids are, so that a too small column is found here
FIRST_BASIC_GROUP_ID = 804_155_002
FIRST_GROUP_ID = 1_002_204_310_551


@dataclass(frozen=True)
class Persona:
    """A part that somebody at the playground plays."""

    user: User
    key: str
    role: str
    description: str
    added: bool
    """By a press in the page, not by the program."""
    read_up_to: int


class People:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, name: str, language_code: str | None, user_id: int | None, username: str | None) -> User:
        """A new user, or one known by id whose name and language are brought up to date."""
        with self._db.transaction():
            number = user_id or self._db.count_up("next user", FIRST_USER_ID)
            self._db.run(
                "insert into user (id, first_name, username, language_code, revision) values (?, ?, ?, ?, ?)"
                " on conflict do update set first_name = excluded.first_name, username = excluded.username,"
                " language_code = excluded.language_code, revision = excluded.revision",
                *(number, name, username, language_code, self._db.revise()),
            )
            self._db.run("insert into chat (id, type) values (?, 'private') on conflict do nothing", number)
        return self.get(number)

    def get(self, user_id: int) -> User:
        user = self.find(user_id)
        if user is None:
            raise NotPossible(f"nobody has the id {user_id}")
        return user

    def find(self, user_id: int) -> User | None:
        row = self._db.row("select * from user where id = ?", user_id)
        return _user(row) if row else None

    def mark(self, user_id: int, *, started: bool, blocked: bool = False, deactivated: bool = False) -> None:
        with self._db.transaction():
            self._db.run(
                "update user set started = ?, blocked = ?, deactivated = ?, revision = ? where id = ?",
                *(started, blocked, deactivated, self._db.revise(), user_id),
            )

    # Personas

    def play(self, user: User, key: str, role: str, description: str, *, added: bool) -> Persona:
        with self._db.transaction():
            self._db.run(
                "insert into persona (user_id, key, role, description, added, revision) values (?, ?, ?, ?, ?, ?)"
                " on conflict (user_id) do update set key = excluded.key, role = excluded.role,"
                " description = excluded.description, revision = excluded.revision",
                *(user.id, key, role, description, added, self._db.revise()),
            )
        return next(persona for persona in self.personas() if persona.user.id == user.id)

    def personas(self) -> list[Persona]:
        rows = self._db.rows(
            "select user.*, key, role, description, added, read_up_to from persona join user on user.id = user_id"
            " order by persona.rowid"
        )
        return [
            Persona(_user(row), row["key"], row["role"], row["description"], bool(row["added"]), row["read_up_to"])
            for row in rows
        ]

    def mark_read(self, user_id: int, message_id: int) -> None:
        if not any(persona.user.id == user_id and persona.read_up_to < message_id for persona in self.personas()):
            return  # nothing new: no change, or pages that mark as read would wake each other without end
        with self._db.transaction():
            self._db.run(
                "update persona set read_up_to = ?, revision = ? where user_id = ?",
                *(message_id, self._db.revise(), user_id),
            )

    # Chats

    def add_group(self, title: str, *, forum: bool, basic: bool = False) -> int:
        with self._db.transaction():
            counted = ("next basic group", FIRST_BASIC_GROUP_ID) if basic else ("next group", FIRST_GROUP_ID)
            number = -self._db.count_up(*counted)
            self._db.run(
                "insert into chat (id, type, title, is_forum, bot_status) values (?, ?, ?, ?, 'left')",
                *(number, "group" if basic else "supergroup", title, forum),
            )
        return number

    def migrate_group(self, chat_id: int) -> int:
        """A supergroup with the same title, members and bot; the old group only tells its new number."""
        new = self.add_group(str(self.chat(chat_id)["title"]), forum=False)
        self._db.run("insert into member select ?, user_id, status from member where chat_id = ?", new, chat_id)
        self.set_bot_status(new, self.bot_status(chat_id))
        self._db.run("update chat set bot_status = ? where id = ?", f"migrated {new}", chat_id)
        return new

    def first_member(self, chat_id: int) -> int:
        row = self._db.row("select user_id from member where chat_id = ? order by user_id", chat_id)
        if row is None:
            raise NotPossible("nobody is in this group")
        return int(row["user_id"])

    # Topics

    def add_topic(self, chat_id: int, thread_id: int) -> None:
        self._db.run("insert or replace into topic values (?, ?)", chat_id, thread_id)

    def has_topic(self, chat_id: int, thread_id: int) -> bool:
        return self._db.row("select 1 from topic where chat_id = ? and id = ?", chat_id, thread_id) is not None

    def end_topic(self, chat_id: int, thread_id: int) -> None:
        self._db.run("delete from topic where chat_id = ? and id = ?", chat_id, thread_id)

    def bot_status(self, chat_id: int) -> str:
        row = self._db.row("select bot_status from chat where id = ?", chat_id)
        return str(row["bot_status"]) if row else "left"

    def set_bot_status(self, chat_id: int, status: str) -> None:
        self._db.run("update chat set bot_status = ? where id = ?", status, chat_id)

    def join(self, chat_id: int, user_id: int, status: str = "member") -> None:
        self._db.run("insert or replace into member values (?, ?, ?)", chat_id, user_id, status)

    def member_status(self, chat_id: int, user_id: int) -> str:
        if chat_id == user_id:
            return "member"
        row = self._db.row("select status from member where chat_id = ? and user_id = ?", chat_id, user_id)
        return str(row["status"]) if row else "left"

    def chat(self, chat_id: int) -> JSON:
        """As the Bot API describes it; refused as it refuses an unknown one."""
        row = self._db.row("select * from chat where id = ?", chat_id)
        if row is None:
            raise bad_request("chat not found")
        if row["type"] != "private":
            forum = {"is_forum": True} if row["is_forum"] else {}
            return {"id": chat_id, "type": row["type"], "title": row["title"]} | forum
        user = self.get(chat_id)
        username = {"username": user.username} if user.username else {}
        return {"id": chat_id, "type": "private", "first_name": user.name} | username

    def check_reachable(self, chat_id: int) -> JSON:
        """The chat, if the bot may write there now."""
        chat = self.chat(chat_id)
        if refusal := self._refusal(chat_id, str(chat["type"])):
            raise refusal
        return chat

    def _refusal(self, chat_id: int, kind: str) -> Refused | None:
        if kind == "private":
            user = self.get(chat_id)
            if user.deactivated:
                return forbidden("user is deactivated")
            if user.blocked:
                return forbidden("bot was blocked by the user")
            return None if user.started else forbidden("bot can't initiate conversation with a user")
        status = self.bot_status(chat_id)
        if status.startswith("migrated"):
            new = int(status.split()[1])
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            return Refused(400, words, {"migrate_to_chat_id": new})
        if status == "kicked":
            return forbidden(f"bot was kicked from the {kind} chat")
        return forbidden(f"bot is not a member of the {kind} chat") if status == "left" else None


def _user(row: sqlite3.Row) -> User:
    return User(
        id=row["id"],
        name=row["first_name"],
        language_code=row["language_code"],
        username=row["username"],
        started=bool(row["started"]),
        blocked=bool(row["blocked"]),
        deactivated=bool(row["deactivated"]),
    )
