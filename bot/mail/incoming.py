"""What a mail that came in is: a bounce, a host's reply, or nothing of ours."""

from __future__ import annotations

from email import message_from_bytes, policy

from bot.desk import Replied, Returned
from bot.mail.bounces import bounce_of, is_report
from bot.mail.genuine import sender_of, vouched
from bot.mail.ours import named_in
from bot.mail.quoted import own_words
from bot.mail.words import Mail, header, words_of

_AUTOMATIC = ("X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponder", "List-Id")
_PRECEDENCES = ("bulk", "list", "junk", "auto_reply", "auto-reply")


def read(raw: bytes, domain: str, authserv_id: str | None) -> Returned | Replied | str:
    """A text says, for the log, why it is nothing of ours; it holds nothing of the mail."""
    mail: Mail = message_from_bytes(raw, policy=policy.compat32)
    bounce = bounce_of(mail, domain)
    if bounce is not None:
        return bounce
    if is_automatic(mail):
        return "automatic"
    named = named_in(f"{header(mail, 'References')} {header(mail, 'In-Reply-To')}", domain)
    if not named.deliveries and not named.references:
        return "no reply to a mail of ours"
    sender = sender_of(mail)
    if not sender:
        return "not exactly one sender"
    words = words_of(mail)
    return Replied(
        sender,
        named.deliveries,
        named.references,
        own_words(words.text),
        words.attachments,
        vouched(mail, authserv_id),
    )


def is_automatic(mail: Mail) -> bool:
    """An out-of-office note, a receipt or a list is no answer."""
    if header(mail, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return True
    if any(name in mail for name in _AUTOMATIC) or header(mail, "Precedence").lower() in _PRECEDENCES:
        return True
    return is_report(mail) or header(mail, "Return-Path") == "<>"
