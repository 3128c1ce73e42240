"""`knowledge translated FILE…`: the program writes from which original a translation was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.translations import mark_translated
from tests.knowledge.builder import RENT, RENT_EN, KnowledgeFolder


@pytest.fixture
def changed(folder: KnowledgeFolder) -> KnowledgeFolder:
    """A folder whose translations of one entry are older than the original."""
    folder.write(RENT, folder.text(RENT).replace("Spør også", "Spør gjerne"))
    assert len(folder.check()) == 2
    return folder


def test_only_the_named_file_is_marked(changed: KnowledgeFolder) -> None:
    assert mark_translated(changed.path, [changed.path / RENT_EN]) == ()

    assert [problem.file for problem in changed.check()] == ["housing/rent-home.nn.md"]


def test_a_name_inside_the_folder_will_do(changed: KnowledgeFolder) -> None:
    assert mark_translated(changed.path, [Path(RENT_EN)]) == ()

    assert RENT_EN not in {problem.file for problem in changed.check()}


def test_every_other_byte_stays(changed: KnowledgeFolder) -> None:
    before = (
        b"\xef\xbb\xbf" + changed.text(RENT_EN).replace("\n", "\r\n").encode() + b"\r\ntranslated_from: here too\r\n"
    )
    changed.write(RENT_EN, before)
    mark_translated(changed.path, [Path(RENT_EN)])
    after = (changed.path / RENT_EN).read_bytes()

    different = [pair for pair in zip(before.split(b"\n"), after.split(b"\n"), strict=True) if pair[0] != pair[1]]
    assert [new.partition(b" ")[0] for _, new in different] == [b"translated_from:"]
    assert RENT_EN not in {problem.file for problem in changed.check()}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_new_translation_without_the_key(changed: KnowledgeFolder, end: str) -> None:
    text = f"---{end}title: Rent{end}keywords: [rent]{end}---{end}Look.{end}{end}## Tynset{end}{end}Call.{end}"
    changed.write(RENT_EN, text.encode())

    assert mark_translated(changed.path, [Path(RENT_EN)]) == ()
    assert [problem.file for problem in changed.check()] == ["housing/rent-home.nn.md"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (RENT, None, "ingen oversettelse"),
        ("housing/rent-home.questions.txt", None, "ingen oversettelse"),
        ("housing/nowhere.en.md", None, "ingen oversettelse"),
        ("../outside.en.md", "---\ntitle: x\n---\nx\n", "ingen oversettelse"),
        ("housing/orphan.en.md", "---\ntitle: x\n---\nx\n", "filen finnes ikke"),
        (RENT_EN, "no front matter", "front matter mangler"),
    ],
)
def test_what_cannot_be_marked(changed: KnowledgeFolder, name: str, content: str | None, words: str) -> None:
    if content is not None:
        changed.write(name, content)

    [problem] = mark_translated(changed.path, [Path(name)])

    assert words in problem.message
    assert problem.remedy
    if content is not None:
        assert changed.text(name) == content


def test_no_working_file_is_left(changed: KnowledgeFolder) -> None:
    before = sorted(changed.path.rglob("*"))
    mark_translated(changed.path, [Path(RENT_EN)])

    assert sorted(changed.path.rglob("*")) == before
