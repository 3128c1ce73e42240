"""Every setting, read once from the environment or .env. A wrong value is refused with its name and what is allowed."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.leads.periods import Periods
from bot.mail.building import Sender
from bot.mail.server import Mailbox, Server, mailbox_of, server_of

ROOT = Path(__file__).parent.parent


def _url(value: str) -> str:
    if not value.startswith(("http://", "https://")) or value.rstrip("/") in ("http:", "https:"):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


_DATABASES = ("sqlite:///", "postgresql://", "postgresql+asyncpg://")


def _database(value: str) -> str:
    if value and not value.startswith(_DATABASES):
        raise ValueError(f"must begin with {' or '.join(_DATABASES)}")
    return value


def _secret(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
        raise ValueError("must be 16-256 of A-Z, a-z, 0-9, _ and -, hard to guess")
    return value


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value().strip():
        return None
    number, _, secret = value.get_secret_value().strip().partition(":")
    if not (number.isdigit() and secret):
        raise ValueError("must look like 123456:ABC…, as @BotFather gave it")
    return SecretStr(value.get_secret_value().strip())


def _smtp(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    server_of(value.get_secret_value())
    return value


def _mailbox(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    mailbox_of(value.get_secret_value())
    return value


def _authserv_id(value: str | None) -> str | None:
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,253}", value):
        raise ValueError(
            "must be the name with which your mail server begins Authentication-Results, like mx.example.no"
        )
    return value.lower() if value else None


def _sender(value: str | None) -> str | None:
    if value:
        mail_address(value)
    return value or None


def mail_address(value: str) -> Address:
    """ "Name <name@example.org>" or the bare address. Raises ValueError."""
    name, spec = parseaddr(value)
    try:
        address = Address(name, addr_spec=spec)
    except (ValueError, HeaderParseError, IndexError):
        address = Address()
    if not address.domain or not value.isprintable() or not spec.isascii():
        raise ValueError("must look like Flytt hit <flytthit@example.no>")
    return address


def is_mail_address(value: str) -> bool:
    try:
        return mail_address(value).addr_spec == value
    except ValueError:
        return False


def is_public_or_own(url: str) -> bool:
    """Signing in needs https; plain http reaches nobody but this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost")


