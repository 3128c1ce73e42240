"""Who is told of a lead, and who may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.leads.cards import list_line, taken_card
from bot.leads.model import Asked, Host, Lead
from bot.leads.notices import local, new_lead
from bot.leads.routing import may_see, recipients

TYNSET = Host(1, "host", "Hilde Prøve", "tynset", 11)
STAND_IN = Host(2, "host", "Arne Prøve", "tynset", 12)
ROROS = Host(3, "host", "Rune Prøve", "roros", 13)
COORDINATOR = Host(4, "coordinator", "Kari Prøve", None, 14)
EVERYBODY = (TYNSET, STAND_IN, ROROS, COORDINATOR)

ROUTES: dict[str, tuple[str | None, tuple[Host, ...], tuple[Host, ...]]] = {
    "the municipality's hosts": ("tynset", EVERYBODY, (TYNSET, STAND_IN)),
    "no host there: the coordinator": ("os", EVERYBODY, (COORDINATOR,)),
    "not sure where: the coordinator": (None, EVERYBODY, (COORDINATOR,)),
    "not sure where, no coordinator": (None, (TYNSET, ROROS), ()),
    "a host elsewhere only": ("os", (TYNSET,), ()),
    "nobody at all": ("tynset", (), ()),
    "a host and no coordinator": ("tynset", (TYNSET,), (TYNSET,)),
    "two coordinators": ("os", (COORDINATOR, replace(COORDINATOR, id=5)), (COORDINATOR, replace(COORDINATOR, id=5))),
}


@pytest.mark.parametrize(("place", "hosts", "told"), ROUTES.values(), ids=ROUTES.keys())
def test_a_lead_goes_to(place: str | None, hosts: tuple[Host, ...], told: tuple[Host, ...]) -> None:
    assert recipients(place, hosts) == told


@pytest.mark.parametrize(
    ("host", "place", "may"),
    [
        (TYNSET, "tynset", True),
        (TYNSET, "roros", False),
        (TYNSET, None, False),
        (COORDINATOR, "tynset", True),
        (COORDINATOR, None, True),
        (replace(TYNSET, municipality=None), None, False),
    ],
)
def test_who_may_see_it(host: Host, place: str | None, may: bool) -> None:
    assert may_see(host, replace(LEAD, municipality=place)) is may


def test_who_stands_in_may_see_that_lead_and_no_other() -> None:
    assert may_see(ROROS, replace(LEAD, stand_in=ROROS.id))
    assert may_see(ROROS, replace(LEAD, state="taken", taken_by=ROROS.id))
    assert not may_see(ROROS, LEAD)


def test_whoever_is_told_may_see_it() -> None:
    for place in ("tynset", "roros", "os", None):
        for host in recipients(place, EVERYBODY):
            assert may_see(host, replace(LEAD, municipality=place))


NOW = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
LEAD = Lead(
    reference="TYN-7F3K",
    municipality="tynset",
    state="new",
    mover_chat=1,
    mover_name="<b>Mona</b>",
    language="en",
    asked=(Asked("housing/rent-home", "Kan jeg <i>leie</i> & bo?", NOW),),
    created_at=NOW,
)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_notice_holds_no_name_and_no_words_of_the_mover(language: str) -> None:
    host = replace(TYNSET, language=language)
    html = str(new_lead(host, LEAD, "Tynset", "Os", {"housing/rent-home": "Leie bolig"}))
    assert "Mona" not in html and "bo?" not in html and str(LEAD.mover_chat) + "<" not in html
    assert "TYN-7F3K" in html and "Leie bolig" in html and "English" in html


def test_times_are_told_in_oslo() -> None:
    assert local(LEAD.created_at) == "02.07. 00.30"


def test_who_took_it_reads_words_and_name_as_text() -> None:
    html = str(taken_card(TYNSET, LEAD, [("mover", "1 < 2 & <script>"), ("host", "mine egne ord")]))
    assert "&lt;b&gt;Mona&lt;/b&gt;" in html
    assert "Kan jeg &lt;i&gt;leie&lt;/i&gt; &amp; bo?" in html
    assert "1 &lt; 2 &amp; &lt;script&gt;" in html
    assert "mine egne ord" not in html


def test_a_mover_without_a_name_is_called_something() -> None:
    assert "avsenderen" in str(taken_card(TYNSET, replace(LEAD, mover_name=""), []))


@pytest.mark.parametrize(
    ("lead", "state"),
    [
        (LEAD, "ny"),
        (replace(LEAD, state="taken", taken_by=1), "din"),
        (replace(LEAD, state="taken", taken_by=2), "hos Arne Prøve"),
        (replace(LEAD, state="taken", taken_by=99), "hos ?"),
    ],
)
def test_the_list_says_whose_it_is(lead: Lead, state: str) -> None:
    line = str(list_line(TYNSET, lead, {"tynset": "Tynset"}, {host.id: host for host in EVERYBODY}))
    assert state in line and "Tynset" in line and "Mona" not in line
