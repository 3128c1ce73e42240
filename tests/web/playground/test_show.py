"""The whole page in a real browser: "Se det skje" played through, taken over, and read by axe at each width."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.web.playground.phrases import words
from tests.web.playground.test_playground_browser import browser
from tests.web.playground.whole import EVENING, MORNING, all_leads, played, running, told

__all__ = ["browser"]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
AXE_RUN = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
#: A desk, a phone, and the narrowest that WCAG asks for.
WIDTHS = (1280, 390, 320)
#: The whole show at full speed, on a machine that does other things too.
AT_MOST = 60_000

pytestmark = pytest.mark.browser


@asynccontextmanager
async def opened(browser: Browser, address: str, width: int = 1280, real: datetime = MORNING) -> AsyncIterator[Page]:
    """The page, on a machine whose own clock is the program's; an error in the browser's console fails the test."""
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, locale="nb-NO", reduced_motion="reduce", bypass_csp=True
    )
    page = await context.new_page()
    page.set_default_timeout(8000)
    await page.clock.set_fixed_time(real)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    await page.goto(address)
    await expect(page.locator(".person").first).to_be_visible()
    yield page
    await context.close()
    assert [problem for problem in problems if not problem.startswith("Failed to load resource")] == []


async def test_see_it_happen(browser: Browser, tmp_path: Path) -> None:
    """In the evening, so that the clock has to be moved on the way."""
    show = words().show
    name, answer = show.movers[0].name, show.answer.splitlines()[1]
    async with (
        played(tmp_path, EVENING) as playground,
        running(playground) as address,
        opened(browser, address, real=EVENING) as page,
    ):
        await page.locator("#see-it").click()
        await page.locator("#show-skip").click()
        await expect(page.locator("#show-caption")).to_contain_text("Nå er det din tur", timeout=AT_MOST)
        await expect(page.locator(".pane.chat[data-side=asks] .message", has_text=answer)).to_be_visible()

        (lead,) = await all_leads(playground)
        assert (lead.state, lead.mover_name, lead.municipality) == ("taken", name, "os")
        assert lead.first_answer_at is not None
        mover = next(persona.user.id for persona in playground.telegram.personas() if persona.user.name == name)
        assert any(answer in text for text in told(playground, mover))
        assert playground.time.moves == 1

        # The host goes on by hand: the browser beside the chat is hers and signed in.
        await page.locator("#show-close").click()
        await expect(page.locator("#see-it")).to_be_focused()
        inbox = page.frame_locator(".desk iframe")
        await expect(inbox.get_by_role("heading", name=name)).to_be_visible()


async def test_it_can_be_stopped_and_taken_over(browser: Browser, tmp_path: Path) -> None:
    async with played(tmp_path) as playground, running(playground) as address, opened(browser, address) as page:
        await page.locator("#see-it").click()
        await expect(page.locator("#show-step")).to_have_text("2 av 9", timeout=20_000)
        await page.locator("#show-stop").click()
        await expect(page.locator("#show-caption")).to_contain_text("Stoppet")
        await expect(page.locator("#show-close")).to_be_focused()
        assert await all_leads(playground) == []

        await page.locator("#show-again").click()
        await page.locator("[data-pace=fast]").click()
        chat = page.locator(".pane.chat[data-side=asks]")
        await expect(chat.locator(".key", has_text=words().show.wants)).to_be_visible(timeout=20_000)
        await chat.locator("textarea").fill("Nå tar jeg over selv")
        await chat.locator("textarea").press("Enter")
        await expect(page.locator("#show-caption")).to_contain_text("Stoppet")
        await expect(chat.locator(".message.mine", has_text="Nå tar jeg over selv")).to_be_visible()


async def test_a_host_with_mail_and_browser_alone(browser: Browser, tmp_path: Path) -> None:
    async with played(tmp_path) as playground, running(playground) as address, opened(browser, address) as page:
        await page.locator(".person", has_text="Ingrid").click()
        desk = page.locator(".desk")
        await expect(desk.locator(".none")).to_be_visible()
        await expect(page.locator(".pane.chat[data-side=answers]")).to_be_hidden()
        await page.locator("#tab-mail").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#tab-inbox")).to_be_focused()
        inbox = page.frame_locator(".desk iframe")
        await inbox.get_by_label("E-postadresse").fill("ingrid@os.example")
        await inbox.get_by_role("button", name="Send meg en kode").click()
        await expect(page.locator(".person", has_text="Ingrid").locator(".badge")).to_have_text("1")
        await expect(page.locator("#announced")).to_contain_text("Ny e-post")
        await page.locator("#tab-mail").click()
        await expect(page.locator(".person", has_text="Ingrid").locator(".badge")).to_have_count(0)
        await desk.locator(".mail .button").click()
        await inbox.get_by_role("button", name="Logg inn").click()
        await expect(inbox.get_by_role("heading", name="Saker")).to_be_visible()
        await page.locator(".person", has_text="Rune").click()
        await expect(desk).to_be_hidden()


async def test_the_clock_is_moved_by_a_press(browser: Browser, tmp_path: Path) -> None:
    async with played(tmp_path) as playground, running(playground) as address, opened(browser, address) as page:
        await expect(page.locator("[data-move=now]")).to_be_hidden()
        await page.locator("[data-move=easter]").click()
        await expect(page.locator("#time-is")).to_have_text("flyttet fram")
        await expect(page.locator("#time")).to_contain_text("15:40")
        await page.locator("[data-move=day]").click()
        await expect(page.locator("#announced")).to_contain_text("mandag 22. mars 2027")
        await page.locator(".person", has_text="Ingrid").click()
        await start_a_lead(page)
        await expect(page.locator(".desk .mail", has_text=re.compile("OS-"))).to_have_count(1, timeout=20_000)
        await page.locator("[data-move=now]").click()
        await expect(page.locator("#back-about")).to_contain_text("Åpne saker: 1")
        await page.locator("#back button[value=stay]").click()
        await expect(page.locator("#time-is")).to_have_text("flyttet fram")
        await page.locator("[data-move=now]").click()
        await page.locator("#back button[value=sure]").click()
        await expect(page.locator("#time-is")).to_have_text("følger den virkelige")
        assert playground.time.clock() == MORNING


async def start_a_lead(page: Page) -> None:
    """The mover who is shown asks for the host in Os."""
    chat = page.locator(".pane.chat[data-side=asks]")
    await chat.locator("textarea").fill("/vert os")
    await chat.locator("textarea").press("Enter")
    await chat.locator(".key", has_text="Ja, send").click(timeout=20_000)


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_view_breaks_the_rules_for_everybodys_web(browser: Browser, tmp_path: Path, width: int) -> None:
    async with played(tmp_path) as playground, running(playground) as address, opened(browser, address, width) as page:
        await page.add_script_tag(content=AXE)
        await _look(page, "the chats")
        if width < 720:
            await page.locator("#moves-opener").click()
            await _look(page, "the clock's buttons")
        await page.locator("[data-move=day]").click()
        await expect(page.locator("#time-is")).to_have_text("flyttet fram")
        await page.locator("#see-it").click()
        await page.locator("[data-pace=fast]").click()
        await expect(page.locator("#show-step")).to_have_text("2 av 9", timeout=20_000)
        await _look(page, "the show")
        await page.locator("#show-stop").click()
        await expect(page.locator("#show-close")).to_be_visible()
        await _look(page, "the end of the show")
        await start_a_lead(page)
        await page.locator(".person", has_text="Ingrid").click()
        await expect(page.locator(".desk .mail .button").first).to_be_visible(timeout=20_000)
        await _look(page, "the mails")
        await page.locator("[data-move=now]").dispatch_event("click")
        await expect(page.locator("#back")).to_be_visible()
        await _look(page, "the question before going back")
        await page.goto(f"{address}/playground/mails")
        await page.add_script_tag(content=AXE)
        await _look(page, "the page of mails")


async def _look(page: Page, name: str) -> None:
    overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"{name} is wider than the screen"
    # The inbox in its frame has its own test (tests/web/inbox).
    run = AXE_RUN.replace("axe.run({", "axe.run({exclude: [['iframe']]}, {")
    found = await page.evaluate(f"{run}.then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
    assert found == [], name
