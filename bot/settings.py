"""Every setting, read once from the environment or .env. A wrong value is refused with its name and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.leads.periods import Periods

ROOT = Path(__file__).parent.parent


def _url(value: str) -> str:
    if not value.startswith(("http://", "https://")) or value.rstrip("/") in ("http:", "https:"):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


def _database(value: str) -> str:
    if value and not value.startswith("sqlite+aiosqlite:///"):
        raise ValueError("must begin with sqlite+aiosqlite:///")
    return value


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value().strip():
        return None
    number, _, secret = value.get_secret_value().strip().partition(":")
    if not (number.isdigit() and secret):
        raise ValueError("must look like 123456:ABC…, as @BotFather gave it")
    return SecretStr(value.get_secret_value().strip())


Days = Annotated[int, Field(ge=1, le=3650)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: Annotated[SecretStr | None, AfterValidator(_token)] = None
    telegram_api_url: Annotated[str, AfterValidator(_url)] = "https://api.telegram.org"
    updates: Literal["polling"] = "polling"
    database_url: Annotated[str, AfterValidator(_database)] = ""
    data_dir: Path = Path("data")
    knowledge_dir: Path = ROOT / "knowledge"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: Annotated[str | None, AfterValidator(lambda value: _url(value) if value else None)] = None
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
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / f'{name}.sqlite').absolute()}"


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
            # A token that is merely misspelt is still a secret.
            read = "(hidden)" if "TOKEN" in name else repr(detail["input"])
            lines.append(f"{name}: read {read}; {_allowed(detail['msg'])}")
        raise SettingsError("\n".join(lines)) from None


def _allowed(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "allowed:")
