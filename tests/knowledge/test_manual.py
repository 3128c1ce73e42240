"""What the editors' manual shows is true."""

from __future__ import annotations

import re
from pathlib import Path

from bot.knowledge.reading import read
from bot.knowledge.schema import EntryHead, MunicipalityShape, Shape, SourceShape, TranslationHead
from tests.knowledge.builder import RENT, RENT_NN, TODAY, KnowledgeFolder

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
MANUAL = (KNOWLEDGE / "README.md").read_text("utf-8")


def example(beginning: str) -> str:
    blocks: list[str] = re.findall(r"```\w+\n(.*?)```", MANUAL, re.DOTALL)
    [block] = [block for block in blocks if block.startswith(beginning)]
    return block


def test_the_full_example_is_right_as_it_stands(folder: KnowledgeFolder) -> None:
    for name in ("national", "tynset"):
        folder.write(f"facts/{name}.yaml", (KNOWLEDGE / f"facts/{name}.yaml").read_bytes())
    folder.write("housing/trial-living.md", folder.text("housing/buy-home.md"))
    folder.write(RENT, example("---\n# Tittelen"))

    # Dates apart, so that the example does not grow old; the sample's own facts are not in the real files.
    assert [problem for problem in folder.check(TODAY) if problem.file == RENT] == []
    assert folder.read().knowledge.entries["housing/rent-home"].texts["nb"].sections.keys() == {"tynset"}


def test_the_example_translation_can_be_read(folder: KnowledgeFolder) -> None:
    folder.write(RENT_NN, example("---\ntitle: Leige bustad"))

    assert "nn" in folder.read().knowledge.entries["housing/rent-home"].texts


def test_the_tables_name_every_key() -> None:
    def keys(shape: type[Shape]) -> set[str]:
        return set(shape.model_fields)

    told = set(re.findall(r"`([a-z_]+)`", MANUAL.partition("## Alle nøklene")[2]))

    assert keys(EntryHead) | keys(SourceShape) | keys(TranslationHead) | keys(MunicipalityShape) <= told


def test_the_manual_is_no_entry() -> None:
    assert not {"README"} & {entry.partition("/")[2] for entry in read(KNOWLEDGE).knowledge.entries}


def test_links_inside_the_manual_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^## (.+)$", MANUAL, re.M)
    }

    assert set(re.findall(r"\(#([^)]+)\)", MANUAL)) <= headings
