"""The mails that would have been sent, the newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from email.message import EmailMessage

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_LINK = re.compile(r"https?://[^\s<>\"]+")

Mails = Callable[[], Sequence[EmailMessage]]
#: Makes the page in the visitor's language: (request, template, values) -> page.
Render = Callable[[Request, str, dict[str, object]], str]


def mails_page(mails: Mails, render: Render) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        shown = [
            {"to": mail["To"], "subject": mail["Subject"], "date": mail["Date"], "text": _with_links(_text(mail))}
            for mail in reversed(mails())
        ]
        return HTMLResponse(render(request, "mails.html", {"mails": shown}))

    return page


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _with_links(text: str) -> Markup:
    """The text as it is, its addresses made pressable."""
    pieces, at = [Markup("")], 0
    for found in _LINK.finditer(text):
        pieces.append(escape(text[at : found.start()]))
        pieces.append(Markup('<a href="{0}">{0}</a>').format(found[0]))
        at = found.end()
    return Markup("").join([*pieces, escape(text[at:])])
