"""The inbox in a real browser: presses counted, read by axe, at the widths of a desk and of a small phone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from starlette.applications import Starlette

from bot.app import inbox_door
from bot.leads.text_blocks import TextBlock
from bot.storage import text_blocks
from bot.web.inbox import routes
from tests.serving import on_a_port
from tests.web.inbox.test_inbox_settings import role_of, with_text
from tests.web.inbox.visitor import Visitor, also_coordinator, joined, lead_for, waiting
from tests.world import PUBLIC_URL, World

CHROMIUM = Path("/usr/bin/chromium")
HAS_CHROMIUM = CHROMIUM.exists()
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
AXE_RUN = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
#: A desk, a phone, and the narrowest that WCAG asks for.
WIDTHS = (1280, 390, 320)

pytestmark = pytest.mark.browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not HAS_CHROMIUM:
        pytest.skip("needs Debian's chromium at /usr/bin/chromium")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


@asynccontextmanager
async def served(world: World) -> AsyncIterator[str]:
    app = Starlette(routes=routes(inbox_door(world.house, PUBLIC_URL, world.clock)))
    async with on_a_port(app) as address:
        yield address


class Hand:
    """Somebody at a browser; every press counts, typing does not."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.presses = 0

    async def opens_mail_link(self, path: str) -> None:
        self.presses += 1
        await self.page.goto(self.address + path)

    async def press(self, name: str) -> None:
        self.presses += 1
        found = self.page.get_by_role("button", name=name, exact=True)
        await found.or_(self.page.get_by_role("link", name=name, exact=True)).first.click()


async def _context(browser: Browser, script: bool = False) -> BrowserContext:
    context = await browser.new_context(
        viewport={"width": WIDTHS[0], "height": 800}, locale="nb-NO", java_script_enabled=script, bypass_csp=script
    )
    context.set_default_timeout(5000)
    return context


async def _sign_in(hand: Hand, world: World, host: Visitor) -> None:
    await hand.page.get_by_label("E-postadresse").fill(host.email)
    await hand.press("Send meg en kode")
    await expect(hand.page.get_by_label("Kode")).to_be_visible()
    await world.settle()
    await hand.page.get_by_label("Kode").fill(host.code())
    await hand.press("Logg inn")


async def test_from_notice_to_taken_four_presses_on_a_new_device_two_on_the_own(browser: Browser, world: World) -> None:
    host = await joined(world)
    async with served(world) as address:
        context = await _context(browser)
        for number, presses in enumerate((4, 2)):
            reference = await lead_for(world, name=f"Mover {number}")
            hand = Hand(await context.new_page(), address)
            await hand.opens_mail_link(host.mailed_link())
            if presses == 4:
                await _sign_in(hand, world, host)
            await hand.press("Ta saken")
            await expect(hand.page.get_by_role("status")).to_contain_text("Du har tatt saken")
            assert hand.presses == presses
            taken = [lead for lead in await world.leads() if lead.reference == reference]
            assert taken[0].state == "taken"
        await context.close()


