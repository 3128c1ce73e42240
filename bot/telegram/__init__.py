"""Telegram: arrivals in, messages out. The real one and, in pretend/, one for tests and the playground."""

import os

# python-telegram-bot warns of a coming change whenever it makes a RetryAfter, unless told that we know of it.
os.environ.setdefault("PTB_TIMEDELTA", "1")
