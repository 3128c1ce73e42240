"""What all tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pytest

from tests.world import World
from tests.world import world as open_world

# How long an example takes is the machine's business: others use it too.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture
async def database_url() -> str:
    """Where the world's database is; an empty text is SQLite in the test's own folder."""
    return ""


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    async with open_world(tmp_path, database_url) as opened:
        yield opened
