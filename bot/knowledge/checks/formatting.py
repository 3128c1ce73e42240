"""Only what a chat can show: paragraphs, bold, italics, lists with a dash, links, and a heading for a municipality."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.knowledge.checks.material import Material, Page
from bot.knowledge.entry_file import SECTION
from bot.knowledge.problems import Problem

_parser = MarkdownIt("commonmark").enable("table")
FORBIDDEN = {
    "image": ("bilder vises ikke i svar", "slett bildet, eller lenk til en side som viser det"),
    "table_open": ("tabeller vises ikke i svar", "skriv en liste med - foran hver linje"),
    "html_block": ("HTML er ikke tillatt", "skriv vanlig tekst; **fet** og [lenke](https://…) går an"),
    "html_inline": ("HTML er ikke tillatt", "skriv vanlig tekst; **fet** og [lenke](https://…) går an"),
    "ordered_list_open": (
        "nummererte lister er ikke tillatt",
        "bruk - foran hver linje, eller skriv om så linjen ikke begynner med tall og punktum",
    ),
    "fence": ("kodeblokker er ikke tillatt", "skriv vanlig tekst"),
    "code_block": ("linjen begynner med fire mellomrom eller mer", "begynn den helt til venstre"),
    "code_inline": ("kode mellom ` og ` er ikke tillatt", "bruk «anførselstegn»"),
    "blockquote_open": ("sitatblokker er ikke tillatt", "skriv teksten uten > foran"),
    "hr": ("streker er ikke tillatt", "slett linjen"),
}
LINKS = ("https://", "mailto:", "tel:")
# Bidirectional controls and zero-width characters come along when text is copied; nobody sees them, searches do.
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def problems(material: Material) -> Iterator[Problem]:
    for page in material.pages:
        lines = page.body.split("\n")
        for token in _parser.parse(page.body):
            first = token.map[0] if token.map else 0
            for offset, (message, remedy) in _faults(token, first, lines):
                yield page.problem(page.body_line + offset, message, remedy)
        yield from _invisible(page, lines)


def _invisible(page: Page, lines: list[str]) -> Iterator[Problem]:
    for offset, line in enumerate(lines):
        if INVISIBLE.search(line):
            remedy = "skriv linjen på nytt for hånd"
            yield page.problem(page.body_line + offset, "linjen har et usynlig tegn", remedy)


def _faults(token: Token, first: int, lines: list[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    if token.type in FORBIDDEN:
        yield first, FORBIDDEN[token.type]
    elif token.type == "heading_open" and not SECTION.match(lines[first]):
        yield first, ("bare «## Kommune» kan være overskrift", "skriv den som vanlig tekst, eller **fet**")
    elif token.type == "bullet_list_open" and token.level:
        yield first, ("en liste inni en liste vises ikke riktig", "la alle linjer stå i samme liste")
    elif token.type == "inline":
        yield from _inline(token.children or [], first)


def _inline(tokens: list[Token], line: int) -> Iterator[tuple[int, tuple[str, str]]]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type in FORBIDDEN:
            yield line, FORBIDDEN[token.type]
        elif token.type == "link_open" and not str(token.attrGet("href")).startswith(LINKS):
            target = str(token.attrGet("href"))
            yield line, (f"lenken går til «{target}»", "bruk en adresse som begynner med https://, mailto: eller tel:")
        elif token.type == "text":
            yield from ((line, fault) for fault in _half_written(token.content))


def _half_written(text: str) -> Iterator[tuple[str, str]]:
    if "**" in text or "__" in text:
        yield "** vises som stjerner her", "sett ** rett foran første og rett etter siste ord, uten mellomrom innenfor"
    if "](" in text:
        yield "lenken er ikke riktig skrevet", "skriv [teksten som vises](https://adressen), uten mellomrom i adressen"
    if "http://" in text:
        yield "adressen begynner med http://", "bruk https://"
    if text.startswith("#"):
        yield "«#» vises som tegn her", "en kommunes overskrift skrives «## Tynset», med mellomrom"
