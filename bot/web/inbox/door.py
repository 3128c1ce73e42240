"""What the inbox's pages are given, and what they share: language, cookies, forms, who is signed in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.desk import Desk, SignIn, Via
from bot.desk.signing_in import SignedIn
from bot.knowledge.model import Knowledge
from bot.matching.verdict import Matcher
from bot.texts import DEFAULT, label, languages, say

START = "/inbox"
LANGUAGE_COOKIE = "inbox_language"
YEAR = 365 * 24 * 3600
OWN_DEVICE_SECONDS = 30 * 24 * 3600
#: Of one answer, note or reason.
MAX_WORDS = 10_000

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Door:
    desk: Desk
    sign_in: SignIn
    knowledge: Callable[[], Knowledge]
    matcher: Callable[[], Matcher]
    clock: Callable[[], datetime]
    #: Where hosts reach the inbox, without a slash at the end.
    public_url: str

    # -- cookies

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    def cookie(self, name: str) -> str:
        """Browsers keep a __Host- cookie to this very host, and only over https."""
        return f"__Host-{name}" if self.secure else f"local-{name}"

    def browser(self, request: Request) -> str:
        """The secret of a browser that is not signed in yet; a new one where it has none."""
        return request.cookies.get(self.cookie("browser")) or secrets.token_urlsafe(24)

    def keep_browser(self, response: Response, browser: str) -> None:
        self._set(response, "browser", browser, None)

    def begin(self, response: Response, secret: str, own_device: bool) -> None:
        self._set(response, "inbox", secret, OWN_DEVICE_SECONDS if own_device else None)
        self._delete(response, "browser")

    def end(self, response: Response) -> None:
        self._delete(response, "inbox")

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(
            self.cookie(name), value, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def _delete(self, response: Response, name: str) -> None:
        response.delete_cookie(self.cookie(name), path="/", secure=self.secure, httponly=True, samesite="lax")

    # -- who

    def secret(self, request: Request) -> str:
        return request.cookies.get(self.cookie("inbox"), "")

    async def who(self, request: Request) -> SignedIn | None:
        secret = self.secret(request)
        return await self.sign_in.who(secret, self.clock()) if secret else None

    # -- forms

    def token(self, request: Request, browser: str = "") -> str:
        """Proves that a form comes from our page in this browser."""
        secret = browser or self.secret(request)
        return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()

    async def form(self, request: Request, browser: str = "") -> FormData | None:
        """What was filled in; None when it was not our form."""
        form = await request.form(max_files=0, max_fields=40)
        return form if hmac.compare_digest(text(form, "csrf").encode(), self.token(request, browser).encode()) else None

    # -- pages

    def language(self, request: Request, who: SignedIn | None) -> str:
        wished = (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), who.language if who else None)
        return next((language for language in wished if language in languages()), None) or DEFAULT

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        """A page in the language chosen at its foot, else the host's own."""
        who = values.setdefault("who", None)
        language = self.language(request, who if isinstance(who, SignedIn) else None)

        def t(key: str, **filled: object) -> Markup:
            return say(language, f"inbox.{key}", **filled)

        done = request.query_params.get("done", "")
        values.setdefault("csrf", self.token(request))
        html = _templates.get_template(template).render(
            t=t,
            language=language,
            languages=[(code, label(code, "language.name")) for code in languages()],
            done=done if done in DONE else "",
            path=request.url.path,
            **values,
        )
        response = HTMLResponse(html, status)
        if request.query_params.get("lang") in languages():
            response.set_cookie(
                LANGUAGE_COOKIE, language, max_age=YEAR, secure=self.secure, httponly=True, samesite="lax"
            )
        return response

    def refused(self, request: Request, key: str, status: int, who: SignedIn | None = None) -> Response:
        return self.page(request, "refused.html", status, key=key, who=who)

    def to_sign_in(self, request: Request) -> Response:
        return go(f"{START}/sign-in", next=own_path(request.url.path) if request.method == "GET" else START)


#: What a page may say was just done.
SET = ("saved", "removed", "deleted", "invited", "confirmed", "refused")
DONE = ("taken", "sent", "answered", "closed", "noted", "passed", "asked", "snoozed", "signed_out", *SET)


def via(who: SignedIn) -> Via:
    return Via(host_ids=who.host_ids)


def text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\r\n", "\n").replace("\x00", "") if isinstance(value, str) else ""


def own_path(path: str) -> str:
    """A path of the inbox, for after signing in; anything else leads to its beginning."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and "?" not in path and "//" not in path
    return path if plain and (path.startswith(f"{START}/lead/") or path == f"{START}/hosts") else START


def go(path: str, **query: str) -> Response:
    filled = {name: value for name, value in query.items() if value}
    return RedirectResponse(quote(path) + (f"?{urlencode(filled)}" if filled else ""), 303)
