"""Plays conversations in the real playground and takes the pictures that README and docs show.

`.venv/bin/python docs/pictures/make.py` (needs Chromium). Run it again when what people see has changed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inbox import inbox
from playwright.sync_api import Browser, Locator, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PORT = "8099"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
ANSWER_SECONDS = 15


@contextmanager
def playground() -> Iterator[str]:
    """The program on a fresh data folder; its address."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATA_DIR": folder, "HTTP_PORT": PORT, "FRAGMENT_SECONDS": "0"}
        environment.pop("TELEGRAM_BOT_TOKEN", None)
        program = subprocess.Popen([sys.executable, "run_bot.py"], cwd=ROOT, env=environment)
        try:
            _wait_for(f"http://127.0.0.1:{PORT}/health")
            yield f"http://127.0.0.1:{PORT}/"
        finally:
            program.terminate()
            program.wait(20)


def _wait_for(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


class Chat:
    """One of the two chats on the page."""

    def __init__(self, page: Page, side: str) -> None:
        self.page = page
        self.node: Locator = page.locator(f".pane.chat[data-side={side}]")

    def says(self, text: str) -> None:
        before = self._count()
        self.node.locator("textarea").fill(text)
        self.node.locator("textarea").press("Enter")
        self._answered(before + 1)

    def presses(self, label: str) -> None:
        self.node.locator(".key", has_text=label).last.click()
        self.page.wait_for_timeout(1500)

    def plays(self, name: str) -> None:
        self.page.locator(".person", has_text=name).first.click()
        self.page.wait_for_timeout(400)

    def _count(self) -> int:
        return self.node.locator(".message").count()

    def _answered(self, more_than: int) -> None:
        for _ in range(ANSWER_SECONDS * 5):
            if self._count() > more_than:
                break
            self.page.wait_for_timeout(200)
        self.page.wait_for_timeout(500)


def conversation(page: Page) -> None:
    """Three questions, one in dialect, an "I don't know", a lead in Tynset and the host's answer."""
    mover, host = Chat(page, "asks"), Chat(page, "answers")
    mover.says("Kan vi leie hus på Tynset før vi bestemmer oss?")
    mover.says("kossn e det me barnehageplass der?")
    page.screenshot(path=HERE / "1-questions.png")
    mover.says("Jeg er sykepleier, og mannen min er elektriker. Er det jobb til begge?")
    mover.says("Hvem vant skirennet i går?")
    page.screenshot(path=HERE / "2-dont-know.png")
    mover.says("/vert tynset")
    page.screenshot(path=HERE / "3-summary.png")
    mover.presses("Ja, send")
    host.presses("Ta saken")
    page.screenshot(path=HERE / "4-taken.png")
    host.presses("Svar")
    host.says("Hei Ola, så fint at dere ser hit. Skal vi snakkes torsdag klokka ti?")
    mover.says("Ja, gjerne. Da ringer vi.")
    page.screenshot(path=HERE / "5-answered.png")


def nurse(page: Page) -> None:
    mover = Chat(page, "asks")
    mover.says("Er det jobb for en sykepleier på Tynset?")
    mover.says("Mannen min er elektriker, og vi har barn på 10 og 13 år. Hvordan er skolen der?")
    mover.says("Vi vil gjerne flytte til sommeren. Er det noe å leie på Tynset?")
    mover.presses("Snakk med verten")
    page.screenshot(path=HERE / "nurse.png")


def couple(page: Page) -> None:
    mover = Chat(page, "asks")
    mover.says("Hello, we are a couple from Germany and want to move to Røros next summer.")
    mover.says("How do we register as EU citizens?")
    mover.says("Can I talk to a person about jobs?")
    page.screenshot(path=HERE / "couple.png")


def returner(page: Page) -> None:
    mover = Chat(page, "asks")
    mover.says("æ vaks opp i Vingelen og tenke på å flytte heim att")
    mover.says("finns det nå hus å få kjøpt der?")
    page.screenshot(path=HERE / "returner.png")


def lead_in_os(page: Page) -> None:
    """For the host who has only mail and a browser."""
    mover = Chat(page, "asks")
    mover.says("Jeg er snekker, og vi er to voksne og to barn. Finnes det hus å leie i Os?")
    mover.says("Vi vil gjerne flytte til sommeren.")
    mover.says("/vert os")
    mover.presses("Ja, send")


def clock(page: Page) -> None:
    """A lead on the Friday before Easter week that nobody takes: what the mover and the host hear when time goes on."""
    mover = Chat(page, "asks")
    page.locator(".person", has_text="Ingrid").click()
    page.locator("#tab-mail").click()
    move(page, "easter")
    mover.says("Finnes det hus å leie i Os?")
    mover.says("/vert os")
    mover.presses("Ja, send")
    for press in ("day", "hours", "day"):
        move(page, press)
    page.screenshot(path=HERE / "7-clock.png")


def move(page: Page, name: str) -> None:
    """One of the clock's buttons; what is due by then comes at once."""
    page.locator(f"[data-move={name}]").click()
    page.wait_for_timeout(2500)


def show(page: Page, name: str) -> None:
    """ "Se det skje": as it points at the button by which the host takes the lead, and at its end."""
    page.locator("#see-it").click()
    page.locator("#show-step", has_text="7 ").wait_for(timeout=120_000)
    page.wait_for_timeout(1500)
    page.screenshot(path=HERE / f"{name}.png")
    page.locator("#show-skip").click()
    page.locator("#show-again").wait_for(timeout=60_000)
    page.wait_for_timeout(800)
    page.screenshot(path=HERE / f"{name}-end.png")
    page.locator("#show-close").click()


def opened(browser: Browser, address: str, width: int = 1280, height: int = 860) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, locale="nb-NO")
    page.goto(address)
    page.locator(".person").first.wait_for()
    page.wait_for_timeout(1500)
    return page


def whole_page(browser: Browser, address: str, page: Page) -> None:
    """The playground itself: the show and the clock, at the width of a desk and of a phone."""
    small = opened(browser, address, 390, 844)
    small.locator("#moves-opener").click()
    small.screenshot(path=HERE / "7-clock-phone.png")
    small.keyboard.press("Escape")
    show(small, "8-show-phone")
    page.set_viewport_size({"width": 1280, "height": 860})
    show(page, "8-show")
    page.locator("#new-mover").click()
    page.wait_for_timeout(600)
    clock(page)


def main() -> None:
    with playground() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = opened(browser, address)
        page.screenshot(path=HERE / "0-playground.png")
        move(page, "day")  # in the evening no host is told anything
        conversation(page)
        for story in (nurse, couple, returner):
            page.locator("#new-mover").click()
            page.wait_for_timeout(600)
            story(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(800)
        page.screenshot(path=HERE / "6-phone.png")
        page.locator("#new-mover").click()
        page.wait_for_timeout(600)
        lead_in_os(page)
        inbox(browser, address)
        whole_page(browser, address, page)
        browser.close()


if __name__ == "__main__":
    main()
