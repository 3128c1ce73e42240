"""Reads our mailbox by IMAP. Blocking, for a thread: a few mails a minute are not worth a library of their own."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

from bot.mail.server import Mailbox

#: A stop of the program waits no longer than this for a server that hangs.
TIMEOUT_SECONDS = 8.0
#: What lies beyond is not read: a reply's words come first, what is attached after them.
MOST_BYTES = 1024 * 1024
T = TypeVar("T")
#: What a server or the wire may throw.
_TROUBLES = (imaplib.IMAP4.error, OSError, ValueError)


class MailboxError(Exception):
    """The mailbox could not be read. Says which step failed and what kind of error it was, never a server's words."""


class Connection:
    """The opened mailbox. Every method may raise MailboxError."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._client = _step("connecting", lambda: _connect(mailbox))
        try:
            _step("signing in", lambda: self._client.login(_quoted(mailbox.user), mailbox.password))
            self.validity, self.newest = _step(f"opening {mailbox.folder}", lambda: self._select(mailbox.folder))
        except MailboxError:
            self.close()
            raise

    def after(self, uid: int) -> list[int]:
        """The numbers of what came later, in their order."""
        # "n:*" names the last message even where its number is lower.
        found = _step("looking", lambda: self._uid("SEARCH", f"UID {uid + 1}:*"))
        numbers = [int(number) for line in found if isinstance(line, bytes) for number in line.split()]
        return sorted(number for number in numbers if number > uid)

    def fetch(self, uid: int) -> bytes:
        """The message's beginning; empty when it is gone."""
        found = _step("fetching", lambda: self._uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def mark_read(self, uid: int) -> None:
        """What stays unread is for a person to look at."""
        _step("marking", lambda: self._uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)"))

    def close(self) -> None:
        try:
            self._client.logout()
        except _TROUBLES:
            # It has hung up already, and we were leaving.
            self._client.shutdown()

    def _select(self, folder: str) -> tuple[int, int]:
        """Within what its messages are numbered, and the number of the one that came last."""
        answer, _ = self._client.select(f'"{folder}"')
        if answer != "OK":
            raise imaplib.IMAP4.error(answer)
        validity, following = self._number("UIDVALIDITY"), self._number("UIDNEXT")
        if not validity:
            raise imaplib.IMAP4.error("no UIDVALIDITY")
        return validity, following - 1 if following else max(self.after(0), default=0)

    def _number(self, name: str) -> int:
        found = self._client.response(name)[1]
        text = found[0] if found else None
        return int(text) if isinstance(text, bytes) and re.fullmatch(rb"\d{1,18}", text) else 0

    def _uid(self, command: str, *arguments: str) -> list[Any]:
        answer, found = self._client.uid(command, *arguments)
        if answer != "OK":
            raise imaplib.IMAP4.error(answer)
        return list(found)


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if mailbox.tls:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    client = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
    if mailbox.start_tls:
        try:
            client.starttls(context)
        except _TROUBLES:
            client.shutdown()
            raise
    return client


def _step(name: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except _TROUBLES as error:
        # A server's own words may hold addresses.
        raise MailboxError(f"{name}: {type(error).__name__}") from error


def _quoted(text: str) -> str:
    """imaplib quotes the password only."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
