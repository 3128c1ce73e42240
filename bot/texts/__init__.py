"""What the assistant says. A language is a folder with phrases.yaml and consent texts; no code knows its words."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from html import unescape
from pathlib import Path
from string import Formatter

import yaml
from markupsafe import Markup

_FOLDER = Path(__file__).parent
DEFAULT = "nb"
#: The consent text that new leads are asked with; older versions stay as proof of what was agreed to.
CONSENT_VERSION = "1"
#: The same for the yes to be asked after some months.
FOLLOW_UP_VERSION = "1"


@cache
def languages() -> tuple[str, ...]:
    """The languages there are phrases in, the default first."""
    found = sorted(path.parent.name for path in _FOLDER.glob("*/phrases.yaml"))
    return (DEFAULT, *(language for language in found if language != DEFAULT))


@cache
def phrases(language: str) -> dict[str, str]:
    """All phrases of a language by dotted key, e.g. "answer.none"."""
    tree = yaml.load((_FOLDER / language / "phrases.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return dict(_flat(tree, ""))


def say(language: str, key: str, /, **values: object) -> Markup:
    """A phrase with its values put in. Values are shown as text; only Markup keeps its tags."""
    spoken = phrases(language if language in languages() else DEFAULT)
    return Markup(spoken[key]).format(**values)


def label(language: str, key: str, /, **values: object) -> str:
    """A phrase for a button or a toast: plain text, no tags."""
    return phrases(language if language in languages() else DEFAULT)[key].format(**values)


_TAG = re.compile(r"</?[bia](?: [^>]*)?>")


def plain(html: str) -> str:
    """Without tags, its lines kept."""
    return unescape(_TAG.sub("", html))


#: Leaves room for what stands around a person's words in one Telegram message (4,096).
PART = 3500


def parts(text: str) -> list[str]:
    """A long text in parts that fit a message each, cut at white space where there is some."""
    found = []
    while len(text) > PART:
        cut = max(text.rfind(" ", PART // 2, PART), text.rfind("\n", PART // 2, PART))
        cut = cut if cut > 0 else PART
        found.append(text[:cut])
        text = text[cut:].lstrip()
    return [*found, text]


@cache
def foreign() -> dict[str, str]:
    """A line in each language that is understood a little and not answered in, by language code."""
    return dict(_flat(yaml.load((_FOLDER / "foreign.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader), ""))


def placeholders(phrase: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(phrase) if name)


@cache
def consent(language: str, version: str = CONSENT_VERSION) -> str:
    """The consent text as it was or is shown, with {placeholders} for what goes to whom."""
    spoken = language if language in languages() else DEFAULT
    return (_FOLDER / spoken / f"consent-{version}.txt").read_text("utf-8").strip()


@cache
def companion_consent(language: str, version: str = CONSENT_VERSION) -> str:
    """The consent text for somebody who joins another's lead."""
    spoken = language if language in languages() else DEFAULT
    return (_FOLDER / spoken / f"companion-consent-{version}.txt").read_text("utf-8").strip()


@cache
def follow_up_consent(language: str, version: str = FOLLOW_UP_VERSION) -> str:
    """The consent text for the question after 3 and 12 months."""
    spoken = language if language in languages() else DEFAULT
    return (_FOLDER / spoken / f"follow-up-consent-{version}.txt").read_text("utf-8").strip()


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _flat(tree: object, prefix: str) -> list[tuple[str, str]]:
    if not isinstance(tree, dict):
        return [(prefix.removesuffix("."), str(tree).rstrip("\n"))]
    return [pair for key, value in tree.items() for pair in _flat(value, f"{prefix}{key}.")]
