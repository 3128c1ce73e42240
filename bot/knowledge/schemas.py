"""JSON Schemas for editors' programs, generated from the models that reading validates with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from bot.knowledge.schema import (
    DialectShape,
    EntryHead,
    FactId,
    FactShape,
    Line,
    MunicipalityShape,
    PeopleShape,
    PlacesShape,
    TradesShape,
    TranslationHead,
)

#: What each file holds, by the name of its schema.
SHAPES: Mapping[str, TypeAdapter[object]] = {
    "entry": TypeAdapter(EntryHead),
    "translation": TypeAdapter(TranslationHead),
    "municipality": TypeAdapter(MunicipalityShape),
    "facts": TypeAdapter(list[FactShape]),
    "not-used": TypeAdapter(dict[FactId, Line]),
    "places-outside": TypeAdapter(PlacesShape),
    "dialect": TypeAdapter(DialectShape),
    "trades": TypeAdapter(TradesShape),
    "people": TypeAdapter(PeopleShape),
}


def schemas() -> dict[str, str]:
    """Each schema's text by its file name."""
    return {f"{name}.schema.json": _text(adapter) for name, adapter in SHAPES.items()}


def write_schemas(folder: Path) -> None:
    """Write all schemas into `folder` (knowledge/schema)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _text(adapter: TypeAdapter[object]) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **adapter.json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
