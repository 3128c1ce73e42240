"""Several replicas, one piece of work: a lead gets one owner, a due time one reminder, a morning one summary.

`make test` makes 108 claims on leads, FAULTS=full 5,000, with replicas killed on the way.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.desk import Via
from bot.leads.model import Host, Lead
from bot.storage import hosts
from bot.storage.tables import LeadLogRow
from tests.faults.replicas import FULL, Replicas, replicas, told
from tests.postgres import server
from tests.world import Person, World

CROWDS = [(2, False), (2, True), (4, False), (4, True)] if FULL else [(2, True), (4, False)]
#: Hosts who press, who type, and who have only a browser.
PRESSING, TYPING, BROWSING = (4, 4, 2) if FULL else (2, 2, 2)
LEADS = 125 if FULL else 9


@pytest.fixture
async def url() -> str:
    return await server().fresh()


@pytest.mark.parametrize(("number", "dying"), CROWDS)
async def test_each_lead_gets_one_owner_and_the_others_hear_who_it_is(
    tmp_path: Path, url: str, number: int, dying: bool
) -> None:
    async with replicas(tmp_path, url) as crowd:
        chatting = [await crowd.world.host("tynset", f"Vert {each}") for each in range(PRESSING + TYPING)]
        browsing = [await _browser_host(crowd.world, each) for each in range(BROWSING)]
        movers = [crowd.world.mover(f"Mona {each}") for each in range(LEADS)]
        leads = await _send_leads(crowd.world, movers)

        await crowd.start(number)
        crowd.die_each(LEADS * len(chatting) if dying else 0)
        in_browsers = await _all_claim(crowd, leads, chatting, browsing)
        await crowd.settle()

        assert bool(crowd.killed) == dying
        all_told = await told(crowd.world)
        assert dying or not all_told.copies()
        said = {person.user.name: Counter(all_told.texts(person)) for person in (*chatting, *movers)}
        names = {host.id: host.name for host in await _hosts(crowd.world)}
        for lead in await crowd.world.leads():
            owner = names[lead.taken_by or 0]
            for person in chatting:
                _knows(said[person.user.name], lead.reference, owner, person.user.name == owner)
            for host in browsing:
                done, words = in_browsers[host.id, lead.reference]
                assert (done, words.startswith(f"{lead.reference} er tatt av {owner}.")) == (
                    host.name == owner,
                    host.name != owner,
                )
            told_so = [words for words in said[lead.mover_name].elements() if "har tatt saken din" in words]
            assert [words.startswith(f"{owner} har tatt") for words in told_so] == [True]
        assert await _logged(crowd.world, "taken") == {lead.reference: 1 for lead in leads}


def _knows(said: Counter[str], reference: str, owner: str, is_owner: bool) -> None:
    """To the owner it is said once that it is theirs, to each of the others once as the answer and once as news."""
    mine = sum(words.startswith(f"Du har tatt {reference}.") for words in said.elements())
    others = (said[f"{reference} er tatt av {owner}."], said[f"{owner} har tatt {reference}."])
    assert (mine, others) == ((1, (0, 0)) if is_owner else (0, (1, 1))), (reference, owner)


async def _send_leads(world: World, movers: list[Person]) -> list[Lead]:
    for words in ("/vert tynset", "ja"):
        for mover in movers:
            world.telegram.say(mover.user, words)
        await world.settle()
    return await world.leads()


async def _all_claim(
    crowd: Replicas, leads: list[Lead], chatting: list[Person], browsing: list[Host]
) -> dict[tuple[int, str], tuple[bool, str]]:
    """Everybody claims every lead, one after the other; what browsers were told, by host and lead.

    Browsers begin at the end, since they are served at once and would have all before a chat has its first.
    """
    telegram, desk, clock = crowd.world.telegram, crowd.world.house.desk, crowd.world.clock
    answers: dict[tuple[int, str], tuple[bool, str]] = {}
    for number, person in enumerate(chatting):
        offers = {button.callback_data: message for message in person.from_bot() for button in message.buttons}
        for lead in leads:
            data = f"1:ht:{lead.reference}"
            if number < PRESSING:
                telegram.press(person.user, offers[data].id, data)
            else:
                telegram.say(person.user, f"/ta {lead.reference}")

    async def browse(host: Host) -> None:
        for lead in reversed(leads):
            answer = await desk.take(lead.reference, Via(host_ids=(host.id,)), clock())
            answers[host.id, lead.reference] = answer.done, answer.replies[0].html

    await asyncio.gather(crowd.hear(), *(browse(host) for host in browsing))
    return answers


async def _browser_host(world: World, number: int) -> Host:
    async with world.house.database.transaction() as session:
        host = Host(0, "host", f"Leser {number}", "tynset", None, "nb", email=f"leser{number}@kommune.example")
        return await hosts.add(session, host, world.clock())


async def _hosts(world: World) -> tuple[Host, ...]:
    async with world.house.database.reading() as session:
        return await hosts.active(session)


async def _logged(world: World, action: str) -> Counter[str]:
    async with world.house.database.reading() as session:
        rows = await session.exec(select(LeadLogRow.reference).where(col(LeadLogRow.action) == action))
        return Counter(rows.all())
