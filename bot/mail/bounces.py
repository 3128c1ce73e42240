"""A mail that says that one of ours did not arrive: delivery status notifications (RFC 3464), and plain letters."""

from __future__ import annotations

import re
from email.message import Message

from bot.desk import Returned
from bot.mail.ours import named_in
from bot.mail.words import Mail, decoded, words_of

_DAEMON = re.compile(r"\b(mailer-daemon|postmaster|mail-daemon|mailerdaemon)@", re.IGNORECASE)
#: "5.1.1", but no part of an address like 10.5.1.1.
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_BASIC = re.compile(r"\b([45])\d\d\b[ -]")
_MESSAGE_ID = re.compile(r"^[ \t>]*message-id:\s*(<[^>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE)


def bounce_of(mail: Mail, domain: str) -> Returned | None:
    """None when it is none, or not of a mail of ours."""
    if is_report(mail, "delivery-status"):
        return _report(mail, domain)
    if _is_from_daemon(mail):
        return _letter(mail, domain)
    return None


def is_report(mail: Mail, kind: str = "") -> bool:
    if mail.get_content_type() != "multipart/report":
        return False
    return not kind or str(mail.get_param("report-type", "")).lower() == kind


def _report(mail: Mail, domain: str) -> Returned | None:
    ids: list[str] = [str(mail.get("In-Reply-To", "")), str(mail.get("References", ""))]
    statuses: list[tuple[str, str]] = []
    for part in mail.walk():
        if part is mail:
            continue
        kind, content = part.get_content_type(), part.get_payload()
        if kind == "message/delivery-status" and isinstance(content, list):
            blocks: list[Mail] = [block for block in content if isinstance(block, Message) and "Action" in block]
            statuses += [(_field(block, "Action"), _field(block, "Status")) for block in blocks]
        elif kind == "text/rfc822-headers":
            ids += _MESSAGE_ID.findall(decoded(part))
        else:
            ids.append(str(part.get("Message-ID", "")))
    found = named_in(" ".join(ids), domain).deliveries
    failed = [status for action, status in statuses if action.startswith("failed")]
    late = [status for action, status in statuses if action.startswith("delayed")]
    if not found or not (failed or late):
        return None
    status = (failed or late)[0]
    code = _ENHANCED.search(status)
    permanent = bool(failed) and (code is None or code[1] == "5")
    return Returned(found, permanent, bool(failed), code[0] if code else "?")


def _letter(mail: Mail, domain: str) -> Returned | None:
    """From a mail server that writes its bounces as it likes: our Message-ID and a code stand somewhere in it."""
    text = words_of(mail).text
    ids = [*_MESSAGE_ID.findall(text), *(str(part.get("Message-ID", "")) for part in mail.walk() if part is not mail)]
    found = named_in(" ".join(ids), domain).deliveries
    if not found:
        return None
    codes = [match[0] for match in _ENHANCED.finditer(text) if match[1] != "2"]
    first = {code[0] for code in codes} or set(_BASIC.findall(text))
    # Without any code it is a bounce all the same.
    permanent = "5" in first or not first
    return Returned(found, permanent, permanent, codes[0] if codes else "?")


def _is_from_daemon(mail: Mail) -> bool:
    return bool(_DAEMON.search(str(mail.get("From", "")))) or str(mail.get("Return-Path", "")).strip() == "<>"


def _field(block: Mail, name: str) -> str:
    return str(block.get(name, "")).strip().lower()
