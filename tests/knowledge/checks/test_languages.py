from __future__ import annotations

import pytest

from tests.knowledge.builder import RENT, RENT_EN, RENT_NN, KnowledgeFolder


@pytest.mark.parametrize(("name", "words"), [(RENT_NN, "nynorsk"), (RENT_EN, "engelsk")])
def test_a_missing_translation(folder: KnowledgeFolder, name: str, words: str) -> None:
    folder.remove(name)

    folder.finds(RENT, f"mangler oversettelse til {words}", at=1, level="warning")


def test_a_broken_translation_is_not_missing_too(folder: KnowledgeFolder) -> None:
    folder.write(RENT_EN, "half")

    assert [problem.file for problem in folder.check()] == [RENT_EN]


def test_a_translation_older_than_its_original(folder: KnowledgeFolder) -> None:
    folder.write(RENT, folder.text(RENT).replace("Spør også kommunen.", "Spør verten."))

    folder.finds(RENT_EN, "er endret etter at dette ble oversatt", at="translated_from", level="warning")
    folder.finds(RENT_NN, "er endret etter at dette ble oversatt", at="translated_from", level="warning")


def test_white_space_and_front_matter_make_no_translation_old(folder: KnowledgeFolder) -> None:
    text = folder.text(RENT).replace("Spør også", "Spør\nogså").replace("owner: region", "owner: tynset")
    folder.write(RENT, text)

    folder.is_clean()


def test_a_section_that_is_missing_in_a_translation(folder: KnowledgeFolder) -> None:
    folder.write(RENT_EN, folder.text(RENT_EN).partition("## Tynset")[0])

    folder.finds(RENT_EN, "«## Tynset» mangler her", at=6, level="warning")


def test_a_section_that_only_a_translation_has(folder: KnowledgeFolder) -> None:
    folder.write(RENT_EN, folder.text(RENT_EN) + "\n## Os\n\nAsk in Os.\n")

    folder.finds(RENT_EN, "«## Os» står ikke i originalen", at="## Os", level="warning")
