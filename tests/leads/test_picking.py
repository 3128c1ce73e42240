"""What a line tells of who moves and when, by the real words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.reading import read
from bot.leads.picking import Words, pick, tells


@pytest.fixture(scope="module")
def people() -> Words:
    return read(Path(__file__).parents[2] / "knowledge").knowledge.words.people


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("Kan vi flytte i august?", "i august"),
        ("can we move in August", "in august"),
        ("vi tenker oss dit i 2028", "i 2028"),
        ("helst til sommeren", "til sommeren"),
        ("Er det jobb? Vi kommer over jul", "over jul"),
        ("Finnes det bolig om et halvt år?", "om et halvt år"),
        ("noe ledig fra august?", "fra august"),
        ("is it dark in winter", ""),
        ("Hvor kaldt er det i januar?", ""),
        ("Hvor mange bodde på Tynset i 2025?", ""),
        ("hva koster strøm i året", ""),
    ],
)
def test_when_is_picked_up_where_it_is_when_somebody_moves(people: Words, line: str, when: str) -> None:
    assert pick(line, people, ()).when == when


@pytest.mark.parametrize(
    ("line", "household", "ages"),
    [
        ("vi er to voksne og to barn", ("adults", "children"), ()),
        ("kona mi og jeg og en 5-åring", ("partner", "children"), (5,)),
        ("me and my husband, kids aged 4 and 7", ("partner", "children"), (4, 7)),
        ("æ e åleine med hund", ("animals", "alone"), ()),
        ("vi er fire", ("several",), ()),
        ("et par med to hunder og en unge på 4", ("animals", "children"), (4,)),
        ("Vi har jenter på fire, seks og 11", ("children",), (4, 6, 11)),
        ("me har ein gut på sju, og ei jente på 3 år", ("children",), (7, 3)),
        ("two kids (6 and 9), my husband is a carpenter", ("partner", "children"), (6, 9)),
        ("Sønnen min på 9 trenger oppfølging", ("children",), (9,)),
        ("ei jente på 8 månader", (), ()),
        ("2 barn 3 voksne", ("children",), ()),
        ("a son aged four", ("children",), (4,)),
        ("barna går på to skoler, barn på to skoler", ("children",), ()),
        ("vi har barn og flytter om 2 år", ("children",), ()),
        ("jeg er en gutt på 25", (), ()),
        ("hva koster et hus", (), ()),
    ],
)
def test_who_moves(people: Words, line: str, household: tuple[str, ...], ages: tuple[int, ...]) -> None:
    found = pick(line, people, ())
    assert (found.household, found.ages) == (household, ages)


def test_telling_is_not_asking(people: Words) -> None:
    for line in ("Vi er fire", "meg og kona", "Eg har to born", "æ e frå Bodø", "I'm alone with two kids"):
        assert tells(line, people), line
    for line in ("vi er fire?", "vi er fire og lurer på skole", "jeg har barn, er det plass", "barnehage på Os", ""):
        assert not tells(line, people), line
