"""What a mover takes along also holds what is kept beside the lead: the thread, hosts' notes, who looked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.inbox.visitor import joined
from tests.world import Person, World


def _documents(mover: Person) -> dict[str, str]:
    found: dict[str, str] = {}
    for message in mover.replies:
        document: Any = message.body.get("document")
        if document:
            upload = mover.world.telegram.file(document["file_id"])
            assert upload is not None
            found[document["file_name"]] = upload.content.decode()
    return found


@pytest.mark.parametrize("way", ["command", "press", "typed"])
async def test_the_file_holds_thread_notes_and_who_looked(world: World, way: str) -> None:
    host = await joined(world)
    mover = world.mover("Mona Prøve")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.opens(f"/inbox/lead/{mover.reference}")
    await host.presses("Ta saken")
    await host.presses("Lagre notatet", text="Virker hyggelig")
    await host.follows("Svar")
    await host.presses("Send til", text="Velkommen hit")
    await mover.says("/mine")
    if way == "command":
        await mover.says("/ta_med")
    elif way == "press":
        await mover.presses("Ta med alt")
    else:
        await mover.says("Ta med alt")
    files = _documents(mover)
    (kept,) = json.loads(files["flytt-hit.json"])["threads, notes and log of each lead"]
    assert [(line["by"], line["what"]) for line in kept["thread"]] == [("Hilde Prøve", "Velkommen hit")]
    assert [(line["by"], line["what"]) for line in kept["notes"]] == [("Hilde Prøve", "Virker hyggelig")]
    assert {"looked", "taken", "noted", "answered"} <= {line["what"] for line in kept["log"]}
    assert "Virker hyggelig" in files["flytt-hit.txt"]


async def test_nobody_elses_lead_is_in_it(world: World) -> None:
    await joined(world)
    mover, other = world.mover("Mona Prøve"), world.mover("Olga Prøve")
    for person in (mover, other):
        await person.says("/vert tynset")
        await person.presses("Ja, send")
    await other.says("Noe bare Olga vet")
    await mover.says("/ta_med")
    assert all("Olga" not in content and other.reference not in content for content in _documents(mover).values())
