"""The ways between the pages where something is set, and the municipalities they are about."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from bot.desk.signing_in import SignedIn
from bot.texts import label
from bot.web.inbox.door import START, Door

#: Stands in an address for leads without municipality, which are the coordinators'.
REGION = "region"


@dataclass(frozen=True, slots=True)
class Link:
    path: str
    words: str


def asked_for(request: Request) -> str | None:
    """The municipality in the address; None for the region."""
    slug: str = request.path_params["place"]
    return None if slug == REGION else slug


def slug_of(place: str | None) -> str:
    return place or REGION


def name_of(door: Door, place: str | None, language: str) -> str:
    municipality = door.knowledge().municipalities.get(place or "")
    return municipality.name if municipality else label(language, "inbox.nav.region")


def ways(door: Door, who: SignedIn, language: str) -> list[Link]:
    """What this person may set. A coordinator comes to the municipalities from the page of the hosts."""
    found = [Link(f"{START}/me", label(language, "inbox.nav.me"))]
    for place in dict.fromkeys(role.municipality for role in who.roles):
        found += about(door, place, language)
    if any(role.role == "coordinator" for role in who.roles):
        found.append(Link(f"{START}/hosts", label(language, "inbox.nav.hosts")))
    return found


def about(door: Door, place: str | None, language: str) -> list[Link]:
    name = name_of(door, place, language)
    return [
        Link(f"{START}/{page}/{slug_of(place)}", label(language, f"inbox.nav.{page}", place=name))
        for page in ("service", "texts")
    ]
