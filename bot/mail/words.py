"""A mail's text: the plain part, or the HTML made plain; charsets that lie are survived, attachments only named."""

from __future__ import annotations

from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from html.parser import HTMLParser
from typing import Any, TypeAlias

MOST_NAMES = 10
_MAX_NAME = 80
#: Read when a charset is missing, unknown or wrong, in this order.
_CHARSETS = ("utf-8", "cp1252", "latin-1")
Mail: TypeAlias = "Message[Any, Any]"


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    #: Names of what was attached; pictures within the text are no attachments.
    attachments: tuple[str, ...] = ()


def words_of(mail: Mail) -> Words:
    plain: list[str] = []
    html: list[str] = []
    attached: list[str] = []
    for part in _leaves(mail):
        kind, name = part.get_content_type(), _name(part)
        if part.get_content_disposition() == "attachment" or (name and not _is_picture_inside(part)):
            attached.append(name or kind)
        elif kind == "text/plain":
            plain.append(_unflowed(part, decoded(part)))
        elif kind == "text/html":
            html.append(decoded(part))
    text = "\n".join(plain)
    return Words(text if text.strip() else without_tags("\n".join(html)), tuple(attached[:MOST_NAMES]))


def header(mail: Mail, name: str) -> str:
    """Readable whatever it holds; empty when it is missing."""
    value = mail.get(name)
    return "" if value is None else readable(str(value))


def readable(value: str) -> str:
    found = []
    try:
        pieces = decode_header(value)
    except ValueError:
        return value
    for piece, charset in pieces:
        found.append(piece if isinstance(piece, str) else _text(piece, charset))
    return " ".join("".join(found).split())


def _leaves(mail: Mail) -> list[Mail]:
    """All parts that hold something themselves, in order; mails that are attached stay closed."""
    found: list[Mail] = []
    waiting: list[Mail] = [mail]
    while waiting:
        part = waiting.pop()
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list):
            waiting += [inner for inner in reversed(content) if isinstance(inner, Message)]
        else:
            found.append(part)
    return found


def _name(part: Mail) -> str:
    if part.get_content_maintype() == "message":
        return part.get_content_type()
    name = part.get_filename()
    return readable(str(name)).replace("\x00", "")[:_MAX_NAME] if name else ""


def _is_picture_inside(part: Mail) -> bool:
    """A logo in a signature, shown by the HTML."""
    return part.get_content_maintype() == "image" and "Content-ID" in part


def decoded(part: Mail) -> str:
    content = part.get_payload(decode=True)
    return _text(content, part.get_content_charset()) if isinstance(content, bytes) else ""


def _text(content: bytes, charset: str | None) -> str:
    for name in (charset, *_CHARSETS):
        try:
            return content.decode(name or "utf-8")
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _unflowed(part: Mail, text: str) -> str:
    """format=flowed (RFC 3676): a line that ends with a space goes on in the next."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    lines: list[str] = []
    goes_on = False
    for line in text.splitlines():
        if goes_on:
            lines[-1] += line
        else:
            lines.append(line)
        goes_on = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(lines)


def without_tags(html: str) -> str:
    reader = _Plain()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.found).split("\n")]
    return "\n".join(lines).strip()


class _Plain(HTMLParser):
    """What a reader would see; quoted mails as mail programs mark them are left out."""

    _BREAKS = frozenset(("p", "div", "tr", "li", "h1", "h2", "h3", "ul", "ol", "table", "hr"))
    _HIDDEN = frozenset(("style", "script", "head", "title", "blockquote"))
    _VOID = frozenset(("br", "img", "hr", "meta", "link", "input", "wbr", "area", "base", "col"))
    _QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[str] = []
        #: How deep the tag stands below which nothing is shown.
        self._hidden_at: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or tag in self._BREAKS:
            self._break()
        if tag in self._VOID:
            return
        self._open.append(tag)
        classes = dict(attrs).get("class") or ""
        if self._hidden_at is None and (tag in self._HIDDEN or any(quote in classes for quote in self._QUOTES)):
            self._hidden_at = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            if self._hidden_at is not None and len(self._open) < self._hidden_at:
                self._hidden_at = None
        if tag in self._BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._hidden_at is None:
            self.found.append(data.replace("\r", " ").replace("\n", " "))

    def _break(self) -> None:
        if self._hidden_at is None:
            self.found.append("\n")
