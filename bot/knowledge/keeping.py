"""What stays in use when a changed file cannot be read: the last good state of that file, and of no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.knowledge.model import ORIGINAL_LANGUAGE, Entry, EntryText, Knowledge, Words
from bot.knowledge.reading import OUT_OF_SCOPE, Reading, digest_of
from bot.knowledge.text_file import QUESTIONS_SUFFIX


def keep_last_good(previous: Knowledge, reading: Reading) -> Knowledge:
    """The new knowledge, with the last good state of each file that has an error now."""
    wrong = frozenset(problem.file for problem in reading.errors)
    new = reading.knowledge
    entries = {id: _entry(previous.entries.get(id), entry, wrong) for id, entry in new.entries.items()}
    entries |= {id: previous.entries[id] for id in reading.broken if id in previous.entries}
    municipalities = {
        slug: municipality
        for slug, municipality in {**previous.municipalities, **new.municipalities}.items()
        if slug in new.municipalities or f"municipalities/{slug}.yaml" in wrong
    }
    out_of_scope = previous.out_of_scope if OUT_OF_SCOPE in wrong else new.out_of_scope
    words = _words(previous.words, new.words, wrong)
    return replace(
        new,
        entries=entries,
        municipalities=municipalities,
        facts={**previous.facts, **new.facts},
        out_of_scope=out_of_scope,
        words=words,
        digest=digest_of(entries, out_of_scope, municipalities, words),
    )


def _entry(old: Entry | None, new: Entry, wrong: frozenset[str]) -> Entry:
    if old is None:
        return new
    if f"{new.id}.md" in wrong:
        return old
    questions = old.questions if new.id + QUESTIONS_SUFFIX in wrong else new.questions
    return replace(new, texts=_texts(old, new, wrong), questions=questions)


def _texts(old: Entry, new: Entry, wrong: frozenset[str]) -> Mapping[str, EntryText]:
    changed = old.texts[ORIGINAL_LANGUAGE] != new.texts[ORIGINAL_LANGUAGE]
    kept = {
        language: replace(text, outdated=text.outdated or changed)
        for language, text in old.texts.items()
        if f"{new.id}.{language}.md" in wrong
    }
    return {**new.texts, **kept}


def _words(old: Words, new: Words, wrong: frozenset[str]) -> Words:
    places = old if "words/places-outside.yaml" in wrong else new
    return Words(
        places_outside=places.places_outside,
        places_ambiguous=places.places_ambiguous,
        dialect=old.dialect if "words/dialect.yaml" in wrong else new.dialect,
        trades=old.trades if "words/trades.yaml" in wrong else new.trades,
        people=old.people if "words/people.yaml" in wrong else new.people,
    )
