"""A mover's message through the dialogue without a database: what `ask` and `evaluate` look at."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.app import now
from bot.assistant import Mind
from bot.dialogue.model import Conversation, Said, Situation
from bot.dialogue.respond import respond
from bot.matching.verdict import Detected, Verdict

#: For a text that never reaches the matcher (no letter in it).
NOTHING = Verdict("none", (), Detected("nb", 0.0), Conversation(0).context)


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one text, and the conversation after it."""

    verdict: Verdict
    conversation: Conversation
    html: tuple[str, ...]
    milliseconds: float

    @property
    def entries(self) -> tuple[str, ...]:
        """Exactly what the mover is shown."""
        return () if self.verdict.decision == "none" else tuple(match.entry for match in self.verdict.matches)


def hear(mind: Mind, conversation: Conversation, text: str) -> Heard:
    start = time.perf_counter()
    turn = respond(conversation, [Said(text)], Situation(), mind.knowledge, mind.matcher, now())
    milliseconds = (time.perf_counter() - start) * 1000
    verdict = turn.questions[0].verdict if turn.questions else NOTHING
    return Heard(verdict, turn.conversation, tuple(reply.html for reply in turn.replies), milliseconds)
