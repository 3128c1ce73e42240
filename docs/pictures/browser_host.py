"""Plays a mover in Telegram and a host who has only mail and a browser, and writes down what stood on both sides.

`.venv/bin/python docs/pictures/browser_host.py` (needs Chromium) writes docs/browser-host.md and its pictures anew.
Everything is done by hand in the real playground, as a person would: typed, pressed, read from the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from make import CHROMIUM, FLAGS, HERE, Chat, move, opened, playground
from playwright.sync_api import FrameLocator, Page, sync_playwright

PAGE = HERE.parent / "browser-host.md"
HOST = "ingrid@os.example"
QUESTION = "Finns det hus å leie i Dalsbygda? Vi e to vaksne å to onga."
ANSWER = (
    "Hei, Ola! Så fint at dere tenker på Dalsbygda. Jeg spør om hvilke gjennomgangsboliger som er ledige, og hører "
    "med to som av og til leier ut. Når vil dere flytte, og hvor mange rom trenger dere?\n\nHilsen Ingrid"
)
BACK = "Så bra! Tri soverom, å helst før skolestart."
LAST = "Fint, da vet jeg hva jeg skal se etter. Jeg skriver igjen før helga.\n\nHilsen Ingrid"

BEGINNING = """# A mover in Telegram, a host with only a browser

The words as they stood on both sides, written down by `docs/pictures/browser_host.py`, which plays this in the real
playground and writes this page anew. Ola writes in Telegram and in dialect; Ingrid, the host in Os, has a mailbox and
a browser and never sees Telegram. The two are invented; what the assistant says is what it says to anybody.
**[Words in brackets]** are buttons."""

#: The lines of a page of the inbox: headings bold, buttons in brackets, a label and what belongs to it on one line.
LINES = """main => {
  const shown = "h1, h2, p, dt, dd, li, button, a.button, label, summary";
  const nodes = [...main.querySelectorAll(shown)].filter(node =>
    node.offsetParent && !node.parentElement.closest("li, button, a.button, p, dd") && node.innerText.trim());
  const lines = [];
  for (const node of nodes) {
    const text = node.innerText.trim().replace(/\\s+/g, " ");
    if (node.matches("button, a.button")) lines.push(`**[${text}]**`);
    else if (node.matches("h1, h2")) lines.push(`**${text}**`);
    else if (node.matches("dd")) lines.push(`${lines.pop()}: ${text}`);
    else lines.push(text);
  }
  return lines.join("\\n");
}"""


class Record:
    """The page as it grows."""

    def __init__(self, page: Page) -> None:
        self.page, self.pictures = page, 0
        self.parts = [BEGINNING]

    def heading(self, text: str) -> None:
        self.parts.append(f"## {text}")

    def says(self, text: str) -> None:
        self.parts.append(text)

    def quotes(self, who: str, text: str, buttons: list[str] | None = None) -> None:
        lines = [f"**{who}**", "", *text.strip().splitlines()]
        if buttons:
            lines += ["", " ".join(f"**[{button}]**" for button in buttons)]
        # A backslash at the end keeps the line's end; an empty line parts what belongs together.
        ends = ["\\" if line and after else "" for line, after in zip(lines, [*lines[1:], ""], strict=True)]
        self.parts.append("\n".join(f"> {line}{end}".rstrip() for line, end in zip(lines, ends, strict=True)))

    def picture(self, about: str) -> None:
        self.pictures += 1
        name = f"browser-host-{self.pictures}.png"
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=HERE / name)
        self.parts.append(f"![{about}](pictures/{name})")

    def write(self) -> None:
        PAGE.write_text("\n\n".join(self.parts) + "\n", encoding="utf-8")


class Mover:
    """Ola's chat: what came since it was last written down."""

    def __init__(self, page: Page, record: Record) -> None:
        self.chat, self.record = Chat(page, "asks"), record
        self.told = 0

    def says(self, text: str) -> None:
        self.chat.says(text)
        self.tells()

    def presses(self, label: str) -> None:
        self.record.says(f"Ola presses **[{label}]**.")
        self.chat.presses(label)

    def tells(self) -> None:
        messages = self.chat.node.locator(".message")
        for number in range(self.told, messages.count()):
            self.tell(number)
        self.told = messages.count()

    def tell(self, number: int) -> None:
        message = self.chat.node.locator(".message").nth(number)
        mine = "mine" in (message.get_attribute("class") or "")
        buttons = [key.strip() for key in message.locator(".key").all_inner_texts()]
        self.record.quotes("Ola" if mine else "Assistenten", message.locator(".content").inner_text(), buttons)


