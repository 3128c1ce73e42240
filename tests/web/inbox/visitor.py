"""Somebody with a browser and a mailbox: opens, fills in, presses; no JavaScript, as the inbox wants it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser

import httpx
from starlette.applications import Starlette

from bot.app import inbox_door
from bot.storage import invites
from bot.web.inbox import routes
from tests.world import PUBLIC_URL, World


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    #: Where a button of this form sends it instead, with what, by the button's words.
    ways: dict[str, tuple[str, str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page holds for somebody who reads and presses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.text = ""
        self._in: list[str] = []
        self._href = ""
        self._area = ""
        self._select = ""
        self._way: tuple[str, str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given["action"], given.get("method", "get")))
        elif tag == "input" and given.get("type") not in ("checkbox", "radio"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button" and "formaction" in given:
            self._way = (given["formaction"], given.get("name", ""), given.get("value", ""))
        elif tag == "textarea":
            self._area = given["name"]
            self.forms[-1].fields[self._area] = ""
        elif tag == "select":
            self._select = given["name"]
            self.forms[-1].fields[self._select] = ""
        elif tag == "option" and "selected" in given:
            self.forms[-1].fields[self._select] = given["value"]
        elif tag == "a":
            self._href = given["href"]
        if tag not in ("input", "meta", "link", "br"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if "button" in self._in and data.strip():
            self.forms[-1].buttons.append(data.strip())
            if self._way:
                self.forms[-1].ways[data.strip()] = self._way
                self._way = None
        elif self._area:
            self.forms[-1].fields[self._area] += data
        elif "a" in self._in and data.strip():
            self.links[data.strip()] = self._href
        if data.strip():
            self.text += " ".join(data.split()) + "\n"


class Visitor:
    """`presses` counts what somebody pressed; `page` is what is on the screen."""

    def __init__(self, world: World, email: str = "") -> None:
        self.world, self.email = world, email
        app = Starlette(routes=routes(inbox_door(world.house, PUBLIC_URL, world.clock)))
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=PUBLIC_URL,
            headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        )
        self.response = httpx.Response(200)
        self.page = Page("")

    async def opens(self, path: str) -> None:
        self._show(await self.client.get(path, follow_redirects=True))

    async def follows(self, label: str) -> None:
        await self.opens(next(href for text, href in self.page.links.items() if label in text))

    async def presses(self, label: str, **fields: str | list[str]) -> None:
        """Press the button in its form, with what is filled in there."""
        form = next(form for form in self.page.forms if any(label in button for button in form.buttons))
        button = next(button for button in form.buttons if label in button)
        action, name, value = form.ways.get(button, ("", "", ""))
        filled = {**form.fields, **fields} | ({name: value} if name else {})
        self._show(await self.client.post(action or form.action, data=filled, follow_redirects=True))
        await self.world.settle()

    async def posts(self, path: str, **fields: str | list[str]) -> None:
        """A forged form: not from any page."""
        self._show(await self.client.post(path, data=fields))

    def _show(self, response: httpx.Response) -> None:
        self.response = response
        self.page = (
            Page(response.text) if response.headers.get("content-type", "").startswith("text/html") else Page("")
        )

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.page.text

    # -- mail

    @property
    def mails(self) -> list[EmailMessage]:
        return [mail for mail in self.world.outbox.mails if self.email in str(mail["To"])]

    def mail_text(self) -> str:
        """The newest mail."""
        body = self.mails[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def mailed_link(self) -> str:
        link: str = re.findall(r"https?://\S+", self.mail_text())[-1]
        return link.removeprefix(PUBLIC_URL)

    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.mail_text())
        assert found is not None, self.mail_text()
        return found[0]

    async def signs_in(self) -> None:
        await self.opens("/inbox/sign-in")
        await self.presses("Send meg en kode", email=self.email)
        await self.presses("Logg inn", code=self.code())


async def joined(world: World, municipality: str | None = "tynset", name: str = "Hilde Prøve") -> Visitor:
    """A host, or the coordinator, who was invited by mail and has come in."""
    email = f"{name.split()[0].lower()}@kommune.example"
    visitor = Visitor(world, email)
    await world.house.desk.invite("host" if municipality else "coordinator", municipality, world.clock(), email)
    await world.settle()
    await visitor.opens(visitor.mailed_link())
    await visitor.presses("Bli med", name=name)
    return visitor


async def also_coordinator(world: World, visitor: Visitor) -> None:
    """One person, both roles."""
    await world.house.desk.invite("coordinator", None, world.clock(), visitor.email)
    await world.settle()
    await visitor.opens(visitor.mailed_link())
    await visitor.presses("Bli med", name="Hilde Prøve")


async def waiting(world: World, *names: str) -> list[str]:
    """The codes of people who have pressed a coordinator's link to Os and wait for a yes, in the order of the page."""
    karin = await world.coordinator("Karin Prøve")
    for name in names or ("Nina Prøve", "Ola Prøve"):
        await karin.says("/invite os")
        await world.mover(name).starts(karin.text.split()[-1])
    async with world.house.database.reading() as session:
        return [one.code for one in await invites.waiting(session, world.clock())]


async def lead_for(world: World, municipality: str = "tynset", name: str = "Mona Prøve") -> str:
    """The reference of a lead that somebody has just sent."""
    mover = world.mover(name)
    await mover.says("Jeg er sykepleier, er det jobb på Tynset?")
    await mover.says(f"/vert {municipality}")
    await mover.presses("Ja, send")
    return mover.reference
