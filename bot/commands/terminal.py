"""chat: a mover's conversation in the terminal, or from a pipe where each line is a turn."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from html import unescape

from bot.app import House, build, now
from bot.dialogue.model import Button, Commanded, Message, Pressed, Reply, Said, Sender, Turn
from bot.settings import Settings
from bot.storage.clean import clean
from bot.storage.migrating import migrate

NAME = "chat"
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_TAG = re.compile(r"</?[abi][^>]*>")
PROMPT = "> "


async def chat(settings: Settings) -> None:
    """Read lines until the end of input. Each start is a new mover; what is sent lies in a file of its own."""
    settings = settings.model_copy(update={"database_url": "", "fragment_seconds": 0.0})
    house = build(settings, NAME)
    await migrate(house.database)
    try:
        await _talk(house)
    finally:
        await house.learner.stop()
        await house.database.close()


async def _talk(house: House) -> None:
    sender = Sender(chat_id=time.time_ns() // 1_000_000, first_name="", language_code=None)
    buttons = _show(await house.assistant.handle(sender, [Commanded("start")], now()))
    while (line := await asyncio.to_thread(_read_line)) is not None:
        message = _message(line, buttons)
        if message is not None:
            buttons = _show(await house.assistant.handle(sender, [message], now())) or buttons


def _read_line() -> str | None:
    """The next line; None at the end. Bytes that are no UTF-8 are replaced, as a terminal would show them."""
    if sys.stdin.isatty():
        print(PROMPT, end="", flush=True)
    raw = sys.stdin.buffer.readline()
    return raw.decode("utf-8", "replace").rstrip("\r\n") if raw else None


def _message(line: str, buttons: list[Button]) -> Message | None:
    text = clean(line).strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= len(buttons):
        return Pressed(buttons[int(text) - 1].data)
    if text.startswith("/") and text[1:2].isalpha():
        name, _, argument = text[1:].partition(" ")
        return Commanded(name.lower(), argument.strip())
    return Said(text)


def _show(turn: Turn) -> list[Button]:
    """Print the replies; the buttons are numbered through all of them."""
    buttons: list[Button] = []
    for reply in turn.replies:
        print()
        print(plain(reply))
        for row in reply.buttons:
            shown = []
            for button in row:
                buttons.append(button)
                shown.append(f"[{len(buttons)}] {button.label}")
            print("   " + "   ".join(shown))
    if turn.toast and not turn.replies:
        print(f"\n({turn.toast})")
    if turn.replies:
        print(flush=True)
    return buttons


def plain(reply: Reply) -> str:
    """The text without tags; a link shows where it leads."""
    return unescape(_TAG.sub("", _LINK.sub(r"\2 (\1)", reply.html)))
