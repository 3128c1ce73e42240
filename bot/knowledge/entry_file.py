"""One entry's file: front matter between --- lines, then short Markdown with a section for each municipality."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.model import EntryText, Source
from bot.knowledge.problems import Problem
from bot.knowledge.schema import EntryHead, SourceShape, TranslationHead
from bot.knowledge.shape_problems import validate
from bot.knowledge.text_file import read_text
from bot.knowledge.yaml_file import Document, YamlError, load

SECTION = re.compile(r"^##[ \t]+(.+?)[ \t]*$", re.MULTILINE)
SECTION_SLUGS = {
    "Røros": "roros",
    "Holtålen": "holtalen",
    "Os": "os",
    "Tolga": "tolga",
    "Tynset": "tynset",
    "Alvdal": "alvdal",
    "Folldal": "folldal",
    "Rendalen": "rendalen",
}


@dataclass(frozen=True, slots=True)
class Original:
    head: EntryHead
    text: EntryText
    sources: tuple[Source, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Block:
    """The general part (no heading) or one section; `line` is where it begins, heading included."""

    heading: str | None
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A file taken apart; `body_line` is the line on which the body begins."""

    head: Document
    body: str
    body_line: int

    def blocks(self) -> tuple[Block, ...]:
        pieces = SECTION.split(self.body)
        blocks = [Block(None, self.body_line, pieces[0])]
        line = self.body_line + pieces[0].count("\n")
        for heading, text in zip(pieces[1::2], pieces[2::2], strict=True):
            blocks.append(Block(heading, line, text))
            line += text.count("\n")
        return tuple(blocks)


def read_original(folder: Path, path: Path, problems: list[Problem]) -> Original | None:
    name = str(path.relative_to(folder))
    file = read_text(folder, path, problems)
    parts = take_apart(file, name, problems) if file is not None else None
    head = validate(EntryHead, parts.head, name, problems) if parts else None
    if parts is None or head is None:
        return None
    general, sections = _sections(parts, name, problems)
    if not general:
        problems.append(Problem(name, parts.body_line, "teksten er tom", "skriv svaret under front matter"))
        return None
    text = EntryText(head.title, head.keywords, general, sections)
    return Original(head, text, tuple(_source(shape) for shape in head.sources), hash_of(head.title, parts.body))


def read_translation(folder: Path, path: Path, original_hash: str, problems: list[Problem]) -> EntryText | None:
    name = str(path.relative_to(folder))
    file = read_text(folder, path, problems)
    parts = take_apart(file, name, problems) if file is not None else None
    head = validate(TranslationHead, parts.head, name, problems) if parts else None
    if parts is None or head is None:
        return None
    general, sections = _sections(parts, name, problems)
    if not general:
        problems.append(Problem(name, parts.body_line, "oversettelsen er tom", "oversett teksten eller slett filen"))
        return None
    return EntryText(head.title, head.keywords, general, sections, outdated=head.translated_from != original_hash)


def hash_of(title: str, body: str) -> str:
    """What `translated_from` holds: changes when the original's title or body changes, not with white space."""
    words = " ".join(f"{title}\n{body}".split())
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def take_apart(text: str, name: str, problems: list[Problem]) -> Parts | None:
    """Front matter and body of the file `name`, or None with a problem noted."""
    lines = text.split("\n")
    if lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        problems.append(Problem(name, 1, "front matter mangler", "begynn filen med --- og avslutt nøklene med ---"))
        return None
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    try:
        head = load("\n".join(lines[1:end]), first_line=2)
    except YamlError as error:
        problems.append(Problem(name, error.line, error.message, error.remedy))
        return None
    return Parts(head, "\n".join(lines[end + 1 :]), end + 2)


def _sections(parts: Parts, name: str, problems: list[Problem]) -> tuple[str, Mapping[str, str]]:
    general, *blocks = parts.blocks()
    sections: dict[str, str] = {}
    for block in blocks:
        slug = SECTION_SLUGS.get(block.heading or "")
        if slug is None:
            known = ", ".join(SECTION_SLUGS)
            message = f"«## {block.heading}» er ingen kommune her"
            problems.append(Problem(name, block.line, message, f"bruk en av: {known}"))
        elif slug in sections:
            problems.append(Problem(name, block.line, f"«## {block.heading}» står to ganger", "slå dem sammen"))
        else:
            sections[slug] = block.text.strip()
    return general.text.strip(), sections


def _source(shape: SourceShape) -> Source:
    return Source(shape.name, shape.url, shape.as_of, shape.facts, shape.municipality)
