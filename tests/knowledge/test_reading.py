"""A folder is read whole: what is good is there, what is not is told, and nothing stops the reading."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.reading import read
from tests.knowledge.builder import BUY, RENT, RENT_EN, RENT_NN, RENT_QUESTIONS, TYNSET, KnowledgeFolder


def test_the_sample_has_nothing_wrong(folder: KnowledgeFolder) -> None:
    folder.is_clean()


def test_an_entry_has_all_its_parts(folder: KnowledgeFolder) -> None:
    entry = folder.read().knowledge.entries["housing/rent-home"]

    assert sorted(entry.texts) == ["en", "nb", "nn"]
    assert entry.title("nn") == "Leige bustad"
    assert entry.texts["nb"].general.startswith("Se etter utleieboliger")
    assert entry.texts["en"].sections == {"tynset": "Call the municipality on 62 48 50 00."}
    assert entry.sources[0].facts == ("tynset-housing-01", "tynset-contact-01")
    assert entry.sources[0].municipality == "tynset"
    assert entry.checked_on == date(2026, 11, 1)
    assert entry.check_again_after_months == 12
    assert entry.related == ("housing/buy-home",)
    assert entry.questions == ("Hvor kan jeg leie?", "where can i rent a flat")


def test_words_facts_and_municipalities_are_read(folder: KnowledgeFolder) -> None:
    knowledge = folder.read().knowledge

    assert knowledge.words.places_outside == {"oslo", "elverum"}
    assert knowledge.words.dialect == {"åssen": "hvordan"}
    assert knowledge.facts["tynset-housing-02"].confidence == "low"
    assert len(knowledge.municipalities) == 8
    assert knowledge.municipalities["tynset"].villages[0].spellings == ("faset",)
    assert knowledge.out_of_scope == ("Hvem vant Eurovision i fjor?",)


def test_a_missing_folder_is_a_problem_like_any_other(tmp_path: Path) -> None:
    reading = read(tmp_path / "nowhere")

    assert "mappen finnes ikke" in {problem.message for problem in reading.errors}
    assert not reading.knowledge.entries


def test_problems_of_all_files_come_at_once(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "owner: region", "owner: nobody")
    folder.change(RENT_NN, "keywords: [leige, hybel]\n", "")
    folder.change(TYNSET, "county: Innlandet", "cuonty: Innlandet")
    folder.remove("words/dialect.yaml")

    assert {problem.file for problem in folder.read().errors} >= {RENT, TYNSET, "words/dialect.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "words", "at"),
    [
        ("owner: region\n", "", "«owner» mangler", 2),
        ("owner: region", "owner: oslo", "«owner» er «oslo», som ikke er lov", "owner: oslo"),
        ("owner: region", "owner: region\ntags: [x]", "«tags» er en ukjent nøkkel", "tags:"),
        ("checked_on: 2026-11-01", "checked_on: 2026-02-30", "som ikke er en dato", "checked_on:"),
        ("checked_on: 2026-11-01", "checked_on: 86400", "som ikke er en dato", "checked_on:"),
        ("checked_on: 2026-11-01", "checked_on: i går", "som ikke er en dato", "checked_on:"),
        ("12 months", "et år", "som ikke har rett form", "check_again_after:"),
        ("12 months", "0 months", "som ikke har rett form", "check_again_after:"),
        ("12 months", "9" * 6000, "som ikke har rett form", "check_again_after:"),
        ("url: https://www.tynset.kommune.no/", "url: http://tynset.no/", "som ikke er en https-adresse", "url:"),
        ("keywords: [leie, hybel]", "keywords: []", "«keywords» er tom", "keywords:"),
        ("keywords: [leie, hybel]", "keywords: leie", "«keywords» skal være en liste", "keywords:"),
        ("title: Leie bolig", "title: " + "x" * 81, "er for lang", "title:"),
        ("[housing/buy-home]", "[buy-home]", "som ikke har rett form", "related:"),
        ("      - tynset-housing-01", "      - Tynset 1", "som ikke har rett form", "- Tynset 1"),
    ],
)
def test_a_wrong_key_is_told_with_its_line(
    folder: KnowledgeFolder, old: str, new: str, words: str, at: str | int
) -> None:
    text = folder.text(RENT)
    assert text.count(old) == 1
    folder.write(RENT, text.replace(old, new))

    folder.finds(RENT, words, at=at)
    assert folder.read().broken == {"housing/rent-home"}


def test_no_is_a_word_not_false(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "keywords: [leie, hybel]", "keywords: [no, yes, 1, 2026-11-24, 0x10]")

    assert folder.read().knowledge.entries["housing/rent-home"].texts["nb"].keywords == (
        "no",
        "yes",
        "1",
        "2026-11-24",
        "0x10",
    )


def test_null_means_left_out(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "    municipality: tynset", "    municipality: null")

    assert folder.read().knowledge.entries["housing/rent-home"].sources[0].municipality is None


def test_bom_and_crlf_change_nothing(folder: KnowledgeFolder) -> None:
    before = folder.read()
    windows = b"\xef\xbb\xbf" + folder.text(RENT).replace("\n", "\r\n").encode()
    folder.write(RENT, windows)
    folder.write(RENT_QUESTIONS, b"\xef\xbb\xbf" + folder.text(RENT_QUESTIONS).replace("\n", "\r\n").encode())

    assert folder.read() == before
    folder.is_clean()


def test_latin_1_is_told_with_the_line_of_the_first_wrong_letter(folder: KnowledgeFolder) -> None:
    folder.write(RENT, folder.text(RENT).replace("Spør også", "Spør").encode("latin-1"))

    folder.finds(RENT, "ikke i tegnsettet UTF-8", at=17)


def test_nul_is_left_out(folder: KnowledgeFolder) -> None:
    folder.write(RENT, folder.text(RENT).replace("Se etter", "Se \x00etter"))

    assert folder.read().knowledge.entries["housing/rent-home"].texts["nb"].general.startswith("Se etter")


@pytest.mark.parametrize("text", ["", "\n\n", "Bare tekst\n", "---\ntitle: Halv", "---"])
def test_front_matter_missing_or_half_written(folder: KnowledgeFolder, text: str) -> None:
    folder.write(RENT, text)

    folder.finds(RENT, "front matter mangler", at=1)
    assert "housing/buy-home" in folder.read().knowledge.entries


def test_front_matter_that_is_no_mapping(folder: KnowledgeFolder) -> None:
    folder.write(RENT, "---\n- a\n- b\n---\nTekst\n")

    folder.finds(RENT, "nøkkel: verdi", at=2)


def test_an_empty_text(folder: KnowledgeFolder) -> None:
    head, _, _ = folder.text(BUY).rpartition("---\n")
    folder.write(BUY, f"{head}---\n\n")

    folder.finds(BUY, "teksten er tom", at=12)


def test_an_empty_translation(folder: KnowledgeFolder) -> None:
    head, _, _ = folder.text(RENT_EN).rpartition("---\n")
    folder.write(RENT_EN, f"{head}---\n## Tynset\n\nOnly this.\n")

    folder.finds(RENT_EN, "oversettelsen er tom", at=6)


def test_a_section_for_an_unknown_municipality(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "## Tynset", "## Trondheim")

    folder.finds(RENT, "«## Trondheim» er ingen kommune her", at="## Trondheim")


def test_a_section_twice(folder: KnowledgeFolder) -> None:
    folder.change(RENT, "Ring kommunen på 62 48 50 00.", "Ring.\n\n## Os\n\nSpør.\n\n##  Tynset\n\nIgjen.")

    folder.finds(RENT, "«## Tynset» står to ganger", at="##  Tynset")


@pytest.mark.parametrize("name", ["housing/gone.nn.md", "housing/gone.questions.txt"])
def test_files_whose_original_is_missing(folder: KnowledgeFolder, name: str) -> None:
    folder.write(name, folder.text(RENT_NN))

    folder.finds(name, "hører til «housing/gone», som ikke finnes", at=1)


@pytest.mark.parametrize("name", ["housing/rent-home.nb.md", "housing/rent-home.EN.md", "housing/rent-home.old.en.md"])
def test_a_translation_into_no_language(folder: KnowledgeFolder, name: str) -> None:
    folder.write(name, folder.text(RENT_EN))

    folder.finds(name, "er ikke et språk", at=1)
    assert folder.read().knowledge.entries["housing/rent-home"].title("nb") == "Leie bolig"


def test_a_question_that_is_too_long(folder: KnowledgeFolder) -> None:
    folder.write(RENT_QUESTIONS, "Kort?\n" + "x" * 401 + "\n" + "y" * 400 + "\n")

    folder.finds(RENT_QUESTIONS, "over 400 tegn", at=2)
    assert len(folder.read().knowledge.entries["housing/rent-home"].questions) == 2


def test_a_facts_file_that_is_no_list(folder: KnowledgeFolder) -> None:
    folder.write("facts/os.yaml", "id: os-housing-01\n")

    folder.finds("facts/os.yaml", "en liste av opplysninger", at=1)


def test_a_fact_twice(folder: KnowledgeFolder) -> None:
    text = folder.text("facts/tynset.yaml")
    folder.write("facts/tynset.yaml", text + text.partition("\n- id")[0] + "\n")

    folder.finds("facts/tynset.yaml", "«tynset-housing-01» står to ganger", at=45)


def test_a_municipality_file_that_is_missing(folder: KnowledgeFolder) -> None:
    folder.remove(TYNSET)

    folder.finds(TYNSET, "filen finnes ikke", at=1)


def test_a_folder_in_the_place_of_a_file(folder: KnowledgeFolder) -> None:
    folder.remove(RENT)
    (folder.path / RENT).mkdir()

    folder.finds(RENT, "filen kan ikke leses", at=1)


def test_the_digest_follows_what_the_matcher_learns_from(folder: KnowledgeFolder) -> None:
    before = folder.read().knowledge.digest
    folder.change(RENT, "Spør også kommunen.", "Spør gjerne kommunen.")
    assert folder.read().knowledge.digest == before

    folder.write(RENT_QUESTIONS, "Et nytt spørsmål\n")
    assert folder.read().knowledge.digest != before


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.sampled_from([RENT, RENT_EN, RENT_QUESTIONS, TYNSET, "facts/tynset.yaml", "words/trades.yaml"]),
    content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")),
)
def test_whatever_stands_in_a_file_the_others_are_read(folder: KnowledgeFolder, name: str, content: bytes) -> None:
    before = (folder.path / name).read_bytes()
    folder.write(name, content)
    folder.check()

    assert "housing/buy-home" in folder.read().knowledge.entries
    folder.write(name, before)
