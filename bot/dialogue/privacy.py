"""What is stored, who answers for it, and real deletion."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import my_leads
from bot.dialogue.dates import spoken
from bot.dialogue.model import Forget
from bot.dialogue.talk import Talk


def show(talk: Talk) -> None:
    conversation, situation = talk.conversation, talk.situation
    stored = talk.phrase(
        "privacy.stored",
        language=talk.phrase("language.name"),
        places=talk.places(conversation.municipalities) or talk.phrase("privacy.nothing"),
        questions=len(conversation.asked),
        leads=len(situation.leads),
    )
    parts = [
        talk.phrase(
            "privacy.text",
            conversation_days=situation.periods.conversation_days,
            question_days=situation.periods.question_days,
            lead_days=situation.periods.lead_days,
        ),
        stored,
        *_asked_later(talk),
        _or_missing(talk, "controller", situation.controller)
        + "\n"
        + _or_missing(talk, "contact", situation.privacy_contact),
    ]
    talk.reply(Markup("\n\n").join(parts), [[talk.button("forget", "fg")]])


def _asked_later(talk: Talk) -> list[Markup]:
    follow_up = talk.situation.follow_up
    return [talk.phrase("follow_up.stored", day=spoken(follow_up.due_on, talk.language))] if follow_up else []


def ask_to_forget(talk: Talk) -> None:
    talk.say("forget.ask", [[talk.button("forget_yes", "fy"), talk.button("cancel", "fn")]])


def forget(talk: Talk) -> None:
    """Withdraw what is open, tell the host by reference alone, delete the rest."""
    for lead in talk.situation.leads:
        if lead.open:
            talk.notices.extend(my_leads.goodbye_notices(talk, lead, "desk.forgotten"))
    talk.changes.append(Forget())
    talk.say("forget.done")


def keep(talk: Talk) -> None:
    talk.say("forget.kept", edit=True)


def _or_missing(talk: Talk, key: str, value: str | None) -> Markup:
    return talk.phrase(f"privacy.{key}", **{key: value}) if value else talk.phrase(f"privacy.{key}_missing")
