"""Notices to hosts by mail.

building  a delivery made into a message: headers, plain text, simple HTML
server    SMTP_URL taken apart
channel   sends by SMTP, and says what an error means
outbox    the stand-in for the playground and tests: keeps what would have been sent
"""

from bot.mail.building import Sender
from bot.mail.channel import MailChannel
from bot.mail.outbox import Outbox
from bot.mail.server import Server, server_of

__all__ = ["MailChannel", "Outbox", "Sender", "Server", "server_of"]
