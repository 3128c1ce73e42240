"""The knowledge, and whether what was trained fits it."""

from __future__ import annotations

from bot.app import StartError, learn
from bot.doctor.finding import Finding, error, ok, warning
from bot.matching.matcher import TrainedMatcher
from bot.settings import Settings


def check(settings: Settings) -> list[Finding]:
    try:
        reading, learner = learn(settings)
    except StartError as wrong:
        return [error("knowledge", str(wrong), "Set KNOWLEDGE_DIR to the folder of the curated files.")]
    count = len(reading.knowledge.entries)
    if reading.errors:
        text = f"{count} entries can be read, {len(reading.errors)} errors keep others out"
        found = [warning("knowledge", text, "`run_bot.py knowledge check` names file, line and what to do.")]
    else:
        found = [ok("knowledge", f"{count} entries")]
    matcher = learner.mind.matcher
    if isinstance(matcher, TrainedMatcher) and matcher.stale:
        text = "what was trained is of other examples: new ones are not understood yet"
        return [
            *found,
            warning("trained files", text, "The running program learns them; for good: `run_bot.py knowledge train`."),
        ]
    return [*found, ok("trained files", "fit the knowledge")]
