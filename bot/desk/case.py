"""One action of a host while it happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dialogue.buttons import data
from bot.dialogue.model import Button, Reply
from bot.knowledge.model import Knowledge
from bot.leads import cards, routing
from bot.leads.model import Host, Lead
from bot.leads.periods import Periods
from bot.storage import deliveries, hosts, services
from bot.storage.turns import reply_body
from bot.texts import DEFAULT, label, say


@dataclass(frozen=True, slots=True)
class Via:
    """Through what a host acts: a chat, with the arrivals that are done with it, or a browser signed in as hosts."""

    chat_id: int | None = None
    name: str = ""
    arrival_ids: tuple[int, ...] = ()
    host_ids: tuple[int, ...] = ()
    #: Whoever opened the case answers the person otherwise, as on a button that was pressed in a group.
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where people find us: Telegram's name for the bot while it is known, and the inbox where mail is on."""

    bot_name: Callable[[], str | None] = lambda: None
    inbox: str = ""

    def start(self, parameter: str) -> str:
        """A link that starts the bot with this parameter, or the line to send it."""
        name = self.bot_name()
        return f"https://t.me/{name}?start={parameter}" if name else f"/start {parameter}"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an action, and what the host is told; a chat has been told already."""

    done: bool
    replies: tuple[Reply, ...]


@dataclass(slots=True)
class Case:
    session: AsyncSession
    via: Via
    now: datetime
    knowledge: Knowledge
    roles: tuple[Host, ...]
    addresses: Addresses
    mail_is_on: bool
    periods: Periods
    replies: list[Reply] = field(default_factory=list)
    #: What the host wanted has happened.
    done: bool = False

    @property
    def language(self) -> str:
        return self.roles[0].language if self.roles else DEFAULT

    def say(self, key: str, buttons: Sequence[Sequence[Button]] = (), **values: object) -> None:
        self.tell(say(self.language, key, **values), buttons)

    def tell(self, html: Markup, buttons: Sequence[Sequence[Button]] = ()) -> None:
        self.replies.append(Reply(str(html), tuple(tuple(row) for row in buttons)))

    async def send_said(self) -> None:
        """What was said goes to the chat of this person; a page shows it itself."""
        if self.via.chat_id is not None and not self.via.quiet:
            for reply in self.replies:
                await deliveries.add(self.session, "desk", self.via.chat_id, reply_body(reply), self.now)

    async def of_chat(self, chat_id: int, name: str) -> Case:
        """The same moment for somebody else, in whose chat something happens by it."""
        roles = await hosts.of_chat(self.session, chat_id)
        return replace(self, via=Via(chat_id, name), roles=roles, replies=[], done=False)

    def button(self, key: str, verb: str, argument: str) -> Button:
        return Button(label(self.language, f"desk.{key}"), data(verb, argument))

    def place(self, slug: str | None) -> str:
        municipality = self.knowledge.municipalities.get(slug or "")
        return municipality.name if municipality else ""

    @property
    def places(self) -> dict[str, str]:
        return {slug: municipality.name for slug, municipality in self.knowledge.municipalities.items()}

    async def host(self, host_id: int | None) -> Host | None:
        return next((host for host in await hosts.active(self.session) if host.id == host_id), None)

    def role_at(self, municipality: str | None) -> Host | None:
        """The role in which this person sets how a municipality works."""
        return next((role for role in self.roles if routing.acts_for(role, municipality)), None)

    async def shows_words(self, lead: Lead, host: Host) -> bool:
        """Whether the mover's name and words may stand here: in the inbox always, in a chat at full detail."""
        if self.via.chat_id is None:
            return True
        service = (await services.everything(self.session))[lead.municipality]
        return service.detail_for(host) == "full"

    async def mover_name(self, lead: Lead, host: Host) -> str:
        if await self.shows_words(lead, host):
            return cards.mover_name(host, lead)
        return label(host.language, "desk.anonymous")

    async def reply_on_lead(self, lead: Lead, html: Markup, rows: Sequence[Sequence[Button]] = ()) -> None:
        """Stored with the reference, so that an answer to this message finds the lead."""
        reply = Reply(str(html), tuple(tuple(row) for row in rows))
        if self.via.chat_id is None:
            self.replies.append(reply)
        else:
            body = reply_body(reply)
            await deliveries.add(self.session, "desk", self.via.chat_id, body, self.now, lead.reference)
