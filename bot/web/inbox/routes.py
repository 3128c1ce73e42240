"""All addresses of the inbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.web.inbox import doing
from bot.web.inbox.doing import DoingPages
from bot.web.inbox.door import START, Door
from bot.web.inbox.guard import Guard
from bot.web.inbox.reading import ReadingPages
from bot.web.inbox.setting import SettingPages
from bot.web.inbox.signing import SigningPages
from bot.web.inbox.staffing import StaffPages
from bot.web.inbox.texting import TextPages

Endpoint = Callable[[Request], Awaitable[Response]]
_LEAD = START + "/lead/{reference}"


def routes(door: Door) -> list[BaseRoute]:
    signing, reading, act = SigningPages(door), ReadingPages(door), DoingPages(door)
    setting, texts, staff = SettingPages(door), TextPages(door), StaffPages(door)
    guard = [Middleware(Guard, public_url=door.public_url)]

    def page(path: str, endpoint: Endpoint, *methods: str) -> Route:
        return Route(path, endpoint, methods=list(methods or ("GET",)), middleware=guard)

    return [
        page(START, reading.leads),
        page(f"{START}/sign-in", signing.ask, "GET", "POST"),
        page(f"{START}/code", signing.code, "GET", "POST"),
        page(START + "/sign-in/{token}", signing.link, "GET", "POST"),
        page(START + "/join/{parameter}", signing.join, "GET", "POST"),
        page(f"{START}/sign-out", signing.leave, "POST"),
        page(f"{START}/sign-out-everywhere", signing.leave_everywhere, "POST"),
        page(_LEAD, reading.lead),
        page(f"{_LEAD}/take", act.endpoint(doing.take, "taken"), "POST"),
        page(f"{_LEAD}/answer", reading.answer),
        page(f"{_LEAD}/answer", act.endpoint(doing.answer, "sent", "answer.html"), "POST"),
        page(f"{_LEAD}/block", texts.put_in, "POST"),
        page(f"{_LEAD}/answered", act.endpoint(doing.answered, "answered"), "POST"),
        page(f"{_LEAD}/close", reading.close),
        page(f"{_LEAD}/close", act.endpoint(doing.close, "closed", "close.html"), "POST"),
        page(f"{_LEAD}/note", act.endpoint(doing.note, "noted"), "POST"),
        page(f"{_LEAD}/pass", act.endpoint(doing.pass_on, "passed"), "POST"),
        page(f"{_LEAD}/snooze", act.endpoint(doing.snooze, "snoozed"), "POST"),
        page(f"{START}/me", setting.me, "GET", "POST"),
        page(f"{START}/me/telegram", setting.link, "POST"),
        page(START + "/service/{place}", setting.service, "GET", "POST"),
        page(START + "/texts/{place}", texts.all, "GET", "POST"),
        page(START + "/texts/{place}/{key}", texts.one, "GET", "POST"),
        page(START + "/texts/{place}/{key}/remove", texts.remove, "POST"),
        page(f"{START}/hosts", staff.hosts),
        page(f"{START}/hosts/invite", staff.invite, "POST"),
        page(START + "/hosts/waiting/{code}/confirm", staff.answer(True), "POST"),
        page(START + "/hosts/waiting/{code}/refuse", staff.answer(False), "POST"),
        page(START + "/hosts/{number:int}/remove", staff.remove, "GET", "POST"),
        Mount(f"{START}/static", StaticFiles(directory=Path(__file__).parent / "static"), middleware=guard),
    ]
