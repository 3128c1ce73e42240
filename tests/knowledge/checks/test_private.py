"""All numbers and names are invented."""

from __future__ import annotations

import pytest

from tests.knowledge.builder import RENT, RENT_QUESTIONS, TYNSET, KnowledgeFolder

SENTENCE = "Ring kommunen på 62 48 50 00."


@pytest.mark.parametrize(
    "text",
    ["Ring 412 34 567.", "Ring 41 23 45 67.", "Ring 91234567.", "Ring +47 912 34 567.", "[Ring](tel:+4791234567)"],
)
def test_a_mobile_number(folder: KnowledgeFolder, text: str) -> None:
    folder.change(RENT, SENTENCE, text)

    folder.finds(RENT, "privat mobilnummer", at=text)


@pytest.mark.parametrize(
    "text",
    [
        "Vakttelefon 917 55 555.",
        "Vakttelefon 91755555.",
        "Ring 62 48 50 00 eller 116 117.",
        "Det koster 40 000 000 kroner, 4 000 000 i 2021–2033.",
        "Org.nr. 987 654 321, 9 123 456 789 og 412,34 567.",
        "[Siden](https://a.no/41234567)",
    ],
)
def test_numbers_that_are_public_or_no_numbers(folder: KnowledgeFolder, text: str) -> None:
    folder.change(RENT, SENTENCE, text)

    folder.is_clean()


@pytest.mark.parametrize("number", ["01019012345", "010190 12345", "410190 12345", "01419012345"])
def test_a_national_identity_number(folder: KnowledgeFolder, number: str) -> None:
    folder.write(RENT_QUESTIONS, f"Hei\nmitt nummer er {number} kan jeg flytte\n")

    problem = folder.finds(RENT_QUESTIONS, "fødselsnummer", at=2)
    assert number not in problem.message


@pytest.mark.parametrize("number", ["99999912345", "123456789012", "00019012345"])
def test_other_long_numbers(folder: KnowledgeFolder, number: str) -> None:
    folder.write(RENT_QUESTIONS, f"hva er {number}\n")

    folder.is_clean()


def test_a_persons_address(folder: KnowledgeFolder) -> None:
    folder.change(TYNSET, "postmottak@tynset.kommune.no", "kari.nordmann@tynset.kommune.no")

    folder.finds(TYNSET, "kari.nordmann@tynset.kommune.no", at="email")


@pytest.mark.parametrize("address", ["post.mottak@tynset.kommune.no", "tynset@nav.no", "tynset.bibliotek@fjell.no"])
def test_an_offices_address(folder: KnowledgeFolder, address: str) -> None:
    folder.change(RENT, SENTENCE, f"Skriv til {address}.")

    folder.is_clean()


@pytest.mark.parametrize(
    "text", ["Spør rektor Kari Nordmann.", "Møt opp v/ Ola M. Nordmann.", "Tilflyttervert Ola Moen"]
)
def test_a_persons_name(folder: KnowledgeFolder, text: str) -> None:
    folder.change(RENT, SENTENCE, text)

    folder.finds(RENT, "navnet på en privatperson", at=text, level="warning")


@pytest.mark.parametrize(
    "text", ["Spør rektor på Tynset.", "Her styrer Dalsbygda Jaktlag.", "Kari Nordmann finnes ikke."]
)
def test_names_that_are_no_persons_or_not_known_as_such(folder: KnowledgeFolder, text: str) -> None:
    folder.change(RENT, SENTENCE, text)

    folder.is_clean()
