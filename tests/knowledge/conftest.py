from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.builder import KnowledgeFolder, build


@pytest.fixture
def folder(tmp_path: Path) -> KnowledgeFolder:
    return build(tmp_path / "knowledge")
