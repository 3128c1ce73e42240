"""All languages say the same things, within Telegram's limits; a consent text changes only as a new version."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from bot import texts
from bot.dialogue.commands import MENU
from bot.leads.model import MORE_OUTCOMES, OUTCOMES
from bot.telegram.cut import MAX_UNITS, units
from bot.texts import (
    CONSENT_VERSION,
    FOLLOW_UP_VERSION,
    companion_consent,
    consent,
    follow_up_consent,
    foreign,
    hash_of,
    label,
    languages,
    phrases,
    placeholders,
    say,
)

FOLDER = Path(texts.__file__).parent
PINNED = yaml.safe_load((Path(__file__).parent / "consent_hashes.yaml").read_text("utf-8"))
OTHERS = [language for language in languages() if language != "nb"]
KEYS = sorted(phrases("nb"))
#: Where a phrase may have its own words for the same thing: its placeholders in another order are fine, its tags not.
TAG = re.compile(r"</?(\w+)[^>]*>")
MAX_LABEL = 40
#: Telegram's menu takes at most so much.
MAX_COMMAND = 256


def test_the_three_languages_are_there() -> None:
    assert languages()[0] == "nb"
    assert {"nb", "nn", "en"} <= set(languages())


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_is_there_and_none_too_many(language: str) -> None:
    assert sorted(phrases(language)) == KEYS


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_has_the_same_places_to_fill(language: str) -> None:
    differ = {
        key: (placeholders(phrases("nb")[key]), placeholders(phrase))
        for key, phrase in phrases(language).items()
        if placeholders(phrase) != placeholders(phrases("nb")[key])
    }
    assert differ == {}


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_has_the_same_tags(language: str) -> None:
    differ = {
        key: phrase
        for key, phrase in phrases(language).items()
        if sorted(TAG.findall(phrase)) != sorted(TAG.findall(phrases("nb")[key]))
    }
    assert differ == {}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "a"), tag
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", languages())
def test_tags_are_ones_we_use_and_are_closed(language: str) -> None:
    for key, phrase in phrases(language).items():
        tags = _Tags()
        tags.feed(phrase)
        tags.close()
        assert tags.open == [], key
        assert "&" not in re.sub(r"&(amp|lt|gt|quot);", "", phrase), f"{key}: a bare & is no HTML"


@pytest.mark.parametrize("language", languages())
def test_no_phrase_is_empty_or_too_long(language: str) -> None:
    for key, phrase in phrases(language).items():
        assert phrase.strip() == phrase and phrase, key
        assert units(phrase) <= MAX_UNITS, key


@pytest.mark.parametrize("language", languages())
def test_buttons_are_short_and_plain(language: str) -> None:
    values = {"reference": "TYN-7F3K", "number": 5, "place": "Holtålen", "title": ""}
    found = [key for key in KEYS if key.startswith(("button.", "desk.outcome.", "topics.")) and key not in _NOT_BUTTONS]
    found += ["desk.take", "desk.answer", "desk.close", "language.name"]
    for key in found:
        shown = label(language, key, **values)
        assert len(shown) <= MAX_LABEL, (key, shown)
        assert "<" not in shown and "&" not in shown and "\n" not in shown, key


_NOT_BUTTONS = ("topics.ask", "topics.entries")


@pytest.mark.parametrize("language", languages())
def test_every_command_of_the_menu_is_described(language: str) -> None:
    for command in MENU:
        described = label(language, f"commands.{command}")
        assert 3 <= len(described) <= MAX_COMMAND
    assert [key for key in KEYS if key.startswith("commands.")] == sorted(f"commands.{command}" for command in MENU)


@pytest.mark.parametrize("language", languages())
def test_every_outcome_has_a_label(language: str) -> None:
    for outcome in (*OUTCOMES, *MORE_OUTCOMES):
        assert label(language, f"desk.outcome.{outcome}")


@pytest.mark.parametrize("language", languages())
def test_yes_and_no_are_words_of_their_own(language: str) -> None:
    yes, no = ({w.strip() for w in phrases(language)[f"lead.{key}_words"].split(",")} for key in ("yes", "no"))
    assert yes and no and not yes & no
    assert all(word == word.lower() and word for word in yes | no)
    assert "ja" in yes if language != "en" else "yes" in yes


@pytest.mark.parametrize("language", languages())
def test_every_way_to_say_no_is_understood_in_every_language(language: str) -> None:
    """A no must never be missed because somebody answers in another language than the summary's."""
    assert {"nei", "no"} <= {word.strip() for word in phrases(language)["lead.no_words"].split(",")}


def test_values_are_shown_as_text() -> None:
    assert "&lt;b&gt;" in say("nb", "welcome.text", name="<b>Mona</b> & {co}")
    assert "{co}" in say("nb", "welcome.text", name="{co}")


def test_an_unknown_language_is_served_in_bokmal() -> None:
    assert say("tlh", "forget.kept") == say("nb", "forget.kept")
    assert consent("tlh") == consent("nb")


def test_lines_in_other_languages_are_short_and_no_language_of_ours() -> None:
    assert set(foreign()) & set(languages()) == set()
    assert all(0 < len(line) < 300 for line in foreign().values())


# -- consent


def _versions() -> list[tuple[str, str]]:
    return sorted((path.parent.name, path.stem.removeprefix("consent-")) for path in FOLDER.glob("*/consent-*.txt"))


def test_every_language_has_the_present_consent_text() -> None:
    assert {language for language, version in _versions() if version == CONSENT_VERSION} == set(languages())


@pytest.mark.parametrize(("language", "version"), _versions())
def test_a_consent_text_never_changes(language: str, version: str) -> None:
    """Changed it? Make a new version beside it, raise CONSENT_VERSION and pin the new text's hash."""
    assert hash_of(consent(language, version)) == PINNED[version][language]


def test_no_consent_text_that_was_pinned_is_gone() -> None:
    movers = {
        version: texts for version, texts in PINNED.items() if not version.startswith(("companion-", "follow-up-"))
    }
    assert {(language, version) for version, texts in movers.items() for language in texts} == set(_versions())


@pytest.mark.parametrize("language", languages())
def test_the_consent_text_names_readers_time_and_the_way_back(language: str) -> None:
    text = consent(language)
    assert placeholders(text) == {"readers", "lead_days", "consent_years"}
    assert "/mine" in text
    assert "<" not in text and "&" not in text


@pytest.mark.parametrize("language", languages())
def test_a_companions_consent_text_never_changes_either(language: str) -> None:
    text = companion_consent(language)
    assert hash_of(text) == PINNED[f"companion-{CONSENT_VERSION}"][language]
    assert placeholders(text) == {"place", "lead_days", "consent_years"}


@pytest.mark.parametrize("language", languages())
def test_the_consent_text_of_the_later_question_never_changes_either(language: str) -> None:
    text = follow_up_consent(language)
    assert hash_of(text) == PINNED[f"follow-up-{FOLLOW_UP_VERSION}"][language]
    assert placeholders(text) == {"consent_years"}
    assert len(text) < 500
