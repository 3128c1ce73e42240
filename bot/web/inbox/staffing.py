"""The coordinator's page: who is host where, invitations, and goodbyes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.desk.preferences import absence
from bot.desk.signing_in import SignedIn
from bot.desk.staff import Member
from bot.dialogue.dates import spoken
from bot.leads.notices import OSLO
from bot.texts import label, plain
from bot.web.inbox import places
from bot.web.inbox.door import START, Door, go, text, via
from bot.web.inbox.places import Link
from bot.web.inbox.setting import link_page


@dataclass(frozen=True, slots=True)
class Line:
    """One host as the page shows her; `facts` are channel, absence, open leads."""

    id: int
    name: str
    facts: str
    removable: bool


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    lines: Sequence[Line]
    ways: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who pressed a link and waits for a yes."""

    code: str
    line: str
    until: str


class StaffPages:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def hosts(self, request: Request) -> Response:
        return await self._page(request)

    async def invite(self, request: Request) -> Response:
        """By mail, or with a link that is shown once."""
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        form = await door.form(request)
        if form is None:
            return door.refused(request, "old_form", 403, who)
        place, email = text(form, "place"), text(form, "email").strip()
        told, parameter = await door.desk.office.invite(place, email, via(who), door.clock())
        words = "\n".join(plain(reply.html) for reply in told.replies)
        if parameter is None:
            return await self._page(request, 422, words, place, email)
        if email:
            return go(f"{START}/hosts", done="invited")
        return link_page(door, request, who, "hosts.link_title", words)

    def answer(self, right: bool) -> Callable[[Request], Awaitable[Response]]:
        """Whether who pressed a link is the right person."""

        async def endpoint(request: Request) -> Response:
            door, who = self._door, await self._door.who(request)
            if who is None:
                return door.to_sign_in(request)
            if await door.form(request) is None:
                return door.refused(request, "old_form", 403, who)
            office, code = door.desk.office, request.path_params["code"]
            told = await (office.confirm if right else office.refuse)(code, via(who), door.clock())
            if told.done:
                return go(f"{START}/hosts", done="confirmed" if right else "refused")
            return await self._page(request, 409, over="\n".join(plain(reply.html) for reply in told.replies))

        return endpoint

    async def remove(self, request: Request) -> Response:
        """Asks, then does it."""
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        number: int = request.path_params["number"]
        host = await door.desk.office.member(number, via(who), door.clock())
        if host is None:
            return door.refused(request, "no_page", 404, who)
        if request.method == "GET":
            ways = places.ways(door, who, door.language(request, who))
            return door.page(request, "remove.html", who=who, ways=ways, host=host)
        if await door.form(request) is None:
            return door.refused(request, "old_form", 403, who)
        await door.desk.office.remove(number, via(who), door.clock())
        return go(f"{START}/hosts", done="removed")

    async def _page(
        self, request: Request, status: int = 200, alert: str = "", place: str = "", email: str = "", over: str = ""
    ) -> Response:
        """`alert` is about an invitation that could not be made, `over` about a question that needs no answer more."""
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        language = door.language(request, who)
        members = await door.desk.office.members(via(who), door.clock())
        if members is None:
            return door.refused(request, "no_page", 404, who)
        return door.page(
            request,
            "hosts.html",
            status,
            who=who,
            ways=places.ways(door, who, language),
            places=self._places(request, who, members),
            waiting=await self._newcomers(request, who),
            answers=[("confirm", label(language, "desk.confirm_yes")), ("refuse", label(language, "desk.confirm_no"))],
            over=over,
            municipalities=list(door.knowledge().municipalities.values()),
            alert=alert,
            place=place,
            email=email,
        )

    async def _newcomers(self, request: Request, who: SignedIn) -> list[Newcomer]:
        door, language = self._door, self._door.language(request, who)
        return [
            Newcomer(
                one.code,
                label(
                    language,
                    "inbox.hosts.waiting_line",
                    name=one.name or label(language, "desk.nameless"),
                    place=places.name_of(door, one.municipality, language),
                ),
                label(
                    language,
                    "inbox.hosts.waiting_until",
                    day=spoken(one.expires_at.astimezone(OSLO).date(), language),
                ),
            )
            for one in await door.desk.office.waiting(via(who), door.clock())
        ]

    def _places(self, request: Request, who: SignedIn, members: Sequence[Member]) -> list[Place]:
        door, language = self._door, self._door.language(request, who)
        found = []
        for slug in (*door.knowledge().municipalities, None):
            lines = [self._line(one, language) for one in members if one.host.municipality == slug]
            name = places.name_of(door, slug, language) if slug else label(language, "inbox.hosts.region")
            found.append(Place(name, lines, places.about(door, slug, language)))
        return found

    def _line(self, member: Member, language: str) -> Line:
        host, number = member.host, member.open_leads
        key = "open_none" if number == 0 else "open_one" if number == 1 else "open_many"
        channel = label(language, f"inbox.hosts.by_{'mail' if host.by_mail else 'telegram'}")
        when = absence(host.preferences, language, self._door.clock().astimezone(OSLO).date())
        away = label(language, "inbox.hosts.away", when=when) if when else ""
        facts = [channel, away, label(language, f"inbox.hosts.{key}", count=number)]
        return Line(host.id, host.name, " · ".join(fact for fact in facts if fact), member.removable)
