"""The mails that would have been sent, the newest first: as a page, and as news for the page with the chats."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.leads.working_time import OSLO

#: A line that is an address and nothing else is a button; the line before it says what it does.
_BUTTON = re.compile(r"^(?P<label>[^\n]+?):?\n(?P<href>https?://\S+)$", re.MULTILINE)
_PATH = re.compile(r"^https?://[^/]+")

Mails = Callable[[], Sequence[EmailMessage]]
#: Makes the page in the visitor's language: (request, template, values) -> page.
Render = Callable[[Request, str, dict[str, object]], str]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a mail's text, or a button in it."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    id: str
    to: str
    subject: str
    date: str
    pieces: tuple[Piece, ...]


def shown(mail: EmailMessage) -> Shown:
    date = mail["Date"].datetime.astimezone(OSLO)
    return Shown(
        str(mail["Message-ID"]),
        str(mail["To"]),
        str(mail["Subject"]),
        f"{date:%d.%m.%Y %H.%M}",
        tuple(_pieces(_text(mail))),
    )


def newest_first(mails: Mails) -> list[Shown]:
    return [shown(mail) for mail in reversed(mails())]


def newest(mails: Mails) -> str:
    """By this a page sees that there is a new one."""
    kept = mails()
    return str(kept[-1]["Message-ID"]) if kept else ""


def mails_page(mails: Mails, render: Render) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        return HTMLResponse(render(request, "mails.html", {"mails": newest_first(mails)}))

    return page


def mails_news(mails: Mails) -> Callable[[Request], Response]:
    def news(request: Request) -> Response:
        return JSONResponse([asdict(mail) for mail in newest_first(mails)])

    return news


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()).strip() if body else ""


def _pieces(text: str) -> list[Piece]:
    """The text as it is, its links made buttons. A link leads to this very program, whatever name it has here."""
    pieces, at = [], 0
    for found in _BUTTON.finditer(text):
        pieces.append(Piece(text[at : found.start()].strip()))
        pieces.append(Piece(found["label"], _PATH.sub("", found["href"]) or "/"))
        at = found.end()
    return [piece for piece in [*pieces, Piece(text[at:].strip())] if piece.text]
