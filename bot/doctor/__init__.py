"""Looks at everything the program needs from outside, and says for each what to do when it is not well.

finding   one thing looked at: ok, warning or error, with its remedy
telegram  token, webhook, and the clock against Telegram's
mail      the mail server, a test mail, our mailbox
pages     PUBLIC_URL as the outside reaches it
store     database, last backup, disk
content   knowledge and what was trained on it
looking   all of it, in one list
"""

from bot.doctor.finding import Finding
from bot.doctor.looking import look

__all__ = ["Finding", "look"]
