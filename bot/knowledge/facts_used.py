"""Which facts the texts rest on, which are left out with a reason, and which nobody has thought of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.knowledge.model import Knowledge, Municipality
from bot.knowledge.reading import Reading


@dataclass(frozen=True, slots=True)
class FactsCoverage:
    """`used` has the entries and municipality files by fact, `reasons` why a fact is left out."""

    used: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, str]
    gaps: tuple[str, ...]


def facts_coverage(reading: Reading) -> FactsCoverage:
    used = facts_in_use(reading.knowledge)
    known = reading.knowledge.facts
    reasons = {fact: reason.text for fact, reason in reading.not_used.items() if fact in known and fact not in used}
    gaps = tuple(fact for fact in known if fact not in used and fact not in reasons)
    return FactsCoverage({fact: used[fact] for fact in known if fact in used}, reasons, gaps)


def facts_as_text(coverage: FactsCoverage) -> str:
    total = len(coverage.used) + len(coverage.reasons) + len(coverage.gaps)
    lines = [
        f"{total} opplysninger: {len(coverage.used)} brukt, {len(coverage.reasons)} utelatt med grunn, "
        f"{len(coverage.gaps)} verken brukt eller utelatt",
        *(f"  {fact}" for fact in coverage.gaps),
    ]
    return "\n".join(lines) + "\n"


def facts_in_use(knowledge: Knowledge) -> Mapping[str, tuple[str, ...]]:
    """Where each fact is used, by fact id; ids that no facts file holds too."""
    used: dict[str, dict[str, None]] = {}
    for where, fact in _uses(knowledge):
        used.setdefault(fact, {})[where] = None
    return {fact: tuple(places) for fact, places in used.items()}


def municipality_facts(municipality: Municipality) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each fact of a municipality file with the place where it stands."""
    yield from ((("about_facts", index), fact) for index, fact in enumerate(municipality.about_facts))
    yield from ((("figures", index, "fact"), figure.fact) for index, figure in enumerate(municipality.figures))
    yield from ((("distances", index, "fact"), distance.fact) for index, distance in enumerate(municipality.distances))
    yield from ((("contact", "facts", index), fact) for index, fact in enumerate(municipality.contact.facts))


def _uses(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for entry in knowledge.entries.values():
        for source in entry.sources:
            yield from ((entry.id, fact) for fact in source.facts)
    for municipality in knowledge.municipalities.values():
        yield from ((f"municipalities/{municipality.slug}", fact) for _, fact in municipality_facts(municipality))
