"""Mails as they come in, for tests."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

MX = "mx.flytthit.example"
HILDE = "hilde@tynset.example"
DMARC = f"{MX}; dmarc=pass (p=reject) header.from=tynset.example"


WORDS = "Hei! Ja, vi har ledig plass."


def reply(to: EmailMessage, text: str = WORDS, sender: str = HILDE, **headers: str) -> EmailMessage:
    """A host's reply to a mail of ours; our mail server vouches for the sender."""
    mail = EmailMessage(policy=SMTP)
    mail["Authentication-Results"] = headers.pop("results", DMARC)
    mail["From"] = f"Hilde Prøve <{sender}>"
    mail["To"] = to["From"]
    mail["Subject"] = f"SV: {to['Subject']}"
    mail["In-Reply-To"] = to["Message-ID"]
    mail["References"] = f"{to['References']} {to['Message-ID']}"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def report(of: EmailMessage, action: str = "failed", status: str = "5.1.1", returned: str = "message/rfc822") -> bytes:
    """A delivery status notification (RFC 3464) as Postfix and Exchange write it."""
    lines = [
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.tynset.example (Mail Delivery System)",
        "To: flytthit@flytthit.example",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="grense"',
        "",
        "--grense",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "",
        "--grense",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.tynset.example",
        "",
        f"Final-Recipient: rfc822; {HILDE}",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 <hilde@tynset.example>: unknown",
        "",
        "--grense",
        f"Content-Type: {returned}",
        "",
        f"Message-ID: {of['Message-ID']}",
        "Subject: TYN",
        "",
        "Ny henvendelse",
        "--grense--",
        "",
    ]
    return "\r\n".join(lines).encode()


def letter(of: EmailMessage, says: str) -> bytes:
    """A bounce as an older mail server writes it."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.tynset.example\r\nSubject: failure notice\r\n\r\n"
        f"Hi. This is the qmail-send program.\r\n<{HILDE}>:\r\n{says}\r\n\r\n"
        "--- Below this line is a copy of the message.\r\n\r\n"
        f"Return-Path: <flytthit@flytthit.example>\r\nMessage-ID: {of['Message-ID']}\r\nSubject: TYN\r\n\r\nNy\r\n"
    ).encode()
