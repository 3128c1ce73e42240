"""SMTP_URL taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    #: TLS from the first byte (smtps); else STARTTLS.
    tls: bool
    user: str | None = None
    password: str | None = None

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
