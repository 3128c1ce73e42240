from __future__ import annotations

import pytest

from bot.knowledge.checks.questions import normalised
from tests.knowledge.builder import RENT_QUESTIONS, KnowledgeFolder

BUY_QUESTIONS = "housing/buy-home.questions.txt"


def test_the_same_question_in_two_entries(folder: KnowledgeFolder) -> None:
    folder.write(RENT_QUESTIONS, "# a comment\nHvor kan jeg leie?\n\n  HUS  til salgs\n")

    folder.finds(RENT_QUESTIONS, f"står også i {BUY_QUESTIONS}, linje 1", at="HUS")


def test_the_same_question_twice_in_one_entry_is_harmless(folder: KnowledgeFolder) -> None:
    folder.write(RENT_QUESTIONS, "Hvor kan jeg leie?\nhvor kan jeg leie\n")

    folder.is_clean()


def test_a_question_that_must_not_be_answered_too(folder: KnowledgeFolder) -> None:
    folder.write(RENT_QUESTIONS, "Hvor kan jeg leie?\nhvem vant eurovision i fjor??\n")

    folder.finds(RENT_QUESTIONS, "står også i out-of-scope.questions.txt, linje 1", at="eurovision")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hus til salgs?", "hus  til salgs", True),
        ("Hus, til-salgs!", "hus til salgs", True),
        ("Hus til salgs", "Hus til leie", False),
        ("🏠", "🏠", True),
        ("🏠", "🐟", False),
    ],
)
def test_what_counts_as_the_same(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same
