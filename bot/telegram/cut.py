"""Keeps a message within Telegram's length without breaking its tags."""

from __future__ import annotations

import re
from html import unescape

#: Telegram counts UTF-16 units after entities are parsed.
MAX_UNITS = 4096
_PIECE = re.compile(r"<[^>]*>|&[a-zA-Z#0-9]+;|[^<&]|[<&]")
END = "…"


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible_units(html: str) -> int:
    """Units of the text as Telegram counts them: without tags, entities as one character."""
    pieces = (piece for piece in _PIECE.findall(html) if not _is_tag(piece))
    return sum(units(unescape(piece)) for piece in pieces)


def _is_tag(piece: str) -> bool:
    return piece.startswith("<") and len(piece) > 1


def cut_html(html: str, limit: int = MAX_UNITS) -> str:
    """The message, its text cut to `limit` units with an ellipsis and its open tags closed."""
    if units(html) <= limit or visible_units(html) <= limit:
        return html
    kept: list[str] = []
    open_tags: list[str] = []
    room = limit - units(END)
    for piece in _PIECE.findall(html):
        if _is_tag(piece):
            _follow(piece, open_tags)
        else:
            room -= units(unescape(piece))
            if room < 0:
                closing = "".join(f"</{tag}>" for tag in reversed(open_tags))
                return "".join(kept) + END + closing
        kept.append(piece)
    return html


def _follow(tag: str, open_tags: list[str]) -> None:
    name = tag.strip("</>").split()[0]
    if tag.startswith("</"):
        if open_tags:
            open_tags.pop()
    else:
        open_tags.append(name)
