"""What people do in the pretend Telegram: have an account, write, press, block; and what the bot hears of it.

They raise `NotPossible` for what Telegram's app would not let a person do.
"""

from collections.abc import Mapping

from bot.telegram.pretend import entities, limits, sample_content
from bot.telegram.pretend.database import JSON
from bot.telegram.pretend.errors import NotPossible
from bot.telegram.pretend.limits import utf16_length
from bot.telegram.pretend.model import Message, User
from bot.telegram.pretend.people import Persona
from bot.telegram.pretend.state import State

#: What the Bot API tells of an administrator beside topics; all of them off.
ADMINISTRATOR_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


class Doings:
    """The people's half of the pretend Telegram."""

    def __init__(self, state: State) -> None:
        self._state = state

    # Who there is

    def user(
        self, name: str, language_code: str | None = "nb", id: int | None = None, *, username: str | None = None
    ) -> User:
        """A person with an account: a new one, or the one with this id, brought up to date."""
        return self._state.people.add(name, language_code, id, username)

    def persona(self, key: str, role: str, description: str, user: User | int, *, added: bool = False) -> Persona:
        """Makes a user one that the playground's page can play."""
        return self._state.people.play(self._state.people.get(id_of(user)), key, role, description, added=added)

    def personas(self) -> list[Persona]:
        return self._state.people.personas()

    def mark_read(self, user_id: int, message_id: int) -> None:
        self._state.people.mark_read(user_id, message_id)

    def group(self, title: str, *members: User | int, forum: bool = False, basic: bool = False) -> int:
        """A supergroup with these members, or with `basic` a small old group; the bot is not in it yet."""
        chat_id = self._state.people.add_group(title, forum=forum, basic=basic)
        for member in members:
            self._state.people.join(chat_id, id_of(member))
        return chat_id

    def migrate(self, chat_id: int) -> int:
        """A group becomes a supergroup with another number, and both are told; nothing reaches the old one any more."""
        with self._state.db.transaction():
            new = self._state.people.migrate_group(chat_id)
            self._tell_service(chat_id, {"migrate_to_chat_id": new})
            self._tell_service(new, {"migrate_from_chat_id": chat_id})
        return new

    def delete_topic(self, chat_id: int, thread_id: int) -> None:
        """Somebody deletes a forum topic with all that was written in it."""
        self._state.people.end_topic(chat_id, thread_id)

    def enter(self, chat_id: int, user: User | int) -> None:
        """A person comes into a group."""
        person = self._state.people.get(id_of(user))
        with self._state.db.transaction():
            self._state.people.join(chat_id, person.id)
            self._tell_service(chat_id, {"new_chat_members": [person.as_json()]})

    def leave(self, chat_id: int, user: User | int) -> None:
        person = self._state.people.get(id_of(user))
        with self._state.db.transaction():
            self._tell_service(chat_id, {"left_chat_member": person.as_json()})
            self._state.people.join(chat_id, person.id, "left")

    def add_bot(self, chat_id: int, by: User | int, *, status: str = "member") -> None:
        """Somebody brings the bot into a group, makes it an administrator there, or takes it out ("left", "kicked")."""
        before = self._state.people.bot_status(chat_id)
        self._state.people.set_bot_status(chat_id, status)
        self._tell_membership(chat_id, id_of(by), before, status)

    # What a person does in a chat

    def say(
        self,
        user: User | int,
        text: str,
        reply_to: int | None = None,
        *,
        chat_id: int | None = None,
        thread_id: int | None = None,
        unchecked: bool = False,
    ) -> Message:
        """A person writes; in the private chat with the bot unless a group is named. `unchecked` lets through what
        the app would not send: emptiness, 5,000 characters, NUL, lone surrogates.
        """
        if not unchecked:
            text = limits.cleaned(text).strip()
            if not text:
                raise NotPossible("an empty message cannot be sent")
            if utf16_length(text) > limits.TEXT:
                raise NotPossible(f"Telegram sends at most {limits.TEXT} characters in one message")
        found = entities.found(text) if limits.is_unicode(text) else []
        body: JSON = {"text": text} | ({"entities": found} if found else {})
        return self._put(id_of(user), body, reply_to=reply_to, chat_id=chat_id, thread_id=thread_id)

    def start(self, user: User | int, payload: str | None = None) -> Message:
        """A person presses START, perhaps after opening a link with a start parameter."""
        if payload and not limits.START_PAYLOAD.fullmatch(payload):
            raise NotPossible("a start parameter has 1-64 of A-Z a-z 0-9 _ -")
        if self._state.people.get(id_of(user)).blocked:
            self.unblock(user)
        return self.say(user, f"/start {payload}" if payload else "/start")

    def send_kind(self, user: User | int, kind: str, *, caption: str = "", chat_id: int | None = None) -> Message:
        """A person sends something that is not text: "photo", "voice", "sticker", "location", "contact", …"""
        body = sample_content.of_kind(kind)
        return self._put(id_of(user), body | ({"caption": caption} if caption else {}), chat_id=chat_id)

    def edit(self, user: User | int, message_id: int, text: str, *, chat_id: int | None = None) -> Message:
        """A person changes an own message."""
        chat = chat_id or id_of(user)
        message = self._state.messages.find(chat, message_id)
        if message is None or message.sender_id != id_of(user) or "text" not in message.body:
            raise NotPossible("only an own text can be edited")
        with self._state.db.transaction():
            found = entities.found(text)
            body: JSON = {"text": text} | ({"entities": found} if found else {})
            edited = self._state.messages.change(message, body, self._state.now())
            self._state.queue.add("edited_message", self._state.messages.as_json(edited), self._state.now())
        return edited

    def press(
        self,
        user: User | int,
        message_id: int,
        callback_data: str,
        *,
        chat_id: int | None = None,
        forged: bool = False,
    ) -> str:
        """A person presses a button; tells the id of the callback query. `forged` presses one that is not there, as
        a changed client can.
        """
        person = self._reachable(id_of(user))
        chat = chat_id or person.id
        message = self._state.messages.find(chat, message_id)
        there = message and any(button.callback_data == callback_data for button in message.buttons)
        if not there and not forged:
            raise NotPossible("this button is not there any more")
        shown = (
            self._state.messages.as_json(message)
            if message
            else {"chat": self._state.people.chat(chat), "message_id": message_id, "date": 0}
        )
        return self._state.queue.press(person.as_json(), shown, callback_data, self._state.now())

    def block(self, user: User | int) -> None:
        """A person stops the bot."""
        person = self._state.people.get(id_of(user))
        with self._state.db.transaction():
            self._state.people.mark(person.id, started=person.started, blocked=True)
            self._tell_membership(person.id, person.id, "member", "kicked")

    def unblock(self, user: User | int) -> None:
        person = self._state.people.get(id_of(user))
        with self._state.db.transaction():
            self._state.people.mark(person.id, started=True, blocked=False)
            self._tell_membership(person.id, person.id, "kicked", "member")

    def deactivate(self, user: User | int) -> None:
        """A person deletes the account. Telegram tells the bot nothing; it learns when it writes."""
        self._state.people.mark(id_of(user), started=True, deactivated=True)

    def inject(self, update: Mapping[str, object]) -> int:
        """Puts any update before the bot, however wrong; tells its id."""
        return self._state.queue.inject(update, self._state.now())

    def jump_updates(self, update_id: int) -> None:
        """The next update has this id, as after a week without any."""
        self._state.queue.jump(update_id)

    # Inside

    def _put(
        self,
        user_id: int,
        body: JSON,
        *,
        reply_to: int | None = None,
        chat_id: int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        person = self._reachable(user_id)
        chat = chat_id or person.id
        if thread_id and not reply_to:
            reply_to = thread_id  # as the app does: what is written in a topic hangs below its first message
        if reply_to and not self._state.messages.find(chat, reply_to):
            raise NotPossible("the message to answer is not there any more")
        with self._state.db.transaction():
            if not person.started and chat == person.id:
                self._state.people.mark(person.id, started=True)
            now = self._state.now()
            message = self._state.messages.add(chat, person.id, body, now, reply_to=reply_to, thread_id=thread_id)
            self._state.queue.add("message", self._state.messages.as_json(message), now)
        return message

    def _tell_service(self, chat_id: int, body: JSON) -> None:
        """What Telegram itself says in a chat; it comes from whoever did it."""
        by = self._state.people.first_member(chat_id)
        message = self._state.messages.add(chat_id, by, body, self._state.now())
        self._state.queue.add("message", self._state.messages.as_json(message), self._state.now())

    def _reachable(self, user_id: int) -> User:
        person = self._state.people.get(user_id)
        if person.blocked or person.deactivated:
            raise NotPossible("who has blocked the bot cannot write to it")
        return person

    def _tell_membership(self, chat_id: int, by: int, before: str, after: str) -> None:
        def member(status: str) -> JSON:
            more: JSON = {"until_date": 0} if status == "kicked" else {}
            if status == "administrator":
                more = {**dict.fromkeys(ADMINISTRATOR_RIGHTS, False), "can_manage_topics": True}
            return {"user": self._state.bot, "status": status} | more

        change = {
            "chat": self._state.people.chat(chat_id),
            "from": self._state.people.get(by).as_json(),
            "date": int(self._state.now().timestamp()),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        self._state.queue.add("my_chat_member", change, self._state.now())


def id_of(user: User | int) -> int:
    return user if isinstance(user, int) else user.id
