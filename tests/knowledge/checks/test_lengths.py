from __future__ import annotations

from tests.knowledge.builder import RENT, RENT_EN, KnowledgeFolder

GENERAL = "Se etter utleieboliger på [Finn](https://www.finn.no/). Spør også kommunen."
SECTION = "Ring kommunen på 62 48 50 00."


def test_the_general_part(folder: KnowledgeFolder) -> None:
    folder.change(RENT, GENERAL, "ord " * 149 + "orde")
    folder.is_clean()

    folder.change(RENT, "orde", "orden")
    folder.finds(RENT, "den felles delen er 601 tegn; høyst 600", at=17)


def test_a_section(folder: KnowledgeFolder) -> None:
    folder.change(RENT, SECTION, "ord " * 124 + "orde")
    folder.is_clean()

    folder.change(RENT, "orde", "orden")
    folder.finds(RENT, "delen «Tynset» er 501 tegn; høyst 500", at="## Tynset")


def test_a_translation(folder: KnowledgeFolder) -> None:
    folder.change(RENT_EN, "Ask the municipality too.", "word " * 120)

    folder.finds(RENT_EN, "den felles delen er", at=6)


def test_addresses_of_links_do_not_count(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "(https://www.finn.no/)", "(https://www.finn.no/" + "x" * 900 + ")")

    folder.is_clean()
