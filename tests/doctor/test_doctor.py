"""`doctor` as an operator meets it: what is not well is said, with what to do, and never a secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from bot import doctor
from bot.app import StartError
from bot.commands import desk
from bot.commands import doctor as command
from bot.doctor import Finding, content, store
from bot.settings import Settings
from bot.storage import marks
from bot.storage.engine import Database
from bot.storage.migrating import migrate
from bot.telegram.pretend import PretendTelegram
from bot.telegram.pretend.http import app as bot_api
from bot.telegram.watching import MANY
from bot.web.health import health_route
from tests.mail.mailbox import PASSWORD, Letters
from tests.mail.mailbox import serving as serving_imap
from tests.mail.test_mail import Inbox
from tests.mail.test_mail import serving as serving_smtp
from tests.serving import on_a_port
from tests.world import learnt

SECRET = "hemmelig_og_langt_nok"


@pytest.fixture(autouse=True)
def _learnt_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "learn", lambda settings: learnt())


@pytest.fixture
def telegram(tmp_path: Path) -> Iterator[PretendTelegram]:
    made = PretendTelegram(tmp_path / "telegram.sqlite")
    yield made
    made.close()


def settings(folder: Path, **given: Any) -> Settings:
    return Settings(_env_file=None, data_dir=folder / "data", **given)


async def look(given: Settings, mail_to: str = "", now: datetime | None = None) -> dict[str, Finding]:
    found = await doctor.look(given, "flytthit", mail_to, now or datetime.now(UTC))
    for finding in found:
        assert (finding.level == "ok") == (not finding.remedy), f"{finding} must have a remedy, or none"
    return {finding.subject: finding for finding in found}


async def test_with_nothing_set_it_says_what_is_missing(tmp_path: Path) -> None:
    found = await look(settings(tmp_path))
    assert not [finding for finding in found.values() if finding.level == "error"]
    missing = " ".join(finding.text + finding.remedy for finding in found.values() if finding.level == "warning")
    for name in ("TELEGRAM_BOT_TOKEN", "SMTP_URL", "MAIL_INBOX_URL", "PUBLIC_URL", "CONTROLLER"):
        assert name in missing
    assert found["knowledge"].level == found["trained files"].level == found["disk"].level == "ok"
    assert not (tmp_path / "data").exists(), "looking makes nothing"


# -- Telegram


async def test_a_good_token_is_named_by_its_bot(tmp_path: Path, telegram: PretendTelegram) -> None:
    async with on_a_port(bot_api(telegram)) as url:
        found = await look(settings(tmp_path, telegram_bot_token=telegram.token, telegram_api_url=url))
    assert found["token"].level == found["updates"].level == found["clock"].level == "ok"
    assert telegram.token not in str(found)


async def test_a_wrong_token_and_no_telegram_are_told_apart(tmp_path: Path, telegram: PretendTelegram) -> None:
    token = "7000000001:AAErfunnetTokenSomIngenHar_000000000"
    async with on_a_port(bot_api(telegram)) as url:
        refused = await look(settings(tmp_path, telegram_bot_token=token, telegram_api_url=url))
    assert refused["token"].level == "error" and "@BotFather" in refused["token"].remedy
    gone = await look(settings(tmp_path, telegram_bot_token=token, telegram_api_url=url))
    assert gone["token"].level == "error" and "firewall" in gone["token"].remedy
    assert token not in str(refused) + str(gone)


async def test_a_webhook_in_the_way_of_polling(tmp_path: Path, telegram: PretendTelegram) -> None:
    await telegram.call(telegram.token, "setWebhook", {"url": "https://annen.example/hook"}, {})
    async with on_a_port(bot_api(telegram)) as url:
        given = settings(tmp_path, telegram_bot_token=telegram.token, telegram_api_url=url)
        assert (await look(given))["updates"].level == "error"


@pytest.mark.parametrize(
    ("info", "level"),
    [
        ({"url": "https://hit.example/telegram/webhook"}, "ok"),
        ({"url": ""}, "warning"),
        ({"url": "https://annen.example/telegram/webhook"}, "error"),
        ({"url": "https://hit.example/telegram/webhook", "pending_update_count": MANY + 1}, "warning"),
        ({"url": "https://hit.example/telegram/webhook", "last_error_date": 0}, "ok"),
        (
            {"url": "https://hit.example/telegram/webhook", "last_error_date": "now", "last_error_message": "x"},
            "warning",
        ),
    ],
)
async def test_the_webhook(tmp_path: Path, info: dict[str, Any], level: str) -> None:
    if info.get("last_error_date") == "now":
        info = info | {"last_error_date": int(datetime.now(UTC).timestamp())}

    async def answer(request: Any) -> JSONResponse:
        is_me = request.url.path.endswith("getMe")
        return JSONResponse({"ok": True, "result": {"username": "flytthit_bot"} if is_me else info})

    async with on_a_port(Starlette(routes=[Route("/{path:path}", answer)])) as url:
        given = settings(
            tmp_path,
            telegram_bot_token="7000000001:AAErfunnet",
            telegram_api_url=url,
            updates="webhook",
            webhook_secret=SECRET,
            public_url="https://hit.example",
        )
        found = await doctor.telegram.check(given, datetime.now(UTC))
    assert next(finding for finding in found if finding.subject == "updates").level == level


async def test_a_clock_that_is_wrong(tmp_path: Path, telegram: PretendTelegram) -> None:
    async with on_a_port(bot_api(telegram)) as url:
        given = settings(tmp_path, telegram_bot_token=telegram.token, telegram_api_url=url)
        found = await look(given, now=datetime.now(UTC) - timedelta(minutes=5))
    assert found["clock"].level == "error" and "timedatectl" in found["clock"].remedy


# -- mail


def mailing(folder: Path, port: int, **more: Any) -> Settings:
    given = {"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": "Flytt hit <flytthit@flytthit.example>"}
    return settings(folder, **given, public_url="http://127.0.0.1:9", **more)


async def test_a_test_mail_to_oneself(tmp_path: Path) -> None:
    inbox = Inbox()
    async with serving_smtp(inbox) as server:
        found = await look(mailing(tmp_path, server.port), "kari@kommune.example")
        assert found["mail"].level == found["test mail"].level == "ok"
        wrong = await look(mailing(tmp_path, server.port), "kari")
        inbox.rcpt_answer = "550 no such user"
        refused = await look(mailing(tmp_path, server.port), "kari@kommune.example")
    assert [mail["To"] for mail in inbox.mails] == ["kari@kommune.example"]
    assert wrong["test mail"].level == refused["test mail"].level == "error"


async def test_a_mail_server_that_is_not_there(tmp_path: Path) -> None:
    found = await look(mailing(tmp_path, 9))
    assert found["mail"].level == "error" and "SMTP_URL" in found["mail"].remedy


async def test_mail_with_something_missing(tmp_path: Path) -> None:
    found = await look(settings(tmp_path, smtp_url=f"smtp://flytthit:{SECRET}@mail.example"))
    assert found["mail"].level == "error" and "MAIL_FROM" in found["mail"].remedy
    assert SECRET not in str(found)


async def test_the_mailbox(tmp_path: Path) -> None:
    async with serving_imap(Letters()) as letters:
        url = f"imap://flytthit%40flytthit.example:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{letters.port}/INBOX"
        half = await look(mailing(tmp_path, 9, mail_inbox_url=url))
        whole = await look(mailing(tmp_path, 9, mail_inbox_url=url, mail_authserv_id="mx.flytthit.example"))
        wrong = await look(mailing(tmp_path, 9, mail_inbox_url=url.replace("hemmelig", "feil")))
    assert half["mailbox"].level == "warning" and "MAIL_AUTHSERV_ID" in half["mailbox"].text
    assert whole["mailbox"].level == "ok"
    assert wrong["mailbox"].level == "error" and "signing in" in wrong["mailbox"].text
    assert PASSWORD not in str([half, whole]) and "hilde" not in str(wrong)


# -- pages


async def _alive() -> bool:
    return True


async def _not_alive() -> bool:
    return False


async def test_pages(tmp_path: Path) -> None:
    def says(text: str, status: int) -> Starlette:
        return Starlette(routes=[Route("/health", lambda request: PlainTextResponse(text, status))])

    expected = (
        (Starlette(routes=[health_route(_alive)]), "ok"),
        (Starlette(routes=[health_route(_not_alive)]), "error"),
        (says("Bad Gateway", 502), "warning"),
        (says("Welcome to nginx", 200), "error"),
        (Starlette(), "error"),
    )
    for app, level in expected:
        async with on_a_port(app) as url:
            found = await look(settings(tmp_path, public_url=url))
        assert found["pages"].level == level, found["pages"]
    assert (await look(settings(tmp_path, public_url=url)))["pages"].level == "error", "nobody is there any more"
    assert "https" in (await look(settings(tmp_path, public_url="http://hit.example")))["pages"].text


# -- what is kept


async def test_the_database_and_its_backup(tmp_path: Path) -> None:
    given = settings(tmp_path)
    given.data_dir.mkdir()
    assert (await look(given))["database"].level == "warning"
    database = Database(given.database())
    await migrate(database)
    found = await look(given)
    assert found["database"].level == "ok" and found["backup"].text == "none was ever made"
    await desk.backup(given, tmp_path / "kopi.sqlite")
    assert (await look(given))["backup"].level == "ok"
    for days, level in ((3, "warning"), (8, "error")):
        assert (await look(given, now=datetime.now(UTC) + timedelta(days=days)))["backup"].level == level
    async with database.transaction() as session:
        assert await marks.is_marked(session, marks.BACKED_UP)
    await database.close()


async def test_a_backup_that_failed_counts_as_none(tmp_path: Path) -> None:
    given = settings(tmp_path)
    given.data_dir.mkdir()
    database = Database(given.database())
    await migrate(database)
    await database.close()
    (tmp_path / "kopi.sqlite").touch()
    with pytest.raises(StartError):
        await desk.backup(given, tmp_path / "kopi.sqlite")
    assert (await look(given))["backup"].text == "none was ever made"


async def test_a_database_that_cannot_be_read(tmp_path: Path) -> None:
    given = settings(tmp_path)
    given.data_dir.mkdir()
    (given.data_dir / "flytthit.sqlite").write_bytes(b"no database at all" * 100)
    found = await look(given)
    assert found["database"].level == "error" and "backup" in found["database"].remedy
    elsewhere = settings(tmp_path, database_url=f"sqlite:///{tmp_path}/finnes/ikke.sqlite")
    assert (await look(elsewhere))["database"].level == "error"
    nobody = settings(tmp_path, database_url=f"postgresql://flytthit:{SECRET}@127.0.0.1:9/flytthit")
    found = await look(nobody)
    assert found["database"].level == "error" and SECRET not in str(found)


async def test_a_disk_that_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for low, empty, level in ((10**9, 0, "warning"), (10**9, 10**9, "error")):
        monkeypatch.setattr(store, "LOW_MB", low)
        monkeypatch.setattr(store, "EMPTY_MB", empty)
        assert (await look(settings(tmp_path)))["disk"].level == level


# -- the command


@pytest.fixture
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_alone")
async def test_without_errors_it_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert await command.doctor("") == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].startswith("0 errors, ") and "→" in printed


@pytest.mark.usefixtures("_alone")
async def test_broken_settings_are_errors_without_their_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {
        "TELEGRAM_BOT_TOKEN": SECRET,
        "SMTP_URL": f"{SECRET}@mail.example",
        "MAIL_INBOX_URL": f"imap:/flytthit:{SECRET}",
        "MAIL_AUTHSERV_ID": "mx flytthit",
        "HTTP_PORT": "åtti",
    }
    for name, value in broken.items():
        monkeypatch.setenv(name, value)
    assert await command.doctor("") == 1
    printed = capsys.readouterr().out
    assert all(f" {name} " in printed for name in broken) and SECRET not in printed
    assert "5 errors" in printed
