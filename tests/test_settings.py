"""A wrong setting is refused with its name, what was read and what is allowed; a token is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.leads.periods import Periods
from bot.settings import Settings, SettingsError, read_settings

TOKEN = "7000000001:AAErfunnetTokenSomIngenHar_000000000"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, and no .env of the folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def _refusal() -> str:
    with pytest.raises(SettingsError) as refused:
        read_settings()
    return str(refused.value)


WRONG = {
    "UPDATES": ("pulling", "polling"),
    "TELEGRAM_API_URL": ("127.0.0.1:8081", "http://"),
    "PUBLIC_URL": ("ftp://eksempel.example", "http://"),
    "DATABASE_URL": ("mysql://localhost/x", "sqlite:///"),
    "HTTP_PORT": ("70000", "65535"),
    "LOG_LEVEL": ("LOUD", "DEBUG"),
    "SEMANTIC": ("maybe", "'on' or 'off'"),
    "PLAYGROUND": ("yes", "'auto' or 'asked'"),
    "FRAGMENT_SECONDS": ("-1", "0"),
    "ARRIVAL_ID_DAYS": ("0", "1"),
    "DELIVERY_ID_DAYS": ("x", "integer"),
    "PARKED_DAYS": ("-3", "1"),
    "QUESTION_DAYS": ("1.5", "integer"),
    "CONVERSATION_DAYS": ("99999", "3650"),
    "DRAFT_HOURS": ("0", "1"),
    "LEAD_DAYS": ("never", "integer"),
    "CONSENT_YEARS": ("11", "10"),
}


@pytest.mark.parametrize(("name", "value", "allowed"), [(n, v, a) for n, (v, a) in WRONG.items()], ids=WRONG.keys())
def test_a_wrong_value_is_refused_with_what_was_read_and_what_is_allowed(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    (line,) = _refusal().splitlines()
    assert line.startswith(f"{name}: read '{value}'")
    assert allowed in line.removeprefix(f"{name}: read '{value}'")


@pytest.mark.parametrize("value", ["NaN", "inf", "1e9", ""])
def test_numbers_that_are_none_are_refused_too(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAGMENT_SECONDS", value)
    if value:
        assert "FRAGMENT_SECONDS" in _refusal()
    else:
        assert read_settings().fragment_seconds == 2.0


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (value, _) in WRONG.items():
        monkeypatch.setenv(name, value)
    told = _refusal().splitlines()
    assert {line.partition(":")[0] for line in told} == set(WRONG)


@pytest.mark.parametrize("token", ["hemmelig", ":hemmelig", "123456", "123456:", "abc:hemmelig"])
def test_a_wrong_token_is_refused_without_showing_it(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)
    told = _refusal()
    assert "TELEGRAM_BOT_TOKEN" in told and "BotFather" in told
    assert "hemmelig" not in told and token not in told.replace("123456:ABC", "")


def test_a_right_token_is_nowhere_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f"  {TOKEN} ")
    settings = read_settings()
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings) + str(settings) + settings.model_dump_json()
    monkeypatch.setenv("HTTP_PORT", "x")
    assert TOKEN not in _refusal()


def test_nothing_set_gives_what_works() -> None:
    settings = read_settings()
    assert settings.telegram_bot_token is None
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.knowledge_dir.is_dir()
    assert settings.database().startswith("sqlite:////")
    assert settings.database().endswith("/data/flytthit.sqlite")


@pytest.mark.parametrize("empty", ["", "   "])
def test_an_empty_token_is_none(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", empty)
    assert read_settings().telegram_bot_token is None


def test_empty_means_the_default_for_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    emptied = read_settings()
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper())
    assert emptied == read_settings()


def test_dotenv_is_read_and_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        f"# innstillinger\nHTTP_PORT=9000\nCONTROLLER=Fjellregionen Ærlig\nTELEGRAM_BOT_TOKEN={TOKEN}\nUNKNOWN=1\n",
        "utf-8",
    )
    monkeypatch.setenv("HTTP_PORT", "9001")
    settings = read_settings()
    assert (settings.http_port, settings.controller) == (9001, "Fjellregionen Ærlig")
    assert settings.telegram_bot_token is not None


def test_a_wrong_value_in_dotenv_is_refused_as_well(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=LOUD\n")
    assert "LOG_LEVEL: read 'LOUD'" in _refusal()


def test_a_slash_too_many_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    assert read_settings().telegram_api_url == "http://127.0.0.1:8081"


def test_a_database_of_ones_own_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "sqlite:////var/lib/flytt/x.sqlite"
    monkeypatch.setenv("DATABASE_URL", url)
    assert read_settings().database() == url


def test_the_periods_are_the_designs_and_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().periods == Periods(14, 14, 14, 21, 180, 72, 90, 3)
    monkeypatch.setenv("LEAD_DAYS", "30")
    monkeypatch.setenv("DRAFT_HOURS", "24")
    assert read_settings().periods == Periods(14, 14, 14, 21, 180, 24, 30, 3)
