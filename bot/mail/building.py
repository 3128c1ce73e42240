"""A delivery made into a message. Headers hold our own phrases and references only, never a mover's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from markupsafe import Markup

from bot.storage.deliveries import Delivery
from bot.storage.mailboxes import proof
from bot.texts import label, plain


@dataclass(frozen=True, slots=True)
class Sender:
    """Who our mails are from, and where our pages are."""

    address: Address
    public_url: str
    #: Replies become drafts on their leads; else the first line says that they are not read.
    reads_replies: bool = False

    @property
    def domain(self) -> str:
        return self.address.domain


def build(delivery: Delivery, sender: Sender) -> EmailMessage:
    """The same delivery makes the same message, Message-ID included, so that a copy is known as one."""
    body, reference = delivery.body, delivery.reference or ""
    language, about = str(body["language"]), str(body["about"])
    message = EmailMessage(policy=SMTP)
    message["From"] = sender.address
    message["To"] = Address(addr_spec=str(body["to"]))
    message["Subject"] = label(language, f"mail.subject_{'lead' if reference else about}", reference=reference)
    message["Date"] = delivery.created_at
    message["Message-ID"] = message_id(delivery.id, delivery.created_at, sender.domain)
    if reference:
        thread = thread_id(reference, sender.domain)
        message["In-Reply-To"] = thread
        message["References"] = thread
    # Holiday answers are not wanted: they are no answers.
    message["Auto-Submitted"] = "auto-generated"
    becomes_draft = bool(reference) and sender.reads_replies
    first = label(language, "mail.becomes_draft" if becomes_draft else "mail.not_read")
    open_it = label(language, f"mail.open_{'lead' if reference else about}")
    link, html = sender.public_url + str(body["path"]), str(body["html"])
    message.set_content(f"{first}\n\n{plain(html)}\n\n{open_it}:\n{link}\n")
    message.add_alternative(_page(language, first, html, open_it, link), subtype="html")
    return message


def message_id(delivery_id: int, created_at: datetime, domain: str) -> str:
    return f"<delivery-{delivery_id}-{proof(created_at)}@{domain}>"


def thread_id(reference: str, domain: str) -> str:
    """The mail that never was, to which all mails about a lead are replies: so they stand together."""
    return f"<lead-{reference}@{domain}>"


def _page(language: str, first: str, html: str, open_it: str, link: str) -> str:
    shown = Markup(html.replace("\n", "<br>\n"))  # noqa: S704 - escaped piece by piece when it was made (bot/texts)
    return Markup(
        '<!doctype html><html lang="{}"><body style="font-family:sans-serif;line-height:1.5;color:#1b2a33">\n'
        '<p style="color:#51606a">{}</p>\n<p>{}</p>\n<p><a href="{}">{}</a></p>\n</body></html>\n'
    ).format(language, first, shown, link, open_it)
