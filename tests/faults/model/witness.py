"""Sees what the program does from outside: what leaves it, what it confirms, what it raises an alarm for."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from bot.delivery import SendError
from bot.mail import Outbox
from bot.mail.channel import send_error
from bot.storage.deliveries import MAX_COPIES, Delivery
from bot.telegram.pretend import Fault, PretendRequest, PretendTelegram
from tests.faults.model.store import Store

_SENDING = "SELECT id, kind, reference, created_at FROM delivery WHERE chat_id = ? AND state = 'sending'"
#: Its receiver was forgotten in the moment before.
_FORGOTTEN = """
    SELECT delivery AS id, kind, reference, '' AS created_at FROM seen_delivery
    WHERE chat = ? AND state_was = 'sending' AND state IS NULL AND kind <> 'farewell'
    ORDER BY seen_delivery.id DESC LIMIT 1"""
_SENDS = ("sendmessage", "editmessagetext", "sendphoto", "senddocument")


@dataclass(frozen=True, slots=True)
class Left:
    """A message that was handed over to Telegram, or to a mail server."""

    delivery: int
    chat: int
    kind: str
    reference: str | None
    text: str
    made_at: str
    #: It came to its reader, whatever the program was told of it.
    arrived: bool
    #: What the program was told: that it came, that it never will; nothing it can be sure of.
    told: str
    #: In which of the program's lives.
    life: int


@dataclass(slots=True)
class Planned:
    """A fault of the next calls of one method, to one chat where one is named."""

    method: str
    fault: Fault
    times: int
    chat: int | None = None


class Witness:
    """Stands before Telegram: asked before each call, it lets through, or plays the next fault that was planned."""

    def __init__(self, telegram: PretendTelegram, store: Store) -> None:
        self.telegram, self.store = telegram, store
        self.plan: list[Planned] = []
        self.left: list[Left] = []
        self.copies: Counter[int] = Counter()
        #: How often the program was killed while it handed over a message, and nobody knows whether it left.
        self.cut_off: Counter[int] = Counter()
        #: What must never be seen.
        self.wrong: list[str] = []
        #: The program was killed: nothing of it reaches anybody. How often it was.
        self.is_dead, self.deaths = False, 0

    def __call__(self, method: str, params: Mapping[str, object]) -> Fault | None:
        if self.is_dead:
            if method.lower() in _SENDS:
                self.is_cut_off(int(str(params["chat_id"])))
            return Fault.refused()
        fault = self._fault(method.lower(), int(str(params.get("chat_id") or 0)))
        if method.lower() == "getupdates" and (offset := int(str(params.get("offset") or 0))):
            self._is_confirmed(offset)
        elif method.lower() in _SENDS:
            text = str(params.get("text") or params.get("caption") or "")
            told = "nothing" if fault else "came"
            told = "never" if fault and fault.status == 400 else told
            self.leaves(int(str(params["chat_id"])), text, fault is None or fault.after_effect, told)
        return fault

    def leaves(self, chat: int, text: str, arrived: bool, told: str) -> None:
        """Only what the store says is being sent, one at a time for each chat, and once more only where in doubt."""
        sending = self.store.rows(_SENDING, chat) or self.store.rows(_FORGOTTEN, chat)
        if len(sending) != 1:
            self.wrong.append(f"{len(sending)} messages are being sent to {chat} as one leaves")
            return
        row = sending[0]
        number, last = row["id"], next((left for left in reversed(self.left) if left.chat == chat), None)
        self.copies[number] += arrived
        if last is not None and number < last.delivery:
            self.wrong.append(f"{number} left after {last.delivery}: out of order")
        if last is not None and (number, "came", self.deaths) == (last.delivery, last.told, last.life):
            self.wrong.append(f"{number} was sent again though it was known to have come")
        if self.copies[number] > MAX_COPIES:
            self.wrong.append(f"there are {self.copies[number]} copies of {number}")
        left = Left(number, chat, row["kind"], row["reference"], text, row["created_at"], arrived, told, self.deaths)
        self.left.append(left)

    def is_cut_off(self, chat: int) -> None:
        self.cut_off.update(row["id"] for row in self.store.rows(_SENDING, chat))

    def _fault(self, method: str, chat: int) -> Fault | None:
        for planned in self.plan:
            if planned.times and planned.method.lower() == method and planned.chat in (None, chat):
                planned.times -= 1
                return planned.fault
        return None

    def _is_confirmed(self, offset: int) -> None:
        told = {int(str(update["update_id"])) for update in self.telegram.pending()}
        stored = {row["update_id"] for row in self.store.rows("SELECT update_id FROM arrival")}
        if unstored := {id for id in told if id < offset} - stored:
            self.wrong.append(f"confirmed and not stored: {unstored}")


class SlowWire(PretendRequest):
    """Telegram does at once what it is asked, and its answer takes so many seconds."""

    seconds = 0.0

    async def do_request(self, *given: Any, **more: Any) -> tuple[int, bytes]:
        answer = await super().do_request(*given, **more)
        if self.seconds and str(more.get("url", *given[:1])).lower().endswith("sendmessage"):
            await asyncio.sleep(self.seconds)
        return answer


class BadPost:
    """A mail server that meets each mail with the next trouble on its list: an error, after it took the mail or not."""

    def __init__(self, outbox: Outbox, witness: Witness) -> None:
        self._outbox, self._witness = outbox, witness
        self.troubles: list[tuple[Exception, bool]] = []

    async def send(self, delivery: Delivery) -> None:
        error, takes = self.troubles.pop(0) if self.troubles else (None, True)
        if self._witness.is_dead:
            self._witness.is_cut_off(delivery.chat_id)
            return
        trouble: SendError | None = send_error(error) if error else None
        told = "nothing" if trouble else "came"
        told = "never" if trouble and trouble.kind in ("refused", "unreachable") else told
        if takes:
            await self._outbox.send(delivery)
        self._witness.leaves(delivery.chat_id, _words(self._outbox.mails[-1]) if takes else "", takes, told)
        if trouble is not None:
            raise trouble


def _words(mail: EmailMessage) -> str:
    """Headers and contents as they are read."""
    contents = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*map(str, mail.values()), *contents])


class Alarms(logging.Handler):
    """What an operator is told."""

    _ONE, _SOME = (
        re.compile(r"delivery (\d+) is parked"),
        re.compile(r"(\d+) (?:notices|deliveries) .*(?:parked|cut off)"),
    )

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def tell_of(self, parked: set[int]) -> bool:
        """Whether each of these messages was told of, by its number or among others."""
        text = "\n".join(self.texts)
        named = {int(number) for number in self._ONE.findall(text)}
        return len(parked - named) <= sum(int(number) for number in self._SOME.findall(text))
