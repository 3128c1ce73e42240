"""A question comes in: it is answered, met with choices, or with an honest "I don't know"."""

from __future__ import annotations

from bot.dialogue import answers, following, lead_form, noticing, settling
from bot.dialogue.masking import mask
from bot.dialogue.model import Button, Question
from bot.dialogue.talk import Talk
from bot.knowledge.model import Entry
from bot.leads.model import Asked
from bot.matching.verdict import Verdict

#: How many earlier questions are remembered, to go along with a lead if the mover wants.
REMEMBERED = 8
#: A suggestion under an "I don't know" that is less likely than this is worse than none.
NEAR = 0.15
#: Entries that lead into a room of their own instead of being told.
TALK_TO_HOST = "assistant/talk-to-host"
CHANGE_LANGUAGE = "assistant/change-language"


def ask(talk: Talk, text: str) -> None:
    """Answer one line."""
    before, told = talk.conversation.context, talk.conversation.asked[-1:]
    verdict = talk.matcher.understand(text, before)
    following.follow_language(talk, text, verdict)
    entries = [talk.knowledge.entries[m.entry] for m in verdict.matches if m.entry in talk.knowledge.entries]
    _record(talk, text, verdict, entries)
    noticing.notice(talk, text, verdict, entries)
    if verdict.decision == "none" or not entries:
        _say_none(talk, verdict)
    elif verdict.decision == "choose":
        _say_choices(talk, verdict, entries)
    else:
        # What was only suggested has not been told.
        told_before = [asked.entry for asked in told] == [entries[0].id]
        _say_answer(talk, verdict, entries, again=told_before and before == verdict.context)
        if entries[0].topic != answers.ABOUT_ITSELF:
            noticing.offer_host(talk)


def spoken_of(talk: Talk, verdict: Verdict) -> tuple[str, ...]:
    """The municipalities the answer is for: those named, else those the mover chose."""
    named = tuple(slug for slug in verdict.municipalities if slug in talk.knowledge.municipalities)
    return named or talk.conversation.municipalities


def _record(talk: Talk, text: str, verdict: Verdict, entries: list[Entry]) -> None:
    place = verdict.municipality or (talk.conversation.municipalities[0] if talk.conversation.municipalities else None)
    masked = mask(text)[:500]
    talk.questions.append(Question(masked, verdict, talk.language, place))
    asked = talk.conversation.asked
    if verdict.decision == "answer" and entries and entries[0].topic != answers.ABOUT_ITSELF:
        asked = (*asked, Asked(entries[0].id, masked, talk.now, verdict.municipality, entries[0].title(talk.language)))[
            -REMEMBERED:
        ]
    talk.remember(context=verdict.context, asked=asked)


def _say_answer(talk: Talk, verdict: Verdict, entries: list[Entry], again: bool) -> None:
    """`again`: it is what was told last, of the same place."""
    places = spoken_of(talk, verdict)
    if any(entry.id == answers.EMERGENCY for entry in entries):
        answers.tell(talk, talk.knowledge.entries[answers.EMERGENCY], ())
    elif entries[0].id == TALK_TO_HOST:
        lead_form.begin(talk, verdict.municipalities)
    elif entries[0].id == CHANGE_LANGUAGE:
        settling.ask_language(talk)
    elif len(entries) == 1:
        answers.tell(talk, entries[0], places, again=again)
    else:
        answers.tell_several(talk, entries, places)


def _say_choices(talk: Talk, verdict: Verdict, entries: list[Entry]) -> None:
    rows = [[answers.entry_button(talk, entry, verdict.municipalities)] for entry in entries]
    talk.say("answer.choose", [*rows, [talk.button("none_of_these", "T"), talk.button("host", "h")]])


def _say_none(talk: Talk, verdict: Verdict) -> None:
    if verdict.outside and not verdict.municipalities:
        place = ", ".join(name.capitalize() for name in verdict.outside[:2])
        talk.say("answer.outside", _ways_on(talk), place=place)
        return
    near = [
        talk.knowledge.entries[match.entry]
        for match in verdict.near
        if match.entry in talk.knowledge.entries and match.score >= NEAR
    ]
    near = [entry for entry in near if entry.topic != answers.ABOUT_ITSELF][:2]
    rows = [[answers.entry_button(talk, entry, verdict.municipalities)] for entry in near]
    talk.say("answer.none" if near else "answer.none_bare", [*rows, *_ways_on(talk)])


def _ways_on(talk: Talk) -> list[list[Button]]:
    return [[talk.button("topics", "T"), talk.button("host", "h")]]
