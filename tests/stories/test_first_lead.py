"""From the first word to the host's answer and back, as it looks in the chat."""

from __future__ import annotations

from collections.abc import Mapping

from bot.telegram.pretend import Fault, Plan
from tests.world import World


async def test_a_mover_becomes_a_lead_and_gets_the_hosts_answer(world: World) -> None:
    host = await world.host("tynset", "Hilde Prøve")
    mover = world.mover("Mona Prøve")
    await mover.starts()
    await mover.says("Jeg er sykepleier, er det jobb på Tynset?")
    mover.sees_entry("jobs/healthcare-jobs")

    await mover.presses("Snakk med verten")
    assert "Jeg er sykepleier" in mover.text, "the earlier question is listed"
    assert "verten i Tynset" in mover.text
    await mover.presses("Ja, send")
    reference = mover.reference
    assert reference.startswith("TYN-")
    assert "Verten i Tynset har fått beskjed" in mover.text

    assert reference in host.last.text
    assert "Mona" not in host.last.text, "a notice never holds the name"
    assert "sykepleier," not in host.last.text, "nor the mover's words"

    await host.presses("Ta saken")
    assert "Jeg er sykepleier" in host.last.text, "who took it reads what was asked"
    assert "Hilde Prøve har tatt saken" in mover.last.text

    await host.presses("Svar")
    await host.says("Hei, ring avdelingen, de <b>trenger</b> folk & ferievikarer.")
    assert "<b>trenger</b> folk & ferievikarer" in mover.last.text, "shown as text"
    assert await mover.remembered() == reference

    await mover.says("Takk! Kan jeg ringe i morgen?")
    assert "Kan jeg ringe i morgen?" in host.last.text

    await host.says("Ja, etter ti.", reply_to=host.last)
    assert "Ja, etter ti." in mover.last.text

    await host.presses("Avslutt")
    await host.presses("Fikk svar")
    assert "avsluttet" in mover.from_bot()[-2].text
    (lead,) = await world.leads()
    assert (lead.state, lead.outcome, lead.taken_by is not None) == ("closed", "reached", True)
    assert await mover.remembered() == ""


async def test_who_takes_twice_can_answer_what_comes_back(world: World) -> None:
    host, mover = await world.host("tynset", "Hilde Prøve"), world.mover()
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.presses("Ta saken")
    (lead,) = await world.leads()
    await host.says(f"/ta {lead.reference}")
    assert "Svar på denne meldingen" in host.last.text
    await host.says("Hei, her er jeg", reply_to=host.last)
    assert "Hei, her er jeg" in mover.last.text


async def test_two_hosts_press_at_once_and_one_gets_it(world: World) -> None:
    first, second = await world.host("tynset", "Hilde Prøve"), await world.host("tynset", "Arne Prøve")
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    for host in (first, second):
        world.telegram.press(host.user, host.last.id, host.last.button("Ta saken").callback_data or "")
    await world.settle()
    (lead,) = await world.leads()
    assert lead.state == "taken"
    told = [person.last.text + person.from_bot()[-2].text for person in (first, second)]
    assert sum("Du har tatt" in text for text in told) == 1
    assert sum("er tatt av" in text or "har tatt" in text for text in told) == 2


async def test_without_a_host_the_coordinator_gets_it(world: World) -> None:
    coordinator = await world.coordinator()
    mover = world.mover()
    await mover.says("/vert tolga")
    assert "koordinatoren" in mover.text
    await mover.presses("Ja, send")
    assert "Tolga har ingen vert" in mover.text
    assert mover.reference in coordinator.last.text


async def test_with_nobody_at_all_it_waits_and_promises_nothing(world: World) -> None:
    mover = world.mover()
    await mover.says("/vert alvdal")
    await mover.presses("Ja, send")
    contact = world.house.mind.knowledge.municipalities["alvdal"].contact
    assert "Ingen har tatt på seg dette ennå" in mover.text
    assert contact.phone and contact.phone in mover.text
    (lead,) = await world.leads()
    assert not lead.noticed

    host = await world.host("alvdal", "Hilde Prøve")
    assert any(lead.reference in message.text for message in host.from_bot())
    assert "Nå er det noen som kan svare" in mover.last.text
    (lead,) = await world.leads()
    assert lead.noticed
    await host.presses("Ta saken")
    assert (await world.leads())[0].state == "taken"


