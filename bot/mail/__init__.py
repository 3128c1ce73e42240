"""Mail to hosts, and what comes back of it.

Out:
building    a delivery made into a message: headers, plain text, simple HTML
server      SMTP_URL and MAIL_INBOX_URL taken apart
channel     sends by SMTP, and says what an error means
outbox      the stand-in for the playground and tests: keeps what would have been sent

In, with MAIL_INBOX_URL:
collecting  each minute: what is new in our mailbox goes to the desk's post
connection  reads the mailbox by IMAP
incoming    what a mail is: a bounce, a host's reply, or nothing of ours
ours        which of our mails a text names
bounces     delivery status notifications, and servers' letters
genuine     whether our own mail server vouches for the sender
words       the text of a mail, whatever its charset and HTML
quoted      what was written now, without quotes and signatures
"""

from bot.mail.building import Sender
from bot.mail.channel import MailChannel
from bot.mail.collecting import Collector
from bot.mail.connection import Connection, MailboxError
from bot.mail.outbox import Outbox
from bot.mail.server import Mailbox, Server, mailbox_of, server_of

__all__ = [
    "Collector",
    "Connection",
    "MailChannel",
    "Mailbox",
    "MailboxError",
    "Outbox",
    "Sender",
    "Server",
    "mailbox_of",
    "server_of",
]
