"""Lets the playground's page show the hosts' inbox inside itself; for the real inbox no page may."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "Content-Security-Policy"


class Framed:
    """Middleware around the playground's whole program, never around the real one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start" and str(scope["path"]).startswith("/inbox"):
                headers = MutableHeaders(scope=message)
                if policy := headers.get(_POLICY):
                    headers[_POLICY] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            await send(message)

        await self._app(scope, receive, send_framed)
