"""Editors' programs are given what the models say."""

from __future__ import annotations

import json
from pathlib import Path

from bot.knowledge.schemas import schemas, write_schemas

SCHEMAS = Path(__file__).parents[2] / "knowledge" / "schema"


def test_the_files_in_the_repository_are_what_the_models_give() -> None:
    kept = {path.name: path.read_text("utf-8") for path in SCHEMAS.glob("*.json")}

    assert kept == schemas(), "write them anew: bot.knowledge.schemas.write_schemas"


def test_writing(tmp_path: Path) -> None:
    write_schemas(tmp_path / "new" / "schema")

    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "new" / "schema").iterdir()} == schemas()


def test_the_schema_of_an_entry_says_what_reading_demands() -> None:
    entry = json.loads(schemas()["entry.schema.json"])

    assert entry["additionalProperties"] is False
    assert entry["required"] == ["title", "keywords", "checked_on", "check_again_after", "owner"]
    assert entry["properties"]["owner"]["enum"][:2] == ["region", "roros"]
    assert all("description" in value for value in entry["properties"].values())
