"""The parts to play, and new movers that are added with a press."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.web.playground.phrases import Invented
from bot.web.playground.pretended import Persona, Pretended

Role = Literal["mover", "host", "coordinator"]


@dataclass(frozen=True)
class Person:
    """Somebody invented. The key stays the same from start to start; it finds the person's chat again."""

    key: str
    name: str
    role: Role
    language_code: str = "nb"
    description: str = ""


@dataclass(frozen=True)
class Mailbox:
    """Somebody invented who has no Telegram, only mail and a browser."""

    name: str
    email: str
    description: str = ""


def seed(telegram: Pretended, people: Iterable[Person]) -> None:
    """Makes these people part of the pretend Telegram; who is there already keeps id and chat."""
    known = {persona.key: persona.user.id for persona in telegram.personas()}
    for person in people:
        user = telegram.user(person.name, person.language_code, known.get(person.key))
        telegram.persona(person.key, person.role, person.description, user.id)


def add_mover(telegram: Pretended, invented: list[Invented]) -> Persona:
    """One more mover, with the first invented name that nobody bears yet."""
    names = {persona.user.name for persona in telegram.personas()}
    number = len(telegram.personas()) + 1
    free = [one for one in invented if one.name not in names]
    chosen = free[0] if free else Invented(f"{invented[number % len(invented)].name} {number}", "nb")
    user = telegram.user(chosen.name, chosen.language_code, None)
    return telegram.persona(f"added-{user.id}", "mover", "", user.id, added=True)
