"""Reads the knowledge folder. Reports every problem of every file at once and never dies of a file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.knowledge import entry_file, word_files
from bot.knowledge.model import ORIGINAL_LANGUAGE, Entry, EntryText, Knowledge, Municipality
from bot.knowledge.not_used import Reason, read_not_used
from bot.knowledge.problems import Problem
from bot.knowledge.text_file import QUESTIONS_SUFFIX, read_questions

#: Folders of knowledge/ that are not topics.
NOT_TOPICS = ("facts", "municipalities", "words", "trained", "schema")
LANGUAGE = re.compile(r"[a-z]{2,3}")
OUT_OF_SCOPE = "out-of-scope.questions.txt"


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read, and what could not. `broken` names the entry ids whose files stand there unreadable."""

    knowledge: Knowledge
    problems: tuple[Problem, ...]
    broken: frozenset[str]
    #: Hash of each original as it is now, by entry id: what `translated_from` is compared with.
    originals: Mapping[str, str] = field(default_factory=dict)
    not_used: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")


def read(folder: Path) -> Reading:
    """Read all of `folder`; a missing folder is a problem like any other."""
    problems: list[Problem] = []
    if not folder.is_dir():
        problems.append(Problem(str(folder), 1, "mappen finnes ikke", "sett KNOWLEDGE_DIR til mappen med kunnskapen"))
    entries: dict[str, Entry] = {}
    broken: set[str] = set()
    originals: dict[str, str] = {}
    for entry_id, path in _originals(folder):
        result = _read_entry(folder, entry_id, path, problems)
        if result is None:
            broken.add(entry_id)
        else:
            entries[entry_id], originals[entry_id] = result
    problems.extend(_orphans(folder, entries, broken))
    out_of_scope = read_questions(folder, folder / OUT_OF_SCOPE, problems)
    municipalities = word_files.read_municipalities(folder, problems)
    words = word_files.read_words(folder, problems)
    facts = word_files.read_facts(folder, problems)
    not_used = read_not_used(folder, problems)
    digest = digest_of(entries, out_of_scope, municipalities, words)
    knowledge = Knowledge(entries, municipalities, facts, out_of_scope, words, digest)
    return Reading(knowledge, tuple(sorted(problems)), frozenset(broken), originals, not_used)


def _originals(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.glob("*/*.md")):
        if path.parent.name not in NOT_TOPICS and "." not in path.stem:
            yield f"{path.parent.name}/{path.stem}", path


def _read_entry(folder: Path, entry_id: str, path: Path, problems: list[Problem]) -> tuple[Entry, str] | None:
    original = entry_file.read_original(folder, path, problems)
    if original is None:
        return None
    texts: dict[str, EntryText] = {ORIGINAL_LANGUAGE: original.text}
    for language, translation_path in _translations(folder, path, problems):
        translation = entry_file.read_translation(folder, translation_path, original.hash, problems)
        if translation is not None:
            texts[language] = translation
    questions = read_questions(folder, path.with_name(path.stem + QUESTIONS_SUFFIX), problems)
    head = original.head
    entry = Entry(
        id=entry_id,
        texts=texts,
        sources=original.sources,
        checked_on=head.checked_on,
        check_again_after_months=int(head.check_again_after.split()[0]),
        owner=head.owner,
        related=head.related,
        questions=questions,
    )
    return entry, original.hash


def _translations(folder: Path, original: Path, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    for path in sorted(original.parent.glob(f"{original.stem}.*.md")):
        language = path.name.removesuffix(".md").removeprefix(f"{original.stem}.")
        if LANGUAGE.fullmatch(language) and language != ORIGINAL_LANGUAGE:
            yield language, path
        else:
            name, remedy = (
                str(path.relative_to(folder)),
                f"kall filen {original.stem}.nn.md eller {original.stem}.en.md",
            )
            problems.append(Problem(name, 1, f"«{language}» er ikke et språk det oversettes til", remedy))


def _orphans(folder: Path, entries: Mapping[str, Entry], broken: set[str]) -> Iterator[Problem]:
    """Translations and question files whose original is missing: their work would be lost in silence."""
    for path in sorted([*folder.glob("*/*.*.md"), *folder.glob(f"*/*{QUESTIONS_SUFFIX}")]):
        entry_id = f"{path.parent.name}/{path.name.split('.')[0]}"
        if path.name.startswith("."):
            continue  # an editor's own working file
        if path.parent.name not in NOT_TOPICS and entry_id not in entries and entry_id not in broken:
            name = str(path.relative_to(folder))
            yield Problem(name, 1, f"hører til «{entry_id}», som ikke finnes", f"lag {entry_id}.md eller slett filen")


def digest_of(
    entries: Mapping[str, Entry],
    out_of_scope: tuple[str, ...],
    municipalities: Mapping[str, Municipality],
    words: object,
) -> str:
    """Changes when anything changes that the matcher learns from; an answer's wording is not among it."""
    digest = hashlib.sha256()
    for entry in sorted(entries.values(), key=lambda entry: entry.id):
        titles = sorted((language, text.title, text.keywords) for language, text in entry.texts.items())
        digest.update(repr((entry.id, titles, entry.questions)).encode(errors="replace"))
    places = [(m.slug, m.name, m.spellings, m.villages, m.not_places, m.ambiguous) for m in municipalities.values()]
    digest.update(repr((out_of_scope, sorted(places), _stable(words))).encode(errors="replace"))
    return digest.hexdigest()


def _stable(words: object) -> str:
    """A text of the words that does not change from run to run (sets have no order)."""
    parts = []
    for name in ("places_outside", "places_ambiguous", "dialect", "trades"):
        value = getattr(words, name)
        parts.append(repr(sorted(value) if isinstance(value, frozenset) else value))
    return "\n".join(parts)
