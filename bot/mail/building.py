"""A delivery made into a message. Headers hold our own phrases and references only, never a mover's words."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from markupsafe import Markup

from bot.storage.deliveries import Delivery
from bot.texts import label, plain


@dataclass(frozen=True, slots=True)
class Sender:
    """Who our mails are from, and where our pages are."""

    address: Address
    public_url: str

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
    message["Message-ID"] = f"<delivery-{delivery.id}@{sender.domain}>"
    if reference:
        thread = f"<lead-{reference}@{sender.domain}>"
        message["In-Reply-To"] = thread
        message["References"] = thread
    # Holiday answers are not wanted, and nobody reads them.
    message["Auto-Submitted"] = "auto-generated"
    first, open_it = label(language, "mail.not_read"), label(language, f"mail.open_{about}")
    link, html = sender.public_url + str(body["path"]), str(body["html"])
    message.set_content(f"{first}\n\n{plain(html)}\n\n{open_it}:\n{link}\n")
    message.add_alternative(_page(language, first, html, open_it, link), subtype="html")
    return message


def _page(language: str, first: str, html: str, open_it: str, link: str) -> str:
    shown = Markup(html.replace("\n", "<br>\n"))  # noqa: S704 - escaped piece by piece when it was made (bot/texts)
    return Markup(
        '<!doctype html><html lang="{}"><body style="font-family:sans-serif;line-height:1.5;color:#1b2a33">\n'
        '<p style="color:#51606a">{}</p>\n<p>{}</p>\n<p><a href="{}">{}</a></p>\n</body></html>\n'
    ).format(language, first, shown, link, open_it)
