"""Pictures of the hosts' inbox, at the width of a desk and of a phone: sign-in, mail, list, lead, answer, settings."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
#: The playground's host who has only mail and a browser.
ADDRESS = "ingrid@os.example"
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
MAIL_SECONDS = 20


def inbox(browser: Browser, address: str) -> None:
    """`address` is a playground in which a lead for Os was sent."""
    context = browser.new_context(viewport=DESK, locale="nb-NO")
    page = context.new_page()
    page.goto(f"{address}playground/mails")
    _picture(page, "inbox-mail")
    page.goto(f"{address}inbox/sign-in")
    _picture(page, "inbox-sign-in")
    page.get_by_label("E-postadresse").fill(ADDRESS)
    page.get_by_role("button", name="Send meg en kode").click()
    page.get_by_label("Kode").fill(_code(page, address))
    page.get_by_role("button", name="Logg inn").click()
    _picture(page, "inbox-list")
    page.locator("ul.leads a").first.click()
    _picture(page, "inbox-lead")
    page.get_by_role("button", name="Ta saken").click()
    page.get_by_role("link", name="Svar", exact=True).click()
    _picture(page, "inbox-answer")
    page.goto(f"{address}inbox/me")
    page.get_by_label("Én setning om deg").fill("Jeg flyttet hit for ti år siden og svarer på det meste.")
    page.get_by_label("Språk du snakker").fill("norsk og engelsk")
    page.get_by_role("heading", name="Mine innstillinger").click()
    _picture(page, "inbox-settings")
    context.close()


def _picture(page: Page, name: str) -> None:
    for size, width in ((DESK, ""), (PHONE, "-phone")):
        page.set_viewport_size(size)
        page.wait_for_timeout(300)
        page.screenshot(path=HERE / f"{name}{width}.png", full_page=True)
    page.set_viewport_size(DESK)


def _code(page: Page, address: str) -> str:
    """The six digits, as the playground shows them in the newest mail."""
    until = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < until:
        news = page.request.get(f"{address}playground/mails/news").text()
        if found := re.search(r"\b\d{6}\b", news):
            return found[0]
        page.wait_for_timeout(300)
    raise TimeoutError("no code was mailed")
