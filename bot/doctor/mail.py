"""The mail server, with a test mail to oneself where that is asked for, and the mailbox that is read."""

from __future__ import annotations

import asyncio
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from bot.delivery import SendError
from bot.doctor.finding import Finding, error, ok, warning
from bot.mail import Connection, MailboxError, MailChannel, Sender
from bot.settings import Settings, SettingsError, is_mail_address


async def check(settings: Settings, mail_to: str, now: datetime) -> list[Finding]:
    return [*await _sending(settings, mail_to, now), await _reading(settings)]


async def _sending(settings: Settings, mail_to: str, now: datetime) -> list[Finding]:
    try:
        mail = settings.mail
    except SettingsError as missing:
        return [error("mail", "SMTP_URL lacks a setting", str(missing))]
    if mail is None:
        missing_it = "SMTP_URL is not set: hosts are reached in Telegram only, and there is no inbox"
        found = [warning("mail", missing_it, "Set SMTP_URL, MAIL_FROM and PUBLIC_URL (docs/operate.md).")]
        if mail_to:
            found.append(error("test mail", "not sent", "Set SMTP_URL first."))
        return found
    server, sender = mail
    channel = MailChannel(server, sender)
    try:
        await channel.look()
    except SendError as trouble:
        remedy = (
            "Look at SMTP_URL: host, port, user, password; the port must be open from here, and offer STARTTLS or TLS."
        )
        return [error("mail", f"{server.host}:{server.port} does not let us in ({trouble.trouble})", remedy)]
    found = [ok("mail", f"{server.host}:{server.port} lets us in")]
    if mail_to:
        found.append(await _test_mail(channel, sender, mail_to, now))
    return found


async def _test_mail(channel: MailChannel, sender: Sender, to: str, now: datetime) -> Finding:
    if not is_mail_address(to):
        return error("test mail", "--mail-to is no mail address", "Give one like you@example.no.")
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender.address, to, "Flytt hit: test"
    message["Date"], message["Message-ID"] = now, make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        "This is the test mail of `run_bot.py doctor`.\n\n"
        "Look at its headers: Authentication-Results should say spf=pass, dkim=pass and dmarc=pass. "
        "If it came into the spam folder, hosts' notices would too.\n"
    )
    try:
        await channel.post(message)
    except SendError as trouble:
        return error("test mail", f"refused ({trouble.trouble})", "Look whether MAIL_FROM may send by this server.")
    return ok("test mail", "sent; look whether it arrives, and not as spam")


async def _reading(settings: Settings) -> Finding:
    try:
        mailbox = settings.mailbox
    except SettingsError as missing:
        return error("mailbox", "MAIL_INBOX_URL lacks a setting", str(missing))
    if mailbox is None:
        text = "MAIL_INBOX_URL is not set: bounces go unseen, and mails say that replies are not read"
        return warning("mailbox", text, "Set it to the mailbox of MAIL_FROM, if you can (docs/operate.md).")
    where = f"{mailbox.host}:{mailbox.port}"
    try:
        connection = await asyncio.to_thread(Connection, mailbox)
        await asyncio.to_thread(connection.close)
    except MailboxError as trouble:
        remedy = "Look at MAIL_INBOX_URL: host, port, user, password (special characters as % codes) and folder."
        return error("mailbox", f"{where} cannot be read ({trouble})", remedy)
    if settings.mail_authserv_id is None:
        text = f"{where} can be read, but MAIL_AUTHSERV_ID is not set: bounces count, replies are refused"
        return warning(
            "mailbox", text, "Set it to the first word of Authentication-Results in mails you receive there."
        )
    return ok("mailbox", f"{where} can be read")
