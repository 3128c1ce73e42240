"""Files change while the bot runs: good changes are taken, broken ones leave what was good."""

from __future__ import annotations

import asyncio

import pytest

from bot.knowledge.model import Knowledge
from bot.knowledge.watching import Watcher
from tests.knowledge.builder import RENT, RENT_EN, RENT_NN, RENT_QUESTIONS, TYNSET, KnowledgeFolder

ENTRY = "housing/rent-home"


class Watched:
    """A folder with a watcher that was started on it."""

    def __init__(self, folder: KnowledgeFolder) -> None:
        self.folder = folder
        self.first = folder.read().knowledge
        self.taken: list[Knowledge] = []
        self.changed = asyncio.Event()
        self.watcher = Watcher(folder.path, folder.read(), self._take)

    async def _take(self, knowledge: Knowledge) -> None:
        self.taken.append(knowledge)
        self.changed.set()

    async def after(self, name: str, content: str | bytes) -> Knowledge:
        self.folder.write(name, content)
        assert await self.watcher.look()
        return self.taken[-1]


@pytest.fixture
def watched(folder: KnowledgeFolder) -> Watched:
    return Watched(folder)


async def test_nothing_changed_is_nothing_to_do(watched: Watched) -> None:
    assert not await watched.watcher.look()
    assert watched.taken == []


async def test_a_changed_sentence_is_taken(watched: Watched) -> None:
    text = watched.folder.text(RENT).replace("Spør også kommunen.", "Spør verten.")

    knowledge = await watched.after(RENT, text)

    assert knowledge.entries[ENTRY].texts["nb"].general.endswith("Spør verten.")
    assert knowledge.entries[ENTRY].texts["en"].outdated


async def test_a_change_is_live_within_three_seconds(watched: Watched) -> None:
    running = asyncio.create_task(watched.watcher.run())
    watched.folder.write(RENT_QUESTIONS, "Et nytt spørsmål\n")
    async with asyncio.timeout(3):
        await watched.changed.wait()
    running.cancel()

    assert watched.taken[-1].entries[ENTRY].questions == ("Et nytt spørsmål",)


async def test_a_new_entry_and_a_deleted_one(watched: Watched) -> None:
    knowledge = await watched.after("housing/house-prices.md", watched.folder.text("housing/buy-home.md"))
    assert "housing/house-prices" in knowledge.entries

    watched.folder.remove("housing/house-prices.md")
    assert await watched.watcher.look()
    assert "housing/house-prices" not in watched.taken[-1].entries


async def test_a_broken_original_keeps_the_last_good_entry(watched: Watched) -> None:
    knowledge = await watched.after(RENT, "---\ntitle: [halv")

    assert knowledge.entries[ENTRY] == watched.first.entries[ENTRY]
    assert knowledge.digest == watched.first.digest


async def test_a_misspelt_section_keeps_the_last_good_entry(watched: Watched) -> None:
    knowledge = await watched.after(RENT, watched.folder.text(RENT).replace("## Tynset", "## Tynsett"))

    assert "tynset" in knowledge.entries[ENTRY].texts["nb"].sections


async def test_a_broken_translation_keeps_its_last_good_text(watched: Watched) -> None:
    knowledge = await watched.after(RENT_EN, b"\xff\xfe")

    assert knowledge.entries[ENTRY].texts == watched.first.entries[ENTRY].texts


async def test_a_kept_translation_is_old_when_the_original_changed(watched: Watched) -> None:
    await watched.after(RENT_EN, b"\xff\xfe")
    knowledge = await watched.after(RENT, watched.folder.text(RENT).replace("Spør også", "Ring gjerne"))

    assert knowledge.entries[ENTRY].texts["en"].outdated
    assert "Ring gjerne" in knowledge.entries[ENTRY].texts["nb"].general


async def test_a_deleted_translation_is_gone(watched: Watched) -> None:
    watched.folder.remove(RENT_NN)
    assert await watched.watcher.look()

    assert "nn" not in watched.taken[-1].entries[ENTRY].texts


@pytest.mark.parametrize(
    "name", [RENT_QUESTIONS, "out-of-scope.questions.txt", "words/dialect.yaml", "words/places-outside.yaml", TYNSET]
)
async def test_any_other_broken_file_leaves_what_was_good(watched: Watched, name: str) -> None:
    knowledge = await watched.after(name, b"a: \xe5")

    assert knowledge == watched.first


async def test_a_municipality_file_that_disappears_is_kept(watched: Watched) -> None:
    watched.folder.remove(TYNSET)
    assert await watched.watcher.look()

    assert watched.taken[-1].municipalities == watched.first.municipalities


async def test_a_mended_file_is_taken_again(watched: Watched) -> None:
    good = watched.folder.text(RENT)
    await watched.after(RENT, "half")

    knowledge = await watched.after(RENT, good.replace("title: Leie bolig", "title: Leie et sted å bo"))

    assert knowledge.entries[ENTRY].title("nb") == "Leie et sted å bo"


async def test_each_problem_is_logged_once(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    await watched.after(RENT, "half")
    await watched.after(RENT_QUESTIONS, "Noe nytt\n")

    assert len([record for record in caplog.records if RENT in record.getMessage()]) == 1


async def test_the_watcher_goes_on_when_taking_fails(folder: KnowledgeFolder, caplog: pytest.LogCaptureFixture) -> None:
    called = asyncio.Event()

    async def taking(knowledge: Knowledge) -> None:
        called.set()
        raise RuntimeError("taking failed")

    running = asyncio.create_task(Watcher(folder.path, folder.read(), taking).run())
    for text in ("first\n", "second one\n"):
        folder.write(RENT_QUESTIONS, text)
        async with asyncio.timeout(5):
            await called.wait()
        called.clear()
    running.cancel()

    assert "reading knowledge failed" in caplog.text
