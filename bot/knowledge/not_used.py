"""knowledge/facts/not-used.yaml: facts that no text uses, each with the reason why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.problems import Problem
from bot.knowledge.text_file import read_text
from bot.knowledge.yaml_file import YamlError, load

NOT_USED = "not-used.yaml"
FILE = f"facts/{NOT_USED}"


@dataclass(frozen=True, slots=True)
class Reason:
    text: str
    line: int


def read_not_used(folder: Path, problems: list[Problem]) -> Mapping[str, Reason]:
    """Reason by fact id; no file means that nothing is left out on purpose."""
    path = folder / FILE
    text = read_text(folder, path, problems) if path.exists() else None
    if text is None:
        return {}
    try:
        document = load(text)
    except YamlError as error:
        problems.append(Problem(FILE, error.line, error.message, error.remedy))
        return {}
    if not isinstance(document.value, dict):
        problems.append(Problem(FILE, 1, "her skal det stå «opplysning: grunn»", "skriv én opplysning på hver linje"))
        return {}
    reasons = {}
    for fact, reason in document.value.items():
        line = document.line((fact,))
        if isinstance(reason, str) and reason.strip():
            reasons[fact] = Reason(reason.strip(), line)
        else:
            problems.append(
                Problem(FILE, line, f"«{fact}» har ingen grunn", "skriv etter kolon hvorfor den ikke brukes")
            )
    return reasons
