"""SMTP_URL and MAIL_INBOX_URL taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PORTS = {"smtp": 587, "smtps": 465}
_IMAP_PORTS = {"imap": 143, "imaps": 993}
_WANTED = "must look like imaps://user:password@host/INBOX, with % codes for special characters"


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    #: TLS from the first byte (smtps); else STARTTLS.
    tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def start_tls(self) -> bool | None:
        """A must, except on this machine, where it is used if it is offered."""
        if self.tls:
            return False
        return None if self.host in _LOOPBACK else True


def server_of(url: str) -> Server:
    """smtp://user:password@host:587 (STARTTLS) or smtps://…:465. Raises ValueError without repeating the password."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if not port or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must look like smtp://user:password@host:587 or smtps://user:password@host:465")
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return Server(parts.hostname, port, parts.scheme == "smtps", user, password)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where hosts' replies and bounces come in."""

    host: str
    port: int
    #: TLS from the first byte (imaps); else STARTTLS, a must except on this machine.
    tls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @property
    def start_tls(self) -> bool:
        return not self.tls and self.host not in _LOOPBACK

    @property
    def name(self) -> str:
        """The same mailbox by another password is the same."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def mailbox_of(url: str) -> Mailbox:
    """imaps://user:password@host/INBOX, or imap://…:143 with STARTTLS. Raises ValueError without repeating anything."""
    try:
        parts = urlsplit(url)
        port = parts.port or _IMAP_PORTS.get(parts.scheme, 0)
    except ValueError:
        raise ValueError(_WANTED) from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    is_clean = all(text.isascii() and text.isprintable() for text in (user, password, folder))
    if parts.scheme not in _IMAP_PORTS or not (port and parts.hostname and user and password) or not is_clean:
        raise ValueError(_WANTED)
    if parts.query or parts.fragment or '"' in folder or "\\" in folder:
        raise ValueError(_WANTED)
    return Mailbox(parts.hostname, port, parts.scheme == "imaps", user, password, folder)
