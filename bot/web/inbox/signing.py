"""Sign-in by link or code, invitations, signing out. A GET changes nothing but the browser's own secret."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.desk import Via
from bot.web.inbox.door import START, Door, go, own_path, text

MAX_EMAIL = 254


class SigningPages:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def ask(self, request: Request) -> Response:
        """Where to send the code."""
        door, browser = self._door, self._door.browser(request)
        after = own_path(request.query_params.get("next", ""))
        if request.method == "GET":
            return self._page(request, "sign_in.html", browser, after=after)
        form = await door.form(request, browser)
        if form is None:
            return door.refused(request, "old_form", 403)
        email, after = text(form, "email").strip(), own_path(text(form, "next"))
        if "@" not in email or len(email) > MAX_EMAIL:
            return self._page(request, "sign_in.html", browser, 422, after=after, problem="bad_email")
        await door.sign_in.ask(email, browser, after, door.clock())
        return go(f"{START}/code", next=after)

    async def code(self, request: Request) -> Response:
        """The six digits, typed into the browser that asked."""
        door, browser = self._door, self._door.browser(request)
        if request.method == "GET":
            after = own_path(request.query_params.get("next", ""))
            return self._page(request, "code.html", browser, after=after)
        form = await door.form(request, browser)
        if form is None:
            return door.refused(request, "old_form", 403)
        after, own_device = own_path(text(form, "next")), text(form, "own") == "yes"
        secret = await door.sign_in.by_code(browser, text(form, "code"), own_device, door.clock())
        if secret is None:
            return self._page(request, "code.html", browser, 422, after=after, problem="bad_code")
        return self._begun(secret, own_device, after)

    async def link(self, request: Request) -> Response:
        """The link in the mail: a button in the browser that asked, advice in any other."""
        door, browser, token = self._door, self._door.browser(request), request.path_params["token"]
        after = own_path(request.query_params.get("next", ""))
        if request.method == "GET":
            works = await door.sign_in.asked(browser, token, door.clock())
            template = "link.html" if works else "link_elsewhere.html"
            return self._page(request, template, browser, after=after)
        form = await door.form(request, browser)
        if form is None:
            return door.refused(request, "old_form", 403)
        own_device = text(form, "own") == "yes"
        secret = await door.sign_in.by_link(browser, token, own_device, door.clock())
        if secret is None:
            return self._page(request, "link_elsewhere.html", browser, 410, after=START)
        return self._begun(secret, own_device, own_path(text(form, "next")))

    async def join(self, request: Request) -> Response:
        """An invitation that was mailed: a name, and a button."""
        door, browser, parameter = self._door, self._door.browser(request), request.path_params["parameter"]
        invited = await door.desk.invited(parameter, door.clock())
        if invited is None:
            return door.refused(request, "bad_invitation", 410)
        if request.method == "GET":
            return self._page(request, "join.html", browser, linked=invited.name, start=invited.start)
        form = await door.form(request, browser)
        if form is None:
            return door.refused(request, "old_form", 403)
        name = invited.name or " ".join(text(form, "name").split())
        known = invited.could_be(name) and text(form, "other") != "yes"
        if not name or known:
            # Her second row would be told everything twice; only Telegram can show that it is she.
            problem = "known_name" if name else "no_name"
            return self._page(
                request, "join.html", browser, 422, problem=problem, linked="", start=invited.start, name=name
            )
        _, host = await door.desk.join(parameter, Via(name=name), door.clock())
        secret = await door.sign_in.begin(host, door.clock()) if host else None
        if secret is None:
            return door.refused(request, "bad_invitation", 410)
        return self._begun(secret, False, START)

    async def leave(self, request: Request) -> Response:
        door = self._door
        if await door.form(request) is None:
            return door.refused(request, "old_form", 403)
        await door.sign_in.leave(door.secret(request))
        return self._left()

    async def leave_everywhere(self, request: Request) -> Response:
        door, who = self._door, await self._door.who(request)
        if who is None or await door.form(request) is None:
            return door.refused(request, "old_form", 403)
        await door.sign_in.leave_everywhere(who.email)
        return self._left()

    def _page(self, request: Request, template: str, browser: str, status: int = 200, **values: object) -> Response:
        values.setdefault("problem", "")
        values.setdefault("name", "")
        page = self._door.page(request, template, status, csrf=self._door.token(request, browser), **values)
        self._door.keep_browser(page, browser)
        return page

    def _begun(self, secret: str, own_device: bool, after: str) -> Response:
        response = go(after)
        self._door.begin(response, secret, own_device)
        return response

    def _left(self) -> Response:
        response = go(f"{START}/sign-in", done="signed_out")
        self._door.end(response)
        return response
