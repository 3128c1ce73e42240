"""Mails as a real server gets them, and what its refusals mean."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import SendError
from bot.mail import Mailbox, MailChannel, Sender, Server, mailbox_of, server_of
from bot.mail import channel as channel_module
from bot.mail.building import build, message_id
from bot.settings import Settings, SettingsError, is_mail_address, read_settings
from bot.storage.deliveries import Delivery

SENDER = Sender(Address("Flytt hit", "flytthit", "flytthit.example"), "https://inbox.example")


def delivery(**changes: object) -> Delivery:
    body = {
        "to": "hilde@kommune.example",
        "language": "nb",
        "about": "notice",
        "html": "<b>Ny henvendelse TYN-7F3K</b>\nGjelder: Tynset &amp; omegn",
        "path": "/inbox/lead/TYN-7F3K",
    }
    reference = changes.pop("reference", "TYN-7F3K")
    assert reference is None or isinstance(reference, str)
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    return Delivery(7, "mail", "notice", 1 << 60, body | changes, reference, "sending", 0, 1, at)


class Inbox:
    """The receiving end. `answers` are given instead of taking a recipient or a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.rcpt_answer = self.data_answer = ""
        self.hangs = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.rcpt_answer:
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hangs:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            await asyncio.sleep(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.envelopes.append(envelope)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return self.data_answer or "250 OK"


@asynccontextmanager
async def serving(inbox: Inbox, password: str = "") -> AsyncIterator[Server]:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password.decode() == password)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            inbox,
            hostname="localhost",
            enable_SMTPUTF8=True,
            authenticator=check,
            auth_required=bool(password),
            auth_require_tls=False,
        ),
        "127.0.0.1",
        0,
    )
    try:
        yield Server("127.0.0.1", server.sockets[0].getsockname()[1], False)
    finally:
        server.close()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


async def test_a_notice_arrives_as_text_and_simple_html(inbox: Inbox) -> None:
    async with serving(inbox) as server:
        await MailChannel(server, SENDER).send(delivery())
    (mail,) = inbox.mails
    assert mail["From"] == "Flytt hit <flytthit@flytthit.example>"
    assert mail["To"] == "hilde@kommune.example" and inbox.envelopes[0].rcpt_tos == ["hilde@kommune.example"]
    assert mail["Subject"] == "TYN-7F3K – Flytt hit"
    assert mail["Message-ID"] == message_id(7, delivery().created_at, "flytthit.example")
    assert mail["References"] == mail["In-Reply-To"] == "<lead-TYN-7F3K@flytthit.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    text = plain.get_content()
    assert text.startswith("Svar på denne e-posten blir ikke lest.")
    assert "Gjelder: Tynset & omegn" in text and "https://inbox.example/inbox/lead/TYN-7F3K" in text
    assert "Tynset &amp; omegn" in html.get_content() and "<script" not in html.get_content()


async def test_the_first_line_says_what_becomes_of_a_reply(inbox: Inbox) -> None:
    reading = replace(SENDER, reads_replies=True)
    for mail, begins in (
        (delivery(), "Svarer du på denne e-posten fra adressen den kom til, blir svaret et utkast"),
        (delivery(reference=None), "Svar på denne e-posten blir ikke lest."),
    ):
        body = build(mail, reading).get_body(("plain",))
        assert body is not None and body.get_content().startswith(begins)


#: What a delivery's body and reference may hold of a mover's: the words are in the text, in no header.
_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="<>&{}"), min_size=12, max_size=60)


@settings(max_examples=50)
@given(_WORDS)
def test_no_word_of_a_mover_is_in_a_header(words: str) -> None:
    message = build(delivery(html=f"Ny henvendelse\n{words}"), SENDER)
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    plainly = build(delivery(html="Ny henvendelse"), SENDER)
    headers = [(name, str(value)) for name, value in read.items() if not name.startswith("Content-")]
    expected = [(name, str(value)) for name, value in plainly.items() if not name.startswith("Content-")]
    assert headers == expected


def test_all_mails_about_a_lead_are_one_thread() -> None:
    first, second = (build(replace(delivery(), id=id), SENDER) for id in (7, 8))
    assert first["Message-ID"] != second["Message-ID"] and first["References"] == second["References"]
    assert build(replace(delivery(reference="OS-8K4M"), id=9), SENDER)["References"] != first["References"]


def test_the_same_delivery_makes_the_same_message() -> None:
    one, other = (build(delivery(), SENDER) for _ in range(2))
    assert one["Message-ID"] == other["Message-ID"]
    assert one["Subject"] == other["Subject"]


@pytest.mark.parametrize("evil", ["a@b.example\r\nBcc: c@d.example", "a@b.example\nX: y", "a@b@c", ""])
def test_no_header_can_be_smuggled_in(evil: str) -> None:
    with pytest.raises((ValueError, HeaderParseError, IndexError)):
        build(delivery(to=evil), SENDER)
    assert not is_mail_address(evil)