async def test_the_keyboard_is_enough(browser: Browser, world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    async with served(world) as address:
        context = await _context(browser)
        hand = Hand(await context.new_page(), address)
        await hand.opens_mail_link(host.mailed_link())
        await _sign_in(hand, world, host)
        await hand.page.goto(f"{address}/inbox")
        await hand.page.keyboard.press("Tab")
        await expect(hand.page.get_by_role("link", name="Hopp til innholdet")).to_be_focused()
        for _ in range(3):
            await hand.page.keyboard.press("Tab")
            if await hand.page.get_by_role("link", name=reference).evaluate("node => node === document.activeElement"):
                break
        await hand.page.keyboard.press("Enter")
        await expect(hand.page.get_by_role("heading", name="Mona Prøve")).to_be_visible()
        await hand.page.get_by_role("button", name="Ta saken").focus()
        await hand.page.keyboard.press("Enter")
        await expect(hand.page.get_by_role("status")).to_be_visible()
        await context.close()


async def test_no_page_breaks_the_rules_for_everybodys_web(browser: Browser, world: World, tmp_path: Path) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    await lead_for(world, name="Ola Prøve")
    await host.opens(f"/inbox/lead/{reference}")
    await host.presses("Ta saken")
    await host.presses("Lagre notatet", text="Ring etter ferien")
    await also_coordinator(world, host)
    await with_text(world, "tynset", "Bolig", "Se på Finn.")
    await waiting(world)
    await world.host("os", "Oda")
    invited = await world.house.desk.invite("host", "os", world.clock(), "oda@kommune.example")
    role, block = await role_of(world, host), (await _texts(world))[0]
    async with served(world) as address:
        context = await _context(browser, script=True)
        page = await context.new_page()
        hand = Hand(page, address)
        await page.goto(f"{address}/inbox/sign-in")
        await _look(page, "sign-in", tmp_path)
        await page.get_by_label("E-postadresse").fill(host.email)
        await hand.press("Send meg en kode")
        await _look(page, "code", tmp_path)
        await world.settle()
        await page.get_by_label("Kode").fill("000000" if host.code() != "000000" else "111111")
        await hand.press("Logg inn")
        await _look(page, "wrong code", tmp_path)
        await page.get_by_label("Kode").fill(host.code())
        await hand.press("Logg inn")
        await expect(page.get_by_role("heading", name="Saker")).to_be_visible()
        for name, path in {
            "list": "/inbox",
            "lead": f"/inbox/lead/{reference}",
            "answer": f"/inbox/lead/{reference}/answer",
            "close": f"/inbox/lead/{reference}/close",
            "no lead": "/inbox/lead/TYN-2222",
            "link": "/inbox/sign-in/abc",
            "me": "/inbox/me",
            "service": "/inbox/service/tynset",
            "texts": "/inbox/texts/tynset",
            "shipped texts": "/inbox/texts/region",
            "text": f"/inbox/texts/tynset/{block.key}",
            "hosts": "/inbox/hosts",
            "remove": f"/inbox/hosts/{role.id}/remove",
        }.items():
            await page.goto(address + path)
            if name in ("lead", "close"):
                await page.get_by_text("Mer", exact=True).click()
            await _look(page, name, tmp_path)
        await page.goto(f"{address}/inbox/me")
        for field, day in (("Fra og med", "2027-01-02"), ("Til og med", "2027-01-01")):
            await page.get_by_label(field).fill(day)
        await hand.press("Lagre")
        await _look(page, "wrong days", tmp_path)
        await page.goto(f"{address}/inbox/hosts")
        await page.get_by_label("Kommune").select_option("os")
        await hand.press("Inviter")
        await _look(page, "one link", tmp_path)
        await page.goto(f"{address}/inbox/join/{invited}")
        await page.get_by_label("Navnet ditt").fill("Oda Prøve")
        await hand.press("Bli med")
        await _look(page, "join", tmp_path)
        await context.close()


async def test_a_ready_made_text_without_javascript_loses_nothing(browser: Browser, world: World) -> None:
    host = await joined(world)
    reference = await lead_for(world)
    async with served(world) as address:
        context = await _context(browser)
        hand = Hand(await context.new_page(), address)
        await hand.opens_mail_link(host.mailed_link())
        await _sign_in(hand, world, host)
        await hand.page.goto(f"{address}/inbox/lead/{reference}/answer?draft=no")
        await hand.press("Takk, jeg kommer tilbake")
        await expect(hand.page.get_by_label("Svaret ditt")).to_have_value(re.compile("^Takk for at du skrev"))
        await hand.page.get_by_label("Svaret ditt").fill("Hei!")
        await hand.press("Takk, jeg kommer tilbake")
        await expect(hand.page.get_by_label("Svaret ditt")).to_have_value(re.compile("^Hei!\n\nTakk for"))
        await hand.press("Send til Mona Prøve")
        await expect(hand.page.get_by_role("status")).to_contain_text("sendt")
        await context.close()


async def _texts(world: World) -> tuple[TextBlock, ...]:
    async with world.house.database.reading() as session:
        return await text_blocks.of(session, "tynset")


async def _look(page: Page, name: str, folder: Path) -> None:
    """At each width; a picture of what is wrong stays in `folder`."""
    await page.add_script_tag(content=AXE)
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found = await page.evaluate(f"{AXE_RUN}.then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
        if overflow > 0 or found:
            await page.screenshot(path=folder / f"{name} {width}.png", full_page=True)
        assert overflow <= 0, f"{name} is wider than {width}"
        assert found == [], f"{name} at {width}"
