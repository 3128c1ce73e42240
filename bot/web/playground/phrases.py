"""The page's own words, from phrases.yaml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}

_FILE = Path(__file__).with_name("phrases.yaml")


@dataclass(frozen=True)
class Invented:
    """A made-up mover: a name and the language of the phone, which is the bot's first guess."""

    name: str
    language_code: str


@dataclass(frozen=True)
class Show:
    """What is said in "Se det skje", whatever language the page has."""

    movers: list[Invented]
    question: str
    wants: str
    agrees: str
    answer: str
    thanks: str


@dataclass(frozen=True)
class Words:
    phrases: dict[str, dict[str, str]]
    """By phrase, then by language."""
    openings: list[dict[str, str]]
    """First lines to press for a new mover: what it is (by language) and the text."""
    movers: list[Invented]
    show: Show

    def in_language(self, language: str) -> dict[str, str]:
        return {name: texts[language] for name, texts in self.phrases.items()}


@cache
def words() -> Words:
    # BaseLoader reads every scalar as text: "no" is a language, not False.
    content = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - builds only text
    return Words(
        content["phrases"],
        content["openings"],
        [Invented(**mover) for mover in content["movers"]],
        _show(**content["show"]),
    )


def _show(movers: list[dict[str, str]], **lines: str) -> Show:
    return Show([Invented(**mover) for mover in movers], **lines)
