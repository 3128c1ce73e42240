"""What is there and what is missing, as text and as a page."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

from bot.knowledge.coverage import LANGUAGES, MUNICIPALITIES, Coverage, Row, as_html, as_text, coverage
from bot.knowledge.facts_used import facts_as_text, facts_coverage
from tests.knowledge.builder import BUY, RENT, RENT_EN, RENT_NN, RENT_QUESTIONS, TODAY, KnowledgeFolder


def rows(folder: KnowledgeFolder, today: date = TODAY) -> dict[str, Row]:
    return {row.entry_id: row for row in made(folder, today).rows}


def made(folder: KnowledgeFolder, today: date = TODAY) -> Coverage:
    return coverage(folder.read(), today)


def test_a_whole_entry_has_no_gaps(folder: KnowledgeFolder) -> None:
    row = rows(folder)["housing/rent-home"]

    assert (row.owner, row.age_days, row.questions, row.overdue) == ("region", 23, 2, False)
    assert row.general == {"nb": "ok", "nn": "ok", "en": "ok"}
    assert row.sections["tynset"] == {"nb": "ok", "nn": "ok", "en": "ok"}
    assert row.sections["os"] == {"nb": "none", "nn": "none", "en": "none"}
    assert row.gaps == ()


def test_gaps_are_named(folder: KnowledgeFolder) -> None:
    folder.remove(RENT_NN)
    folder.remove(RENT_QUESTIONS)
    folder.write(RENT, folder.text(RENT).replace("Spør også", "Spør gjerne"))

    row = rows(folder, date(2028, 1, 1))["housing/rent-home"]

    assert row.gaps == (
        "nn mangler",
        "en er eldre enn originalen",
        "Tynset mangler på nn",
        "skulle vært sett over",
        "ingen eksempelspørsmål",
    )


def test_a_section_that_a_translation_lacks(folder: KnowledgeFolder) -> None:
    folder.write(RENT_EN, folder.text(RENT_EN).partition("## Tynset")[0])

    assert rows(folder)["housing/rent-home"].gaps == ("Tynset mangler på en",)


def test_the_text_has_a_line_for_each_entry(folder: KnowledgeFolder) -> None:
    folder.remove(RENT_NN)
    folder.write("housing/house-prices.md", "half")

    heads, buy, rent, _, total, broken = as_text(made(folder)).splitlines()

    assert heads.split() == ["svar", "eier", "dager", "spm", *LANGUAGES, *MUNICIPALITIES.values(), "mangler"]
    assert buy.split() == ["housing/buy-home", "tynset", "23", "1", "ja", "ja", "ja", *"––––––––"]
    assert "MANGLER" in rent and rent.endswith("nn mangler; Tynset mangler på nn")
    assert total == "2 svar, 1 med mangler, 2026-11-24"
    assert broken == "kan ikke leses: housing/house-prices"


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def test_the_page_needs_nothing_else(folder: KnowledgeFolder) -> None:
    page = Page(as_html(made(folder)))

    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.tags}
    assert not any("src" in attributes or "href" in attributes for _, attributes in page.tags)
    assert ("html", {"lang": "nb"}) in page.tags


def test_every_heading_cell_of_the_page_says_what_it_heads(folder: KnowledgeFolder) -> None:
    page = Page(as_html(made(folder)))
    heads = [attributes for tag, attributes in page.tags if tag == "th"]

    assert all(attributes.get("scope") in ("col", "row", "colgroup") for attributes in heads)
    assert sum(attributes["scope"] == "row" for attributes in heads) == 2
    assert "caption" in {tag for tag, _ in page.tags}


def test_each_row_of_the_page_has_a_cell_for_each_column(folder: KnowledgeFolder) -> None:
    folder.remove(RENT_NN)
    page = Page(as_html(made(folder)))

    assert sum(tag == "td" for tag, _ in page.tags) == 2 * (4 + 3 + 8)


def test_the_page_shows_gaps_and_shows_text_as_text(folder: KnowledgeFolder) -> None:
    folder.remove(RENT_NN)
    folder.write("housing/house-prices.md", "half")
    folder.change(BUY, "title: Kjøpe bolig", "title: Kjøpe <b>bolig</b> & hytte")
    text = as_html(made(folder))
    page = Page(text)

    assert "nn mangler" in page.words
    assert "mangler" in page.words
    assert "Kjøpe &lt;b&gt;bolig&lt;/b&gt; &amp; hytte" in text
    assert "housing/house-prices" in text


def test_facts_are_used_left_out_or_forgotten(folder: KnowledgeFolder) -> None:
    folder.write("facts/not-used.yaml", "tynset-housing-02: usikker\n")

    facts = facts_coverage(folder.read())

    assert facts.used["tynset-housing-01"][0] == "housing/rent-home"
    assert "municipalities/roros" in facts.used["tynset-contact-01"]
    assert facts.reasons == {"tynset-housing-02": "usikker"}
    assert facts.gaps == ("tynset-contact-02",)
    assert facts_as_text(facts) == (
        "4 opplysninger: 2 brukt, 1 utelatt med grunn, 1 verken brukt eller utelatt\n  tynset-contact-02\n"
    )
