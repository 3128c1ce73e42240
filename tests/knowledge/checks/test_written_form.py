from __future__ import annotations

import pytest

from bot.knowledge.checks.written_form import OTHER_FORM
from tests.knowledge.builder import RENT, RENT_EN, RENT_NN, TYNSET, KnowledgeFolder


def test_nynorsk_in_a_bokmal_text(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "Ring kommunen på", "Ikkje vent.\nRing kommunen på")

    problem = folder.finds(RENT, "«Ikkje» er ikke bokmål", at="Ikkje", level="warning")
    assert "«ikke»" in problem.remedy


def test_bokmal_in_a_nynorsk_text(folder: KnowledgeFolder) -> None:
    folder.change(RENT_NN, "Spør òg kommunen.", "Det kommer fleire.")

    folder.finds(RENT_NN, "«kommer» er ikke nynorsk", at="kommer", level="warning")


def test_a_title(folder: KnowledgeFolder) -> None:
    folder.change(RENT_NN, "title: Leige bustad", "title: Hvordan leige")

    folder.finds(RENT_NN, "«Hvordan» er ikke nynorsk", at="title:", level="warning")


def test_a_municipality_file(folder: KnowledgeFolder) -> None:
    folder.change(TYNSET, "  nn: Her er det fint å bu.", "  nn: Her er det ikke dyrt.")

    folder.finds(TYNSET, "«ikke» er ikke nynorsk", at="  nn:", level="warning")


@pytest.mark.parametrize(
    "text",
    [
        "Bygda har «ikkje noko» som slagord.",
        'Bladet heter "Kva no".',
        "Se [Korleis søkje](https://a.no/korleis-ikkje).",
        "Skriv til korleis@frå.no eller <https://a.no/ikkje>.",
        "Vi veit at vegen heim er lang, og hun/ho har òg sjukehus.",
    ],
)
def test_quoted_words_links_and_words_of_both_forms(folder: KnowledgeFolder, text: str) -> None:
    folder.change(RENT, "Ring kommunen på 62 48 50 00.", text)

    folder.is_clean()


def test_a_quotation_over_two_lines_moves_no_line(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "Ring kommunen på 62 48 50 00.", "Slik: «ikkje\nher».\nMen ikkje slik.")

    folder.finds(RENT, "«ikkje» er ikke bokmål", at="Men ikkje slik", level="warning")


def test_english_is_left_alone(folder: KnowledgeFolder) -> None:
    folder.change(RENT_EN, "Ask the municipality too.", "It is called ikkje in Norwegian, no en or ein.")

    folder.is_clean()


def test_no_word_is_both_wrong_and_the_remedy() -> None:
    for language, other in (("nb", "nn"), ("nn", "nb")):
        remedies = {word for remedy in OTHER_FORM[language].values() for word in remedy.replace("/", " ").split()}
        assert not remedies & set(OTHER_FORM[language])
        assert not set(OTHER_FORM[language]) & set(OTHER_FORM[other])
