"""After a lead is closed: did it help? And, with a separate yes, one question after 3 and after 12 months."""

from __future__ import annotations

from bot.dialogue import my_leads
from bot.dialogue.buttons import data
from bot.dialogue.dates import spoken
from bot.dialogue.model import AgreeFollowUp, AnswerFollowUp, Button, EndFollowUp, SetHelped
from bot.dialogue.talk import Talk
from bot.leads.follow_up import ANSWERS, MONTHS, FollowUp, due_on
from bot.texts import FOLLOW_UP_VERSION, follow_up_consent, hash_of, label, languages, phrases

HELPED = ("yes", "partly", "no")
Rows = tuple[tuple[Button, ...], ...]


def helped_rows(language: str, reference: str) -> Rows:
    return tuple((_button(language, f"helped_{value}", "lh", f"{reference}.{value}"),) for value in HELPED)


def agree_rows(language: str, reference: str) -> Rows:
    """The yes carries the language of the text that was shown, whatever is spoken when it is pressed."""
    yes = _button(language, "agree", "uy", f"{reference}.{language}")
    return ((yes,), (_button(language, "decline", "un", reference),))


def question_rows(language: str, follow_up: FollowUp) -> Rows:
    """The answers carry the months, so that an old button counts for no other question."""
    rows = [(_button(language, answer, "ua", f"{follow_up.months}.{answer}"),) for answer in ANSWERS]
    return (*rows, (_button(language, "stop", "us"),))


def _button(language: str, key: str, verb: str, argument: str = "") -> Button:
    return Button(label(language, f"follow_up.{key}"), data(verb, argument))


def typed(talk: Talk) -> list[tuple[str, str]]:
    """What may be typed instead of pressed, also long after: by label, the buttons of a question that waits."""
    follow_up = talk.situation.follow_up
    if follow_up is None:
        return []
    stops = [(word.strip(), data("us")) for word in phrases(talk.language)["follow_up.stop_words"].split(",")]
    rows = question_rows(talk.language, follow_up) if follow_up.asked_at else ()
    return [*stops, *((button.label, button.data) for row in rows for button in row)]


def set_helped(talk: Talk, argument: str) -> bool:
    reference, _, value = argument.partition(".")
    lead = my_leads.find(talk, reference)
    if value not in HELPED:
        return False
    if lead is None or lead.open:
        talk.say("mine.unknown")
        return True
    talk.changes.append(SetHelped(lead.reference, value))
    talk.toast = label(talk.language, "follow_up.thanks")
    talk.say("follow_up.thanks")
    return True


def agree(talk: Talk, argument: str) -> bool:
    reference, _, language = argument.partition(".")
    lead = my_leads.find(talk, reference)
    if language not in languages():
        return False
    if lead is None or lead.open:
        talk.say("mine.unknown")
        return True
    shown = follow_up_consent(language).format(consent_years=talk.situation.periods.consent_years)
    talk.changes.append(AgreeFollowUp(lead.municipality, language, FOLLOW_UP_VERSION, hash_of(shown)))
    present = talk.situation.follow_up
    day = present.due_on if present else due_on(talk.now, MONTHS[0])
    talk.say("follow_up.agreed", edit=True, day=spoken(day, talk.language))
    return True


def decline(talk: Talk) -> None:
    """A no to a yes that was given before takes it back."""
    if talk.situation.follow_up is not None:
        stop(talk)
    else:
        talk.say("follow_up.declined", edit=True)


def stop(talk: Talk) -> None:
    if talk.situation.follow_up is None:
        talk.say("follow_up.nothing")
        return
    talk.changes.append(EndFollowUp())
    talk.say("follow_up.stopped")


def answer(talk: Talk, argument: str) -> bool:
    """ "3.moved": counts once, and only for the question that is waited for."""
    months, _, value = argument.partition(".")
    known = next((one for one in ANSWERS if one == value), None)
    if known is None:
        return False
    follow_up = talk.situation.follow_up
    if follow_up is None or follow_up.asked_at is None or months != str(follow_up.months):
        talk.say("follow_up.nothing")
        return True
    talk.changes.append(AnswerFollowUp(follow_up, known))
    if known == "not_yet" and not follow_up.is_last:
        talk.say("follow_up.once_more", day=spoken(due_on(follow_up.agreed_at, MONTHS[-1]), talk.language))
    else:
        talk.say(f"follow_up.done_{known}")
    return True
