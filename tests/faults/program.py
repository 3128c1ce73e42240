"""The real program and a pretended Telegram as processes of their own, over HTTP on loopback."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from bot.settings import ROOT
from bot.telegram.pretend import TOKEN

START_SECONDS = 30.0
_NIGHT_NOTICES = """
    CREATE TRIGGER IF NOT EXISTS night_notices AFTER INSERT ON host
    BEGIN UPDATE host SET preferences = '{"night_notices": true}' WHERE id = new.id; END
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Telegram:
    """The pretended Telegram in another process; it lives on while the program is killed."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        port = self.url.rpartition(":")[2]
        command = [
            sys.executable,
            "-m",
            "bot.telegram.pretend",
            "--port",
            port,
            "--db",
            str(folder / "telegram.sqlite"),
        ]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        self._client = httpx.AsyncClient(base_url=self.url, timeout=20)

    async def do(self, action: str, **given: Any) -> dict[str, Any]:
        response = await self._client.post(f"/control/{action}", json=given)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer

    async def ready(self) -> None:
        for _ in range(int(START_SECONDS / 0.1)):
            try:
                await self.do("pending")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        raise TimeoutError("the pretended Telegram did not start")

    async def from_bot(self, chat: int) -> list[str]:
        answer = await self.do("messages", chat=chat)
        return [message["text"] for message in answer["messages"] if message["from"]["is_bot"]]

    async def close(self) -> None:
        await self._client.aclose()
        self._process.terminate()
        self._process.wait(10)


class Program:
    """`run_bot.py run` before a pretended Telegram, to be killed and started again."""

    def __init__(self, folder: Path, telegram: Telegram, **settings: str) -> None:
        self.port = free_port()
        self.environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "DATA_DIR": str(folder / "data"),
            "HTTP_PORT": str(self.port),
            "FRAGMENT_SECONDS": "0",
            "SEMANTIC": "off",
            "MESSAGES_PER_SECOND": "0",
            # Compiled once and not at each start, wherever tests are told to leave no such files.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            **settings,
        }
        self._log = (folder / "program.log").open("a")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **environment: str) -> None:
        command = [sys.executable, "run_bot.py", "run"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**self.environment, **environment}, stdout=self._log, stderr=self._log
        )

    async def dies(self, seconds: float = 30.0) -> bool:
        """Whether it dies by itself within this time, as it was asked to."""
        assert self._process is not None
        for _ in range(int(seconds / 0.05)):
            if self._process.poll() is not None:
                return self._process.returncode == -signal.SIGKILL
            await asyncio.sleep(0.05)
        return False

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> float:
        """SIGTERM; the seconds until it was gone."""
        assert self._process is not None
        loop_clock = asyncio.get_running_loop().time
        start = loop_clock()
        self._process.terminate()
        self._process.wait(20)
        return loop_clock() - start

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self._log.close()

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command beside the running program."""
        command = [sys.executable, "run_bot.py", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def invitation(self, *words: str) -> str:
        """Whoever becomes a host by it is told at night too: the program's clock is the real one."""
        printed = self.command(*words).stdout
        found = re.search(r"start[= ]([hc]_[\w-]+)", printed)
        assert found, printed
        with closing(sqlite3.connect(Path(self.environment["DATA_DIR"]) / "flytthit.sqlite")) as store, store:
            store.execute(_NIGHT_NOTICES)
        return found[1]

    async def healthy(self) -> None:
        async with httpx.AsyncClient(timeout=5) as client:
            for _ in range(int(START_SECONDS / 0.1)):
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise TimeoutError("the program did not become healthy")
