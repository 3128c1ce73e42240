"""Example questions: one question belongs to one entry, and never also to what must not be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.checks.material import Material, Question
from bot.knowledge.problems import Problem


def problems(material: Material) -> Iterator[Problem]:
    outside = {normalised(question.text): question for question in material.out_of_scope}
    first: dict[str, Question] = {}
    for question in material.questions:
        form = normalised(question.text)
        other = first.setdefault(form, question)
        if other.file != question.file:
            yield _problem(question, other, "la det stå bare der det passer best")
        if form in outside:
            yield _problem(question, outside[form], "slett det ene; der skal bare det stå som ikke kan besvares")


def normalised(question: str) -> str:
    """The question without case, punctuation and white space, so that nearly the same counts as the same."""
    return " ".join(re.sub(r"[^\w\s]", " ", question.casefold()).split()) or question


def _problem(question: Question, other: Question, remedy: str) -> Problem:
    message = f"«{question.text}» står også i {other.file}, linje {other.line}"
    return Problem(question.file, question.line, message, remedy)
