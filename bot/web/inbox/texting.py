"""The ready-made texts of a municipality: listed, added, changed, deleted; and put into an answer."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.desk.signing_in import SignedIn
from bot.leads.text_blocks import MAX_TEXT, MAX_TITLE, TextBlock, shipped
from bot.texts import label, languages
from bot.web.inbox import places
from bot.web.inbox.door import MAX_WORDS, START, Door, go, text, via
from bot.web.inbox.reading import lead_page


class TextPages:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def all(self, request: Request) -> Response:
        """The list with the form for a new one."""
        return await self._page(request, "texts.html", "")

    async def one(self, request: Request) -> Response:
        return await self._page(request, "text.html", request.path_params["key"])

    async def _page(self, request: Request, template: str, key: str) -> Response:
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        place, now = places.asked_for(request), door.clock()
        own = await door.desk.office.blocks(place, via(who), now)
        block = next((block for block in own or () if block.key == key), None)
        if own is None or (key and block is None):
            return door.refused(request, "no_page", 404, who)
        block = block or TextBlock("", door.language(request, who), "", "")
        if request.method == "GET":
            return self._shown(request, who, template, own, block)
        form = await door.form(request)
        if form is None:
            return door.refused(request, "old_form", 403, who)
        written = _read(form, key, block.language)
        told = await door.desk.office.write_block(place, written, via(who), now)
        if not told.done:
            return self._shown(request, who, template, own, written, "block")
        return go(f"{START}/texts/{places.slug_of(place)}", done="saved")

    async def remove(self, request: Request) -> Response:
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        if await door.form(request) is None:
            return door.refused(request, "old_form", 403, who)
        place = places.asked_for(request)
        told = await door.desk.office.remove_block(place, request.path_params["key"], via(who), door.clock())
        if not told.done:
            return door.refused(request, "no_page", 404, who)
        return go(f"{START}/texts/{places.slug_of(place)}", done="deleted")

    async def put_in(self, request: Request) -> Response:
        """The answer's page again, with a ready-made text after what was written."""
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        form = await door.form(request)
        if form is None:
            return door.refused(request, "old_form", 403, who)
        words = text(form, "text")[:MAX_WORDS]
        return await lead_page(door, request, who, "answer.html", words=words, put_in=text(form, "block"))

    def _shown(
        self,
        request: Request,
        who: SignedIn,
        template: str,
        own: tuple[TextBlock, ...],
        block: TextBlock,
        problem: str = "",
    ) -> Response:
        door, language = self._door, self._door.language(request, who)
        place = places.asked_for(request)
        return door.page(
            request,
            template,
            422 if problem else 200,
            who=who,
            ways=places.ways(door, who, language),
            place=places.name_of(door, place, language),
            list_path=f"{START}/texts/{places.slug_of(place)}",
            groups=[(label(code, "language.name"), code, _in(own, code)) for code in languages()],
            shipped=() if own else shipped(language),
            block=block,
            problem=problem,
        )


def _in(blocks: tuple[TextBlock, ...], language: str) -> list[TextBlock]:
    return [block for block in blocks if block.language == language]


def _read(form: FormData, key: str, language: str) -> TextBlock:
    chosen = next((code for code in languages() if code == text(form, "language")), language)
    title = " ".join(text(form, "title").split())[:MAX_TITLE]
    return TextBlock(key, chosen, title, text(form, "text").strip()[:MAX_TEXT])
