"""The shapes of editors' files: what keys there are and what each may hold.

Reading validates with these models, and the JSON Schemas for editors' programs are generated from them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, TypeAdapter
from pydantic.functional_validators import AfterValidator

SLUGS = ("roros", "holtalen", "os", "tolga", "tynset", "alvdal", "folldal", "rendalen")
Slug = Literal["roros", "holtalen", "os", "tolga", "tynset", "alvdal", "folldal", "rendalen"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\n]*$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\n]*$")]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*/[a-z][a-z0-9-]*$")]
FactId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z_]+)+-\d+$")]
Months = Annotated[str, StringConstraints(pattern=r"^\d{1,2} months$")]

_url = TypeAdapter(HttpUrl)


def _https(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("https")
    _url.validate_python(value)
    return value


Https = Annotated[str, AfterValidator(_https)]


class Shape(BaseModel):
    """No key beyond the named ones: a misspelt key is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceShape(Shape):
    name: Line = Field(description="Hvem som sier det, f.eks. Tynset kommune", examples=["Tynset kommune"])
    url: Https = Field(
        description="Adressen som kan vises fram; alltid https", examples=["https://www.tynset.kommune.no/"]
    )
    as_of: Line = Field(description="Året eller dagen opplysningen gjelder for", examples=["2025"])
    facts: tuple[FactId, ...] = Field(default=(), description="Id-er fra knowledge/facts/")
    municipality: Slug | None = Field(default=None, description="Bare når kilden gjelder én kommune")


class EntryHead(Shape):
    """Front matter of a Bokmål original."""

    title: Title = Field(description="Kort tittel, vises på knapper", examples=["Leie bolig"])
    keywords: tuple[Line, ...] = Field(min_length=1, description="Ord folk leter etter", examples=[["leie", "hybel"]])
    sources: tuple[SourceShape, ...] = Field(default=(), description="Hvor opplysningene er fra")
    checked_on: date = Field(description="Dagen noen sist så over teksten", examples=["2026-11-24"])
    check_again_after: Months = Field(description="Hvor lenge det kan gå før neste sjekk", examples=["12 months"])
    owner: Literal["region"] | Slug = Field(description="Hvem som passer på teksten")
    related: tuple[EntryId, ...] = Field(default=(), max_length=6, description="Det folk ofte spør om etterpå")


class TranslationHead(Shape):
    """Front matter of a translation."""

    title: Title
    keywords: tuple[Line, ...] = Field(min_length=1)
    translated_from: Line = Field(description="Settes av programmet; viser hvilken original oversettelsen er laget fra")


class VillageShape(Shape):
    name: Line
    spellings: tuple[Line, ...] = ()


class FigureShape(Shape):
    kind: Line
    value: Line
    year: Line
    fact: FactId


class DistanceShape(Shape):
    to: Line
    km: Line | None = None
    hours: Line | None = None
    minutes: Line | None = None
    fact: FactId


class ContactShape(Shape):
    phone: Line | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")] | None = None
    website: Https | None = None
    facts: tuple[FactId, ...] = ()


class AboutShape(Shape):
    nb: str
    nn: str
    en: str


class MunicipalityShape(Shape):
    """knowledge/municipalities/<slug>.yaml"""

    slug: Slug
    name: Line
    county: Line
    spellings: tuple[Line, ...] = ()
    villages: tuple[VillageShape, ...] = ()
    not_places: tuple[Line, ...] = ()
    ambiguous: tuple[Line, ...] = ()
    about: AboutShape
    about_facts: tuple[FactId, ...] = Field(min_length=1)
    figures: tuple[FigureShape, ...] = ()
    distances: tuple[DistanceShape, ...] = ()
    contact: ContactShape
    checked_on: date


class FactShape(Shape):
    id: FactId
    topic: Line
    statement: str
    statement_en: str
    source: Line
    url: str | None = None
    show_url: str | None = None
    read_more: str
    as_of: Line
    freshness: Literal["lasting", "dated", "check"]
    confidence: Literal["high", "medium", "low"]


class TradeShape(Shape):
    entry: EntryId
    words: tuple[Line, ...]


class PlacesShape(Shape):
    places: tuple[Line, ...]
    ambiguous: tuple[Line, ...] = ()


class DialectShape(Shape):
    forms: dict[str, str]


class TradesShape(Shape):
    trades: dict[str, TradeShape]
