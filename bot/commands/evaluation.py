"""evaluate: labelled questions and dialogues, the way a mover's message would go."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.app import StartError, build_mind
from bot.assistant import Mind
from bot.commands.predicting import hear
from bot.dialogue.model import Conversation
from bot.matching import labelled
from bot.matching.evaluation import evaluate as measure
from bot.matching.verdict import Context, Verdict
from bot.settings import Settings


def evaluate(settings: Settings, file: Path, predictions: Path | None, as_json: bool) -> None:
    """Print the measures. Raises StartError when the file cannot be read."""
    mover = _Mover(build_mind(settings))
    try:
        cases = labelled.read(file)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StartError(f"{file} is not a file of labelled questions or dialogues: {error!r}") from None
    report = measure(cases, mover.asks)
    if predictions is not None:
        report.write_predictions(predictions)
    print(json.dumps(report.to_json(), ensure_ascii=False, indent=2) if as_json else report.to_text())


class _Mover:
    """Somebody new for each case; later turns of a dialogue go on with the same conversation."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind
        self._conversation = Conversation(0)

    def asks(self, text: str, context: Context) -> Verdict:
        if context == Context():
            self._conversation = Conversation(0)
        heard = hear(self._mind, replace(self._conversation, context=context), text)
        self._conversation = heard.conversation
        return heard.verdict
