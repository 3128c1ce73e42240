"""What a channel says when a message did not go out: will it help to try again, and is it known that nothing went?"""

from __future__ import annotations

from typing import Literal, Protocol

from bot.storage.deliveries import Delivery

Kind = Literal["passing", "unknown", "refused", "unreachable", "moved"]


class SendError(Exception):
    """Why a message was not marked sent.

    passing: nothing went out, try again (not before `retry_after` seconds); unknown: it may have gone out;
    refused: this message will never be taken; unreachable: nothing is taken for this chat, until its person is heard
    from again; moved: the chat is now `moved_to`.
    """

    def __init__(self, kind: Kind, trouble: str, retry_after: float | None = None, moved_to: int | None = None) -> None:
        super().__init__(trouble)
        self.kind, self.trouble, self.retry_after, self.moved_to = kind, trouble, retry_after, moved_to


class Channel(Protocol):
    async def send(self, delivery: Delivery) -> int | None:
        """Send and return the message's id, where the channel has such. Raises SendError."""
        ...
