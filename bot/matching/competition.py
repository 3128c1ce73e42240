"""Which example questions do not reach their own entry, and which entries take each other's: for editors' checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.model import Knowledge
from bot.knowledge.problems import Problem
from bot.knowledge.text_file import QUESTIONS_SUFFIX
from bot.matching.verdict import Matcher

#: From so many questions on that go to one other entry, the two compete.
COMPETING = 3


@dataclass(frozen=True, slots=True)
class Strayed:
    """An example question and the entry that it is answered with instead of its own."""

    entry: str
    question: str
    goes_to: str


def strayed(knowledge: Knowledge, matcher: Matcher) -> Iterator[Strayed]:
    """Every example asked as a mover would ask it. Choices and "I don't know" are no stray: nobody is misled."""
    for entry in knowledge.entries.values():
        for question in entry.questions:
            verdict = matcher.understand(question)
            if verdict.decision == "answer" and all(match.entry != entry.id for match in verdict.matches):
                yield Strayed(entry.id, question, verdict.matches[0].entry)


def problems(knowledge: Knowledge, matcher: Matcher) -> tuple[Problem, ...]:
    """Warnings for `knowledge check`, in Norwegian."""
    found = list(strayed(knowledge, matcher))
    pairs = Counter((one.entry, one.goes_to) for one in found)
    told = [
        Problem(
            f"{one.entry}{QUESTIONS_SUFFIX}",
            1,
            f"«{one.question}» får svaret «{one.goes_to}»",
            "flytt spørsmålet dit, eller skriv det tydeligere",
            "warning",
        )
        for one in found
    ]
    told += [
        Problem(
            f"{entry}.md",
            1,
            f"konkurrerer med «{other}» om {count} spørsmål",
            "slå dem sammen, eller gjør forskjellen tydelig i spørsmålene",
            "warning",
        )
        for (entry, other), count in pairs.items()
        if count >= COMPETING
    ]
    return tuple(sorted(told))
