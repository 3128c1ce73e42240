"""ask: one question, with what spoke for each entry."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from bot.app import StartError, build_mind
from bot.assistant import Mind
from bot.commands.predicting import Heard, hear
from bot.dialogue.model import Conversation
from bot.matching.verdict import Verdict
from bot.settings import Settings
from bot.texts import languages


def ask(
    settings: Settings, text: str, language: str | None, municipality: str | None, why: bool, as_json: bool
) -> None:
    """Print the decision for one question, as a mover's message would meet it."""
    mind = build_mind(settings)
    if municipality is not None and municipality not in mind.knowledge.municipalities:
        raise StartError(
            f"There is no municipality «{municipality}». Known: {', '.join(mind.knowledge.municipalities)}."
        )
    if language is not None and language not in languages():
        raise StartError(f"There is no language «{language}». Known: {', '.join(languages())}.")
    places = (municipality,) if municipality else ()
    conversation = Conversation(
        0, language=language or "nb", language_chosen=language is not None, municipalities=places
    )
    heard = hear(mind, conversation, text)
    explained = mind.matcher.understand(text, why=True) if why else heard.verdict
    if as_json:
        print(json.dumps(_as_dict(heard, explained, why), ensure_ascii=False))
        return
    _print_verdict(mind, heard, explained, why)


def _print_verdict(mind: Mind, heard: Heard, explained: Verdict, why: bool) -> None:
    verdict = heard.verdict
    print(f"decision: {verdict.decision}")
    print(f"language: {verdict.language.code} ({verdict.language.confidence:.2f})")
    print(f"municipality: {', '.join(verdict.municipalities) or '-'}   outside: {', '.join(verdict.outside) or '-'}")
    shown = explained.matches if verdict.decision != "none" else explained.near
    for match in shown:
        print(f"{match.score:.3f}  {match.entry}  ({mind.knowledge.entries[match.entry].title('nb')})")
        for reason in match.reasons:
            print(f"       {reason}")
    for sentence in explained.explanation:
        print(sentence)
    if not why:
        for html in heard.html:
            print()
            print(unescape(re.sub(r"<[^>]+>", "", html)))


def _as_dict(heard: Heard, explained: Verdict, why: bool) -> dict[str, Any]:
    verdict = heard.verdict
    answer: dict[str, Any] = {
        "decision": verdict.decision,
        "entries": list(heard.entries),
        "scores": {match.entry: round(match.score, 4) for match in (*verdict.matches, *verdict.near)},
        "municipality": verdict.municipality,
        "outside": list(verdict.outside),
        "language": verdict.language.code,
        "milliseconds": round(heard.milliseconds, 3),
    }
    if why:
        answer["why"] = {match.entry: list(match.reasons) for match in explained.matches or explained.near}
        answer["explanation"] = list(explained.explanation)
    return answer
