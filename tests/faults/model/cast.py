"""Who plays in the stories, and what has happened before they begin."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.desk import Via
from bot.desk.preferences import Chosen
from bot.leads.model import Card, Host, Preferences
from bot.telegram.pretend import User
from bot.telegram.pretend.people import FIRST_USER_ID
from tests.faults.model import store
from tests.world import Person, World, world

MOVERS = ("Monatest", "Miatest", "Arnetest")
STRANGER = "Siritest"
#: Hosts in Telegram and where they are; those of Tolga have a group.
READERS = (("Hildetest", "tynset"), ("Haraldtest", "tynset"), ("Grotest", "tolga"), ("Geirtest", "tolga"))
COORDINATOR = "Karitest"
#: The host of Røros has a mailbox and a browser. Harald stands in for her.
CLERK, EMAIL, STAND_IN = "Runatest", "runa@kommune.example", "Haraldtest"
#: Who wants a summary in the morning; more would only cost time.
SUMMARIES = ("Hildetest", CLERK)
#: Where a lead can go; Alvdal has only the coordinator.
PLACES = ("tynset", "roros", "tolga", "alvdal")


class Mover(Person):
    """Somebody who has secrets, and may wish to be forgotten."""

    def __init__(self, world: World, user: User) -> None:
        super().__init__(world, user)
        self._number = 0
        #: How many leads were sent off.
        self.sent = 0
        #: What was told in questions, what to a host, and what was told before everything was to be forgotten.
        self.asked: list[str] = []
        self.told: list[str] = []
        self.forgotten: list[str] = []
        #: Since when there is nothing to be known of this mover: how many messages had left by then.
        self.gone_since: int | None = None

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def secrets(self) -> list[str]:
        return [self.name, *self.asked, *self.told, *self.forgotten]

    def goes_on(self, asked: Sequence[str], told: Sequence[str]) -> None:
        """Somebody who was sent off as a lead, and told that, before the story begins."""
        self.sent, self.asked, self.told, self._number = 1, [*asked], [*told], len(asked) + len(told)

    def asks(self) -> str:
        """Something that only a question holds."""
        self.asked.append(self._secret("spurt"))
        return self.asked[-1]

    def confides(self) -> str:
        """Something that is meant for a host."""
        self.told.append(self._secret("sagt"))
        return self.told[-1]

    def is_gone(self, left: int) -> None:
        """From now on nothing of what was told may be found."""
        self.forgotten += self.told
        self.asked, self.told, self.gone_since = [], [], left

    def _secret(self, kind: str) -> str:
        self._number += 1
        return f"{kind}{self.user.id % 10}x{self._number}y"


@dataclass(frozen=True, slots=True)
class Beginning:
    """A folder to be copied for each story: Mona's lead in Tynset is new, Mia's in Røros and Arne's in Tolga are taken.

    Of each mover what was asked, and what was told to the host.
    """

    folder: Path
    group: int
    clerk: int
    secrets: tuple[tuple[list[str], list[str]], ...]


@cache
def beginning() -> Beginning:
    folder = Path(tempfile.mkdtemp(prefix="flytthit-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    found = asyncio.run(_begins(folder))
    store.keep_history(folder / "flytthit.sqlite")
    return found


def people(world: World) -> tuple[list[Mover], list[Person], Person]:
    """Movers, hosts and coordinator in Telegram, and the stranger."""
    names = (*MOVERS, STRANGER, *(name for name, _ in READERS), COORDINATOR)
    users = [world.telegram.user(name, id=FIRST_USER_ID + number) for number, name in enumerate(names)]
    movers = [Mover(world, user) for user in users[: len(MOVERS)]]
    return movers, [Person(world, user) for user in users[len(MOVERS) + 1 :]], Person(world, users[len(MOVERS)])


async def _begins(folder: Path) -> Beginning:
    async with world(folder) as opened:
        for name in (*MOVERS, STRANGER):
            opened.telegram.start(opened.mover(name).user)
        await opened.settle()
        hosts = [await opened.host(place, name) for name, place in READERS]
        await opened.coordinator(COORDINATOR)
        group = opened.telegram.group("Vertene i Tolga", *(host.user for host in hosts[2:]))
        opened.telegram.add_bot(group, hosts[2].user)
        await opened.settle()
        clerk = await _clerk_comes(opened)
        movers = people(opened)[0]
        _, mia, arne = movers
        for mover, place in zip(movers, PLACES, strict=False):
            await mover.says(f"Er det noe å leie? {mover.asks()}")
            await mover.says(f"/vert {place}")
            await mover.says("ja")
        answered = await opened.house.desk.answer(mia.reference, "Velkommen", clerk, opened.clock())
        assert answered.done
        await opened.settle()
        await mia.says(mia.confides())
        await hosts[2].says(f"/ta {arne.reference}")
        return Beginning(folder, group, clerk.host_ids[0], tuple((mover.asked, mover.told) for mover in movers))


async def _clerk_comes(opened: World) -> Via:
    desk, now = opened.house.desk, opened.clock()
    told, clerk = await desk.join(await desk.invite("host", "roros", now, EMAIL), Via(name=CLERK), now)
    assert told.done and clerk is not None
    mine = await desk.office.mine(Via(host_ids=(clerk.id,)), now)
    assert mine is not None
    ids = {host.name: host.id for host in (*mine.others, clerk)}
    for host in (*mine.others, clerk):
        stand_in = ids[STAND_IN] if host == clerk else None
        wanted = Preferences(stand_in=stand_in, morning_summary=host.name in SUMMARIES)
        assert (await desk.office.choose(_chosen(host, wanted), Via(host_ids=(host.id,)), now)).done
    await opened.settle()
    return Via(host_ids=(clerk.id,))


def _chosen(host: Host, wanted: Preferences) -> Chosen:
    return Chosen(host.name, host.language, Card(), wanted)
