"""Notes in a translation from which original it was made: `knowledge translated FILE…`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from bot.knowledge.entry_file import read_original
from bot.knowledge.problems import Problem
from bot.points import reached

_LINE = re.compile(rb"^translated_from:[^\r\n]*", re.MULTILINE)
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?P<keys>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"(?P<slug>[a-z0-9-]+)\.[a-z]{2,3}\.md")


def mark_translated(folder: Path, paths: Iterable[Path]) -> tuple[Problem, ...]:
    """Set `translated_from` to the present original of each; what could not be marked comes back, the rest is done."""
    problems: list[Problem] = []
    for path in paths:
        _mark(folder, path if path.exists() else folder / path, problems)
    return tuple(problems)


def _mark(folder: Path, path: Path, problems: list[Problem]) -> None:
    folder, path = folder.resolve(), path.resolve()
    name = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
    match = _NAME.fullmatch(path.name)
    if match is None or not path.is_relative_to(folder) or not path.is_file():
        remedy = "skriv navnet på en fil som slutter på .nn.md eller .en.md"
        problems.append(Problem(name, 1, "er ingen oversettelse i kunnskapsmappen", remedy))
        return
    found: list[Problem] = []
    original = read_original(folder, path.with_name(f"{match['slug']}.md"), found)
    if original is None:
        problems.extend(found)
        return
    text = _with_hash(path.read_bytes(), original.hash.encode())
    if text is None:
        problems.append(Problem(name, 1, "front matter mangler", "begynn filen med --- og avslutt nøklene med ---"))
        return
    _replace(path, text)


def _with_hash(text: bytes, hash: bytes) -> bytes | None:
    """The file with the hash in it; every other byte, line ends included, stays as it was."""
    head = _FRONT_MATTER.match(text)
    if head is None:
        return None
    start, end = head.span("keys")
    keys, line = head["keys"], b"translated_from: " + hash
    if _LINE.search(keys):
        keys = _LINE.sub(line, keys, count=1)
    else:
        keys += line + (b"\r\n" if keys.endswith(b"\r\n") else b"\n")
    return text[:start] + keys + text[end:]


def _replace(path: Path, text: bytes) -> None:
    # The running bot looks at this file every second and must never see half of it.
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(text)
    draft.chmod(path.stat().st_mode)
    reached("knowledge: before a file is changed")
    os.replace(draft, path)
    reached("knowledge: after a file was changed")
