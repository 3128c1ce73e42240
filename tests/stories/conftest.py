"""Stories are told on both databases: what a mover sees must not depend on the operator's choice."""

from __future__ import annotations

import pytest

from tests.postgres import server


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest) -> str:
    return await server().fresh() if request.param == "postgresql" else ""
