"""Three movers from the first word to the receipt: what they meet, and how many screens and taps it takes."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.leads.working_time import OSLO
from tests.world import Person, World


class Counted:
    """A mover whose words and taps are counted; docs/conversations.md tells the figures."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.words = self.taps = 0

    @property
    def screens(self) -> int:
        return len(self.person.from_bot())

    async def says(self, text: str) -> None:
        self.words += 1
        await self.person.says(text)

    async def presses(self, label: str) -> None:
        self.taps += 1
        await self.person.presses(label)


async def test_a_nurse_with_husband_and_children_at_half_past_ten_at_night(world: World) -> None:
    world.clock.now = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)  # 22.30 in Tynset
    host = await world.host("tynset", "Hilde Prøve")
    mona = Counted(world.mover("Mona Prøve"))
    await mona.says("Er det jobb for en sykepleier på Tynset?")
    mona.person.sees_entry("jobs/healthcare-jobs")
    await mona.says("Mannen min er elektriker, og vi har barn på 10 og 13 år. Hvordan er skolen der?")
    assert "verten i Tynset tar kontakt" in mona.person.last.text, "warm by now"
    await mona.says("Vi vil gjerne flytte til sommeren. Er det noe å leie på Tynset?")
    mona.person.sees_entry("housing/rent-home")
    assert "tar kontakt" not in mona.person.text, "offered once"
    await mona.presses("Snakk med verten")
    for filled in ("partner, barn (10 og 13 år)", "sykepleier, elektriker", "Når: til sommeren"):
        assert filled in mona.person.text
    await mona.presses("Ja, send")
    assert "senest fredag 27. november" in mona.person.text, "a night counts from the next working day"
    assert "barn" not in host.last.text, "the night is the host's own"
    await world.is_now(datetime(2026, 11, 25, 8, tzinfo=OSLO))
    told = next(message.text for message in host.from_bot() if "Ny henvendelse" in message.text)
    assert "barn (10 og 13 år)" in told and "Mona" not in told
    assert (mona.words, mona.taps) == (3, 2)
    assert mona.screens <= 7


async def test_a_german_couple_in_english(world: World) -> None:
    await world.host("roros", "Rune Prøve")
    anna = Counted(world.mover("Anna Prøve", "de"))
    await anna.says("Hello, we are a couple from Germany and want to move to Røros next summer.")
    await anna.says("How do we register as EU citizens?")
    anna.person.sees_entry("moving/eu-registration", "en")
    await anna.says("Can I talk to a person about jobs?")
    assert "When: next summer" in anna.person.text
    await anna.says("yes")
    assert "The host in Røros" in anna.person.text
    (lead,) = await world.leads()
    assert "from_abroad" in lead.wishes.groups
    assert lead.language == "en"
    assert (anna.words, anna.taps) == (4, 0), "everything can be typed"


async def test_a_returner_in_dialect(world: World) -> None:
    await world.host("tolga", "Tove Prøve")
    per = Counted(world.mover("Per Prøve"))
    await per.says("æ vaks opp i Vingelen og tenke på å flytte heim att")
    per.person.sees_entry("region/return-home")
    await per.says("finns det nå hus å få kjøpt der?")
    await per.presses("Snakk med verten")
    assert "verten i Tolga" in per.person.text, "Vingelen lies in Tolga"
    await per.presses("Ja, send")
    (lead,) = await world.leads()
    assert lead.municipality == "tolga"
    assert "returners" in lead.wishes.groups
    assert (per.words, per.taps) == (2, 2)
