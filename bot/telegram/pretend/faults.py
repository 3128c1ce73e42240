"""Faults of the wire between bot and Telegram, to be put in by tests: each says what breaks and whether the call
had already done its work by then.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["refused", "reset", "timeout", "half_body", "answer"]


@dataclass(frozen=True)
class Fault:
    """What happens to one call instead of Telegram's answer; the classmethods are the ways to make one."""

    kind: Kind
    after_effect: bool = False
    status: int = 200
    body: bytes = b""

    @classmethod
    def refused(cls) -> "Fault":
        """Nobody listens: the call certainly did nothing."""
        return cls("refused")

    @classmethod
    def reset(cls, *, after_effect: bool) -> "Fault":
        """The connection breaks before an answer came."""
        return cls("reset", after_effect)

    @classmethod
    def timeout(cls, *, after_effect: bool = True) -> "Fault":
        """No answer in time: the bot cannot know whether the message was sent."""
        return cls("timeout", after_effect)

    @classmethod
    def half_body(cls, *, after_effect: bool = True) -> "Fault":
        """The connection breaks in the middle of the answer."""
        return cls("half_body", after_effect)

    @classmethod
    def invalid_json(cls, *, after_effect: bool = True) -> "Fault":
        return cls("answer", after_effect, 200, b'{"ok":true,"result":')

    @classmethod
    def answer(cls, status: int, body: bytes | Mapping[str, object], *, after_effect: bool = False) -> "Fault":
        """Any answer at all: a 502 with HTML from a proxy, a 500, a 400 that moves the group."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return cls("answer", after_effect, status, raw)

    @classmethod
    def error(cls, status: int, description: str, **parameters: int) -> "Fault":
        """An error in Telegram's form, e.g. `Fault.error(400, "Bad Request: …", migrate_to_chat_id=-100…)`."""
        body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
        if parameters:
            body["parameters"] = parameters
        return cls.answer(status, body)

    @classmethod
    def too_many_requests(cls, retry_after: int | None) -> "Fault":
        if retry_after is None:
            return cls.error(429, "Too Many Requests")
        return cls.error(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


FaultHook = Callable[[str, Mapping[str, object]], Fault | None]
"""Asked before every call with Telegram's name of the method and its parameters."""


class Plan:
    """A hook that plays a list: each fault a number of times for one method, or for any ("*")."""

    def __init__(self) -> None:
        self._left: list[tuple[str, Fault, int]] = []

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        self._left.append((method.lower(), fault, times))

    def __call__(self, method: str, params: Mapping[str, object]) -> Fault | None:
        for index, (wanted, fault, times) in enumerate(self._left):
            if wanted in {"*", method.lower()}:
                self._left[index : index + 1] = [(wanted, fault, times - 1)] if times > 1 else []
                return fault
        return None


class Broken(Exception):
    """Raised by the core where the wire breaks; each front turns it into what its world knows."""

    def __init__(self, fault: Fault, answer: bytes = b"") -> None:
        super().__init__(fault.kind)
        self.fault = fault
        self.answer = answer
