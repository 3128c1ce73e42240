"""Intake, and long polling: an update is stored before it is confirmed, which happens by asking for the next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.points import reached
from bot.storage import arrivals
from bot.storage.arrivals import Incoming
from bot.storage.engine import STORE_ERRORS, Database
from bot.telegram.errors import seconds
from bot.telegram.raw import incoming

log = logging.getLogger(__name__)

POLL_SECONDS = 50
READ_TIMEOUT = POLL_SECONDS + 15
#: After an error: first rest and longest rest, doubling between.
FIRST_REST, LONGEST_REST = 1.0, 30.0
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]


class Intake:
    """Keeps what Telegram tells, by whichever way it comes."""

    def __init__(
        self, bot_id: int, database: Database, clock: Callable[[], datetime], stored: Callable[[], None]
    ) -> None:
        """`stored` is called whenever something new lies in the store."""
        self._bot_id, self._database, self._clock, self._stored = bot_id, database, clock, stored

    async def keep(self, updates: Sequence[Incoming]) -> int:
        """Store them; the number of new ones. Only then may they be confirmed."""

        async def write(session: AsyncSession) -> int:
            new = await arrivals.keep(session, self._bot_id, updates, self._clock())
            reached("intake: before updates are stored")
            return new

        new = await self._database.write(write)
        reached("intake: after updates were stored")
        if new:
            self._stored()
        return new


class Poller:
    def __init__(
        self,
        bot: Bot,
        bot_id: int,
        database: Database,
        clock: Callable[[], datetime],
        stored: Callable[[], None],
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        """`stored` is called whenever something new lies in the store."""
        self._bot = bot
        self.intake = Intake(bot_id, database, clock, stored)
        self._poll_seconds = poll_seconds
        #: None where nothing is to be confirmed: after a quiet week the next id is random, so only Telegram knows it.
        self._offset: int | None = None

    async def run(self) -> None:
        """Until cancelled, or until Telegram refuses the token."""
        rest, clear = FIRST_REST, False
        while True:
            try:
                if not clear:
                    # With a webhook in the way Telegram answers 409.
                    clear = await self._bot.delete_webhook(drop_pending_updates=False)
                await self.poll_once()
                rest = FIRST_REST
            except InvalidToken:
                log.critical("Telegram refuses the token; set TELEGRAM_BOT_TOKEN to one from @BotFather")
                raise
            except TelegramError as error:
                if isinstance(error, Conflict):
                    log.error("somebody else polls with this token, or a webhook is set; only one may")
                pause = seconds(error) if isinstance(error, RetryAfter) else rest
                log.warning("polling: %s; again in %.0f s", type(error).__name__, pause)
                await asyncio.sleep(pause)
                rest = min(rest * 2, LONGEST_REST)
            except STORE_ERRORS as error:
                # Not confirmed, so Telegram tells them again.
                log.error("updates cannot be stored: %s; again in %.0f s", type(error).__name__, rest)
                await asyncio.sleep(rest)
                rest = min(rest * 2, LONGEST_REST)

    async def poll_once(self) -> int:
        """Ask once, store what came, and only then move the offset; the number of new arrivals."""
        updates = await self._ask()
        kept = [update for update in map(incoming, updates) if update is not None]
        if len(kept) < len(updates):
            log.error("%s updates came without a usable id and were left out", len(updates) - len(kept))
        if not kept:
            if updates:
                # They cannot be confirmed, so they come again at once.
                await asyncio.sleep(FIRST_REST)
            else:
                # Nothing is left to be confirmed. After a quiet week the next id may be smaller than the last.
                self._offset = None
            return 0
        new = await self.intake.keep(kept)
        self._offset = max(update.update_id for update in kept) + 1
        return new

    async def _ask(self) -> list[dict[str, Any]]:
        parameters: dict[str, Any] = {"timeout": self._poll_seconds, "limit": 100, "allowed_updates": KINDS}
        if self._offset is not None:
            parameters["offset"] = self._offset
        # Lower case: PTB warns of "getUpdates" here, but its own method parses before we could store.
        result = await self._bot.do_api_request("getupdates", parameters, read_timeout=READ_TIMEOUT)
        return [update for update in result if isinstance(update, dict)] if isinstance(result, list) else []
