"""/commands of a mover, in Norwegian and English, with the start parameter of a link."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup

from bot.dialogue import (
    answers,
    asking,
    browsing,
    companions,
    comparing,
    lead_form,
    my_leads,
    privacy,
    settling,
    taking_along,
)
from bot.dialogue.talk import Talk
from bot.dialogue.typed import is_one_of

#: What Telegram allows in a start parameter.
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
PLACE_PREFIX = "m_"
#: In the order they are shown in Telegram's menu (texts: commands.*).
MENU = ("start", "tema", "kommune", "sammenlign", "vert", "mine", "sprak", "personvern", "glem")


def typed_command(talk: Talk, text: str) -> str | None:
    """The command that is meant by bare words: "slett alt om meg", "slutt"."""
    return next((name for name in TYPED if is_one_of(talk, text, f"typed.{name}")), None)


def run_command(talk: Talk, name: str, argument: str) -> None:
    command = _COMMANDS.get(name.lower())
    if command is None:
        talk.say("other.unknown_command", [[talk.button("topics", "T"), talk.button("host", "h")]])
    else:
        command(talk, argument)


def welcome(talk: Talk, parameter: str) -> None:
    """/start, perhaps with where the mover came from: a municipality's page or a campaign."""
    if parameter.startswith(companions.LINK_PREFIX):
        companions.show_invitation(talk, parameter)
        return
    parts = [talk.phrase("welcome.text", name=talk.name())]
    slug = parameter.removeprefix(PLACE_PREFIX)
    if parameter.startswith(PLACE_PREFIX) and slug in talk.knowledge.municipalities:
        talk.remember(municipalities=(slug,))
        parts.append(talk.phrase("welcome.place_noted", place=talk.place(slug)))
    elif START_PARAMETER.fullmatch(parameter) and talk.conversation.campaign is None:
        talk.remember(campaign=parameter)
    rows = [[talk.button("topics", "T"), talk.button("municipality", "m")], [talk.button("host", "h")]]
    talk.reply(Markup("\n\n").join(parts), rows)


def _language(talk: Talk, argument: str) -> None:
    if not argument or not settling.set_language(talk, argument):
        settling.ask_language(talk)


def _host(talk: Talk, argument: str) -> None:
    lead_form.begin(talk, talk.matcher.understand(argument).municipalities if argument else ())


def _goodbye(talk: Talk) -> None:
    if entry := talk.knowledge.entries.get(answers.GOODBYE):
        answers.tell(talk, entry, ())
    else:
        welcome(talk, "")


def _without_argument(action: Callable[[Talk], None]) -> Callable[[Talk, str], None]:
    def run(talk: Talk, argument: str) -> None:
        action(talk)

    return run


def _ask(talk: Talk, argument: str) -> None:
    """/spor: a question to the assistant, also while a host is being written to."""
    if argument:
        asking.ask(talk, argument)
    else:
        my_leads.leave_partner(talk)


_COMMANDS: dict[str, Callable[[Talk, str], None]] = {
    "start": welcome,
    "help": welcome,
    "hjelp": welcome,
    "tema": browsing.topic_command,
    "topics": browsing.topic_command,
    "kommune": settling.municipality_command,
    "municipality": settling.municipality_command,
    "vert": _host,
    "host": _host,
    "mine": _without_argument(my_leads.show),
    "spor": _ask,
    "ask": _ask,
    "sprak": _language,
    "language": _language,
    "ta_med": _without_argument(taking_along.show),
    "export": _without_argument(taking_along.show),
    "sammenlign": comparing.compare,
    "compare": comparing.compare,
    "personvern": _without_argument(privacy.show),
    "privacy": _without_argument(privacy.show),
    "glem": _without_argument(privacy.ask_to_forget),
    "forget": _without_argument(privacy.ask_to_forget),
    "stopp": _without_argument(_goodbye),
    "stop": _without_argument(_goodbye),
}
#: What is typed without a slash and can mean nothing but these (texts: typed.*).
TYPED = ("glem", "stopp", "start")
