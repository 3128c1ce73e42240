"""Keeps what would have been sent, for the playground and for tests."""

from __future__ import annotations

from collections import deque
from email.message import EmailMessage

from bot.mail.building import Sender, build
from bot.storage.deliveries import Delivery

KEPT = 200


class Outbox:
    """The newest mail is the last."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.mails: deque[EmailMessage] = deque(maxlen=KEPT)

    async def send(self, delivery: Delivery) -> None:
        self.mails.append(build(delivery, self._sender))
