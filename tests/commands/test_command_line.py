"""The command line as an operator meets it."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import logs
from bot.cli import main
from bot.settings import ROOT, Settings
from tests.world import shipped_mind

TOKEN = "7000000001:AAErfunnetTokenSomIngenHar_000000000"


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    code: int
    out: str
    err: str


class CommandLine:
    """The commands with a data folder of their own and none of the machine's settings."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch, self._capsys = monkeypatch, capsys
        ours = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name.upper() not in ours}
        # An address on loopback where nobody listens: no test ever asks Telegram.
        self.environment = kept | {
            "DATA_DIR": str(folder / "data"),
            "SEMANTIC": "off",
            "TELEGRAM_API_URL": "http://127.0.0.1:9",
        }

    def __call__(self, *words: str, **settings: str) -> Done:
        """As `python run_bot.py` does it, in this process: a new one takes seconds to start."""
        code = 0
        with self._monkeypatch.context() as patch:
            for name in Settings.model_fields:
                patch.delenv(name.upper(), raising=False)
            for name, value in (self.environment | settings).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["run_bot.py", *words])
            patch.chdir(self.folder)
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        return Done(code, *self._capsys.readouterr())

    def process(self, *words: str, given: bytes = b"", **settings: str) -> Done:
        done = subprocess.run(
            [sys.executable, str(ROOT / "run_bot.py"), *words],
            cwd=self.folder,
            env=self.environment | settings,
            input=given,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[CommandLine]:
    """Each command sets up the log; what pytest had set up comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._TALKATIVE}
    root.handlers = []
    yield CommandLine(tmp_path, monkeypatch, capsys)
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def _said(done: Done) -> str:
    assert done.code == 0, done.err
    return done.out


def _refused(done: Done) -> str:
    assert done.code == 2, done.err
    assert "Traceback" not in done.err
    return done.err


def test_a_conversation_from_a_pipe(command: CommandLine) -> None:
    lines = [
        "Er det noe å leie på Tynset?".encode(),
        b"",
        b"   ",
        b"bl\xe5b\xe6r \xff\xfe i Tynset",
        "nul\x00 og 🏔".encode(),
        b"/kommune",
        b"5",
        b"99",
        b"/vert tynset",
        b"ja",
        b"/mine",
        b"/spr\xc3\xa5k",
        b"/sprak english",
        b"/glem",
        b"Yes, delete",
        b"the last line has no end",
    ]
    done = command.process("chat", given=b"\r\n".join(lines))
    told = _said(done)
    assert "Traceback" not in done.err
    assert told.index("automatisk tjeneste") < told.index(
        shipped_mind().knowledge.entries["housing/rent-home"].title("nb")
    )
    assert re.search(r"\[1\] \w+", told), "buttons are numbered"
    assert "✓ " in told, "a number pressed the button of that number"
    assert re.search(r"Referansen er TYN-\w{4}", told)
    assert "English" in told
    assert "<b>" not in told and "&amp;" not in told
    with closing(sqlite3.connect(command.folder / "data" / "chat.sqlite")) as store:
        assert store.execute("SELECT count(*) FROM lead").fetchone()[0] == 1
    assert not (command.folder / "data" / "flytthit.sqlite").exists(), "the real file is left alone"


def test_an_operators_day(command: CommandLine) -> None:
    """From the empty folder over an invitation to a copy; each step sees what the one before left."""
    assert "present tables" in _said(command("migrate"))
    told = _refused(command("host", "invite", "oslo"))
    assert "oslo" in told and "tynset" in told and "rendalen" in told
    invited = _said(command("host", "invite", "tynset"))
    (parameter,) = re.findall(r"/start (h_[\w-]{22})\n", invited)
    assert "seven days" in invited
    database = command.folder / "data" / "flytthit.sqlite"
    with closing(sqlite3.connect(database)) as store:
        ((hashed, role, place),) = store.execute("SELECT token_hash, role, municipality FROM invite").fetchall()
        assert (role, place) == ("host", "tynset")
        assert parameter[2:] not in hashed and len(hashed) == 64, "only the hash is stored"
        store.execute(
            "INSERT INTO lead (reference, municipality, state, mover_chat, mover_name, language, asked, wishes,"
            " also_to, noticed,"
            " created_at) VALUES ('TYN-7F3K', 'tynset', 'new', 5, 'Bjørgulf', 'nb', '[]', '{}', '[]', 0,"
            " '2026-11-24 09:00:00.000000')"
        )
        store.commit()
    listed = _said(command("leads"))
    assert "TYN-7F3K" in listed and "nobody was told" in listed and "1 leads, 1 open, 1 that nobody" in listed
    assert "Bjørgulf" not in listed
    copy = command.folder / "copy.sqlite"
    assert "read back, 1 leads" in _said(command("backup", str(copy)))
    assert "exists already" in _refused(command("backup", str(copy)))


def test_what_cannot_start_says_why_and_what_to_do(command: CommandLine) -> None:
    told = _refused(command.process("run", LOG_LEVEL="LOUD", HTTP_PORT="0", TELEGRAM_BOT_TOKEN="hemmelig"))
    assert {line.partition(":")[0] for line in told.splitlines()} == {"LOG_LEVEL", "HTTP_PORT", "TELEGRAM_BOT_TOKEN"}
    assert "hemmelig" not in told
    told = _refused(command("run", "--playground", TELEGRAM_BOT_TOKEN=TOKEN))
    assert "TELEGRAM_BOT_TOKEN" in told and TOKEN not in told
    assert "TELEGRAM_BOT_TOKEN is missing" in _refused(command("run", PLAYGROUND="asked"))
    assert "KNOWLEDGE_DIR" in _refused(command("leads", KNOWLEDGE_DIR=str(command.folder / "missing")))
