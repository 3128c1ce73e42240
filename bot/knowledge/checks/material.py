"""The files as the checks look at them: taken apart once, every piece with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.entry_file import Block, take_apart
from bot.knowledge.model import ORIGINAL_LANGUAGE, Entry
from bot.knowledge.problems import Level, Problem
from bot.knowledge.reading import OUT_OF_SCOPE, Reading
from bot.knowledge.text_file import QUESTIONS_SUFFIX, numbered_questions, read_text
from bot.knowledge.yaml_file import Document, YamlError, load


@dataclass(frozen=True, slots=True)
class Page:
    """One language of one entry, as it stands in its file."""

    file: str
    entry: Entry
    language: str
    head: Document
    body: str
    body_line: int
    blocks: tuple[Block, ...]

    def problem(self, line: int, message: str, remedy: str, level: Level = "error") -> Problem:
        return Problem(self.file, line, message, remedy, level)


@dataclass(frozen=True, slots=True)
class Question:
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    reading: Reading
    today: date
    pages: tuple[Page, ...]
    questions: tuple[Question, ...]
    out_of_scope: tuple[Question, ...]
    #: The municipality files that could be read, by slug.
    municipalities: Mapping[str, Document]
    #: Everything that people see or that editors wrote by hand, by file.
    texts: Mapping[str, str]

    @property
    def originals(self) -> Iterator[Page]:
        return (page for page in self.pages if page.language == ORIGINAL_LANGUAGE)

    def has_errors(self, file: str) -> bool:
        return any(problem.file == file for problem in self.reading.errors)


def gather(reading: Reading, today: date, folder: Path) -> Material:
    """Files that could not be read are told of by the reading and left out here."""
    texts: dict[str, str] = {}
    pages = tuple(_pages(reading, folder, texts))
    questions = tuple(_entry_questions(reading, folder, texts))
    out_of_scope = tuple(_questions(folder, OUT_OF_SCOPE, texts))
    municipalities = dict(_municipalities(reading, folder, texts))
    return Material(reading, today, pages, questions, out_of_scope, municipalities, texts)


def _pages(reading: Reading, folder: Path, texts: dict[str, str]) -> Iterator[Page]:
    for entry in reading.knowledge.entries.values():
        for language in entry.texts:
            file = f"{entry.id}.md" if language == ORIGINAL_LANGUAGE else f"{entry.id}.{language}.md"
            text = _text(folder, file, texts)
            # The file may have changed since it was read; the next check tells what is wrong then.
            parts = take_apart(text, file, []) if text is not None else None
            if parts is not None:
                yield Page(file, entry, language, parts.head, parts.body, parts.body_line, parts.blocks())


def _entry_questions(reading: Reading, folder: Path, texts: dict[str, str]) -> Iterator[Question]:
    for entry_id in reading.knowledge.entries:
        yield from _questions(folder, entry_id + QUESTIONS_SUFFIX, texts)


def _questions(folder: Path, file: str, texts: dict[str, str]) -> Iterator[Question]:
    text = _text(folder, file, texts)
    if text is not None:
        yield from (Question(file, line, question) for line, question in numbered_questions(text))


def _municipalities(reading: Reading, folder: Path, texts: dict[str, str]) -> Iterator[tuple[str, Document]]:
    for slug in reading.knowledge.municipalities:
        text = _text(folder, f"municipalities/{slug}.yaml", texts)
        if text is not None:
            try:
                yield slug, load(text)
            except YamlError:
                continue


def _text(folder: Path, file: str, texts: dict[str, str]) -> str | None:
    text = read_text(folder, folder / file, [])
    if text is not None:
        texts[file] = text
    return text
