"""Sends by SMTP, one connection a message: hosts are few, and a kept connection would be dead when it is needed."""

from __future__ import annotations

from email.message import EmailMessage

import aiosmtplib

from bot.delivery import SendError
from bot.mail.building import Sender, build
from bot.mail.server import Server
from bot.storage.deliveries import Delivery

TIMEOUT_SECONDS = 20.0


class MailChannel:
    def __init__(self, server: Server, sender: Sender) -> None:
        self._server, self._sender = server, sender

    async def send(self, delivery: Delivery) -> None:
        await self.post(build(delivery, self._sender))

    async def post(self, message: EmailMessage) -> None:
        """Raises SendError."""
        client = await self._connected()
        try:
            await client.send_message(message)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise send_error(error) from error
        finally:
            client.close()

    async def look(self) -> None:
        """Whether the server lets us in. Raises SendError."""
        (await self._connected()).close()

    async def _connected(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=server.start_tls,
            username=server.user,
            password=server.password,
            timeout=TIMEOUT_SECONDS,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            # A wrong password too is the operator's to mend; until then the mail waits.
            raise SendError("passing", _kind(error)) from error
        return client


def send_error(error: Exception) -> SendError:
    """What an error after connecting means; the server's own words may hold addresses and are not kept."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
        if codes and all(code >= 500 for code in codes):
            return SendError("unreachable", f"recipient refused ({codes[0]})")
        return SendError("passing", f"recipient refused for now ({codes[0] if codes else '?'})")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        kind = _kind(error)
        return SendError("refused", kind) if error.code >= 500 else SendError("passing", kind)
    if isinstance(error, (aiosmtplib.SMTPTimeoutError, aiosmtplib.SMTPServerDisconnected, OSError)):
        return SendError("unknown", _kind(error))
    return SendError("refused", _kind(error))


def _kind(error: Exception) -> str:
    code = f" ({error.code})" if isinstance(error, aiosmtplib.SMTPResponseException) else ""
    return type(error).__name__ + code
