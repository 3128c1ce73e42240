"""A mover who is not heard from, as hosts see it on the lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.leads import cards
from bot.leads.model import Host, Lead
from bot.leads.notices import OSLO
from bot.texts import label, say

#: A host's words are not called unanswered before the mover has had so long.
AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The chat takes nothing any more, or a host's last words have had no answer since then."""

    unreachable: bool = False
    since: datetime | None = None


def words(quiet: Quiet | None, language: str) -> str:
    """A few words for a line of the list; empty where there is nothing to say."""
    if quiet is None or not (quiet.unreachable or quiet.since):
        return ""
    if quiet.unreachable:
        return label(language, "quiet.unreachable")
    return label(language, "quiet.since", day=f"{quiet.since.astimezone(OSLO):%d.%m.}" if quiet.since else "")


def lost(host: Host, lead: Lead, full: bool) -> Markup:
    """For the one who has the lead: its mover is not reached here, and how else. Only `full` tells name and contact."""
    mover = cards.mover_name(host, lead) if full else label(host.language, "desk.anonymous")
    told = say(host.language, "desk.blocked", reference=lead.reference, mover=mover)
    wishes = lead.wishes
    if not wishes.contact or wishes.contact_way == "telegram":
        way = say(host.language, "quiet.no_way")
    elif full:
        way = say(host.language, f"quiet.by_{wishes.contact_way}", contact=wishes.contact)
    else:
        way = say(host.language, "quiet.way_in_inbox")
    return told + " " + way
