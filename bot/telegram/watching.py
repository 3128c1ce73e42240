"""Sets the webhook and looks after it: a foreign address, updates that pile up, errors that Telegram met."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from bot.telegram.receiving import KINDS

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
REST_SECONDS = 10.0
#: So many undelivered updates are more than a moment's.
MANY = 100
CONNECTIONS = 40


class WebhookWatcher:
    def __init__(self, bot: Bot, url: str, secret: str) -> None:
        self._bot, self._url, self._secret = bot, url, secret
        self._last_error: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        is_set = False
        while True:
            if is_set:
                await asyncio.sleep(LOOK_SECONDS)
                await self._try(self.look)
            else:
                is_set = await self._try(self.set)
                await asyncio.sleep(0 if is_set else REST_SECONDS)

    async def set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            max_connections=CONNECTIONS,
            allowed_updates=KINDS,
            drop_pending_updates=False,
            secret_token=self._secret,
        )

    async def look(self) -> list[str]:
        """What is wrong, told in the log too. A webhook that was taken away is set again."""
        info = await self._bot.get_webhook_info()
        troubles = self._troubles(info)
        for trouble in troubles:
            log.error("webhook: %s", trouble)
        if not info.url:
            await self.set()
        return troubles

    def _troubles(self, info: WebhookInfo) -> list[str]:
        troubles = []
        if not info.url:
            troubles.append("it was taken away; it is set again")
        elif info.url != self._url:
            troubles.append("it is set to a foreign address: somebody else uses this token, or PUBLIC_URL changed")
        if info.pending_update_count > MANY:
            troubles.append(f"{info.pending_update_count} updates wait at Telegram")
        if info.last_error_date is not None and info.last_error_date != self._last_error:
            self._last_error = info.last_error_date
            troubles.append(f"Telegram met an error at {info.last_error_date:%H:%M:%S}: {info.last_error_message}")
        return troubles

    async def _try(self, action: Callable[[], Awaitable[object]]) -> bool:
        try:
            await action()
        except TelegramError as error:
            log.warning("webhook: %s", type(error).__name__)
            return False
        return True
