"""What the matcher is asked with and what it answers: shared by matching, dialogue and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Decision = Literal["answer", "choose", "none"]


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier turns of the conversation left behind for understanding the next line."""

    #: The entry answered last.
    entry: str | None = None
    #: The municipalities spoken of last in this conversation (not those chosen as home).
    municipalities: tuple[str, ...] = ()

    @property
    def municipality(self) -> str | None:
        """The one place spoken of; None when none or several are."""
        return self.municipalities[0] if len(self.municipalities) == 1 else None

    @property
    def topic(self) -> str | None:
        return self.entry.partition("/")[0] if self.entry else None


@dataclass(frozen=True, slots=True)
class Detected:
    """The language a line is written in (nb nn en sv da de nl pl uk sma …) and how sure that is, 0 to 1."""

    code: str
    confidence: float
    #: Whether a word in it is Bokmål and not Nynorsk, or the other way round.
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """An entry with its score between 0 and 1, and in words what spoke for it (only when asked why)."""

    entry: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """answer: 1-3 entries, one per need; choose: 2-3 suggestions; none: nothing is known (then `near` may help).

    `municipalities` are those named in the line, or the one understood from context. `context` is what the next
    line is to be understood with.
    """

    decision: Decision
    matches: tuple[Match, ...]
    language: Detected
    context: Context
    municipalities: tuple[str, ...] = ()
    #: Places outside the region that the line names.
    outside: tuple[str, ...] = ()
    #: Best entries whatever the decision, best first, for "nearest topics" under an "I don't know".
    near: tuple[Match, ...] = ()
    #: Sentences for editors: signals, scores, thresholds (only when asked why).
    explanation: tuple[str, ...] = ()

    @property
    def municipality(self) -> str | None:
        """The one place meant; None when none or several are named."""
        return self.municipalities[0] if len(self.municipalities) == 1 else None


class Matcher(Protocol):
    """Turns a line into a verdict. Pure and quick; never raises, whatever the text."""

    def understand(self, text: str, context: Context = Context(), why: bool = False) -> Verdict: ...
