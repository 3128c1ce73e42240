"""Takes waiting replies and notices out, by the channels it is given: in order per chat, marked after sending.

errors      what a channel says when a message did not go out
pace        how fast Telegram lets us send
choosing    what goes out next, and how much at once
under_way   what has not come to the wire yet
outcomes    what becomes of a message that was sent, or was not
sending     the sender, which joins them
"""

from bot.delivery.errors import Channel, Kind, SendError
from bot.delivery.outcomes import SCHEDULE
from bot.delivery.pace import UNLIMITED, Limits
from bot.delivery.sending import Sender
from bot.delivery.under_way import UnderWay, leaves_now

__all__ = [
    "SCHEDULE",
    "UNLIMITED",
    "Channel",
    "Kind",
    "Limits",
    "SendError",
    "Sender",
    "UnderWay",
    "leaves_now",
]
