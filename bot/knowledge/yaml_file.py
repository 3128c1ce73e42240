"""YAML as editors' files use it: only text, lists and mappings, every value with its line.

Scalars stay text (`no` is a language code, not False), anchors, repeated keys and deep nesting are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_DEPTH = 12
MAX_BYTES = 2_000_000

Path = tuple[str | int, ...]
Value = str | list["Value"] | dict[str, "Value"]


class YamlError(Exception):
    """The file cannot be read as YAML; `line` counts from 1, the text is Norwegian."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


@dataclass(slots=True)
class Document:
    """`value` as plain text, lists and dicts; `lines` tells where each path (keys and indexes) begins."""

    value: Value
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def load(text: str, first_line: int = 1) -> Document:
    """Read one YAML document; `first_line` is the line in the file where `text` begins. Raises YamlError."""
    if len(text) > MAX_BYTES:
        raise YamlError(first_line, "filen er for stor", "del den opp")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise YamlError(
            first_line + line,
            f"kan ikke leses som YAML ({error.problem})",
            "se etter manglende kolon, innrykk eller anførselstegn på linjen eller rett over",
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise YamlError(first_line, f"kan ikke leses som YAML ({error})", "sammenlign med en fil som virker") from error
    document = Document({})
    if node is not None:
        document.value = _Reader(document.lines, first_line).read(node, (), 0)
    return document


class _Reader:
    def __init__(self, lines: dict[Path, int], first_line: int) -> None:
        self._lines, self._first_line = lines, first_line
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, path: Path, depth: int) -> Value:
        line = self._first_line + node.start_mark.line
        self._lines.setdefault(path, line)
        if id(node) in self._seen:
            raise YamlError(line, "ankere og henvisninger (& og *) er ikke tillatt", "skriv teksten helt ut")
        if depth > MAX_DEPTH:
            raise YamlError(line, "for mange nivåer inni hverandre", "gjør filen flatere")
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
        return dict(self._pairs(node, path, depth))

    def _pairs(self, node: yaml.Node, path: Path, depth: int) -> Iterator[tuple[str, Value]]:
        keys: set[str] = set()
        for key_node, value_node in node.value:
            key, line = str(key_node.value), self._first_line + key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(line, "en nøkkel må være et ord", "sett anførselstegn om den")
            if key in keys:
                raise YamlError(line, f"nøkkelen «{key}» står to ganger", "slett den ene")
            keys.add(key)
            self._lines[(*path, key)] = line
            yield key, self.read(value_node, (*path, key), depth + 1)