class BrowserHost:
    """Ingrid's mails and her inbox."""

    def __init__(self, page: Page, record: Record) -> None:
        self.page, self.record = page, record
        self.mails = 0

    @property
    def inbox(self) -> FrameLocator:
        return self.page.frame_locator(".desk iframe")

    def gets_mail(self) -> None:
        """The newest mail, as it stands in the mailbox."""
        self.page.locator("#tab-mail").click()
        mails = self.page.locator(".desk .mail")
        self._until(lambda: mails.count() > self.mails)
        self.mails = mails.count()
        mail = mails.first
        text = "\n\n".join(mail.locator(".text").all_inner_texts())
        subject = mail.locator("h3").inner_text()
        self.record.quotes(f"E-post til Ingrid: {subject}", text, mail.locator(".button").all_inner_texts())

    def writes(self, text: str) -> None:
        self.fills_in("Svaret ditt", text)
        self.record.quotes("Ingrid", text)

    def opens_mail(self) -> None:
        button = self.page.locator(".desk .mail .button").first
        self.record.says(f"She presses **[{button.inner_text()}]**.")
        button.click()
        self._arrived()

    def presses(self, name: str, role: str = "button") -> None:
        self.record.says(f"She presses **[{name}]**.")
        where = self.inbox.get_by_role("link" if role == "link" else "button", name=re.compile(f"^{name}"))
        where.first.click()
        self._arrived()

    def fills_in(self, label: str, text: str) -> None:
        self.inbox.get_by_label(label).fill(text)

    def reads(self) -> None:
        """What stands on the page, as far as its visible words go."""
        self.record.quotes("Innboksen", str(self.inbox.locator("main").evaluate(LINES)))

    def draft(self) -> str:
        return self.inbox.locator("textarea[name=text]").first.input_value()

    def _arrived(self) -> None:
        self.page.wait_for_timeout(1200)

    def _until(self, seen: Callable[[], bool]) -> None:
        for _ in range(100):
            if seen():
                return
            self.page.wait_for_timeout(100)
        raise TimeoutError("no mail came")


def play(page: Page, record: Record) -> None:
    mover, host = Mover(page, record), BrowserHost(page, record)
    page.locator(".person", has_text="Ingrid").click()
    record.heading("Ola asks, and wants to talk to a person")
    mover.says(QUESTION)
    mover.presses("Snakk med verten")
    mover.tells()
    record.picture("Left Ola's chat with the summary; right Ingrid's mailbox, still empty")
    mover.presses("Ja, send")
    mover.tell(mover.told - 1)
    record.heading("Ingrid gets a mail: what it is about, neither name nor words")
    host.gets_mail()
    record.picture("The mail beside Ola's receipt")
    host.opens_mail()
    record.heading("She signs in, the first time in this browser")
    host.reads()
    host.fills_in("E-postadresse", HOST)
    record.says(f"She fills in {HOST}.")
    host.presses("Send meg en kode")
    host.gets_mail()
    host.opens_mail()
    host.reads()
    host.presses("Logg inn")
    record.heading("The lead, with Ola's name and question")
    host.reads()
    record.picture("The lead in the inbox, beside the chat it came from")
    host.presses("Ta saken")
    mover.tells()
    host.presses("Svar", "link")
    record.says("The inbox proposes a draft from the answers that match Ola's words:")
    record.quotes("Utkast", host.draft())
    record.says("She writes her own instead:")
    host.writes(ANSWER)
    record.picture("Her own words in place of the draft")
    host.presses("Send til Ola")
    record.heading("Ola reads her words in Telegram, and writes back")
    mover.tells()
    mover.says(BACK)
    host.gets_mail()
    host.opens_mail()
    host.presses("Svar", "link")
    host.writes(LAST)
    host.presses("Send til Ola")
    mover.tells()
    record.picture("Both sides after the second answer")
    record.heading("She closes the lead")
    host.presses("Avslutt", "link")
    host.inbox.get_by_label("Fikk svar").check()
    record.says("She chooses **Fikk svar**.")
    host.presses("Avslutt")
    mover.tells()
    record.picture("The closed lead, and what Ola hears of it")


def main() -> None:
    with playground() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = opened(browser, address)
        move(page, "day")  # in the evening no host is told anything
        record = Record(page)
        play(page, record)
        record.write()
        browser.close()


if __name__ == "__main__":
    main()