async def test_not_sure_where_goes_to_the_coordinator(world: World) -> None:
    await world.host("tynset")
    coordinator = await world.coordinator()
    mover = world.mover()
    await mover.says("/vert")
    await mover.presses("Vet ikke ennå")
    await mover.presses("Ja, send")
    assert mover.reference.startswith("REG-")
    assert mover.reference in coordinator.last.text


async def test_typed_words_do_what_the_buttons_do(world: World) -> None:
    host = await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.says("ja")
    reference = mover.reference
    await host.says(f"/ta {reference}")
    await host.says(f"Svar {reference} Velkommen hit")
    assert "Velkommen hit" in mover.last.text
    await mover.says("Spør assistenten")
    assert await mover.remembered() == ""


async def test_one_question_can_be_taken_out(world: World) -> None:
    await world.host("tynset")
    mover = world.mover()
    await mover.says("Jeg er sykepleier, er det jobb på Tynset?")
    await mover.says("Er det noe å leie på Tynset?")
    await mover.presses("Snakk med verten")
    await mover.presses("Endre noe")
    await mover.presses("Spørsmålene")
    await mover.presses("1. Jeg er sykepleier")
    await mover.presses("Tilbake")
    assert "er det jobb" not in mover.text
    await mover.presses("Ja, send")
    (lead,) = await world.leads()
    assert [asked.text for asked in lead.asked] == ["Er det noe å leie på Tynset?"]


async def test_withdrawing_tells_the_host_by_reference_alone(world: World) -> None:
    host = await world.host("tynset")
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await mover.says("/mine")
    await mover.presses("Trekk")
    assert "trukket" in host.last.text and "Mona" not in host.last.text
    await host.presses("Ta saken")
    assert "trukket" in host.last.text
    assert (await world.leads())[0].state == "withdrawn"


async def test_withdraw_is_typed_without_its_reference_where_there_is_one(world: World) -> None:
    await world.host("tynset")
    await world.host("os", "Arne Prøve")
    mover = world.mover("Mona Prøve")
    for place in ("tynset", "os"):
        await mover.says(f"/vert {place}")
        await mover.presses("Ja, send")
    await mover.says("/mine")
    await mover.says("trekk")
    assert {lead.state for lead in await world.leads()} == {"new"}, "it could mean either"
    await mover.says("/mine")
    await mover.presses("Trekk OS-")
    await mover.says("/mine")
    await mover.says("trekk")
    assert {lead.state for lead in await world.leads()} == {"withdrawn"}


async def test_a_notice_that_may_have_come_is_not_told_again_once_its_lead_is_withdrawn(world: World) -> None:
    host = await world.host("tynset")
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    lost = Plan()
    lost.add("sendMessage", Fault.timeout(), 3)

    def to_host(method: str, given: Mapping[str, object]) -> Fault | None:
        return lost(method, given) if str(given.get("chat_id")) == str(host.user.id) else None

    world.telegram.fault = to_host
    await mover.presses("Ja, send")
    reference = mover.reference
    world.telegram.fault = None
    await mover.says("/mine")
    await mover.presses("Trekk")
    world.clock.move(hours=1)
    await world.settle()
    told = [message.text for message in host.from_bot() if reference in message.text]
    assert len([text for text in told if "trukket" not in text]) == 1, "the copy that had come, and no other"
    assert "trukket" in told[-1]


async def test_an_invitation_works_once_and_for_seven_days(world: World) -> None:
    parameter = await world.house.desk.invite("host", "tynset", world.clock())
    first, second = world.mover("Hilde Prøve"), world.mover("Arne Prøve")
    await first.starts(parameter)
    await second.starts(parameter)
    assert "alt brukt" in second.text
    old = await world.house.desk.invite("host", "os", world.clock())
    world.clock.move(days=8)
    await second.starts(old)
    assert "gått ut" in second.text
    await second.starts("h_rubbish")
    assert "kjenner jeg ikke" in second.text


async def test_nobody_else_can_handle_a_lead(world: World) -> None:
    host, other = await world.host("tynset"), await world.host("roros", "Rune Prøve")
    mover, stranger = world.mover(), world.mover("Siri Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    reference = mover.reference
    await other.starts()
    await other.presses_data(other.last, f"1:ht:{reference}", forged=True)
    assert "finner jeg ikke" in other.text
    await stranger.starts()
    await stranger.presses_data(stranger.last, f"1:ht:{reference}", forged=True)
    assert "for verter" in stranger.text
    assert (await world.leads())[0].state == "new"
    await host.presses("Ta saken")
    await other.says(f"/svar {reference} Hei")
    assert "finner jeg ikke" in other.text
