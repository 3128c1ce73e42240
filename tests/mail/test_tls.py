"""Mail out and in over TLS, with certificates of an authority of our own."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import SMTP

from bot.delivery import SendError
from bot.mail import Connection, Mailbox, MailboxError, MailChannel, Server
from tests.mail.mailbox import Letters, serving
from tests.mail.test_mail import SENDER, Inbox, delivery


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this authority were one of the system's."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def _server_side(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@asynccontextmanager
async def _smtp(inbox: Inbox, context: ssl.SSLContext) -> AsyncIterator[Server]:
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(inbox, hostname="localhost", tls_context=context, require_starttls=True), "127.0.0.1", 0
    )
    try:
        yield Server("localhost", server.sockets[0].getsockname()[1], False)
    finally:
        server.close()


@pytest.mark.usefixtures("trusted")
async def test_mail_goes_out_by_starttls(authority: trustme.CA) -> None:
    inbox = Inbox()
    async with _smtp(inbox, _server_side(authority, "localhost")) as server:
        await MailChannel(server, SENDER).send(delivery())
    assert len(inbox.mails) == 1


@pytest.mark.usefixtures("trusted")
async def test_nothing_goes_to_a_server_with_another_name(authority: trustme.CA) -> None:
    inbox = Inbox()
    async with _smtp(inbox, _server_side(authority, "ond.example")) as server:
        with pytest.raises(SendError) as told:
            await MailChannel(server, SENDER).send(delivery())
    assert told.value.kind == "passing" and inbox.mails == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("implicit", [True, False], ids=["imaps", "STARTTLS"])
async def test_the_mailbox_is_read_by_tls(
    authority: trustme.CA, implicit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mailbox, "start_tls", property(lambda self: not self.tls))
    async with serving(Letters(), _server_side(authority, "127.0.0.1"), implicit) as letters:
        letters.put(b"Subject: hei\r\n\r\nhei")
        connection = await asyncio.to_thread(Connection, replace(letters.box, tls=implicit))
        assert await asyncio.to_thread(connection.fetch, 1) == b"Subject: hei\r\n\r\nhei"
        await asyncio.to_thread(connection.close)


@pytest.mark.parametrize("implicit", [True, False], ids=["imaps", "STARTTLS"])
async def test_no_password_goes_to_an_unknown_server(
    authority: trustme.CA, implicit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody here trusts this authority."""
    monkeypatch.setattr(Mailbox, "start_tls", property(lambda self: not self.tls))
    asked: list[str] = []
    async with serving(Letters(heard=asked), _server_side(authority, "127.0.0.1"), implicit) as letters:
        with pytest.raises(MailboxError, match="connecting"):
            await asyncio.to_thread(Connection, replace(letters.box, tls=implicit))
    assert not [line for line in asked if re.search("LOGIN", line)]
