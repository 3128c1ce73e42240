"""The page in a real browser: what a person sees and presses."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.telegram.pretend import PretendTelegram
from tests.web.playground.conftest import ids, served

CHROMIUM = Path("/usr/bin/chromium")
HAS_CHROMIUM = CHROMIUM.exists()
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]

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
async def opened(browser: Browser, address: str, *, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """The page, as somebody opens it; an error in the browser's console fails the test."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="nb-NO")
    page = await context.new_page()
    page.set_default_timeout(5000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    await page.goto(address)
    await expect(page.locator(".person").first).to_be_visible()
    yield page
    await context.close()
    # A refusal that the page has kind words for is still an error to Chromium's console.
    assert [problem for problem in problems if not problem.startswith("Failed to load resource")] == []


class Chat:
    """One of the two chats, with what a person does in it."""

    def __init__(self, page: Page, side: str) -> None:
        self.node = page.locator(f".pane.chat[data-side={side}]")
        self.messages = self.node.locator(".message")

    async def says(self, text: str) -> None:
        await self.node.locator("textarea").fill(text)
        await self.node.locator("textarea").press("Enter")

    def key(self, label: str) -> Locator:
        return self.node.locator(".key", has_text=label).last


async def test_a_mover_asks_and_presses(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address) as page:
        kari = Chat(page, "asks")
        await kari.says("Hva med <img src=x onerror=alert(1)>?")
        answer = kari.messages.nth(1)
        await expect(answer.locator("strong").last).to_have_text("Hva med <img src=x onerror=alert(1)>?")
        assert await page.locator("img").count() == 0
        await kari.key("Toast").click()
        await expect(kari.node.locator(".toast")).to_have_text("En liten beskjed")
        await kari.key("Alert").click()
        await expect(page.locator("#alert-text")).to_have_text("En stor beskjed")
        await page.locator("#alert button").click()
        await kari.key("Edit").click()
        await expect(answer.locator(".content")).to_have_text("Endret i chatten")
        await expect(answer.locator(".edited")).to_be_visible()
        await expect(answer.locator(".key")).to_have_count(0)
        await expect(kari.messages).to_have_count(2)


async def test_the_host_beside_sees_the_lead_and_others_get_a_badge(
    browser: Browser, telegram: PretendTelegram
) -> None:
    async with served(telegram) as address, opened(browser, address) as page:
        kari, host = Chat(page, "asks"), Chat(page, "answers")
        telegram.start(ids(telegram)["tynset"])
        await expect(host.messages).to_have_count(2)
        await kari.says("Kan jeg snakke med noen?")
        await kari.key("Write to the host").click()
        await expect(host.messages.last).to_contain_text("TYN-7F3K")
        await expect(page.locator(".badge")).to_have_count(0)  # Tone's chat is in sight
        await page.locator(".person", has_text="Rune").click()
        await kari.key("Write to the host").click()
        await expect(page.locator(".person", has_text="Tone").locator(".badge")).to_have_text("1")
        await page.locator(".person", has_text="Tone").click()
        await expect(page.locator(".badge")).to_have_count(0)


async def test_a_new_mover_presses_the_line_in_dialect(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address) as page:
        await page.locator("#new-mover").click()
        chat = Chat(page, "asks")
        await expect(chat.node.locator(".you")).to_contain_text("Sigrid")
        await expect(chat.node.locator(".about")).to_have_text("Jeg er en automatisk tjeneste.")
        await expect(chat.node.locator(".opening")).to_have_count(3)
        await chat.node.locator(".opening", has_text="dialekt").click()
        await expect(chat.messages).to_have_count(2)
        await expect(chat.node.locator(".opening")).to_have_count(0)


async def test_start_links_open_as_whom_one_chooses(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address) as page:
        kari = Chat(page, "asks")
        await kari.node.locator(".instead button").click()
        await kari.node.locator(".start-link").click()
        await expect(page.locator("#start-code")).to_have_value("m_tynset")
        await page.locator("#start-people .person", has_text="Jonas").click()
        await expect(kari.node.locator(".you")).to_contain_text("Jonas")
        await expect(kari.messages.first).to_contain_text("/start m_tynset")
        await kari.key("Link").click()
        await expect(page.locator("#start-code")).to_have_value("link")
        await page.locator("#start-code").fill("ikke gyldig!")
        await page.locator("#start-people .person", has_text="Tone").click()
        await expect(page.locator("#start-problem")).to_be_visible()
        await page.locator("#start-code").fill("https://t.me/flytthitbot?start=h_abc")
        await page.locator("#start-people .person", has_text="Tone").click()
        await expect(Chat(page, "answers").messages.first).to_contain_text("/start h_abc")
        await page.locator("[data-opens=start]").click()
        await page.locator("#start-people .person", has_text="En ny tilflytter").click()
        await expect(kari.node.locator(".you")).to_contain_text("Sigrid")


async def test_replying_editing_commands_and_kinds(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address) as page:
        kari = Chat(page, "asks")
        await kari.says("Hei")
        await expect(kari.messages).to_have_count(2)
        await kari.messages.nth(1).hover()
        await kari.messages.nth(1).locator(".reply").click()
        await kari.says("Et svar")
        await expect(kari.messages.nth(2).locator(".quoted")).to_contain_text("Du sa Hei")
        await kari.messages.nth(0).hover()
        await kari.messages.nth(0).locator(".edit").click()
        await kari.says("Hei sann")
        await expect(kari.messages.nth(0).locator(".content")).to_have_text("Hei sann")
        await kari.node.locator(".commands").click()
        await kari.node.locator(".menu button", has_text="/glem").click()
        await expect(kari.messages.nth(4)).to_contain_text("/glem")
        await kari.messages.nth(5).locator(".command", has_text="/tema").click()
        await expect(kari.messages.nth(6)).to_contain_text("/tema")
        for number, kind in enumerate(["Bilde", "Talemelding", "Klistremerke"]):
            await kari.node.locator(".attach").click()
            await kari.node.locator(".menu button", has_text=kind).click()
            await expect(kari.messages).to_have_count(10 + 2 * number)
        await expect(kari.messages.last.locator(".quoted")).to_contain_text("Klistremerke")


async def test_too_long_is_refused_kindly_and_the_text_stays(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address, width=390, height=844) as page:
        kari = Chat(page, "asks")
        telegram.say(ids(telegram)["kari"], "Hei")
        await expect(kari.messages).to_have_count(2)
        await page.evaluate("document.querySelector('.pane.chat[data-side=asks] textarea').value = 'x'.repeat(4097)")
        await kari.node.locator(".send").click()
        await expect(kari.node.locator(".toast")).to_contain_text("høyst 4096 tegn")
        assert len(await kari.node.locator("textarea").input_value()) == 4097


async def test_blocking(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address) as page:
        kari = Chat(page, "asks")
        await kari.says("Hei")
        await kari.node.locator(".block").click()
        await expect(kari.node.locator(".composer")).to_be_hidden()
        await kari.node.locator(".instead button").click()
        await kari.says("Hei igjen")
        await expect(kari.messages.last).to_contain_text("Du sa Hei igjen")


async def test_reload_and_restart(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address:
        context = await browser.new_context(locale="nb-NO")
        page = await context.new_page()
        await page.goto(address)
        kari = Chat(page, "asks")
        await page.locator(".person", has_text="Jonas").click()
        await kari.says("Hello")
        await expect(kari.messages).to_have_count(2)
        await page.reload()
        await expect(kari.node.locator(".you")).to_contain_text("Jonas")
        await expect(kari.messages).to_have_count(2)
    port = int(address.rpartition(":")[2])
    await expect(page.locator("#offline")).to_be_visible()
    async with served(telegram, port):
        await expect(page.locator("#offline")).to_be_hidden(timeout=10_000)
        telegram.say(ids(telegram)["jonas"], "Are you back?")
        await expect(kari.messages).to_have_count(4)
        await context.close()


async def test_a_phone_shows_one_chat_and_a_switcher(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address, width=390, height=844) as page:
        asks, answers = Chat(page, "asks"), Chat(page, "answers")
        await expect(asks.node).to_be_visible()
        await expect(answers.node).to_be_hidden()
        await page.locator(".person", has_text="Rune").click()
        await expect(answers.node).to_be_visible()
        await expect(asks.node).to_be_hidden()
        overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0


async def test_by_keyboard_and_for_a_screen_reader(browser: Browser, telegram: PretendTelegram) -> None:
    async with served(telegram) as address, opened(browser, address) as page:
        kari = Chat(page, "asks")
        await page.locator(".person", has_text="Jonas").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".person", has_text="Jonas")).to_have_attribute("aria-pressed", "true")
        await expect(kari.node).to_have_attribute("aria-label", re.compile("Jonas"))
        await kari.says("Hello")
        await expect(page.locator("#announced")).to_contain_text("Ny melding til Jonas: Du sa Hello")
        await kari.node.locator(".commands").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(kari.messages.nth(2)).to_contain_text("/glem")
        unnamed = await page.evaluate(
            "[...document.querySelectorAll('button, a, textarea, input')].filter(node => node.offsetParent"
            " && !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length)).length"
        )
        assert unnamed == 0
