"""How a notice to a host is worded. Summary level only: no name, no contact, no free text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.leads.model import Host, Lead
from bot.texts import label, say

OSLO = ZoneInfo("Europe/Oslo")


def new_lead(host: Host, lead: Lead, place: str, titles: Mapping[str, str]) -> Markup:
    """A new lead in the host's language. `titles` gives the entries' titles by id."""
    topics = ", ".join(titles[entry] for entry in lead.topics if entry in titles)
    return say(
        host.language,
        "desk.new",
        reference=lead.reference,
        place=place or label(host.language, "lead.unsure"),
        topics=topics or label(host.language, "desk.no_topics"),
        language=label(lead.language, "language.name"),
        time=local(lead.created_at),
    )


def local(moment: datetime) -> str:
    return f"{moment.astimezone(OSLO):%d.%m. %H.%M}"
