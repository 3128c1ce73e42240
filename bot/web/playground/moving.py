"""Moving the playground's clock, by a press."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.web.playground.actions import Refused, given_in
from bot.web.playground.clock import MOVES, LeadsAreOpen, Timekeeper

BACK = "now"


class Move:
    """The endpoint for all moves: {"move": "hours"}, {"move": "now", "sure": true}."""

    def __init__(self, time: Timekeeper) -> None:
        self._time = time

    async def __call__(self, request: Request) -> JSONResponse:
        try:
            given = await given_in(request)
            move = given.get("move")
            if move == BACK:
                await self._time.back_to_now(given.get("sure") is True)
            elif isinstance(move, str) and move in MOVES:
                await self._time.forward(move)
            else:
                raise Refused("unknown", 404)
        except Refused as refused:
            return JSONResponse({"error": refused.code}, refused.status)
        except LeadsAreOpen as open_leads:
            return JSONResponse({"error": "leads_open", "count": open_leads.number}, 409)
        return JSONResponse({})
