"""What points to a person is covered; years and prices stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.masking import holds_identity_number, mask

COVERED = {
    "a mobile in groups": "912 34 567",
    "a mobile in one": "91234567",
    "a telephone in pairs": "62 48 50 00",
    "with country code": "+47 912 34 567",
    "with country code in one": "+4791234567",
    "with zeros for it": "0047 912 34 567",
    "with no-break spaces": "912\u00a034\u00a0567",
    "with two spaces": "912  34  567",
    "with brackets": "(912) 34 567",
    "with hyphens": "912-34-567",
    "a Polish mobile with country code": "+48 501 234 567",
    "a German one": "+49 151 23456789",
    "an account": "1234 56 78903",
    "an account with dots": "1234.56.78903",
    "a national identity number": "010190 12345",
    "a national identity number in one": "01019012345",
    "an address": "mona.prove+flytt@eksempel.example",
    "an address with a subdomain": "mona@post.eksempel.example",
}


@pytest.mark.parametrize("personal", COVERED.values(), ids=COVERED.keys())
@pytest.mark.parametrize("around", ["{}", "Ring meg på {} om hus på Tynset", "tlf.{}, takk", "({})", "«{}»!"])
def test_it_is_covered_wherever_it_stands(personal: str, around: str) -> None:
    masked = mask(around.format(personal))
    assert "[…]" in masked
    digits = "".join(character for character in masked if character.isdigit())
    assert len(digits) < 3 and "eksempel" not in masked, masked


STAYS = {
    "a year": "Er det barnehageplass i 2027?",
    "two years": "Planen for 2025-2028 på Røros",
    "two years with a slash": "skoleåret 2026/2027",
    "a price": "Hus til 2 500 000 kroner på Tynset?",
    "a price with dots": "opp til 3.500.000 kr",
    "a rent": "Er 12 500 i måneden vanlig?",
    "a post code": "2500 Tynset",
    "an emergency number": "Når ringer jeg 116 117?",
    "a distance": "106 kilometer, 3 barn og 2 hunder",
    "a road": "E6 og fylkesvei 30",
    "no number at all": "Hva med @ og + og -?",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_what_points_to_nobody_stays(text: str) -> None:
    assert mask(text) == text


def test_the_words_around_stay_as_they_were() -> None:
    masked = mask("Hei, jeg heter Mona, 912 34 567, mona@eksempel.example. Finnes det hus i 2027?")
    assert masked == "Hei, jeg heter Mona, […], […]. Finnes det hus i 2027?"


def test_masking_twice_changes_nothing() -> None:
    once = mask("912 34 567 og 1234.56.78903")
    assert mask(once) == once


def test_eleven_digits_are_known_as_an_identity_number() -> None:
    assert holds_identity_number("Fødselsnummeret mitt er 010190 12345")
    assert not holds_identity_number("Ring 912 34 567")


@settings(deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    mask(text)


@pytest.mark.parametrize(
    "evil", ["1" * 4096, "1 " * 2048, "a@" * 2048, "a." * 2048 + "@", "+" * 4096, "1-" * 2048 + "x"]
)
def test_no_text_makes_it_slow(evil: str) -> None:
    """Patterns that look back and forth could take minutes; the timeout of the whole suite would tell."""
    mask(evil)
