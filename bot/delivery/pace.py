"""How fast may be sent: to one chat, to one group, and in all. Telegram publishes no exact limits, so what it answers
(retry_after) is obeyed besides.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

#: Chats whose pace is remembered; what was sent longer ago than these matters no more.
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """0 is no limit."""

    in_all_per_second: float = 30
    chat_per_second: float = 1
    chat_burst: int = 3
    group_per_minute: float = 20


UNLIMITED = Limits(0, 0, 0, 0)


@dataclass(slots=True)
class Bucket:
    """So many at once, so many a second after that."""

    size: float
    per_second: float
    level: float = 0.0
    at: float | None = None

    def wait(self, now: float) -> float:
        """Seconds until one more may go; 0 when it may go now."""
        if self.per_second <= 0:
            return 0.0
        if self.at is not None:
            self.level = max(0.0, self.level - max(0.0, now - self.at) * self.per_second)
        self.at = now
        wait = (self.level + 1 - self.size) / self.per_second
        return wait if wait > 1e-6 else 0.0

    def take(self) -> None:
        self.level += 1


class Pace:
    """`timer` counts seconds, from whenever."""

    def __init__(self, limits: Limits, timer: Callable[[], float]) -> None:
        self._limits, self.timer = limits, timer
        self._all = self._in_all(1)
        self._chats: OrderedDict[int, Bucket] = OrderedDict()

    def share(self, replicas: int) -> None:
        """So many replicas send: each takes its part of what may be sent in all."""
        level, at = self._all.level, self._all.at
        self._all = self._in_all(max(1, replicas))
        self._all.level, self._all.at = min(level, self._all.size), at

    def wait_in_all(self) -> float:
        return self._all.wait(self.timer())

    def wait(self, chat_id: int) -> float:
        """Seconds until this chat may be sent something."""
        bucket = self._chats.get(chat_id)
        return bucket.wait(self.timer()) if bucket else 0.0

    def served_at(self, chat_id: int) -> float:
        """When something was sent there last; who got nothing yet comes first."""
        bucket = self._chats.get(chat_id)
        return bucket.at if bucket and bucket.at is not None else float("-inf")

    def take(self, chat_id: int) -> None:
        now = self.timer()
        bucket = self._chats.pop(chat_id, None) or self._of(chat_id)
        self._chats[chat_id] = bucket
        while len(self._chats) > REMEMBERED:
            self._chats.popitem(last=False)
        for each in (bucket, self._all):
            each.wait(now)
            each.take()

    def _of(self, chat_id: int) -> Bucket:
        if chat_id < 0:
            # Burst and refill together stay within what a group may get in any minute.
            return Bucket(5, max(0.0, self._limits.group_per_minute - 5) / 60)
        return Bucket(self._limits.chat_burst, self._limits.chat_per_second)

    def _in_all(self, replicas: int) -> Bucket:
        """In any second no more than the limit: a tenth at once, nine tenths over the second."""
        limit = self._limits.in_all_per_second / replicas
        return Bucket(max(1.0, 0.1 * limit), 0.9 * limit)
