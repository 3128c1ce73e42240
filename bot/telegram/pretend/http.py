"""The pretend Telegram over HTTP: the Bot API at /bot<token>/<method>, and /control/ for tests in another process.

As in Telegram, parameters come by query, form, multipart or JSON. The control side speaks JSON: POST an object with
the arguments of the method of the same name in `core`, get an object back.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.telegram.pretend import control
from bot.telegram.pretend.core import PretendTelegram
from bot.telegram.pretend.faults import Broken
from bot.telegram.pretend.params import Upload

HANGS_FOR = 120.0
"""Seconds that an answer does not come when the fault is a timeout; the bot gives up long before."""


def app(telegram: PretendTelegram) -> Starlette:
    return Starlette(
        routes=[
            Mount("/control", routes=control_routes(telegram)),
            Route("/file/bot{token}/files/{file_id}", _download(telegram)),
            Mount("/", app=BotApi(telegram)),
        ]
    )


class BotApi:
    """Plain ASGI, since some faults must cut the connection under the framework's feet."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self._telegram = telegram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        token, _, method = request.url.path.removeprefix("/bot").partition("/")
        if not request.url.path.startswith("/bot") or not method:
            await _answer(404, b'{"ok":false,"error_code":404,"description":"Not Found"}')(scope, receive, send)
            return
        values, files = await _parameters(request)
        try:
            status, body = await self._telegram.call(token, method, values, files)
        except Broken as broken:
            await _break(broken, scope, receive, send)
            return
        await _answer(status, body)(scope, receive, send)


def _answer(status: int, body: bytes) -> ASGIApp:
    return Response(body, status, media_type="application/json")


async def _parameters(request: Request) -> tuple[dict[str, object], dict[str, Upload]]:
    values: dict[str, object] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            body = {}
        return values | (body if isinstance(body, dict) else {}), {}
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return values, {}
    async with request.form(max_part_size=50 * 1024 * 1024) as form:
        return values | _texts(form), await _uploads(form)


def _texts(form: FormData) -> dict[str, object]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _uploads(form: FormData) -> dict[str, Upload]:
    files = [(name, part) for name, part in form.items() if isinstance(part, UploadFile)]
    return {
        name: Upload(part.filename or name, part.content_type or "application/octet-stream", await part.read())
        for name, part in files
    }


async def _break(broken: Broken, scope: Scope, receive: Receive, send: Send) -> None:
    """Does to the connection what the fault says. A refused connection cannot be played once it stands: it resets."""
    if broken.fault.kind == "timeout":
        await _wait_for_the_end(receive)
    elif broken.fault.kind == "half_body":
        length = str(len(broken.answer) + 100).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": broken.answer[: len(broken.answer) // 2], "more_body": True})
    _cut(receive)
    await asyncio.sleep(0)  # lets the server see that the connection is gone before we return without an answer


async def _wait_for_the_end(receive: Receive) -> None:
    try:
        async with asyncio.timeout(HANGS_FOR):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        pass


def _cut(receive: Receive) -> None:
    """Uvicorn's receive belongs to an object that knows the connection; elsewhere there is none to cut."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if isinstance(transport, asyncio.Transport):
        transport.abort()


def _download(telegram: PretendTelegram) -> Callable[[Request], Awaitable[Response]]:
    async def download(request: Request) -> Response:
        upload = telegram.file(request.path_params["file_id"])
        if upload is None or request.path_params["token"] != telegram.token:
            return Response(status_code=404)
        return Response(upload.content, media_type=upload.mime)

    return download


def control_routes(telegram: PretendTelegram) -> list[Route]:
    def route(name: str, action: control.Action) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                result = await action(telegram, json.loads(await request.body() or b"{}"))
            except (ValueError, LookupError, TypeError) as problem:  # NotPossible is a ValueError
                return JSONResponse({"error": str(problem)}, 400)
            return JSONResponse(result)

        return Route(f"/{name}", endpoint, methods=["POST"])

    return [route(name, action) for name, action in control.ACTIONS.items()]
