"""/glem leaves nothing of the mover: in no table, and not in the bytes of the files either."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import select

from bot.leads.model import Lead
from bot.storage import consents, leads
from bot.storage.engine import Database
from bot.storage.erasure import forget
from bot.storage.tables import (
    ConsentRow,
    ConversationRow,
    LeadMessageRow,
    LeadRow,
    LeadStatisticRow,
    PseudonymKeyRow,
    metadata,
)
from bot.telegram.pretend import Fault
from tests.world import Person, World

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
#: In plain letters, as JSON in the tables writes others otherwise.
NAME = "Bjarnulf"
WORDS = "hestehage"
LEAD = Lead("TYN-7F3K", "tynset", "new", 5, NAME, "nb", (), NOW)


async def _tell_everything(world: World) -> tuple[Person, Person]:
    """A mover who left traces wherever one can, and the host who answered."""
    host = await world.host("tynset", "Hilde Prøve")
    mover = world.mover(NAME)
    await mover.says("Er det noe å leie på Tynset?")
    await mover.says("/vert tynset")
    await mover.presses("Ja, send")
    await host.presses("Ta saken")
    await host.says("Hei, hva trenger du?", reply_to=host.last)
    await mover.says(f"Jeg trenger {WORDS}")
    return mover, host


async def _forget(mover: Person) -> None:
    await mover.says("/glem")
    await mover.presses("Ja, slett alt")


def _raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("flytthit.sqlite*"))


async def _tables(world: World) -> dict[str, str]:
    async with world.house.database.reading() as session:
        connection = await session.connection()
        return {
            table.name: "\n".join(map(str, (await connection.execute(text(f"SELECT * FROM {table.name}"))).all()))
            for table in metadata.sorted_tables
        }


async def test_no_table_holds_the_movers_id_name_or_words(world: World) -> None:
    mover, _ = await _tell_everything(world)
    traces = (str(mover.user.id), NAME, WORDS)
    before = "\n".join((await _tables(world)).values())
    assert all(trace in before for trace in traces), "or this proves nothing"
    await _forget(mover)
    for table, rows in (await _tables(world)).items():
        assert [trace for trace in traces if trace in rows] == [], (table, rows)


async def test_no_byte_of_the_files_holds_name_or_words(world: World, tmp_path: Path) -> None:
    mover, _ = await _tell_everything(world)
    assert WORDS.encode() in _raw(tmp_path) and NAME.encode() in _raw(tmp_path), "or this proves nothing"
    await _forget(mover)
    raw = _raw(tmp_path)
    for trace in (NAME, WORDS):
        assert trace.encode() not in raw, trace
        assert trace.encode("utf-16-le") not in raw, trace


async def test_what_could_not_be_sent_to_the_host_is_deleted_too(world: World) -> None:
    mover, host = await _tell_everything(world)
    (lead,) = await world.leads()
    world.telegram.fault = lambda method, params: (
        Fault.refused() if str(params.get("chat_id")) == str(host.user.id) else None
    )
    for words in (f"/ta {lead.reference}", f"/svar {lead.reference} Hei igjen", f"/svar {lead.reference}"):
        await host.says(words)
    assert NAME in (await _tables(world))["delivery"], "an answer to the host waits, with the name"
    await _forget(mover)
    assert NAME not in (await _tables(world))["delivery"]
    world.telegram.fault = None
    world.clock.move(minutes=10)
    await world.settle()
    assert "opplysningene er slettet" in host.last.text


async def test_that_a_lead_is_gone_is_told_though_its_mover_is_forgotten_meanwhile(world: World) -> None:
    mover, host = await _tell_everything(world)
    world.telegram.fault = lambda method, params: (
        Fault.refused() if str(params.get("chat_id")) == str(host.user.id) else None
    )
    await mover.says("/mine")
    await mover.presses("Trekk")
    await _forget(mover)
    world.telegram.fault = None
    world.clock.move(minutes=10)
    await world.settle()
    assert "trukket" in host.last.text and NAME not in host.last.text


async def test_what_waits_for_the_morning_is_told_too(world: World) -> None:
    mover, host = await _tell_everything(world)
    world.clock.move(hours=12)
    await mover.says("/mine")
    await mover.presses("Trekk")
    await _forget(mover)
    assert "trukket" not in host.last.text, "nobody is called at night"
    await world.is_now(world.clock() + timedelta(hours=12))
    assert "trukket" in host.last.text and NAME not in host.last.text


async def test_who_may_have_got_a_notice_hears_that_the_lead_is_gone(world: World) -> None:
    """Nobody knows whether it went out, twice; then the mover is forgotten, in the evening."""
    host = await world.host("tynset", "Hilde Prøve")
    mover = world.mover(NAME)
    await mover.says("/vert tynset")
    world.telegram.fault = lambda method, params: (
        Fault.timeout(after_effect=True) if str(params.get("chat_id")) == str(host.user.id) else None
    )
    await mover.presses("Ja, send")
    world.clock.move(minutes=10)
    await world.settle()
    world.telegram.fault = None
    assert [message.text for message in host.from_bot() if "Ny henvendelse" in message.text], "it went out"
    world.clock.move(hours=12)
    await _forget(mover)
    await world.is_now(world.clock() + timedelta(hours=12))
    assert "trukket" in host.last.text


async def test_who_took_a_lead_hears_that_it_is_gone_though_no_message_about_it_arrived(world: World) -> None:
    host = await world.host("tynset", "Hilde Prøve")
    mover = world.mover(NAME)
    await mover.says("/vert tynset")
    world.telegram.fault = lambda method, params: (
        Fault.refused() if str(params.get("chat_id")) == str(host.user.id) else None
    )
    await mover.presses("Ja, send")
    await host.says(f"/ta {mover.reference}")
    world.clock.move(hours=9)
    await _forget(mover)
    world.telegram.fault = None
    assert not [message.text for message in host.from_bot() if mover.reference in message.text]
    await world.is_now(world.clock() + timedelta(hours=15))
    assert [message.text for message in host.from_bot() if f"{mover.reference} er trukket" in message.text]


async def test_the_next_word_begins_anew(world: World) -> None:
    mover, host = await _tell_everything(world)
    await _forget(mover)
    await mover.says("Jeg skriver til deg igjen, er det noe å leie på Tynset?")
    assert all("skriver til deg igjen" not in message.text for message in host.from_bot())
    await mover.says("/mine")
    assert "ingen henvendelser" in mover.text


async def test_a_message_of_the_host_after_it_goes_nowhere(world: World) -> None:
    mover, host = await _tell_everything(world)
    before = next(message for message in host.from_bot() if "trenger" in message.text)
    await _forget(mover)
    count = len(mover.from_bot())
    await host.says("Er du der?", reply_to=before)
    assert len(mover.from_bot()) == count


async def test_only_the_one_who_asked_is_forgotten(world: World) -> None:
    mover, _ = await _tell_everything(world)
    other = world.mover("Arne Prøve")
    await other.says("/vert tynset")
    await other.presses("Ja, send")
    await _forget(mover)
    (lead,) = await world.leads()
    assert lead.mover_chat == other.user.id
    await other.says("/mine")
    assert lead.reference in other.text


async def test_figures_and_proofs_stay_but_lead_to_nobody(database: Database) -> None:
    closed = replace(LEAD, reference="TYN-2222", state="closed")
    async with database.transaction() as session:
        for lead in (LEAD, closed):
            await leads.add(session, lead)
            await consents.give(session, 5, lead.reference, "1", "nb", "hash", NOW)
        await leads.write(session, LEAD.reference, "mover", WORDS, NOW)
    async with database.transaction() as session:
        await forget(session, 5, NOW)
    async with database.reading() as session:
        proofs = (await session.exec(select(ConsentRow))).all()
        statistics = (await session.exec(select(LeadStatisticRow))).all()
        for table in (LeadRow, LeadMessageRow, ConversationRow, PseudonymKeyRow):
            assert (await session.exec(select(table))).all() == []
    assert sorted((row.outcome or "", row.municipality or "") for row in statistics) == [
        ("closed", "tynset"),
        ("withdrawn", "tynset"),
    ]
    assert len({proof.pseudonym for proof in proofs}) == 2
    withdrawn = [proof.withdrawn_at for proof in proofs]
    assert withdrawn.count(NOW) == 1, "the open one is withdrawn, the closed one was agreed to until its end"


async def test_a_consent_is_found_by_its_key_and_not_without(database: Database) -> None:
    """As long as the key lives the proof can be shown; the same person's next key makes another pseudonym."""
    async with database.transaction() as session:
        await consents.give(session, 5, "TYN-7F3K", "1", "nb", "hash", NOW)
        await consents.withdraw(session, 5, "TYN-7F3K", NOW)
    async with database.reading() as session:
        first = (await session.exec(select(ConsentRow))).one()
    assert first.withdrawn_at == NOW
    async with database.transaction() as session:
        await forget(session, 5, NOW)
        await consents.give(session, 5, "TYN-7F3K", "1", "nb", "hash", NOW)
    async with database.reading() as session:
        pseudonyms = {row.pseudonym for row in (await session.exec(select(ConsentRow))).all()}
    assert len(pseudonyms) == 2
    assert all(pseudonym != "5" and "TYN" not in pseudonym for pseudonym in pseudonyms)
