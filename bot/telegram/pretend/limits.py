"""Telegram's limits as numbers, and the cleaning it does to every text.

Lengths count UTF-16 code units, as Telegram does: most emoji count two.
"""

import re
from datetime import timedelta

TEXT = 4096
CAPTION = 1024
CALLBACK_DATA_BYTES = 64
CALLBACK_ANSWER = 200
COPY_TEXT = 256
BUTTONS = 100
COMMANDS = 100
COMMAND_DESCRIPTION = 256
UPDATES_AT_ONCE = 100
LONG_POLL_SECONDS = 50
UPDATES_KEPT = timedelta(hours=24)
PRESS_ANSWERABLE = timedelta(seconds=150)
DELETABLE = timedelta(hours=48)

START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def is_unicode(text: str) -> bool:
    """False for a lone surrogate, which JSON can carry and UTF-8 cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def cleaned(text: str) -> str:
    """Telegram drops carriage returns and turns control characters into spaces; offsets count after that."""
    return _CONTROL.sub(" ", text.replace("\r", ""))
