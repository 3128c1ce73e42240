"""Stories are told on both databases: what a mover sees must not depend on the operator's choice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.postgres import server

#: Told on PostgreSQL in `make test` too; `make faults` tells all of them there.
ON_BOTH = (
    "test_confirming_at_once.py",
    "test_first_lead.py",
    "test_form_hostile.py",
    "test_three_movers.py",
    "test_time_at_once.py",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" not in metafunc.fixturenames:
        return
    both = os.environ.get("FAULTS") == "full" or Path(metafunc.module.__file__ or "").name in ON_BOTH
    engines = ["sqlite", "postgresql"] if both else ["sqlite"]
    metafunc.parametrize("database_url", engines, indirect=True)


@pytest.fixture
async def database_url(request: pytest.FixtureRequest) -> str:
    return await server().fresh() if request.param == "postgresql" else ""