Days = Annotated[int, Field(ge=1, le=3650)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: Annotated[SecretStr | None, AfterValidator(_token)] = None
    telegram_api_url: Annotated[str, AfterValidator(_url)] = "https://api.telegram.org"
    #: webhook needs PUBLIC_URL with https and WEBHOOK_SECRET; with PostgreSQL any number of replicas may serve it.
    updates: Literal["polling", "webhook"] = "polling"
    webhook_secret: Annotated[SecretStr | None, AfterValidator(_secret)] = None
    #: Messages sent a second, all replicas together; Telegram allows some 30. 0: no limit, nor for each chat.
    messages_per_second: Annotated[float, Field(ge=0, le=1000)] = 30
    database_url: Annotated[str, AfterValidator(_database)] = ""
    data_dir: Path = Path("data")
    knowledge_dir: Path = ROOT / "knowledge"
    #: on: KNOWLEDGE_DIR is a git checkout that is pulled each minute.
    knowledge_pull: Literal["on", "off"] = "off"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: Annotated[str | None, AfterValidator(lambda value: _url(value) if value else None)] = None
    #: Mail to hosts, and with it their inbox: both are needed, and PUBLIC_URL with https.
    smtp_url: Annotated[SecretStr | None, AfterValidator(_smtp)] = None
    mail_from: Annotated[str | None, AfterValidator(_sender)] = None
    #: Where bounces and hosts' replies come in; replies count only where our own mail server vouches for the sender.
    mail_inbox_url: Annotated[SecretStr | None, AfterValidator(_mailbox)] = None
    mail_authserv_id: Annotated[str | None, AfterValidator(_authserv_id)] = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    #: The embedding model: "off" saves memory, at the price of some understanding.
    semantic: Literal["on", "off"] = "on"
    #: auto: without a token the playground is served; asked: only with `run --playground` (the container image).
    playground: Literal["auto", "asked"] = "auto"
    fragment_seconds: Annotated[float, Field(ge=0, le=10)] = 2.0
    controller: str | None = None
    privacy_contact: str | None = None

    arrival_id_days: Days = 14
    delivery_id_days: Days = 14
    parked_days: Days = 14
    question_days: Days = 21
    conversation_days: Days = 180
    draft_hours: Annotated[int, Field(ge=1, le=720)] = 72
    lead_days: Days = 90
    consent_years: Annotated[int, Field(ge=1, le=10)] = 3

    @property
    def periods(self) -> Periods:
        return Periods(
            self.arrival_id_days,
            self.delivery_id_days,
            self.parked_days,
            self.question_days,
            self.conversation_days,
            self.draft_hours,
            self.lead_days,
            self.consent_years,
        )

    def database(self, name: str = "flytthit") -> str:
        """The database's URL: the one that is set, or a file of this name under DATA_DIR."""
        return self.database_url or f"sqlite:///{(self.data_dir / f'{name}.sqlite').absolute()}"

    @property
    def webhook(self) -> tuple[str, str] | None:
        """Our public address and the secret, where updates come by webhook. Raises SettingsError."""
        if self.updates != "webhook":
            return None
        missing = []
        if self.public_url is None or not self.public_url.startswith("https://"):
            missing.append("PUBLIC_URL: UPDATES=webhook needs the address Telegram reaches us by; it begins https://")
        if self.webhook_secret is None:
            missing.append("WEBHOOK_SECRET: UPDATES=webhook needs 16-256 of A-Z, a-z, 0-9, _ and -, hard to guess")
        if missing or self.public_url is None or self.webhook_secret is None:
            raise SettingsError("\n".join(missing))
        return self.public_url, self.webhook_secret.get_secret_value()

    @property
    def mail(self) -> tuple[Server, Sender] | None:
        """The mail server and who mails are from, where mail is on. Raises SettingsError."""
        if self.smtp_url is None:
            return None
        missing = []
        if self.mail_from is None:
            missing.append("MAIL_FROM: SMTP_URL needs a sender, like Flytt hit <flytthit@example.no>")
        if self.public_url is None or not is_public_or_own(self.public_url):
            missing.append("PUBLIC_URL: SMTP_URL needs the address of the hosts' inbox; it begins https://")
        if missing or self.mail_from is None or self.public_url is None:
            raise SettingsError("\n".join(missing))
        reads_replies = self.mail_inbox_url is not None and self.mail_authserv_id is not None
        sender = Sender(mail_address(self.mail_from), self.public_url, reads_replies)
        return server_of(self.smtp_url.get_secret_value()), sender

    @property
    def mailbox(self) -> Mailbox | None:
        """Where mail comes in, where that is on. Raises SettingsError."""
        if self.mail_inbox_url is None:
            return None
        if self.smtp_url is None:
            raise SettingsError("SMTP_URL: MAIL_INBOX_URL reads what comes back of our mails, so it needs SMTP_URL too")
        return mailbox_of(self.mail_inbox_url.get_secret_value())


#: URLs that hold a password.
_WITH_PASSWORD = ("SMTP_URL", "MAIL_INBOX_URL")


class SettingsError(Exception):
    """Tells every wrong setting: its name, what was read and what is allowed."""


def read_settings() -> Settings:
    """Read the settings. Raises SettingsError."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for detail in error.errors(include_url=False):
            name = "_".join(str(part) for part in detail["loc"]).upper()
            # A token that is merely misspelt is still a secret, and an URL may hold a password.
            secret = "TOKEN" in name or "SECRET" in name or name in _WITH_PASSWORD or "@" in str(detail["input"])
            read = "(hidden)" if secret else repr(detail["input"])
            lines.append(f"{name}: read {read}; {_allowed(detail['msg'])}")
        raise SettingsError("\n".join(lines)) from None


def _allowed(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "allowed:")
