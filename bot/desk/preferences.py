"""What hosts choose for themselves: days, absence, stand-in, channel, name and card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from bot.desk import joining
from bot.desk.case import Case
from bot.dialogue.dates import spoken
from bot.leads.model import Card, ChannelName, Host, Preferences
from bot.leads.notices import OSLO
from bot.storage import hosts
from bot.texts import label, languages, say


@dataclass(frozen=True, slots=True)
class Mine:
    """A host's settings as their page shows them; all roles of a person have the same."""

    host: Host
    #: Who could stand in.
    others: tuple[Host, ...]
    #: The channels this person has.
    channels: tuple[ChannelName, ...]

    @property
    def channel(self) -> ChannelName:
        return "mail" if self.host.by_mail else "telegram"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody filled in."""

    name: str
    language: str
    card: Card
    preferences: Preferences


async def mine(case: Case) -> Mine | None:
    """None for somebody who is no host."""
    if not case.roles:
        return None
    own = {role.id for role in case.roles}
    others = tuple(host for host in await hosts.active(case.session) if host.id not in own)
    return Mine(case.roles[0], others, channels_of(case.roles[0]))


def channels_of(host: Host) -> tuple[ChannelName, ...]:
    found: list[ChannelName] = []
    if host.chat_id is not None:
        found.append("telegram")
    if host.email:
        found.append("mail")
    return tuple(found)


async def choose(case: Case, chosen: Chosen) -> None:
    """Everything on the page at once. What this person cannot choose is left as it is."""
    present = await mine(case)
    if present is None:
        case.say("desk.no_right")
        return
    wanted = chosen.preferences
    if wanted.channel not in present.channels:
        wanted = replace(wanted, channel=present.host.preferences.channel)
    if wanted.stand_in not in {host.id for host in present.others}:
        wanted = replace(wanted, stand_in=None)
    name = " ".join(chosen.name.split())[: joining.MAX_NAME] or present.host.name
    language = chosen.language if chosen.language in languages() else present.host.language
    card = replace(chosen.card, photo=present.host.card.photo)
    for role in case.roles:
        await hosts.set_self(case.session, role.id, name, language)
        await hosts.set_card(case.session, role.id, card)
        await hosts.set_preferences(case.session, role.id, wanted)
    case.done = True


# -- the same in a chat, one thing at a time


async def show(case: Case) -> None:
    present = await mine(case)
    if present is None:
        case.say("desk.no_right")
        return
    case.tell(_told(case, present), [[case.button(f"to_{channel}", "hc", channel)] for channel in _others(present)])


async def set_channel(case: Case, channel: str) -> None:
    """Where notices come from now on."""
    present = await mine(case)
    if present is None:
        case.say("desk.no_right")
        return
    wanted: ChannelName | None = next((one for one in present.channels if one == channel), None)
    if wanted is None:
        case.say("desk.channel_missing")
        return
    await _change(case, lambda preferences: replace(preferences, channel=wanted))
    case.say(f"desk.channel_set_{wanted}", email=present.host.email)


async def set_away(case: Case, until: date | None) -> None:
    """From today until that day, which is the last one; None: the day was not understood."""
    present = await mine(case)
    if present is None:
        case.say("desk.no_right")
        return
    today = case.now.astimezone(OSLO).date()
    if until is None or until < today:
        case.say("desk.away_how")
        return
    await _change(case, lambda preferences: replace(preferences, away_from=today, away_until=until))
    stand_in = next((host for host in present.others if host.id == present.host.preferences.stand_in), None)
    instead = stand_in.name if stand_in else label(case.language, "desk.away_somebody")
    case.say("desk.away_set", day=spoken(until, case.language), stand_in=instead)


async def set_back(case: Case) -> None:
    if not case.roles:
        case.say("desk.no_right")
        return
    await _change(case, lambda preferences: replace(preferences, away_from=None, away_until=None))
    case.say("desk.back_set")


async def _change(case: Case, change: Callable[[Preferences], Preferences]) -> None:
    for role in case.roles:
        await hosts.set_preferences(case.session, role.id, change(role.preferences))
    case.done = True


def absence(preferences: Preferences, language: str, today: date) -> str:
    """Since or until when somebody is away, now or soon; an empty text for who is there."""
    start, end = preferences.away_from, preferences.away_until
    if end is not None and end < today:
        return ""
    if start is not None and (end is None or start > today):
        return label(language, "desk.absence_from", day=spoken(start, language))
    return label(language, "desk.absence_until", day=spoken(end, language)) if end else ""


def _others(present: Mine) -> list[ChannelName]:
    return [channel for channel in present.channels if channel != present.channel]


def _told(case: Case, present: Mine) -> Markup:
    language, preferences = case.language, present.host.preferences
    names = label(language, "date.weekdays").split(", ")
    away = absence(preferences, language, case.now.astimezone(OSLO).date())
    stand_in = next((host.name for host in present.others if host.id == preferences.stand_in), "")
    return say(
        language,
        "desk.settings",
        name=present.host.name,
        channel=label(language, f"desk.channel_{present.channel}"),
        weekdays=", ".join(names[day] for day in preferences.weekdays) or "–",
        away=away or label(language, "desk.settings_here"),
        stand_in=stand_in or label(language, "desk.settings_anybody"),
    )
