"""Looks into our mailbox each minute: what comes back of our mails goes to the desk's post."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.desk import Post, Replied, Returned
from bot.mail.connection import Connection, MailboxError
from bot.mail.incoming import read
from bot.mail.server import Mailbox
from bot.storage.engine import STORE_ERRORS
from bot.storage.mailboxes import Position

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
#: A little less than that, so that a replica does not miss its turn by a moment.
_DUE = EVERY - timedelta(seconds=5)


class Collector:
    def __init__(
        self, mailbox: Mailbox, post: Post, domain: str, authserv_id: str | None, clock: Callable[[], datetime]
    ) -> None:
        """`domain` is the one of our Message-IDs, `authserv_id` names the mail server whose word on senders counts."""
        self._mailbox, self._post, self._clock = mailbox, post, clock
        self._domain, self._authserv_id = domain, authserv_id

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                if await self._post.is_due(self._mailbox.name, _DUE, self._clock()):
                    await self.collect()
            except MailboxError as error:
                log.error("the mailbox cannot be read: %s; again in a minute", error)
            except STORE_ERRORS as error:
                log.error("the store does not take the mail: %s; again in a minute", type(error).__name__)
            except Exception as error:
                # A mail server's nonsense must not end the program.
                log.error("looking into the mailbox failed; again in a minute", exc_info=error)
            await asyncio.sleep(EVERY.total_seconds())

    async def collect(self) -> int:
        """Read what is new; the number of messages. Raises MailboxError."""
        connection = await asyncio.to_thread(Connection, self._mailbox)
        try:
            return await self._collect(connection)
        finally:
            await asyncio.to_thread(connection.close)

    async def _collect(self, connection: Connection) -> int:
        name, validity = self._mailbox.name, connection.validity
        known = await self._post.position(name, self._clock())
        if known is None or known.validity != validity:
            # What lay there before is not ours, or was handled under other numbers.
            await self._post.begin(Position(name, validity, connection.newest), self._clock())
            log.warning("the mailbox is read from now on; what lies there already is left alone")
            return 0
        uids = await asyncio.to_thread(connection.after, known.uid)
        for uid in uids:
            raw = await asyncio.to_thread(connection.fetch, uid)
            if await self._handle(raw, Position(name, validity, uid)):
                await asyncio.to_thread(connection.mark_read, uid)
        return len(uids)

    async def _handle(self, raw: bytes, at: Position) -> bool:
        """True when it was ours; the rest stays unread for a person."""
        try:
            what = read(raw, self._domain, self._authserv_id)
        except Exception as error:
            # Hostile or broken beyond what the standard library parses; the next ones must come through.
            log.warning("mail %s cannot be read", at.uid, exc_info=error)
            what = "unreadable"
        if isinstance(what, str):
            await self._post.handle(None, at, self._clock())
            log.info("mail %s left alone: %s", at.uid, what)
            return False
        became = await self._post.handle(what, at, self._clock())
        log.log(logging.ERROR if _is_alarm(what) else logging.INFO, "mail %s: %s", at.uid, became)
        return not became.startswith("reply refused")


def _is_alarm(what: Returned | Replied) -> bool:
    return isinstance(what, Returned) and what.final
