"""Entries, municipalities and words, as the rest of the program sees them. Nothing here reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

ORIGINAL_LANGUAGE = "nb"
#: Nynorsk readers read Bokmål without trouble; everybody else gets the original, with a line that says so.
FALLBACKS: Mapping[str, tuple[str, ...]] = {"nn": ("nn", "nb"), "nb": ("nb", "nn")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about the real world with its source, taken over from the collected facts."""

    id: str
    topic: str
    statement: str
    source: str
    url: str
    as_of: str
    freshness: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry has its statements from. `municipality` is set when it speaks of that one only."""

    name: str
    url: str
    as_of: str
    facts: tuple[str, ...] = ()
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class EntryText:
    """An entry in one language. `general` and `sections` (by municipality slug) are short Markdown."""

    title: str
    keywords: tuple[str, ...]
    general: str
    sections: Mapping[str, str]
    #: A translation made from an older original than the one that stands beside it now.
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One curated answer to one need."""

    id: str
    texts: Mapping[str, EntryText]
    sources: tuple[Source, ...]
    checked_on: date
    check_again_after_months: int
    owner: str
    related: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def topic(self) -> str:
        return self.id.partition("/")[0]

    def language_for(self, wanted: str) -> str:
        """The language this entry can be served in when `wanted` is asked for."""
        for language in FALLBACKS.get(wanted, (wanted, ORIGINAL_LANGUAGE)):
            if language in self.texts:
                return language
        return ORIGINAL_LANGUAGE

    def text(self, wanted: str) -> EntryText:
        return self.texts[self.language_for(wanted)]

    def title(self, wanted: str) -> str:
        return self.text(wanted).title


@dataclass(frozen=True, slots=True)
class Village:
    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure, e.g. kind "population", value "5 722", year "2025"."""

    kind: str
    value: str
    year: str
    fact: str


@dataclass(frozen=True, slots=True)
class Distance:
    to: str
    fact: str
    km: str | None = None
    hours: str | None = None
    minutes: str | None = None
    by_train: bool = False
    #: For what may have changed since; "udatert" where the source names no year.
    year: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How anybody reaches the municipality; public switchboards only."""

    phone: str | None = None
    email: str | None = None
    website: str | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Municipality:
    slug: str
    name: str
    county: str
    #: Lower-case ways to write the name besides the name itself.
    spellings: tuple[str, ...]
    villages: tuple[Village, ...]
    #: Lower-case words and phrases that hold the name but mean no place ("rørosbanen").
    not_places: tuple[str, ...]
    #: Lower-case spellings that are common words too; they count only with a capital or after "i", "på", "til", "fra".
    ambiguous: tuple[str, ...]
    about: Mapping[str, str]
    about_facts: tuple[str, ...]
    figures: tuple[Figure, ...]
    distances: tuple[Distance, ...]
    contact: Contact


@dataclass(frozen=True, slots=True)
class Trade:
    """A family of trades and the entry that answers "is there work for …"."""

    family: str
    entry: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Words that editors keep for the matcher; everything in lower case."""

    places_outside: frozenset[str] = frozenset()
    #: Names of places outside the region that are common words too.
    places_ambiguous: frozenset[str] = frozenset()
    dialect: Mapping[str, str] = field(default_factory=dict)
    trades: tuple[Trade, ...] = ()
    #: Words that tell who moves and when: kind -> key -> forms (knowledge/words/people.yaml).
    people: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All of knowledge/ at one moment. `digest` changes whenever anything that the matcher learns from changes."""

    entries: Mapping[str, Entry]
    municipalities: Mapping[str, Municipality]
    facts: Mapping[str, Fact]
    out_of_scope: tuple[str, ...]
    words: Words
    digest: str

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.topic for entry in self.entries.values()))

    def in_topic(self, topic: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries.values() if entry.topic == topic)
