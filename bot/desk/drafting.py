"""A proposal for the answer, from the entries that match the mover's words; only the host can send it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.markup import html
from bot.knowledge.model import Entry, Knowledge
from bot.leads.model import Lead
from bot.matching.verdict import Context, Matcher
from bot.texts import label, plain

#: Entries in which the assistant speaks of itself say nothing to a mover who writes to a person.
_NOT_FOR_ANSWERS = "assistant"
MAX_ENTRIES = 2


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    name: str
    url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Draft:
    """`text` is empty when nothing fits."""

    text: str = ""
    sources: tuple[Source, ...] = ()


def propose(lead: Lead, words: Iterable[str], host: str, knowledge: Knowledge, matcher: Matcher) -> Draft:
    """In the mover's language, what is said of the lead's municipality first."""
    entries: dict[str, Entry] = {}
    for line in words:
        verdict = matcher.understand(line, Context(municipalities=(lead.municipality,) if lead.municipality else ()))
        if verdict.decision == "answer":
            entries |= {match.entry: knowledge.entries[match.entry] for match in verdict.matches}
    chosen = [entry for entry in entries.values() if entry.topic != _NOT_FOR_ANSWERS][:MAX_ENTRIES]
    if not chosen:
        return Draft()
    told = [_told(entry, lead) for entry in chosen]
    name = lead.mover_name or ""
    greeting = label(lead.language, "inbox.draft.greeting" if name else "inbox.draft.greeting_nameless", name=name)
    text = "\n\n".join([greeting, *told, label(lead.language, "inbox.draft.end", host=host)])
    return Draft(text, tuple(source for entry in chosen for source in _sources(entry, lead)))


def _told(entry: Entry, lead: Lead) -> str:
    text = entry.text(lead.language)
    section = text.sections.get(lead.municipality or "")
    return plain(html(section or text.general))


def _sources(entry: Entry, lead: Lead) -> list[Source]:
    fitting = [source for source in entry.sources if source.municipality in (None, lead.municipality)]
    return [Source(entry.title(lead.language), source.name, source.url, source.as_of) for source in fitting[:2]]
