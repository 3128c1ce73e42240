from __future__ import annotations

from tests.knowledge.builder import BUY, RENT, TYNSET, KnowledgeFolder

NOT_USED = "facts/not-used.yaml"
SOURCES = """sources:
  - name: Finn
    url: https://www.finn.no/
    as_of: "2026"
"""


def test_a_fact_that_does_not_exist(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "- tynset-contact-01", "- tynset-contact-99")

    folder.finds(RENT, "«tynset-contact-99» finnes ikke", at="- tynset-contact-99")


def test_a_fact_of_low_confidence(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "- tynset-contact-01", "- tynset-housing-02")

    folder.finds(RENT, "«tynset-housing-02» er usikker", at="- tynset-housing-02", level="warning")


def test_no_source(folder: KnowledgeFolder) -> None:
    folder.change(BUY, SOURCES, "")

    folder.finds(BUY, "svaret har ingen kilde", at=1)


def test_what_the_assistant_says_of_itself_needs_none(folder: KnowledgeFolder) -> None:
    folder.change(BUY, SOURCES, "")
    for name in ("buy-home.md", "buy-home.nn.md", "buy-home.en.md", "buy-home.questions.txt"):
        folder.write(f"assistant/{name}", folder.text(f"housing/{name}"))
        folder.remove(f"housing/{name}")
    folder.change(RENT, "housing/buy-home", "assistant/buy-home")
    folder.change("words/trades.yaml", "housing/buy-home", "assistant/buy-home")

    folder.is_clean()


def test_the_list_of_facts_not_used(folder: KnowledgeFolder) -> None:
    folder.write(NOT_USED, "# why\ntynset-housing-02: usikker\n")

    folder.is_clean()
    assert folder.read().not_used["tynset-housing-02"].text == "usikker"


def test_a_listed_fact_that_does_not_exist(folder: KnowledgeFolder) -> None:
    folder.write(NOT_USED, "tynset-housing-02: usikker\ntynset-housing-77: nei\n")

    folder.finds(NOT_USED, "«tynset-housing-77» finnes ikke", at=2)


def test_a_listed_fact_that_is_used(folder: KnowledgeFolder) -> None:
    folder.write(NOT_USED, "tynset-contact-01: nei\n")

    folder.finds(NOT_USED, "brukes i housing/rent-home", at=1, level="warning")


def test_a_listed_fact_without_a_reason(folder: KnowledgeFolder) -> None:
    folder.write(NOT_USED, "tynset-housing-02:\n")

    folder.finds(NOT_USED, "har ingen grunn", at=1)


def test_the_list_must_be_a_mapping_and_readable(folder: KnowledgeFolder) -> None:
    folder.write(NOT_USED, "- tynset-housing-02\n")
    folder.finds(NOT_USED, "opplysning: grunn", at=1)

    folder.write(NOT_USED, "\na: [\n")
    folder.finds(NOT_USED, "kan ikke leses som YAML", at=3)


def test_a_municipality_file_with_an_unknown_fact(folder: KnowledgeFolder) -> None:
    folder.change(TYNSET, "    fact: tynset-housing-01", "    fact: tynset-housing-88")
    folder.finds(TYNSET, "«tynset-housing-88» finnes ikke", at="    fact: tynset-housing-88")

    folder.change(TYNSET, "  - tynset-housing-01", "  - tynset-housing-02")
    folder.finds(TYNSET, "«tynset-housing-02» er usikker", at="  - tynset-housing-02", level="warning")


def test_a_municipality_file_with_another_slug(folder: KnowledgeFolder) -> None:
    folder.change(TYNSET, "slug: tynset", "slug: os")

    folder.finds(TYNSET, "slug er «os»", at="slug: os")
