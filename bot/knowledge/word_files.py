"""Municipalities, words and facts: the YAML files beside the entries."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from bot.knowledge.model import Contact, Distance, Fact, Figure, Municipality, Trade, Village, Words
from bot.knowledge.not_used import NOT_USED
from bot.knowledge.problems import Problem
from bot.knowledge.schema import (
    SLUGS,
    DialectShape,
    FactShape,
    MunicipalityShape,
    PeopleShape,
    PlacesShape,
    Shape,
    TradesShape,
)
from bot.knowledge.shape_problems import validate
from bot.knowledge.text_file import read_text
from bot.knowledge.yaml_file import Document, YamlError, load

S = TypeVar("S", bound=Shape)


def read_municipalities(folder: Path, problems: list[Problem]) -> dict[str, Municipality]:
    municipalities = {}
    for slug in SLUGS:
        shape = _read(MunicipalityShape, folder, folder / "municipalities" / f"{slug}.yaml", problems)
        if shape is not None:
            municipalities[slug] = _municipality(shape)
    return municipalities


def read_words(folder: Path, problems: list[Problem]) -> Words:
    words = folder / "words"
    places = _read(PlacesShape, folder, words / "places-outside.yaml", problems)
    dialect = _read(DialectShape, folder, words / "dialect.yaml", problems)
    trades = _read(TradesShape, folder, words / "trades.yaml", problems)
    return Words(
        places_outside=frozenset(name.lower() for name in places.places) if places else frozenset(),
        places_ambiguous=frozenset(name.lower() for name in places.ambiguous) if places else frozenset(),
        dialect={form.lower(): word.lower() for form, word in dialect.forms.items()} if dialect else {},
        trades=tuple(
            Trade(family, trade.entry, tuple(word.lower() for word in trade.words))
            for family, trade in (trades.trades if trades else {}).items()
        ),
        people=_read_people(folder, problems),
    )


def _read_people(folder: Path, problems: list[Problem]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Who moves and when. A knowledge folder without the file picks up nothing, which is no error."""
    path = folder / "words" / "people.yaml"
    shape = _read(PeopleShape, folder, path, problems) if path.exists() else None
    kinds = shape.model_dump() if shape else {}
    return {kind: {key: tuple(f.lower() for f in forms) for key, forms in keys.items()} for kind, keys in kinds.items()}


def read_facts(folder: Path, problems: list[Problem]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for path in sorted((folder / "facts").glob("*.yaml")):
        document = _document(folder, path, problems) if path.name != NOT_USED else None
        if document is None:
            continue
        name = str(path.relative_to(folder))
        if not isinstance(document.value, list):
            problems.append(Problem(name, 1, "her skal det stå en liste av opplysninger", "begynn hver med «- id: …»"))
            continue
        for index, value in enumerate(document.value):
            shape = validate(FactShape, Document(value, {(): document.line((index,))}), name, problems)
            if shape is None:
                continue
            if shape.id in facts:
                problems.append(Problem(name, document.line((index,)), f"«{shape.id}» står to ganger", "slett den ene"))
            facts[shape.id] = _fact(shape)
    return facts


def _document(folder: Path, path: Path, problems: list[Problem]) -> Document | None:
    text = read_text(folder, path, problems)
    if text is None:
        return None
    try:
        return load(text)
    except YamlError as error:
        problems.append(Problem(str(path.relative_to(folder)), error.line, error.message, error.remedy))
        return None


def _read(shape: type[S], folder: Path, path: Path, problems: list[Problem]) -> S | None:
    document = _document(folder, path, problems)
    return validate(shape, document, str(path.relative_to(folder)), problems) if document else None


def _municipality(shape: MunicipalityShape) -> Municipality:
    return Municipality(
        slug=shape.slug,
        name=shape.name,
        county=shape.county,
        spellings=tuple(spelling.lower() for spelling in shape.spellings),
        villages=tuple(Village(v.name, tuple(s.lower() for s in v.spellings)) for v in shape.villages),
        not_places=tuple(word.lower() for word in shape.not_places),
        ambiguous=tuple(word.lower() for word in shape.ambiguous),
        about=shape.about.model_dump(),
        about_facts=shape.about_facts,
        figures=tuple(Figure(f.kind, f.value, f.year, f.fact) for f in shape.figures),
        distances=tuple(Distance(d.to, d.fact, d.km, d.hours, d.minutes, d.by_train, d.year) for d in shape.distances),
        contact=Contact(shape.contact.phone, shape.contact.email, shape.contact.website, shape.contact.facts),
    )


def _fact(shape: FactShape) -> Fact:
    return Fact(
        shape.id,
        shape.topic,
        shape.statement,
        shape.source,
        # A mirror's address is never shown; the official page stands in for it.
        shape.show_url or shape.read_more,
        shape.as_of,
        shape.freshness,
        shape.confidence,
    )
