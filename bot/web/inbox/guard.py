"""Keeps the inbox to its own pages: headers of every answer, and refusals before anything is read.

A page under `no-referrer` sends its forms with "Origin: null"; browsers that do so also send Sec-Fetch-Site, which then
must say same-origin. With the form's own token and SameSite cookies that makes three locks.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.playground.guard import LOCAL_NAMES, is_local

LARGEST_BODY = 128 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}


class Guard:
    """Middleware around each of the inbox's routes. `public_url` is where hosts reach it."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._local = parts.hostname in LOCAL_NAMES
        self._headers = dict(HEADERS)
        if parts.scheme == "https":
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    present.setdefault(name, value)
            await send(message)

        refusal = self._refusal(str(scope.get("method", "GET")), Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if self._local and not is_local(host):
            return _refused("not this machine", 403)
        if method in ("GET", "HEAD"):
            return None
        if not self._from_own_page(headers, host):
            return _refused("not from our own page", 403)
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            return _refused("not a form", 415)
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()) or len(length) > 9:
            return _refused("length required", 411)
        return _refused("too large", 413) if int(length) > LARGEST_BODY else None

    def _from_own_page(self, headers: Headers, host: str) -> bool:
        """This machine has several names; any other place has the one of PUBLIC_URL."""
        own = f"http://{host}" if self._local else self._origin
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if site not in (None, "same-origin"):
            return False
        return origin == own or (origin in (None, "null") and site == "same-origin")


def _refused(why: str, status: int) -> Response:
    return PlainTextResponse(why, status)
