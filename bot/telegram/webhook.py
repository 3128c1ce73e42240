"""The webhook: Telegram brings updates to us. An update is stored before it is confirmed with 200.

Never 410, on which Telegram would stop for good; and what cannot be read is answered 200, since updates that fail
again and again hold up everybody else's.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.points import reached
from bot.storage.arrivals import Incoming
from bot.storage.engine import STORE_ERRORS
from bot.telegram.raw import incoming

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name
MOST_BYTES = 1024 * 1024
#: When the store is down: Telegram comes again after so many seconds.
RETRY_AFTER = "5"

Keep = Callable[[Sequence[Incoming]], Awaitable[int]]


class TooLong(Exception):
    """More than an update can be."""


def webhook_route(keep: Keep, secret: str) -> Route:
    expected = secret.encode()

    async def webhook(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, expected):
            log.warning("somebody without the secret called the webhook")
            return Response(status_code=403)
        try:
            update = incoming(json.loads(await _body(request)))
        except TooLong:
            log.error("an update of more than %s bytes came and was left out", MOST_BYTES)
            return Response(status_code=413)
        except (ValueError, RecursionError, AttributeError):
            update = None
        if update is None:
            log.error("an update came without a usable id and was left out")
            return Response()
        try:
            await keep([update])
        except STORE_ERRORS as error:
            log.error("an update cannot be stored: %s", type(error).__name__)
            return Response(status_code=503, headers={"Retry-After": RETRY_AFTER})
        reached("webhook: before an update is confirmed")
        return Response()

    return Route(PATH, webhook, methods=["POST"])


async def _body(request: Request) -> bytes:
    """Raises TooLong as soon as that is known."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MOST_BYTES:
        raise TooLong
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLong
    return bytes(body)
