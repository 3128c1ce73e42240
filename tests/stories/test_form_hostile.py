"""The form while the world changes around it: restarts, languages, hosts who leave, people who are two things."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update
from sqlmodel import col

from bot.dialogue.model import Conversation, Said, Situation
from bot.dialogue.respond import respond
from bot.storage.tables import HostRow
from tests.world import START, World, shipped_mind
from tests.world import world as open_world


async def test_a_draft_survives_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await before.host("tynset")
        mover = before.mover("Mona Prøve")
        await mover.says("/vert tynset")
        await mover.presses("Endre noe")
        await mover.presses("Når")
    async with open_world(tmp_path) as after:
        again = after.mover("Mona Prøve")
        again.user = mover.user
        await again.says("om et halvt år")
        assert "Når: om et halvt år" in again.text
        await again.says("ja")
        assert len(await after.leads()) == 1


async def test_another_language_in_mid_form(world: World) -> None:
    await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    await mover.says("/sprak en")
    await mover.presses("Ja, send")
    (lead,) = await world.leads()
    assert lead.language == "en"
    assert "Your reference is" in mover.text


async def test_a_host_removed_meanwhile_is_promised_nothing_of(world: World) -> None:
    await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    async with world.house.database.transaction() as session:
        await session.exec(update(HostRow).where(col(HostRow.municipality) == "tynset").values(ended_at=START))
    await mover.says("ja")
    assert "Ingen har tatt på seg dette ennå" in mover.text
    (lead,) = await world.leads()
    assert not lead.noticed and lead.promised_on is None


async def test_the_same_yes_in_two_messages_at_once_makes_one_lead(world: World) -> None:
    await world.host("tynset")
    mover = world.mover()
    await mover.says("/vert tynset")
    world.telegram.say(mover.user, "ja")
    world.telegram.say(mover.user, "ja")
    await world.settle()
    assert len(await world.leads()) == 1


async def test_a_mover_who_is_a_host_asks_and_answers_without_mixing(world: World) -> None:
    both = await world.host("tynset", "Hilde Prøve")
    other = await world.host("roros", "Rune Prøve")
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.says("ja")
    await both.presses("Ta saken")
    await both.says("/vert roros")
    await both.says("ja")
    assert both.reference.startswith("ROR-")
    await other.presses("Ta saken")
    await other.says("Hei Hilde", reply_to=other.last)
    await both.says("Hei Rune, jeg vurderer å flytte")
    assert "jeg vurderer å flytte" in other.last.text, "goes to the host that this mover writes to"
    assert "jeg vurderer" not in mover.last.text, "and not to the mover whose host this is"
    notice = next(m for m in both.from_bot() if "Du har tatt TYN" in m.text)
    await both.says("Hei Mona", reply_to=notice)
    assert "Hei Mona" in mover.last.text


async def test_two_people_who_share_a_chat_are_one_mover(world: World) -> None:
    await world.host("tynset")
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.says("ja")
    await mover.says("/vert tynset")
    assert "alt en åpen henvendelse" in mover.text
    assert len(await world.leads()) == 1


def test_a_story_with_several_needs_fits_one_message() -> None:
    mind = shipped_mind()
    text = "Jeg er sykepleier og lurer på om det er jobb på Tynset. Hva koster barnehage? Finnes det noe å leie?"
    turn = respond(Conversation(1), [Said(text)], Situation(), mind.knowledge, mind.matcher, START)
    (verdict,) = [question.verdict for question in turn.questions]
    assert verdict.decision == "answer" and 2 <= len(verdict.matches) <= 3
    assert len(turn.replies[0].html) <= 1200
    more = [b for row in turn.replies[0].buttons for b in row if b.data.startswith("1:e:")]
    assert len(more) == len(verdict.matches), "a button for the rest of each"