@pytest.mark.parametrize(
    ("rcpt", "data", "kind"),
    [
        ("550 no such user", "", "unreachable"),
        ("450 try later", "", "passing"),
        ("", "554 looks like spam", "refused"),
        ("", "451 try later", "passing"),
    ],
)
async def test_refusals_are_told_apart(inbox: Inbox, rcpt: str, data: str, kind: str) -> None:
    inbox.rcpt_answer, inbox.data_answer = rcpt, data
    async with serving(inbox) as server:
        with pytest.raises(SendError) as told:
            await MailChannel(server, SENDER).send(delivery())
    assert told.value.kind == kind
    assert "hilde" not in told.value.trouble


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SendError) as told:
        await MailChannel(Server("127.0.0.1", port, False), SENDER).send(delivery())
    assert told.value.kind == "passing"


async def test_a_connection_cut_after_the_mail_leaves_it_open(inbox: Inbox) -> None:
    inbox.hangs = True
    async with serving(inbox) as server:
        with pytest.raises(SendError) as told:
            await MailChannel(server, SENDER).send(delivery())
    assert told.value.kind == "unknown"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_wrong_password_waits_for_the_operator(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "TIMEOUT_SECONDS", 2.0)
    async with serving(inbox, "right") as server:
        for password, reaches in (("wrong", False), ("right", True)):
            channel = MailChannel(Server(server.host, server.port, False, "user", password), SENDER)
            if reaches:
                await channel.send(delivery())
                continue
            with pytest.raises(SendError) as told:
                await channel.send(delivery())
            assert told.value.kind == "passing" and "wrong" not in str(told.value)
    assert len(inbox.mails) == 1


async def test_without_starttls_nothing_is_sent_to_another_machine(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another name for this machine stands for another machine."""
    async with serving(inbox) as server:
        elsewhere = Server("127.0.0.2", server.port, False)
        assert elsewhere.start_tls is True
        monkeypatch.setattr(Server, "start_tls", property(lambda self: True))
        with pytest.raises(SendError) as told:
            await MailChannel(server, SENDER).send(delivery())
    assert told.value.kind == "passing" and inbox.mails == []


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 587, False)),
        ("smtps://u%40x:p%2Fw@mail.example", Server("mail.example", 465, True, "u@x", "p/w")),
        ("smtp://u:p@mail.example:2525", Server("mail.example", 2525, False, "u", "p")),
    ],
)
def test_smtp_urls(url: str, server: Server) -> None:
    assert server_of(url) == server


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://a/b"]
)
def test_wrong_smtp_urls_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://user:password"):
        server_of(url)


def _settings(**given: str) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


def test_mail_needs_a_sender_and_an_https_address() -> None:
    assert _settings().mail is None
    with pytest.raises(SettingsError, match=r"MAIL_FROM[\s\S]*PUBLIC_URL"):
        _ = _settings(smtp_url="smtp://mail.example").mail
    given = {"smtp_url": "smtp://mail.example", "mail_from": "Flytt hit <flytthit@flytthit.example>"}
    with pytest.raises(SettingsError, match="https"):
        _ = _settings(**given, public_url="http://inbox.example").mail
    for public_url in ("https://inbox.example", "http://127.0.0.1:8080"):
        mail = _settings(**given, public_url=public_url).mail
        assert mail is not None and mail[1].domain == "flytthit.example"


def test_mailbox_urls() -> None:
    assert mailbox_of("imaps://u%40x:p%2Fw@mail.example") == Mailbox("mail.example", 993, True, "u@x", "p/w", "INBOX")
    assert mailbox_of("imap://u:p@mail.example/Svar") == Mailbox("mail.example", 143, False, "u", "p", "Svar")
    assert "p/w" not in repr(mailbox_of("imaps://u%40x:p%2Fw@mail.example"))


_WRONG_MAILBOXES = [
    "mail.example",
    "imaps://mail.example",
    "imaps://u@mail.example",
    "smtp://u:p@mail.example",
    "imaps://u:p@",
    "x",
    "imaps://u:p@mail.example:x",
    "imaps://u:p@mail.example/a%22b",
    "imaps://u:p%0D%0A@mail.example",
]


@pytest.mark.parametrize("url", _WRONG_MAILBOXES)
def test_wrong_mailbox_urls_are_refused_without_the_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_INBOX_URL", url)
    with pytest.raises(SettingsError) as told:
        read_settings()
    assert "imaps://user:password@host/INBOX" in str(told.value) and url not in str(told.value)


def test_replies_are_drafts_only_where_senders_are_vouched_for() -> None:
    given = {
        "smtp_url": "smtp://mail.example",
        "mail_from": "a@flytthit.example",
        "public_url": "https://inbox.example",
    }
    inbox = {"mail_inbox_url": "imaps://u:p@mail.example"}
    for more, reads in (({}, False), (inbox, False), (inbox | {"mail_authserv_id": "MX.flytthit.example"}, True)):
        mail = _settings(**given, **more).mail
        assert mail is not None and mail[1].reads_replies is reads
    with pytest.raises(SettingsError, match="SMTP_URL"):
        _ = _settings(**inbox).mailbox


def test_a_wrong_sender_is_refused() -> None:
    for wrong in ("Flytt hit", "a@b\nBcc: c@d", "@", "flytthit@"):
        with pytest.raises(ValueError, match="must look like"):
            _settings(mail_from=wrong)
