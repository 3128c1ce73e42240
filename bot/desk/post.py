"""The post: what comes back of our mails. Bounces, and hosts' replies, which become drafts and no more.

Each message is handled in the transaction that moves the mailbox's position, so once, whatever crashes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.desk import finding, telling
from bot.desk.case import Case, Via
from bot.leads.model import Host, Lead
from bot.storage import answer_drafts, deliveries, hosts, leads, leases, mailboxes, reaching
from bot.storage.clean import clean
from bot.storage.mailboxes import Position, Sent
from bot.storage.notices import MAILBOXES, mail, take_button
from bot.texts import label, say

#: As much as the answer page takes.
MAX_TEXT = 10_000
#: How often a host hears at most that replies cannot be taken here: anybody can write a sender's name.
REFUSED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail server says that mails of ours were not delivered."""

    #: Number and proof of each (bot/storage/mailboxes.py).
    deliveries: tuple[tuple[int, str], ...]
    #: Nothing will arrive there; else it may later.
    permanent: bool
    #: The server has given up; else it still tries.
    final: bool
    status: str


@dataclass(frozen=True, slots=True)
class Replied:
    """Somebody replied to a mail of ours."""

    sender: str
    deliveries: tuple[tuple[int, str], ...]
    references: tuple[str, ...]
    #: Without quotes and signature.
    text: str
    attachments: tuple[str, ...]
    #: Whether our mail server vouches for the sender; nobody: it was not named.
    vouched: Literal["yes", "no", "nobody"]


class Post:
    def __init__(self, case: Callable[[Via, datetime], AbstractAsyncContextManager[Case]]) -> None:
        """`case` opens one and stores what became of it."""
        self._case = case

    async def is_due(self, mailbox: str, every: timedelta, now: datetime) -> bool:
        """Whether it is time to look, and for us among the replicas."""
        async with self._case(Via(), now) as case:
            due = await leases.is_due(case.session, f"reading {mailbox}", every, now)
            if due:
                await leases.set_done(case.session, f"reading {mailbox}", now)
            return due

    async def position(self, mailbox: str, now: datetime) -> Position | None:
        async with self._case(Via(), now) as case:
            return await mailboxes.position(case.session, mailbox)

    async def begin(self, at: Position, now: datetime) -> None:
        async with self._case(Via(), now) as case:
            await mailboxes.begin(case.session, at)

    async def handle(self, what: Returned | Replied | None, at: Position, now: datetime) -> str:
        """What became of it, for the log; None is nothing of ours."""
        async with self._case(Via(), now) as case:
            if not await mailboxes.move(case.session, at):
                return "handled already"
            if isinstance(what, Returned):
                return await _returned(case, what)
            return await _replied(case, what) if what else ""


# -- bounces


async def _returned(case: Case, what: Returned) -> str:
    found = [await mailboxes.find(case.session, number, proof) for number, proof in what.deliveries]
    known = [sent for sent in found if sent is not None]
    if not known:
        return "bounce: no mail of ours"
    numbers = ", ".join(str(sent.id) for sent in known)
    if not what.final:
        return f"bounce: delivery {numbers} is late ({what.status})"
    for sent in known:
        await _not_delivered(case, sent, what)
    return f"bounce: delivery {numbers} did not arrive ({what.status})"


async def _not_delivered(case: Case, sent: Sent, what: Returned) -> None:
    """The notice goes the next way; where nothing arrives any more, so does everything after it."""
    trouble = f"bounced ({what.status})"
    everybody = await hosts.active(case.session)
    host = next((host for host in everybody if host.id == sent.host_id), None)
    if host is not None:
        await _park(case, sent, host, trouble)
    chats = [sent.chat_id]
    if host is not None and host.email:
        # One mailbox for all roles of the person.
        chats += [MAILBOXES + other.id for other in everybody if other.email == host.email and other.id != host.id]
    for chat in chats:
        if what.permanent:
            await deliveries.end_chat(case.session, chat, trouble, case.now)
        if what.permanent or chat == sent.chat_id:
            await reaching.lost(case.session, chat, case.now)


async def _park(case: Case, sent: Sent, host: Host, trouble: str) -> None:
    """The words went with the mail; what is told by the next way is made anew."""
    lead = await leads.get(case.session, sent.reference) if sent.reference else None
    if lead is None or not lead.open:
        return
    html = say(host.language, "mail.came_back", reference=lead.reference)
    button = case.button("answer", "ha", lead.reference)
    if lead.state == "new":
        html = await telling.lead_notice(case, lead, host)
        button = take_button(host, lead.reference)
    await mailboxes.park(case.session, sent, str(html), ((button,),), trouble)


# -- replies


async def _replied(case: Case, what: Replied) -> str:
    if what.vouched == "no":
        return "reply refused: our mail server does not vouch for its sender"
    roles = await hosts.of_email(case.session, what.sender)
    if not roles:
        return "reply refused: its sender is no host"
    reference = await _meant(case, what, roles)
    if reference is None:
        return "reply refused: to no mail about a lead that went to its sender"
    lead = await leads.get(case.session, reference)
    role = finding.role_for(roles, lead) if lead else None
    if lead is None or role is None:
        return f"reply refused: host {roles[0].id} has no right to {reference}"
    if what.vouched == "nobody":
        await _tell_refused(case, role, lead, at_most=REFUSED_EVERY)
        return f"reply of host {role.id} refused: MAIL_AUTHSERV_ID is not set"
    text = _text(what, role)
    if not lead.open or not text:
        await _tell_refused(case, role, lead)
        return f"reply of host {role.id} refused: {'nothing in it' if lead.open else f'{reference} is over'}"
    await answer_drafts.put(case.session, lead.reference, role.id, text, case.now)
    await leads.log(case.session, lead.reference, "draft by mail", case.now, role.id)
    return f"reply of host {role.id} is a draft on {reference}"


async def _meant(case: Case, what: Replied, roles: Sequence[Host]) -> str | None:
    """The lead that was replied to; by the mail itself, or by its thread when the mail is forgotten."""
    for number, proof in reversed(what.deliveries):
        sent = await mailboxes.find(case.session, number, proof)
        if sent is not None:
            return sent.reference if sent.host_id in {role.id for role in roles} else None
    return what.references[-1] if what.references else None


def _text(what: Replied, role: Host) -> str:
    text = clean(what.text)[:MAX_TEXT].strip()
    if text and what.attachments:
        names = clean(", ".join(what.attachments))
        text += "\n\n" + label(role.language, "mail.attachments", names=names)
    return text


async def _tell_refused(case: Case, role: Host, lead: Lead, at_most: timedelta | None = None) -> None:
    """She wrote something, and must not think that it went out."""
    if at_most is not None:
        name = f"mail replies refused {role.id}"
        if not await leases.is_due(case.session, name, at_most, case.now):
            return
        await leases.set_done(case.session, name, case.now)
    html = say(role.language, "mail.reply_refused", reference=lead.reference)
    path = f"/inbox/lead/{lead.reference}"
    await mail(case.session, role.id, role.email, role.language, "reminder", str(html), path, case.now, lead.reference)
