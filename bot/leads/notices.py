"""How a notice to a host is worded. Summary level only: no name, no contact, no free text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.leads import wording
from bot.leads.model import Host, Lead
from bot.leads.service import Detail
from bot.texts import label, say

OSLO = ZoneInfo("Europe/Oslo")


def new_lead(
    host: Host, lead: Lead, place: str, also_to: str, titles: Mapping[str, str], detail: Detail = "summary"
) -> Markup:
    """A new lead in the host's language. `titles` gives the entries' titles by id. Full is the same as summary: words
    are for the one who took it.
    """
    language, wishes = host.language, lead.wishes
    if detail == "reference":
        return say(language, "desk.new", reference=lead.reference)
    topics = ", ".join(titles[entry] for entry in lead.topics if entry in titles)
    values = {
        "place": place or label(language, "lead.unsure"),
        "topics": topics or label(language, "desk.no_topics"),
        "household": wording.members(wishes, language),
        "groups": wording.groups(wishes, language),
        "when": label(language, "desk.has_when") if wishes.when else "",
        "language": label(lead.language, "language.name"),
        "also_to": also_to,
        "warm": wording.warmth(wishes, language),
        "promised": label(language, "desk.promised", day=f"{lead.promised_on:%d.%m.}") if lead.promised_on else "",
    }
    lines = [say(language, f"desk.line_{key}", value=value) for key, value in values.items() if value]
    return Markup("\n").join([say(language, "desk.new", reference=lead.reference), *lines])


def local(moment: datetime) -> str:
    return f"{moment.astimezone(OSLO):%d.%m. %H.%M}"
