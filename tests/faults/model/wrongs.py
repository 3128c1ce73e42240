"""What can go wrong outside: with Telegram, with mail, in the store, and where the program can die."""

from __future__ import annotations

from typing import get_args

import aiosmtplib

from bot.telegram.pretend import Fault
from tests.faults.store_trouble import SqliteTrouble
from tests.faults.test_points import found

CALLS = ("sendMessage", "sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates")
FAULTS = (
    Fault.refused(),
    Fault.timeout(),
    Fault.timeout(after_effect=False),
    Fault.reset(after_effect=True),
    Fault.half_body(),
    Fault.invalid_json(),
    Fault.error(400, "Bad Request: this message is not to my taste"),
    Fault.error(500, "Internal Server Error"),
    Fault.too_many_requests(20),
    Fault.too_many_requests(None),
)
#: What a mail server says, and whether it has taken the mail by then.
MailFault = tuple[Exception, bool]
MAIL_FAULTS: tuple[MailFault, ...] = (
    (aiosmtplib.SMTPDataError(451, "not now"), False),
    (aiosmtplib.SMTPServerDisconnected("reset"), True),
    (aiosmtplib.SMTPTimeoutError("no answer"), True),
    (aiosmtplib.SMTPServerDisconnected("reset"), False),
    (aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(450, "later", "")]), False),
    (aiosmtplib.SMTPDataError(554, "never"), False),
    (aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(550, "nobody", "")]), False),
)
STORE_TROUBLES: tuple[SqliteTrouble, ...] = get_args(SqliteTrouble)
POINTS = tuple(point for point in found() if point.startswith(("intake", "arrival", "assistant", "desk", "delivery")))
#: Where no transaction is open.
BETWEEN = tuple(point for point in POINTS if ": after" in point or point == "delivery: sent")
