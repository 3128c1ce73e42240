"""Between the inside's dataclasses and JSON columns."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from bot.dialogue.model import Button, Conversation
from bot.leads.model import Asked, Card, Preferences, Wishes

_conversation = TypeAdapter(Conversation)
_asked = TypeAdapter(tuple[Asked, ...])
_wishes = TypeAdapter(Wishes)
_card = TypeAdapter(Card)
_preferences = TypeAdapter(Preferences)
_buttons = TypeAdapter(tuple[tuple[Button, ...], ...])


def json_of(conversation: Conversation) -> dict[str, Any]:
    dumped: dict[str, Any] = _conversation.dump_python(conversation, mode="json")
    return dumped


def conversation_from(state: dict[str, Any]) -> Conversation:
    return _conversation.validate_python(state)


def asked_to_json(asked: tuple[Asked, ...]) -> list[Any]:
    dumped: list[Any] = _asked.dump_python(asked, mode="json")
    return dumped


def asked_from(value: list[Any]) -> tuple[Asked, ...]:
    return _asked.validate_python(value)


def buttons_to_json(buttons: tuple[tuple[Button, ...], ...]) -> list[Any]:
    dumped: list[Any] = _buttons.dump_python(buttons, mode="json")
    return dumped


def buttons_from(value: list[Any]) -> tuple[tuple[Button, ...], ...]:
    return _buttons.validate_python(value)


def wishes_to_json(wishes: Wishes) -> dict[str, Any]:
    dumped: dict[str, Any] = _wishes.dump_python(wishes, mode="json")
    return dumped


def wishes_from(value: dict[str, Any]) -> Wishes:
    return _wishes.validate_python(value)


def card_to_json(card: Card) -> dict[str, Any]:
    dumped: dict[str, Any] = _card.dump_python(card, mode="json")
    return dumped


def card_from(value: dict[str, Any]) -> Card:
    return _card.validate_python(value)


def preferences_to_json(preferences: Preferences) -> dict[str, Any]:
    dumped: dict[str, Any] = _preferences.dump_python(preferences, mode="json")
    return dumped


def preferences_from(value: dict[str, Any] | None) -> Preferences:
    return _preferences.validate_python(value) if value else Preferences()
