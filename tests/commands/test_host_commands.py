"""host invite --email, host list, host remove: as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import StartError
from bot.commands import desk
from bot.leads.model import Host
from bot.settings import Settings
from bot.storage import hosts
from bot.storage.engine import Database
from bot.storage.migrating import migrate
from bot.storage.tables import DeliveryRow
from tests.world import START, learnt


@pytest.fixture(autouse=True)
def _learnt_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.learn", lambda settings: learnt())


def _settings(folder: Path, **more: str) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **more)  # type: ignore[arg-type]


async def test_an_invitation_is_mailed_by_the_running_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = {"smtp_url": "smtp://mail.example", "mail_from": "a@flytthit.example", "public_url": "https://inbox.example"}
    settings = _settings(tmp_path, **mail)
    await desk.invite(settings, "host", "tynset", "Hilde@Kommune.example")
    printed = capsys.readouterr().out
    assert "mails the invitation" in printed and "h_" not in printed, "the link is for the mailbox alone"
    database = Database(settings.database())
    async with database.reading() as session:
        row = await session.get(DeliveryRow, 1)
    await database.close()
    assert row is not None and row.body is not None
    assert (row.channel, row.body["to"]) == ("mail", "hilde@kommune.example")


async def test_without_mail_or_with_a_wrong_address_nothing_is_invited(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="SMTP_URL"):
        await desk.invite(_settings(tmp_path), "host", "tynset", "hilde@kommune.example")
    mail = {"smtp_url": "smtp://mail.example", "mail_from": "a@flytthit.example", "public_url": "https://inbox.example"}
    with pytest.raises(StartError, match="no mail address"):
        await desk.invite(_settings(tmp_path, **mail), "host", "tynset", "hilde")


async def test_hosts_are_listed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = _settings(tmp_path)
    database = Database(settings.database())
    await migrate(database)
    async with database.transaction() as session:
        host = await hosts.add(session, Host(0, "host", "Hilde", "tynset", None, email="h@kommune.example"), START)
    await database.close()
    await desk.hosts(settings)
    assert "h@kommune.example" in capsys.readouterr().out
    await desk.remove(settings, host.id)
    await desk.hosts(settings)
    assert "h@kommune.example" not in capsys.readouterr().out
    with pytest.raises(StartError, match="no host number"):
        await desk.remove(settings, host.id)
