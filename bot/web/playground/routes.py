"""The playground's addresses."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.web.playground import view
from bot.web.playground.actions import Act
from bot.web.playground.clock import Timekeeper
from bot.web.playground.guard import Guard
from bot.web.playground.mails import Mails, mails_news, mails_page
from bot.web.playground.moving import Move
from bot.web.playground.person import Mailbox, Person, seed
from bot.web.playground.phrases import LANGUAGES, words
from bot.web.playground.pretended import JSON, Pretended
from bot.web.playground.stream import Stream

HERE = Path(__file__).parent
COOKIE = "playground_language"

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, auto_reload=False
)

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(
    telegram: Pretended,
    people: Sequence[Person],
    *,
    stopping: Callable[[], bool] = lambda: False,
    mails: Mails = tuple,
    mailboxes: Sequence[Mailbox] = (),
    time: Timekeeper | None = None,
) -> list[BaseRoute]:
    """Routes for an application that listens on loopback. The people are made part of the pretend Telegram;
    `stopping` says when the program ends, so that open pages do not hold it; `mails` are those that would have been
    sent, `mailboxes` are hosts who have nothing else; `time` moves the clock.
    """
    seed(telegram, people)
    time = time or Timekeeper()
    guard = [Middleware(Guard)]

    def beside() -> JSON:
        return view.beside(time, mails)

    def get(path: str, endpoint: Endpoint) -> Route:
        return Route(path, endpoint, methods=["GET"], middleware=guard)

    return [
        get("/", _page),
        get("/playground/state", _state(telegram, mailboxes, beside)),
        get("/playground/stream", Stream(telegram, stopping, beside).__call__),
        get("/playground/file/{file_id}", _file(telegram)),
        Route("/playground/mails", mails_page(mails, _render), methods=["GET"], middleware=guard),
        Route("/playground/mails/news", mails_news(mails), methods=["GET"], middleware=guard),
        Route("/playground/move", Move(time).__call__, methods=["POST"], middleware=guard),
        Route("/playground/do/{action}", Act(telegram).__call__, methods=["POST"], middleware=guard),
        Mount("/playground/static", StaticFiles(directory=HERE / "static"), middleware=guard),
    ]


def _render(request: Request, template: str, values: dict[str, object]) -> str:
    language = _language(request)
    phrases = words().in_language(language)
    return _templates.get_template(template).render(t=phrases, language=language, languages=LANGUAGES, **values)


async def _page(request: Request) -> Response:
    language = _language(request)
    page = HTMLResponse(_render(request, "playground.html", {}))
    if request.query_params.get("lang") in LANGUAGES:
        page.set_cookie(COOKIE, language, max_age=365 * 24 * 3600, httponly=True, samesite="strict")
    return page


def _language(request: Request) -> str:
    for wished in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wished in LANGUAGES:
            return wished
    return "nb"


def _state(telegram: Pretended, mailboxes: Sequence[Mailbox], beside: Callable[[], JSON]) -> Endpoint:
    async def state(request: Request) -> Response:
        language = _language(request)
        own = {
            "bot": view.bot(telegram),
            "words": words().in_language(language),
            "openings": words().openings,
            "show": asdict(words().show),
            "mailboxes": [asdict(mailbox) for mailbox in mailboxes],
            "beside": beside(),
        }
        return JSONResponse(own | view.changes(telegram, 0))

    return state


def _file(telegram: Pretended) -> Endpoint:
    async def file(request: Request) -> Response:
        found = telegram.file(request.path_params["file_id"])
        if found is None:
            return JSONResponse({"error": "unknown"}, 404)
        # Always as a download: a bot's file must not run as a page of ours.
        disposition = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        return Response(found.content, media_type=found.mime, headers={"Content-Disposition": disposition})

    return file
