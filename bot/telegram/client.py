"""PTB's HTTP client, which takes an answer that is not Telegram's (a proxy's, a hotel's) for the broken wire it is.

PTB itself would raise KeyError, TypeError or AttributeError from its own code, and end loops that wait for its errors.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from telegram.error import TelegramError

from bot.telegram.lean import LeanRequest

#: PTB's own words for a 200 whose content is no JSON: what was asked for may have been done.
UNREADABLE = "Invalid server response"


class Client(LeanRequest):
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*args, **kwargs)
        is_object = body.lstrip().startswith(b"{")
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            if not is_object or b'"result"' not in body:
                raise TelegramError(UNREADABLE)
        elif not is_object:
            return status, b""
        return status, body
