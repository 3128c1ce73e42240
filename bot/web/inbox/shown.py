"""Leads as the templates show them: age, promise, wishes, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.looking import Listed, Looked
from bot.dialogue.dates import spoken
from bot.knowledge.model import Knowledge
from bot.leads import clock, quiet, wording
from bot.leads.model import Host, Lead
from bot.leads.notices import OSLO
from bot.leads.quiet import Quiet
from bot.texts import label

#: Groups of the list, in this order.
GROUPS = ("new", "mine", "others", "ended")


@dataclass(frozen=True, slots=True)
class Line:
    """One lead in the list."""

    reference: str
    place: str
    topics: str
    age: str
    promise: str
    late: bool
    state: str
    snoozed: str
    #: That the mover is not heard from.
    quiet: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How the mover wants to be answered: `value` is a number or address, `href` what a press on it opens."""

    kind: str
    value: str = ""
    href: str = ""


def groups(
    listed: Sequence[Listed], knowledge: Knowledge, language: str, now: datetime
) -> list[tuple[str, list[Line]]]:
    found: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for one in listed:
        found[_group(one)].append(line(one.lead, one.taker, knowledge, language, now, one.quiet))
    return list(found.items())


def _group(one: Listed) -> str:
    if not one.lead.open:
        return "ended"
    return "new" if one.lead.state == "new" else "mine" if one.own else "others"


def line(
    lead: Lead, taker: Host | None, knowledge: Knowledge, language: str, now: datetime, silent: Quiet | None = None
) -> Line:
    promise, late = _promise(lead, language, now)
    return Line(
        lead.reference,
        place(lead, knowledge, language),
        topics(lead, knowledge, language),
        age(lead.created_at, language, now),
        promise,
        late,
        waits(lead, knowledge, language, now) or state(lead, taker, language),
        moment(lead.snoozed_until, language) if lead.snoozed_until and lead.open else "",
        quiet.words(silent, language),
    )


def place(lead: Lead, knowledge: Knowledge, language: str) -> str:
    municipality = knowledge.municipalities.get(lead.municipality or "")
    return municipality.name if municipality else label(language, "lead.unsure")


def topics(lead: Lead, knowledge: Knowledge, language: str) -> str:
    titles = [knowledge.entries[id].title(language) for id in lead.topics if id in knowledge.entries]
    return ", ".join(titles)


def state(lead: Lead, taker: Host | None, language: str) -> str:
    if lead.state == "taken":
        return label(language, "inbox.state.taken", host=taker.name if taker else "?")
    if lead.state == "closed" and lead.outcome:
        return label(language, "inbox.state.closed_as", outcome=label(language, f"desk.outcome.{lead.outcome}"))
    return label(language, f"inbox.state.{lead.state}")


def waits(lead: Lead, knowledge: Knowledge, language: str, now: datetime) -> str:
    """Until when it waits for its hosts, who are not there."""
    until = clock.waits_until(lead, now)
    where = place(lead, knowledge, language)
    return label(language, "clock.state_waits", place=where, day=spoken(until, language)) if until else ""


def outcome(outcome: str, language: str) -> str:
    return label(language, f"desk.outcome.{outcome}")


def age(at: datetime, language: str, now: datetime) -> str:
    days = (now.astimezone(OSLO).date() - at.astimezone(OSLO).date()).days
    key = "today" if days <= 0 else "yesterday" if days == 1 else "days"
    return label(language, f"inbox.age.{key}", days=days, time=f"{at.astimezone(OSLO):%H.%M}")


def moment(at: datetime, language: str) -> str:
    local = at.astimezone(OSLO)
    return label(language, "inbox.moment", day=spoken(local.date(), language), time=f"{local:%H.%M}")


def _promise(lead: Lead, language: str, now: datetime) -> tuple[str, bool]:
    """By when the mover was promised an answer, as long as there is none; and whether that day is over."""
    if lead.promised_on is None or not clock.is_awaited(lead):
        return "", False
    today = now.astimezone(OSLO).date()
    if lead.promised_on < today:
        return label(language, "inbox.promise.late", day=spoken(lead.promised_on, language)), True
    soon = {today: "today", today + timedelta(days=1): "tomorrow"}.get(lead.promised_on)
    if soon:
        return label(language, f"inbox.promise.{soon}"), False
    return label(language, "inbox.promise.by", day=spoken(lead.promised_on, language)), False


def wishes(lead: Lead, language: str) -> Mapping[str, str]:
    """What the mover told, by the key of its label; empty parts are left out."""
    told, wanted = {}, lead.wishes
    household = wanted.household or wording.members(wanted, language)
    for key, value in (
        ("household", household),
        ("trades", ", ".join(wanted.trades)),
        ("when", wanted.when),
        ("languages", wanted.languages),
        ("warm", wording.warmth(wanted, language)),
        ("message", wanted.message),
    ):
        if value:
            told[key] = value
    return told


def way(lead: Lead) -> Way:
    contact = lead.wishes.contact.strip()
    if lead.wishes.contact_way == "phone" and contact:
        return Way("phone", contact, "tel:" + "".join(c for c in contact if c in "+0123456789"))
    if lead.wishes.contact_way == "email" and contact:
        return Way("email", contact, f"mailto:{contact}")
    return Way("telegram")


def mover_words(looked: Looked) -> list[str]:
    """What a draft should answer: what was written last, else the message and the questions that came along."""
    written = [message.text for message in looked.thread if message.author == "mover"]
    if written:
        return written[-2:]
    lead = looked.lead
    return [words for words in (lead.wishes.message, *(asked.text for asked in lead.asked[-3:])) if words]
