"""References: short enough for the telephone, no letters that are mistaken for digits."""

from __future__ import annotations

import secrets

import pytest

from bot.leads.references import ALPHABET, LENGTH, PATTERN, find, reference
from tests.world import shipped_mind


def test_the_alphabet_has_nothing_that_is_mistaken_for_something_else() -> None:
    assert set("0O1IL") & set(ALPHABET) == set()
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert ALPHABET.upper() == ALPHABET


def test_every_municipality_has_a_prefix_of_its_own() -> None:
    slugs = shipped_mind().knowledge.municipalities
    prefixes = [reference(slug, "abcd").partition("-")[0] for slug in slugs]
    assert len(set(prefixes)) == len(prefixes) == 8
    assert {"TYN", "OS"} <= set(prefixes) and "REG" not in prefixes


def test_who_is_not_sure_where_gets_the_regions() -> None:
    assert reference(None, "abcd").startswith("REG-")


def test_every_reference_that_is_made_is_found_again() -> None:
    slugs = [*shipped_mind().knowledge.municipalities, None]
    for _ in range(200):
        made = reference(secrets.choice(slugs), secrets.token_hex(8))
        assert PATTERN.fullmatch(made) and len(made.partition("-")[2]) == LENGTH
        assert find(f"Gjelder {made.lower()}, takk") == made


def test_tokens_that_differ_make_references_that_differ() -> None:
    """Our tokens are hexadecimal: each of the sixteen digits must come out as a letter of its own."""
    assert len({reference("tynset", digit * 4) for digit in "0123456789abcdef"}) == 16


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TYN-7F3K", "TYN-7F3K"),
        ("svar os-2222 hei", "OS-2222"),
        ("(REG-ABCD)", "REG-ABCD"),
        ("TYN-7F3K og ROR-2345", "TYN-7F3K"),
        ("TYN-7F3", None),
        ("TYN-7F3KX", None),
        ("TYN-0F3K", None),
        ("TYN-7FIK", None),
        ("T-7F3K", None),
        ("TYNS-7F3K", None),
        ("TYN 7F3K", None),
        ("", None),
        ("🏔", None),
    ],
)
def test_the_first_reference_in_a_text_is_found(text: str, found: str | None) -> None:
    assert find(text) == found
