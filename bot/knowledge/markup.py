"""The entries' short Markdown, made into the small HTML that Telegram and our pages show, and into plain text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_parser = MarkdownIt("commonmark", {"html": False}).disable(
    ["image", "html_block", "html_inline", "heading", "lheading", "code", "fence", "blockquote", "hr"]
)
_TAGS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>", "link_close": "</a>"}


@lru_cache(maxsize=4096)
def html(markdown: str) -> Markup:
    """Paragraphs with a blank line between, list items on lines with a dash; only b, i and a as tags."""
    return Markup("".join(_blocks(_parser.parse(markdown))).strip())


def visible_length(markdown: str) -> int:
    """Characters that a reader sees; the targets of links do not count."""
    return len(html(markdown).striptags())


def _blocks(tokens: Iterable[Token]) -> Iterable[str]:
    in_list = False
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                in_list = True
            case "bullet_list_close" | "ordered_list_close":
                in_list = False
                yield "\n"
            case "list_item_open":
                yield "– "
            case "inline":
                yield from _inline(token.children or [])
                yield "\n" if in_list else "\n\n"


def _inline(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        match token.type:
            case "link_open":
                yield str(Markup('<a href="{}">').format(str(token.attrGet("href"))))
            case "softbreak" | "hardbreak":
                yield " " if token.type == "softbreak" else "\n"
            case kind if kind in _TAGS:
                yield _TAGS[kind]
            case _:
                yield str(escape(token.content))
