"""A pretend Telegram, for the playground and the tests: the assistant's real code runs, only the wire is pretended.

Read in this order: `core` and `doings` (the bot's and the people's side), `sending` and `account` (the Bot API
methods, listed in `methods`), `state` and what it holds (`people`, `messages`, `queue`), then the two fronts, `request`
(in the same process) and `http` (over a port). `limits`, `html`, `entities` and `keyboards` are Telegram's rules,
`faults` and `pace` what may go wrong.
"""

from bot.telegram.pretend.core import TOKEN, Call, PretendTelegram
from bot.telegram.pretend.errors import NotPossible
from bot.telegram.pretend.faults import Fault, Plan
from bot.telegram.pretend.model import Button, Message, User
from bot.telegram.pretend.pace import Pace
from bot.telegram.pretend.people import Persona
from bot.telegram.pretend.request import PretendRequest

__all__ = [
    "TOKEN",
    "Button",
    "Call",
    "Fault",
    "Message",
    "NotPossible",
    "Pace",
    "Persona",
    "Plan",
    "PretendRequest",
    "PretendTelegram",
    "User",
]
