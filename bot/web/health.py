"""Whether the program is well, for Docker and the operator's monitoring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def health_route(is_alive: Callable[[], Awaitable[bool]]) -> Route:
    async def health(request: Request) -> PlainTextResponse:
        alive = await is_alive()
        return PlainTextResponse("ok" if alive else "database does not answer", 200 if alive else 503)

    return Route("/health", health, methods=["GET"])
