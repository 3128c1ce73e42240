"""What the conversation notices without asking: who moves, when, what kind of mover, and how warm."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.talk import Talk
from bot.knowledge.model import Entry
from bot.leads import warmth
from bot.leads.picking import pick
from bot.leads.profile import Profile
from bot.matching.verdict import Verdict

#: The answer that ties the needs of a group together; suggested once when the group is noticed.
GROUP_ENTRIES = {
    "families": "region/families",
    "returners": "region/return-home",
    "young_adults": "region/young-adults",
    "seniors": "region/seniors",
    "pensioners": "moving/pensioner-move",
    "entrepreneurs": "region/entrepreneurs-and-remote-workers",
    "from_abroad": "moving/eu-registration",
    "higher_education": "jobs/it-and-office-jobs",
    "labour": "jobs/vacancies",
}
#: Entries that are a signal by themselves, beside their topic.
_ENTRY_SIGNALS = {"region/visit": "visit"}


def notice(talk: Talk, text: str, verdict: Verdict, entries: Sequence[Entry]) -> None:
    """Remember what this line tells."""
    words = talk.knowledge.words
    found = pick(text, words.people, ((trade.family, trade.words) for trade in words.trades))
    # Suggestions are guesses: only what was answered tells what somebody asks about.
    answered = entries if verdict.decision == "answer" else ()
    topics = {entry.topic for entry in answered}
    if found.trades and "higher_education" not in found.groups:
        found = found.with_more(type(found)(groups=("labour",)))
    signals = [
        *(["place"] if verdict.municipalities else []),
        *(["when"] if found.when else []),
        *(["household"] if found.household else []),
        *(["trade"] if found.trades else []),
        *sorted(topics),
        *(_ENTRY_SIGNALS[entry.id] for entry in answered if entry.id in _ENTRY_SIGNALS),
    ]
    conversation = talk.conversation
    talk.remember(profile=conversation.profile.with_more(found), signals=warmth.counted(conversation.signals, signals))


def notice_told(talk: Talk, told: Profile) -> None:
    """Remember what was told to the form, and that it makes the mover warmer."""
    signals = [*(["when"] if told.when else []), *(["household"] if told.household else [])]
    conversation = talk.conversation
    talk.remember(profile=conversation.profile.with_more(told), signals=warmth.counted(conversation.signals, signals))


def notice_visit(talk: Talk) -> None:
    """Somebody who comes back after a pause is closer than before."""
    last = talk.conversation.last_seen
    if last is not None and talk.now - last >= warmth.VISIT_GAP:
        talk.remember(signals=warmth.counted(talk.conversation.signals, ["returns"]))


def offer_host(talk: Talk) -> None:
    """Offer the host to a mover who has grown warm: once, and not again for a long while."""
    conversation = talk.conversation
    if conversation.draft or any(lead.open for lead in talk.situation.leads):
        return
    if warmth.points(conversation.signals) < warmth.WARM:
        return
    offered = conversation.offered_host_at
    if offered is not None and talk.now - offered < warmth.OFFER_AGAIN:
        return
    talk.remember(offered_host_at=talk.now)
    spoken_of = conversation.context.municipalities or conversation.municipalities
    place = spoken_of[0] if len(spoken_of) == 1 else None
    key = "warm.offer_place" if place else "warm.offer"
    talk.say(key, [[talk.button("host", "h"), talk.button("not_now", "nn")]], place=talk.place(place) if place else "")


def group_entry(talk: Talk, told: Entry) -> Entry | None:
    """The answer for a group that was noticed and not suggested yet; suggesting it is remembered."""
    for group in talk.conversation.profile.groups:
        entry = talk.knowledge.entries.get(GROUP_ENTRIES.get(group, ""))
        if entry is None or group in talk.conversation.suggested:
            continue
        talk.remember(suggested=(*talk.conversation.suggested, group))
        if entry.id != told.id:
            return entry
    return None
