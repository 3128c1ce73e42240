"""No two turns overwrite each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.dialogue.model import Conversation, Draft
from bot.leads.model import Asked, Wishes
from bot.matching.verdict import Context
from bot.storage import conversations
from bot.storage.conversations import Outdated
from bot.storage.engine import Database

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ASKED = Asked("housing/rent-home", "Er det noe å leie?", NOW, "tynset")
FULL = Conversation(
    chat_id=5_204_881_301,
    first_name="Mona Prøve 🏔",
    language="nn",
    language_chosen=True,
    municipalities=("tynset", "os"),
    context=Context("housing/rent-home", ("tynset",)),
    asked=(ASKED,),
    draft=Draft("aaaa1111", NOW, ("tynset",), (ASKED,), Wishes(when="til sommeren", contact_way="phone"), "place"),
    partner="TYN-7F3K",
    campaign="plakat-2026",
    offered=(("Temaer", "1:T:"),),
    last_seen=NOW,
)


async def _save(database: Database, conversation: Conversation, version: int) -> None:
    async with database.transaction() as session:
        await conversations.save(session, conversation, version)


async def _load(database: Database, chat_id: int = FULL.chat_id) -> tuple[Conversation | None, int]:
    async with database.reading() as session:
        return await conversations.load(session, chat_id)


async def test_all_of_it_comes_back_as_it_was(database: Database) -> None:
    await _save(database, FULL, 0)
    assert await _load(database) == (FULL, 1)


async def test_somebody_new_has_none(database: Database) -> None:
    assert await _load(database, 4) == (None, 0)


async def test_who_decided_on_an_older_version_must_decide_again(database: Database) -> None:
    await _save(database, FULL, 0)
    await _save(database, replace(FULL, language="en"), 1)
    with pytest.raises(Outdated):
        await _save(database, replace(FULL, language="nb"), 1)
    loaded, version = await _load(database)
    assert loaded is not None and (loaded.language, version) == ("en", 2)


async def test_two_first_turns_cannot_both_be_first(database: Database) -> None:
    await _save(database, FULL, 0)
    with pytest.raises(Outdated):
        await _save(database, replace(FULL, language="en"), 0)


async def test_a_turn_on_what_was_deleted_meanwhile_is_outdated(database: Database) -> None:
    with pytest.raises(Outdated):
        await _save(database, FULL, 3)
