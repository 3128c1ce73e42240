"""The door of the dialogue: messages in, one Turn out. It sends nothing, awaits nothing and reads no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.dialogue import (
    answers,
    asking,
    companions,
    form_sending,
    lead_form,
    my_leads,
    noticing,
    presses,
    telling,
    yes_no,
)
from bot.dialogue.commands import run_command, typed_command
from bot.dialogue.fragments import join_fragments
from bot.dialogue.model import (
    Commanded,
    Conversation,
    Message,
    Pressed,
    Said,
    Showed,
    Situation,
    Turn,
)
from bot.dialogue.talk import Talk
from bot.dialogue.typed import typed_press
from bot.knowledge.model import Knowledge
from bot.leads.model import Lead
from bot.matching.verdict import Matcher
from bot.texts import phrases

MAX_TEXT = 1000


def respond(
    conversation: Conversation,
    messages: Sequence[Message],
    situation: Situation,
    knowledge: Knowledge,
    matcher: Matcher,
    now: datetime,
) -> Turn:
    """Decide everything that `messages`, all of one mover, lead to."""
    talk = Talk(conversation.without_old(situation.periods, now), situation, knowledge, matcher, now)
    noticing.notice_visit(talk)
    # Whoever is filling in a form or writing to a host means each message as it stands.
    busy = talk.conversation.draft or talk.conversation.partner or talk.conversation.adding_to
    for message in messages if busy else join_fragments(messages, matcher):
        _take(talk, message)
    offered = tuple(
        (button.label, button.data) for reply in talk.replies for row in reply.buttons for button in row if button.data
    )
    talk.remember(last_seen=now, offered=offered or talk.conversation.offered)
    return talk.finish()


def _take(talk: Talk, message: Message) -> None:
    match message:
        case Pressed(data, message_id):
            talk.pressed_message = message_id
            presses.press(talk, data)
            talk.pressed_message = None
        case Commanded(name, argument):
            run_command(talk, name, argument)
        case Said(text, reply_to_lead):
            _said(talk, text, reply_to_lead)
        case Showed(kind, caption):
            _showed(talk, kind, caption)


def _said(talk: Talk, text: str, reply_to_lead: str | None) -> None:
    """The rooms in the order in which a text may be meant for them."""
    lead = my_leads.find(talk, reply_to_lead or talk.conversation.partner or "")
    if reply_to_lead is None and (_for_companion(talk, text) or _for_form(talk, text)):
        return
    if lead is not None and text.strip():
        _to_host(talk, lead, text)
    elif not any(character.isalnum() for character in text):
        talk.say("answer.unclear", [[talk.button("topics", "T"), talk.button("host", "h")]])
    elif pressed := typed_press(talk, text) or yes_no.meant_press(talk, text):
        presses.press(talk, pressed)
    elif command := typed_command(talk, text):
        run_command(talk, command, "")
    elif yes_no.is_yes(talk, text) or yes_no.is_no(talk, text):
        yes_no.ask_which(talk)
    else:
        _ask(talk, text)


def _ask(talk: Talk, text: str) -> None:
    if len(text) > MAX_TEXT:
        talk.say("other.too_long")
    in_form, known = talk.conversation.draft is not None, talk.conversation.profile
    asking.ask(talk, text[:MAX_TEXT])
    if in_form and talk.conversation.draft:
        lead_form.goes_on(talk, changed=telling.take_by_the_way(talk, known))


def _for_companion(talk: Talk, text: str) -> bool:
    """Whether a companion is telling the own part."""
    if talk.conversation.adding_to is None:
        return False
    if pressed := typed_press(talk, text):
        presses.press(talk, pressed)
    else:
        companions.take_words(talk, text)
    return True


def _for_form(talk: Talk, text: str) -> bool:
    """Whether a text belongs to the form: a yes or no, a button's label, or the words that are waited for."""
    draft = talk.conversation.draft
    if draft is None:
        return False
    if _typed_consent(talk, text):
        return True
    if pressed := typed_press(talk, text):
        presses.press(talk, pressed)
        return True
    if draft.step not in lead_form.TYPED_STEPS:
        return telling.take(talk, text[:MAX_TEXT])
    if not text.strip():
        return False
    if draft.step != "message" and text.rstrip().endswith("?"):
        return False  # a question in mid-form is answered, then the form goes on
    lead_form.take_words(talk, text)
    return True


def _to_host(talk: Talk, lead: Lead, text: str) -> None:
    """Words for the host; where life is in danger the emergency numbers come first all the same."""
    verdict = talk.matcher.understand(text[:MAX_TEXT])
    if verdict.decision == "answer" and any(match.entry == answers.EMERGENCY for match in verdict.matches):
        answers.tell(talk, talk.knowledge.entries[answers.EMERGENCY], ())
    pressed = typed_press(talk, text)
    if pressed:
        presses.press(talk, pressed)
        return
    my_leads.write(talk, lead, text)


def _typed_consent(talk: Talk, text: str) -> bool:
    """A typed yes or no to the summary. Nothing else counts as a yes."""
    draft = talk.conversation.draft
    assert draft is not None
    if yes_no.is_no(talk, text):
        lead_form.cancel(talk)
        return True
    if yes_no.is_yes(talk, text) and draft.step in ("summary", "change", "place"):
        form_sending.agree(talk)
        return True
    if draft.step == "place":
        named = talk.matcher.understand(text).municipalities
        if len(named) == 1 and len(text.split()) <= 3:
            lead_form.choose_place(talk, named[0])
            return True
    return False


def _showed(talk: Talk, kind: str, caption: str) -> None:
    known = f"other.{kind}"
    talk.say(known if known in phrases(talk.language) else "other.other", [[talk.button("topics", "T")]])
    if caption.strip():
        asking.ask(talk, caption[:MAX_TEXT])
