"""The pretend Telegram: users on one side, a bot on the other, and between them what Telegram does and refuses.

The bot's side is `call`, which the fronts in `request` and `http` use. The people's side is in `doings`; tests and the
playground use it.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.telegram.pretend import account
from bot.telegram.pretend.database import JSON
from bot.telegram.pretend.doings import Doings, id_of
from bot.telegram.pretend.errors import Refused
from bot.telegram.pretend.faults import Broken, FaultHook
from bot.telegram.pretend.methods import carry_out
from bot.telegram.pretend.model import Message, User
from bot.telegram.pretend.pace import Pace
from bot.telegram.pretend.params import Params, Upload
from bot.telegram.pretend.state import State

TOKEN = "7000000001:PretendTelegram_not_a_real_token_00"  # noqa: S105 - the pretend bot's, in Telegram's form
_TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]{35}")


@dataclass(frozen=True)
class Call:
    """A Bot API call as it was answered; `status` is 0 where a fault broke the wire."""

    method: str
    params: Mapping[str, object]
    status: int
    at: datetime


class PretendTelegram(Doings):
    def __init__(
        self,
        path: Path | None = None,
        *,
        token: str = TOKEN,
        bot_name: str = "Flytt hit",
        bot_username: str = "FlyttHitBot",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Pace | None = None,
        fault: FaultHook | None = None,
    ) -> None:
        """State lies in the file at `path`, or in memory without one. `pace` switches Telegram's rate limits on,
        `fault` is asked before every call whether it shall go wrong.
        """
        self.token = token
        self.fault = fault
        bot_id = int(token.partition(":")[0])
        super().__init__(State(path, bot_id=bot_id, bot_name=bot_name, bot_username=bot_username, now=now))
        self._state.pace = pace
        self.calls: deque[Call] = deque(maxlen=20_000)

    @property
    def bot_username(self) -> str:
        return str(self._state.bot["username"])

    @property
    def bot_name(self) -> str:
        return str(self._state.bot["first_name"])

    def close(self) -> None:
        self._state.db.close()

    # The bot's side

    async def call(
        self, token: str, method: str, values: Mapping[str, object], files: Mapping[str, Upload] | None = None
    ) -> tuple[int, bytes]:
        """One Bot API call: status and body of the answer. Raises Broken where a fault cuts the wire."""
        fault = self.fault(method, values) if self.fault else None
        status, body = 0, b""
        if fault is None or fault.after_effect:
            status, body = await self._answer(token, method, Params(values, files or {}))
        if fault is not None:
            status = fault.status if fault.kind == "answer" else 0
        self.calls.append(Call(method, values, status, self._state.now()))
        if fault is None:
            return status, body
        if fault.kind == "answer":
            return fault.status, fault.body
        raise Broken(fault, body)

    async def _answer(self, token: str, method: str, params: Params) -> tuple[int, bytes]:
        try:
            if token != self.token:
                raise Refused(401, "Unauthorized") if _TOKEN_FORM.fullmatch(token) else Refused(404, "Not Found")
            result = await carry_out(self._state, method, params)
        except Refused as refusal:
            body: JSON = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return refusal.code, json.dumps(body).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()

    # What can be seen

    def press_answer(self, query_id: str) -> JSON | None:
        """What the bot answered to a press (text, show_alert, url); None while it has not."""
        return self._state.queue.press_answer(query_id)

    def messages(self, chat: User | int) -> list[Message]:
        """A chat as it stands, oldest first, without what was deleted."""
        return self._state.messages.of_chat(id_of(chat))

    def message_json(self, message: Message) -> JSON:
        return self._state.messages.as_json(message)

    def messages_after(self, revision: int) -> list[JSON]:
        """What was written, edited or deleted since then, in the Bot API's form; of a deleted one only its number."""
        return [self._news(message) for message in self._state.messages.changed_after(revision)]

    def answers_after(self, revision: int) -> list[JSON]:
        """Answers to presses given since then."""
        return self._state.queue.answers_after(revision)

    def commands(self, user: User | int) -> object:
        """The /command menu this person sees."""
        person = self._state.people.get(id_of(user))
        return account.commands_for(self._state, person.id, person.language_code)

    def description(self, user: User | int) -> str:
        """What stands in this person's chat before the first word."""
        return account.description_for(self._state, self._state.people.get(id_of(user)).language_code)

    def keep_file(self, upload: Upload) -> str:
        """Stores a file as if the bot had sent it before; tells the id by which messages name it."""
        return self._state.keep_file(upload)

    def file(self, file_id: str) -> Upload | None:
        return self._state.file(file_id)

    def pending(self) -> list[JSON]:
        """Updates that the bot has not confirmed."""
        return self._state.queue.pending(self._state.now())

    @property
    def webhook(self) -> Mapping[str, object]:
        """Address and secret as the bot set them; empty without a webhook."""
        return account.webhook(self._state)

    @property
    def revision(self) -> int:
        """Grows with every change; `changed` waits for the next."""
        return self._state.db.changes.revision

    async def changed(self, after: int, seconds: float = 5.0) -> int:
        """Waits until the revision is greater than `after` or the time is up; tells the revision."""
        return await self._state.db.changes.wait(after, seconds)

    def _news(self, message: Message) -> JSON:
        if message.deleted:
            return {"chat_id": message.chat_id, "message_id": message.id, "deleted": True}
        return {"chat_id": message.chat_id, **self.message_json(message)}
