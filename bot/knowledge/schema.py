"""The shapes of editors' files: what keys there are and what each may hold.

Reading validates with these models, and the JSON Schemas for editors' programs are generated from them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, StringConstraints, TypeAdapter
from pydantic.functional_validators import AfterValidator
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

SLUGS = ("roros", "holtalen", "os", "tolga", "tynset", "alvdal", "folldal", "rendalen")
Slug = Literal["roros", "holtalen", "os", "tolga", "tynset", "alvdal", "folldal", "rendalen"]
Owner = Literal["region", "roros", "holtalen", "os", "tolga", "tynset", "alvdal", "folldal", "rendalen"]
# Our reader takes every value as text; an editor's program reads 2025 as a number and must not complain of it.
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\n]*$"),
    WithJsonSchema({"type": ["string", "number"], "minLength": 1, "maxLength": 300}),
]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\n]*$")]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*/[a-z][a-z0-9-]*$")]
FactId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z_]+)+-\d+$")]
Months = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]? months?$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")]

_url = TypeAdapter(HttpUrl)


def _https(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("https")
    _url.validate_python(value)
    return value


def _day(value: object) -> object:
    """Only year-month-day: pydantic alone takes bare numbers for seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError("date_form", "not a date")
    return value


Https = Annotated[
    str, AfterValidator(_https), WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https://"})
]
Day = Annotated[date, BeforeValidator(_day)]


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
    checked_on: Day = Field(description="Dagen noen sist så over teksten", examples=["2026-11-24"])
    check_again_after: Months = Field(description="Hvor lenge det kan gå før neste sjekk", examples=["12 months"])
    owner: Owner = Field(description="Hvem som passer på teksten")
    related: tuple[EntryId, ...] = Field(default=(), max_length=6, description="Det folk ofte spør om etterpå")


class TranslationHead(Shape):
    """Front matter of a translation."""

    title: Title = Field(description="Tittelen, oversatt")
    keywords: tuple[Line, ...] = Field(min_length=1, description="Ord folk leter etter på dette språket")
    translated_from: Line = Field(description="Settes av programmet; viser hvilken original oversettelsen er laget fra")


class VillageShape(Shape):
    name: Line = Field(description="Stedsnavnet slik det skal vises", examples=["Haltdalen"])
    spellings: tuple[Line, ...] = Field(default=(), description="Slik folk skriver det, med små bokstaver")


class FigureShape(Shape):
    kind: Line = Field(description="Hva tallet sier noe om", examples=["population"])
    value: Line = Field(description="Tallet slik det skal vises", examples=["5 722"])
    year: Line = Field(description="Året tallet gjelder for", examples=["2025"])
    fact: FactId = Field(description="Opplysningen i knowledge/facts/ som tallet er fra")


class DistanceShape(Shape):
    to: Line = Field(description="Stedet avstanden er til", examples=["Trondheim"])
    km: Line | None = Field(default=None, description="Kilometer")
    hours: Line | None = Field(default=None, description="Timer")
    minutes: Line | None = Field(default=None, description="Minutter")
    by_train: bool = Field(default=False, description="Avstanden er med tog")
    year: Line | None = Field(default=None, description="Året det gjaldt, når det kan endre seg; «udatert» uten år")
    fact: FactId = Field(description="Opplysningen i knowledge/facts/ som avstanden er fra")


class ContactShape(Shape):
    phone: Line | None = Field(default=None, description="Sentralbordet; aldri en persons nummer")
    email: Email | None = Field(default=None, description="Postmottaket; aldri en persons adresse")
    website: Https | None = Field(default=None, description="Kommunens nettsted")
    facts: tuple[FactId, ...] = Field(default=(), description="Opplysningene kontakten er fra")


class AboutShape(Shape):
    """What it is like there, in four sentences, in each language."""

    nb: str
    nn: str
    en: str


class MunicipalityShape(Shape):
    """knowledge/municipalities/<slug>.yaml"""

    slug: Slug = Field(description="Filnavnet uten .yaml")
    name: Line = Field(description="Navnet slik det skal vises")
    county: Line = Field(description="Fylket")
    spellings: tuple[Line, ...] = Field(default=(), description="Andre måter folk skriver navnet på")
    villages: tuple[VillageShape, ...] = Field(default=(), description="Bygder og tettsteder i kommunen")
    not_places: tuple[Line, ...] = Field(default=(), description="Ord som inneholder navnet, men ikke er stedet")
    ambiguous: tuple[Line, ...] = Field(default=(), description="Skrivemåter som også er vanlige ord")
    about: AboutShape = Field(description="Hvordan det er å bo der, i fire setninger")
    about_facts: tuple[FactId, ...] = Field(min_length=1, description="Opplysningene setningene bygger på")
    figures: tuple[FigureShape, ...] = Field(default=(), description="Nøkkeltall")
    distances: tuple[DistanceShape, ...] = Field(default=(), description="Avstander")
    contact: ContactShape = Field(description="Slik når folk kommunen")
    checked_on: Day = Field(description="Dagen noen sist så over filen", examples=["2026-11-24"])


class FactShape(Shape):
    """One item of a file in knowledge/facts/."""

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
    entry: EntryId = Field(description="Svaret på «er det jobb for …»")
    words: tuple[Line, ...] = Field(description="Yrkene, med små bokstaver")


class PlacesShape(Shape):
    """knowledge/words/places-outside.yaml"""

    places: tuple[Line, ...] = Field(description="Steder utenfor regionen")
    ambiguous: tuple[Line, ...] = Field(default=(), description="Steder som også er vanlige ord")


class PeopleShape(Shape):
    """knowledge/words/people.yaml"""

    household: dict[str, tuple[Line, ...]] = Field(description="Hvem som flytter: nøkkel og ordene som forteller det")
    when: dict[str, tuple[Line, ...]] = Field(description="Når: årstider, måneder og ordene foran dem")
    groups: dict[str, tuple[Line, ...]] = Field(description="Hva slags flytter: nøkkel og ordene som forteller det")
    telling: dict[str, tuple[Line, ...]] = Field(
        default_factory=dict, description="Slik begynner den som forteller om seg selv, og ikke spør"
    )
    aged: dict[str, tuple[Line, ...]] = Field(default_factory=dict, description="Ord foran alderen til et barn")
    numbers: dict[str, tuple[Line, ...]] = Field(default_factory=dict, description="Tall skrevet med bokstaver")


class DialectShape(Shape):
    """knowledge/words/dialect.yaml"""

    forms: dict[str, str] = Field(description="Dialektform: skriftform")


class TradesShape(Shape):
    """knowledge/words/trades.yaml"""

    trades: dict[str, TradeShape] = Field(description="Yrkesgruppe: svaret og ordene")
