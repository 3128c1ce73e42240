"""Which municipality a line names: spellings, villages, traps and places elsewhere."""

from __future__ import annotations

import pytest

from bot.knowledge.model import Knowledge
from bot.matching import TrainedMatcher
from bot.matching.places import Gazetteer, common_words

NAMED = {
    "Hvordan er det i Tynset?": ("tynset",),
    "jobb på røros": ("roros",),
    "ROROS": ("roros",),
    "bolig i rorøs": ("roros",),
    "tynnset barnehage": ("tynset",),
    "hus til leie foldal": ("folldal",),
    "Rendalens skoler": ("rendalen",),
    "Er det butikk i Tufsingdalen?": ("os",),
    "E det fiber ti Tylldala?": ("tynset",),
    "hytte på Savalen": ("tynset",),
    "Hus i Vingelen": ("tolga",),
    "æ e frå Haltdal'n": ("holtalen",),
    "skole i Ålen": ("holtalen",),
    "Holtaalen kommune": ("holtalen",),
    "Jeg vil flytte til Os": ("os",),
    "bytte lege til os": ("os",),
    "leilighet os": ("os",),
    "Os eller Tolga?": ("os", "tolga"),
    "lang tids leie os i østerdalen": ("os",),
    "Fra Oslo til Folldal": ("folldal",),
    "buss mellom Alvdal og Tynset": ("alvdal", "tynset"),
    "What is Alvdal like?": ("alvdal",),
    # nothing of ours
    "Når går Rørosbanen?": (),
    "Hva koster et hus i Os utenfor Bergen?": (),
    "cheap hotel Tolga Algeria": (),
    "Can you help os": (),
    "Kan I hjælpe os med at flytte?": (),
    "vi er to som vil bo hos os selv": (),
    "kan dere hjelpe os": (),
    "tips til mat": (),
    "Kan jeg vaske et Røros-pledd i maskina?": (),
    "jobb i Oslo": (),
}
ELSEWHERE = {"leilighet Majorstua": "majorstua", "Fra Oslo til Folldal": "oslo", "jobb i Trondheim": "trondheim"}


@pytest.fixture(scope="module")
def gazetteer(knowledge: Knowledge) -> Gazetteer:
    return Gazetteer.build(knowledge, common_words(knowledge))


@pytest.mark.parametrize(("line", "expected"), NAMED.items())
def test_names_the_municipalities(gazetteer: Gazetteer, line: str, expected: tuple[str, ...]) -> None:
    assert set(gazetteer.find(line).municipalities) == set(expected)


@pytest.mark.parametrize(("line", "place"), ELSEWHERE.items())
def test_names_places_elsewhere(gazetteer: Gazetteer, line: str, place: str) -> None:
    assert place in gazetteer.find(line).outside


def test_danish_us_is_no_place(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("kom til os", foreign_us=True).municipalities == ()
    assert gazetteer.find("kom til Os", foreign_us=True).municipalities == ("os",)


def test_what_a_word_says_besides_its_place_is_kept(matcher: TrainedMatcher) -> None:
    line = matcher.senses.read("Når er Rørosmartnan?")
    assert line.places.municipalities == ("roros",)
    assert line.wording.words[-2:] == ("stedher", "martnan")
    verdict = matcher.understand("rørosmartnan")
    assert (verdict.matches[0].entry, verdict.municipality) == ("community/culture-and-festivals", "roros")
