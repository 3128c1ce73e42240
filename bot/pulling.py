"""Brings editors' changes in: pulls the knowledge folder's git checkout each minute (KNOWLEDGE_PULL)."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

log = logging.getLogger(__name__)

PULL_SECONDS = 60.0
#: A pull that takes longer is given up; the next minute tries again.
MOST_SECONDS = 45.0


class PullError(Exception):
    """The checkout could not be brought up to date; says what git said."""


async def pull(folder: Path) -> None:
    """Fast-forward only: what lies here is never merged or overwritten. Raises PullError."""
    process = await asyncio.create_subprocess_exec(
        "git",
        "-C",
        str(folder),
        "pull",
        "--ff-only",
        "--quiet",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), MOST_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise PullError(f"no end after {MOST_SECONDS:.0f} s") from None
    if process.returncode != 0:
        raise PullError(said.decode("utf-8", "replace").strip()[-300:] or f"exit {process.returncode}")


async def keep_pulling(folder: Path) -> None:
    """Until cancelled. The watcher sees what changed; a failing pull is told once, not every minute."""
    failed = False
    while True:
        try:
            await pull(folder)
            failed = False
        except (PullError, OSError) as error:
            if not failed:
                log.error("the knowledge could not be pulled: %s", error)
            failed = True
        await asyncio.sleep(PULL_SECONDS)
