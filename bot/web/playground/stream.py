"""Changes as they happen, by server-sent events: the browser connects again by itself and says what it has seen."""

import json
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request
from starlette.responses import StreamingResponse

from bot.web.playground import view
from bot.web.playground.pretended import JSON, Pretended

LOOKS_UP_EVERY = 0.25
"""Seconds between looks at what lies beside the chats, and whether the program stops: an open stream must not hold it
back.
"""
BEATS_EVERY = 60
"""Looks between two comments on a silent stream, by which a connection that is gone shows itself."""


class Stream:
    def __init__(
        self, telegram: Pretended, stopping: Callable[[], bool], beside: Callable[[], JSON] = dict[str, object]
    ) -> None:
        """`beside` tells what lies around the chats: once at the beginning, and whenever it is different."""
        self._telegram = telegram
        self._stopping = stopping
        self._beside = beside

    async def __call__(self, request: Request) -> StreamingResponse:
        seen = _number(request.headers.get("last-event-id") or request.query_params.get("after"))
        return StreamingResponse(self.events(seen), media_type="text/event-stream")

    async def events(self, seen: int) -> AsyncIterator[str]:
        yield "retry: 500\n\n"
        if seen > self._telegram.revision:  # another file lies behind the page than before
            yield "event: reset\ndata: {}\n\n"
            return
        looks, told = 0, dict[str, object]()
        while not self._stopping():
            if self._telegram.revision > seen:
                news = view.changes(self._telegram, seen)
                seen = self._telegram.revision
                yield f"id: {seen}\ndata: {json.dumps(news)}\n\n"
            elif (looks := looks + 1) % BEATS_EVERY == 0:
                yield ": still here\n\n"
            if (beside := self._beside()) != told:
                told = beside
                yield f"event: beside\ndata: {json.dumps(beside)}\n\n"
            await self._telegram.changed(seen, LOOKS_UP_EVERY)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0
