"""Typing what a button says is pressing it, so that nothing hangs on a button alone."""

from __future__ import annotations

from bot.dialogue.talk import Talk


def typed_press(talk: Talk, text: str) -> str | None:
    """The data of the button shown last whose label was typed."""
    wanted = _bare(text)
    return next((data for label, data in talk.conversation.offered if wanted and _bare(label) == wanted), None)


def _bare(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
