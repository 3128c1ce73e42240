from __future__ import annotations

import pytest

from tests.knowledge.builder import BUY, RENT, KnowledgeFolder


def test_an_entry_that_does_not_exist(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "related: [housing/buy-home]", "related: [housing/buy-hone]")

    problem = folder.finds(RENT, "«housing/buy-hone», som ikke finnes", at="related:")
    assert problem.remedy == "mente du housing/buy-home?"


def test_the_line_is_that_of_the_item(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "related: [housing/buy-home]", "related:\n  - housing/buy-home\n  - climate/moon")

    folder.finds(RENT, "«climate/moon», som ikke finnes", at="- climate/moon")


def test_an_entry_that_points_to_itself(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "related: [housing/buy-home]", "related: [housing/rent-home]")

    folder.finds(RENT, "peker på svaret selv", at="related:")


@pytest.mark.parametrize("text", ["half", "---\ntitle: x\n---\n"])
def test_an_entry_that_cannot_be_read_still_exists(folder: KnowledgeFolder, text: str) -> None:
    folder.write(BUY, text)

    assert {problem.file for problem in folder.check()} == {BUY}


def test_a_trade_whose_entry_does_not_exist(folder: KnowledgeFolder) -> None:
    folder.change("words/trades.yaml", "housing/buy-home", "jobs/property")

    folder.finds("words/trades.yaml", "«jobs/property» finnes ikke", at="entry:")
