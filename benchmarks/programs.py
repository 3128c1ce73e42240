"""The programs under measurement, each a process of its own, and what they cost."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from benchmarks.bot_api import TOKEN
from bot.settings import ROOT

SECRET = "benchmark-secret-benchmark"


class Running:
    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env={**os.environ, **self._environment}, stdout=log, stderr=log
            )

    def keep_to_one_core(self) -> None:
        """Before it has begun its threads; the rest of the benchmark goes where it likes."""
        os.sched_setaffinity(self._process.pid, {min(os.sched_getaffinity(0))})

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


class Ours(Running):
    def __init__(self, api: str, folder: Path, database: str = "", webhook: bool = False, **settings: str) -> None:
        self.port = free_port()
        environment = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": api,
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "HTTP_PORT": str(self.port),
            "MESSAGES_PER_SECOND": "0",
            "FRAGMENT_SECONDS": "0",
            "SEMANTIC": "off",
            "LOG_LEVEL": "WARNING",
        }
        if webhook:
            environment |= {"UPDATES": "webhook", "PUBLIC_URL": "https://bot.example", "WEBHOOK_SECRET": SECRET}
        super().__init__([sys.executable, "run_bot.py", "run"], environment | settings, folder / "log")

    async def ready(self) -> None:
        deadline = time.monotonic() + 60
        async with httpx.AsyncClient() as client:
            while time.monotonic() < deadline:
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise TimeoutError("the program did not become ready")


class Echo(Running):
    """python-telegram-bot as its manual shows it."""

    def __init__(self, api: str, folder: Path, webhook_port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        environment = {"API": api, "WEBHOOK_PORT": str(webhook_port)}
        super().__init__([sys.executable, "-m", "benchmarks.echo_bot"], environment, folder / "log")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
