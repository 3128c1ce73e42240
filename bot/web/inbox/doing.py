"""What a host does with a lead. Each is a POST that leads back to a page; a refusal says why and keeps the words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import Desk, Told, Via
from bot.leads.model import MORE_OUTCOMES, OUTCOMES
from bot.texts import label, plain
from bot.web.inbox.door import MAX_WORDS, START, Door, go, text, via
from bot.web.inbox.reading import lead_page

#: Working days until a put-off lead comes back.
SNOOZES = ("1", "3", "5")
COORDINATOR = "coordinator"

#: What is done with a lead: the desk, the reference, what was filled in, who, when. None: something is missing.
Action = Callable[[Desk, str, FormData, Via, datetime], Awaitable[Told | None]]


class DoingPages:
    def __init__(self, door: Door) -> None:
        self._door = door

    def endpoint(self, action: Action, done: str, template: str = "lead.html") -> Callable[..., Awaitable[Response]]:
        """`done` is said on the page that follows; `template` is shown again when it could not be done."""

        async def endpoint(request: Request) -> Response:
            door, who = self._door, await self._door.who(request)
            if who is None:
                return door.to_sign_in(request)
            form = await door.form(request)
            if form is None:
                return door.refused(request, "old_form", 403, who)
            reference, now = request.path_params["reference"], door.clock()
            told = await action(door.desk, reference, form, via(who), now)
            if told is not None and told.done:
                after = f"{START}/lead/{reference}"
                return go(after, done="asked" if done == "passed" and _place(form) else done)
            words = text(form, "text")[:MAX_WORDS]
            if told is None:
                missing = label(door.language(request, who), "inbox.alert.missing")
                return await lead_page(door, request, who, template, 422, missing, words)
            alert = "\n".join(plain(reply.html) for reply in told.replies)
            return await lead_page(door, request, who, "lead.html", 409, alert, words)

        return endpoint


async def take(desk: Desk, reference: str, form: FormData, who: Via, now: datetime) -> Told | None:
    return await desk.take(reference, who, now)


async def answer(desk: Desk, reference: str, form: FormData, who: Via, now: datetime) -> Told | None:
    words = text(form, "text").strip()[:MAX_WORDS]
    return await desk.answer(reference, words, who, now) if words else None


async def answered(desk: Desk, reference: str, form: FormData, who: Via, now: datetime) -> Told | None:
    return await desk.answered_elsewhere(reference, who, now)


async def close(desk: Desk, reference: str, form: FormData, who: Via, now: datetime) -> Told | None:
    chosen = next((outcome for outcome in (*OUTCOMES, *MORE_OUTCOMES) if outcome == text(form, "outcome")), None)
    return await desk.close(reference, chosen, who, now) if chosen else None


async def note(desk: Desk, reference: str, form: FormData, who: Via, now: datetime) -> Told | None:
    words = text(form, "text").strip()[:MAX_WORDS]
    return await desk.note(reference, words, who, now) if words else None


async def pass_on(desk: Desk, reference: str, form: FormData, who: Via, now: datetime) -> Told | None:
    reason = text(form, "text").strip()[:MAX_WORDS]
    if not reason or not text(form, "to"):
        return None
    return await desk.pass_on(reference, _place(form), reason, who, now)


async def snooze(desk: Desk, reference: str, form: FormData, who: Via, now: datetime) -> Told | None:
    days = text(form, "days")
    return await desk.snooze_days(reference, int(days), who, now) if days in SNOOZES else None


def _place(form: FormData) -> str | None:
    """The municipality to pass to; None for the coordinator."""
    chosen = text(form, "to")
    return None if chosen == COORDINATOR else chosen
