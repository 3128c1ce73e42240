"""Keeps strangers out of a page that has no login: other hosts' names, other sites' forms, floods of bytes.

A browser on this machine can be led by any web page to send requests to 127.0.0.1. Checking the Host header stops a
foreign name that resolves here, checking where a POST comes from stops a foreign page.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_NAMES = {"127.0.0.1", "localhost", "::1"}

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """Middleware around each of the playground's routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = _refusal(str(scope.get("method", "GET")), str(scope.get("scheme", "http")), headers)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    present.setdefault(name, value)
            await send(message)

        await (refusal or self._app)(scope, receive, send_with_headers)


def _refusal(method: str, scheme: str, headers: Headers) -> Response | None:
    if not is_local(headers.get("host", "")):
        return JSONResponse({"error": "not_local"}, 403)
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
        return JSONResponse({"error": "other_site"}, 403)
    if method not in {"GET", "HEAD"}:
        if not _from_own_page(scheme, headers):
            return JSONResponse({"error": "other_site"}, 403)
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return JSONResponse({"error": "not_json"}, 415)
    return None


def is_local(host: str) -> bool:
    """Whether a Host header names this machine by one of its own names."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    plain = "@" not in host and not (parts.path or parts.query or parts.fragment)
    return plain and parts.hostname in LOCAL_NAMES


def _from_own_page(scheme: str, headers: Headers) -> bool:
    """Every browser of today says where a POST comes from; what does not say is turned away."""
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site == "same-origin"
    return origin == f"{scheme}://{headers['host']}"
