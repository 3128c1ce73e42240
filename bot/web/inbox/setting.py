"""What is set: a host's own preferences, and how a municipality's hosts work. A form says what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.desk.preferences import Chosen, Mine
from bot.desk.signing_in import SignedIn
from bot.dialogue.dates import read_day
from bot.leads.model import Host, Preferences
from bot.leads.notices import OSLO
from bot.leads.service import Detail, Service
from bot.texts import label, languages, plain
from bot.web.inbox import places
from bot.web.inbox.door import LANGUAGE_COOKIE, START, Door, go, text, via

MAX_LINE = 300
WEEK = range(7)
DETAILS: tuple[Detail, ...] = ("reference", "summary", "full")
MAX_HOURS, MAX_DAYS = 80, 20
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class SettingPages:
    def __init__(self, door: Door) -> None:
        self._door = door

    # -- my settings

    async def me(self, request: Request) -> Response:
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        mine = await door.desk.office.mine(via(who), door.clock())
        if mine is None:
            return door.to_sign_in(request)
        if request.method == "GET":
            return self._me_page(request, who, mine, _chosen(mine.host))
        form = await door.form(request)
        if form is None:
            return door.refused(request, "old_form", 403, who)
        chosen = _read_chosen(form, mine, door.clock().astimezone(OSLO).date())
        problem = _wrong_with(chosen.preferences)
        if problem:
            return self._me_page(request, who, mine, chosen, problem)
        await door.desk.office.choose(chosen, via(who), door.clock())
        response = go(f"{START}/me", done="saved")
        # The language chosen here counts, not one that was looked at before.
        response.delete_cookie(LANGUAGE_COOKIE, secure=door.secure, httponly=True, samesite="lax")
        return response

    def _me_page(self, request: Request, who: SignedIn, mine: Mine, chosen: Chosen, problem: str = "") -> Response:
        door, language = self._door, self._door.language(request, who)
        return door.page(
            request,
            "me.html",
            422 if problem else 200,
            who=who,
            ways=places.ways(door, who, language),
            mine=mine,
            chosen=chosen,
            problem=problem,
            weekdays=_weekdays(language),
            others=[(host.id, _named(door, host, language)) for host in mine.others],
            channel=chosen.preferences.channel or mine.channel,
        )

    async def link(self, request: Request) -> Response:
        """A link to Telegram for somebody who has only mail; shown once, in no address."""
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        if await door.form(request) is None:
            return door.refused(request, "old_form", 403, who)
        told = await door.desk.office.link_telegram(via(who), door.clock())
        return link_page(door, request, who, "me.link_title", "\n".join(plain(reply.html) for reply in told.replies))

    # -- a municipality's settings

    async def service(self, request: Request) -> Response:
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        place = places.asked_for(request)
        service = await door.desk.office.service(place, via(who), door.clock())
        if service is None:
            return door.refused(request, "no_page", 404, who)
        if request.method == "GET":
            return self._service_page(request, who, place, service)
        form = await door.form(request)
        if form is None:
            return door.refused(request, "old_form", 403, who)
        wanted = _read_service(form, service)
        problem = _wrong_with_service(wanted)
        if problem:
            return self._service_page(request, who, place, wanted, problem)
        await door.desk.office.set_service(place, wanted, via(who), door.clock())
        return go(f"{START}/service/{places.slug_of(place)}", done="saved")

    def _service_page(
        self, request: Request, who: SignedIn, place: str | None, service: Service, problem: str = ""
    ) -> Response:
        door, language = self._door, self._door.language(request, who)
        return door.page(
            request,
            "service.html",
            422 if problem else 200,
            who=who,
            ways=places.ways(door, who, language),
            place=places.name_of(door, place, language),
            region=place is None,
            service=service,
            problem=problem,
            weekdays=_weekdays(language),
            details=["", *DETAILS],
        )


def link_page(door: Door, request: Request, who: SignedIn, title: str, words: str) -> Response:
    """A one-time link with what it is for; the link itself is the last line."""
    before, _, link = words.rpartition("\n")
    ways = places.ways(door, who, door.language(request, who))
    return door.page(request, "one_link.html", who=who, ways=ways, title_key=title, before=before, link=link)


def _weekdays(language: str) -> list[tuple[int, str]]:
    return list(enumerate(label(language, "date.weekdays").split(", ")))


def _named(door: Door, host: Host, language: str) -> str:
    return f"{host.name} ({places.name_of(door, host.municipality, language)})"


def _chosen(host: Host) -> Chosen:
    return Chosen(host.name, host.language, host.card, host.preferences)


def _read_chosen(form: FormData, mine: Mine, today: date) -> Chosen:
    """What cannot be read is left as it was."""
    preferences = Preferences(
        weekdays=_days(form),
        away_from=read_day(text(form, "away_from"), today),
        away_until=read_day(text(form, "away_until"), today),
        stand_in=_number(text(form, "stand_in")),
        channel=next((one for one in mine.channels if one == text(form, "channel")), mine.host.preferences.channel),
        morning_summary=text(form, "morning") == "yes",
        night_notices=text(form, "night") == "yes",
    )
    card = replace(mine.host.card, sentence=_line(form, "sentence"), languages=_line(form, "languages"))
    language = next((code for code in languages() if code == text(form, "language")), mine.host.language)
    return Chosen(_line(form, "name"), language, card, preferences)


def _wrong_with(preferences: Preferences) -> str:
    """The key of what is wrong; an empty text when nothing is."""
    if not preferences.weekdays:
        return "weekdays"
    start, end = preferences.away_from, preferences.away_until
    return "away" if start and end and end < start else ""


def _read_service(form: FormData, present: Service) -> Service:
    """A number or time that cannot be read becomes one that is refused."""
    return replace(
        present,
        weekdays=_days(form),
        opens=_time(text(form, "opens")),
        closes=_time(text(form, "closes")),
        remind_after_hours=_amount(text(form, "remind")),
        stand_in_after_days=_amount(text(form, "stand_in")),
        coordinator_after_days=_amount(text(form, "coordinator")),
        detail=next((one for one in DETAILS if one == text(form, "detail")), None),
    )


def _wrong_with_service(service: Service) -> str:
    if not service.weekdays:
        return "weekdays"
    if service.opens >= service.closes:
        return "hours"
    days = (service.stand_in_after_days, service.coordinator_after_days)
    fits = 0 < service.remind_after_hours <= MAX_HOURS and 0 < days[0] <= days[1] <= MAX_DAYS
    return "" if fits else "limits"


def _days(form: FormData) -> tuple[int, ...]:
    chosen = {value for value in form.getlist("weekdays") if isinstance(value, str)}
    return tuple(day for day in WEEK if str(day) in chosen)


def _time(value: str) -> time:
    return time.fromisoformat(value) if _TIME.fullmatch(value) else time(0)


def _amount(value: str) -> float:
    """Half an hour may be written 0.5 or 0,5."""
    value = value.strip().replace(",", ".")
    return float(value) if re.fullmatch(r"\d{1,3}(\.\d{1,2})?", value) else 0.0


def _number(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[0-9]{1,12}", value) else None


def _line(form: FormData, name: str) -> str:
    return " ".join(text(form, name).split())[:MAX_LINE]
