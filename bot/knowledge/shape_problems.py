"""Turns what pydantic says of a file into problems an editor understands."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.knowledge.problems import Problem
from bot.knowledge.schema import Shape
from bot.knowledge.yaml_file import Document

S = TypeVar("S", bound=Shape)


def validate(shape: type[S], document: Document, file: str, problems: list[Problem]) -> S | None:
    """The document as `shape`, or None with all its problems noted."""
    if not isinstance(document.value, dict):
        problems.append(Problem(file, document.line(()), "her skal det stå «nøkkel: verdi»", "se på en fil som virker"))
        return None
    try:
        return shape.model_validate(_without_null(document.value))
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=True, include_input=True):
            path = tuple(part for part in detail["loc"] if isinstance(part, int | str))
            message, remedy = _words(detail)
            where = ".".join(str(part) for part in path)
            problems.append(Problem(file, document.line(path), f"«{where}» {message}", remedy))
        return None


def _without_null(value: object) -> object:
    """`null` and `~` mean that a key is left out."""
    if isinstance(value, dict):
        return {key: _without_null(item) for key, item in value.items() if item not in ("null", "~")}
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    return value


def _words(detail: ErrorDetails) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    got = str(detail["input"])[:60]
    match kind:
        case "missing":
            return "mangler", "skriv nøkkelen inn"
        case "extra_forbidden":
            return "er en ukjent nøkkel", "rett skrivemåten eller slett linjen"
        case "literal_error":
            allowed = str(context.get("expected")).replace("'", "").replace(" or ", " eller ")
            return f"er «{got}», som ikke er lov", f"skriv en av: {allowed}"
        case "string_pattern_mismatch":
            return f"er «{got}», som ikke har rett form", "se eksemplet i knowledge/README.md"
        case "too_short" | "string_too_short":
            return "er tom", "skriv noe her"
        case "too_long" | "string_too_long":
            return "er for lang", f"høyst {context.get('max_length')}"
        case "value_error":
            return f"er «{got}», som ikke er en https-adresse", "bruk en adresse som begynner med https://"
        case _ if kind.startswith("date"):
            return f"er «{got}», som ikke er en dato", "skriv år-måned-dag, f.eks. 2026-11-24"
        case "tuple_type" | "list_type":
            return "skal være en liste", "skriv [ett, to] eller én linje for hver med - foran"
        case _:
            return f"er «{got}», som ikke passer her ({detail['msg']})", "se eksemplet i knowledge/README.md"
