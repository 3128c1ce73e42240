"""Telegram's pace, for tests that must see 429: about a message a second to one chat with short bursts, 20 a minute
to a group, 30 a second in all. The true limits are not published; these are what its documentation names.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from bot.telegram.pretend.errors import too_many_requests


@dataclass
class _Bucket:
    """So many at once, so many a second after that."""

    size: float
    per_second: float
    level: float = 0.0
    at: datetime | None = None

    def wait(self, now: datetime) -> float:
        """Seconds until one more fits; 0 when it fits now."""
        if self.at is not None:
            self.level = max(0.0, self.level - (now - self.at).total_seconds() * self.per_second)
        self.at = now
        return max(0.0, (self.level + 1 - self.size) / self.per_second)


@dataclass
class Pace:
    """Refuses what comes too fast. Counts only what was let through, as Telegram does by and large."""

    chat_burst: int = 3
    group_per_minute: int = 20
    in_all_per_second: int = 30
    _chats: dict[int, _Bucket] = field(default_factory=dict, init=False)
    _all: _Bucket = field(init=False)
    refused: dict[int, int] = field(default_factory=lambda: defaultdict(int), init=False)

    def __post_init__(self) -> None:
        self._all = _Bucket(self.in_all_per_second, self.in_all_per_second)

    def check(self, chat_id: int, now: datetime) -> None:
        buckets = [self._chats.setdefault(chat_id, self._bucket(chat_id)), self._all]
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            self.refused[chat_id] += 1
            raise too_many_requests(max(1, ceil(wait)))
        for bucket in buckets:
            bucket.level += 1

    def _bucket(self, chat_id: int) -> _Bucket:
        if chat_id < 0:
            return _Bucket(self.group_per_minute, self.group_per_minute / 60)
        return _Bucket(self.chat_burst, 1)
