"""A turn while it is being decided: rooms of the dialogue read from it and add to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot.dialogue.buttons import data
from bot.dialogue.model import (
    Button,
    Change,
    Conversation,
    Feedback,
    Notice,
    Question,
    Reply,
    Situation,
    Turn,
)
from bot.knowledge.model import Knowledge, Municipality
from bot.matching.verdict import Matcher
from bot.texts import label, say

Rows = Iterable[Iterable[Button]]


@dataclass(slots=True)
class Talk:
    """What a room may know (the first five) and what it decides (the rest)."""

    conversation: Conversation
    situation: Situation
    knowledge: Knowledge
    matcher: Matcher
    now: datetime
    replies: list[Reply] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    toast: str = ""
    #: The message whose button was pressed, where the next reply may stand instead.
    pressed_message: int | None = None

    @property
    def language(self) -> str:
        return self.conversation.language

    def remember(self, **changes: Any) -> None:
        self.conversation = replace(self.conversation, **changes)

    def phrase(self, key: str, **values: object) -> Markup:
        return say(self.language, key, **values)

    def say(self, key: str, buttons: Rows = (), edit: bool = False, **values: object) -> None:
        """A reply made of one phrase."""
        self.reply(self.phrase(key, **values), buttons, edit)

    def reply(self, html: str, buttons: Rows = (), edit: bool = False) -> None:
        """A reply; with `edit` it takes the place of the message whose button was pressed."""
        rows = tuple(tuple(row) for row in buttons)
        edits = self.pressed_message if edit else None
        self.replies.append(Reply(str(html), tuple(row for row in rows if row), edits))

    def button(self, key: str, verb: str, argument: str = "", **values: object) -> Button:
        return Button(label(self.language, f"button.{key}", **values), data(verb, argument))

    def place(self, slug: str) -> str:
        municipality = self.knowledge.municipalities.get(slug)
        return municipality.name if municipality else slug.capitalize()

    def places(self, slugs: Iterable[str]) -> str:
        """Names in a row: "Tynset", "Tynset og Os"."""
        names = [self.place(slug) for slug in slugs]
        last_link = f" {self.phrase('place.and')} "
        return last_link.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def name(self) -> str:
        return self.conversation.first_name or label(self.language, "welcome.nameless")

    def finish(self) -> Turn:
        return Turn(
            self.conversation,
            tuple(self.replies),
            tuple(self.notices),
            tuple(self.changes),
            tuple(self.questions),
            tuple(self.feedback),
            self.toast,
        )


def contact_line(municipality: Municipality) -> str:
    """Public ways to reach the municipality, as far as they are known."""
    contact = municipality.contact
    website = contact.website.removeprefix("https://").rstrip("/") if contact.website else None
    return " · ".join(part for part in (contact.phone, contact.email, website) if part)
