// A host without Telegram: the mails that came, and the browser in which the inbox opens.

import { avatar, element, fromTemplate } from "./dom.js";
import { say, store } from "./store.js";

const START = "/inbox";

export class Desk {
  person = null;
  #drawn = ""; // the newest mail that is shown

  constructor() {
    this.node = fromTemplate("desk-template");
    this.frame = this.node.querySelector("iframe");
    this.tabs = [...this.node.querySelectorAll("[role=tab]")];
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.turnTo(tab.id));
      tab.addEventListener("keydown", (event) => this.#key(event));
    }
    this.frame.addEventListener("load", () => this.#loaded());
  }

  show(person) {
    this.person = person;
    this.node.setAttribute("aria-label", say("screen_of", { name: person.name }));
    this.node.querySelector(".you").textContent = `${say("you_play", { name: person.name })} · ${person.email}`;
    this.node.querySelector(".avatar").replaceWith(avatar(person));
    this.update();
  }

  update() {
    const newest = store.mails[0]?.id ?? "";
    if (this.#drawn === newest && this.#mails.childElementCount) return;
    this.#drawn = newest;
    const mails = store.mails.map((mail) => this.#mail(mail));
    this.#mails.replaceChildren(...(mails.length ? mails : [element("p", { className: "none", text: say("no_mails") })]));
    this.#mails.scrollTop = 0;
  }

  get visible() { return document.visibilityState === "visible" && this.node.offsetParent !== null; }

  /** What can be seen is read. */
  markRead() { if (this.visible && !this.#mails.hidden) store.seenMail = store.mails[0]?.id ?? ""; }

  /** "tab-mail" or "tab-inbox". */
  turnTo(id) {
    for (const tab of this.tabs) {
      const chosen = tab.id === id;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      this.node.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
    }
    if (id === "tab-inbox" && !this.frame.getAttribute("src")) this.frame.src = START;
    store.tell();
  }

  /** Opens a page in the host's browser; resolves when it is there. */
  open(address) {
    const there = this.nextPage();
    this.frame.src = address;
    this.turnTo("tab-inbox");
    return there;
  }

  /** The page that is loaded next. */
  nextPage() {
    return new Promise((resolve) => {
      this.frame.addEventListener("load", () => resolve(this.page), { once: true });
    });
  }

  get page() { return this.frame.contentDocument; }

  /** The button in a mail, as it stands on the screen. */
  buttonIn(mail) { return this.#mails.querySelector(`[data-mail="${CSS.escape(mail.id)}"] .button`); }

  get #mails() { return this.node.querySelector(".mailbox"); }

  #mail(mail) {
    return element("article", { className: "mail", "data-mail": mail.id },
      element("h3", { text: mail.subject }),
      element("p", { className: "to", text: `${say("mail_to", { to: mail.to })} · ${mail.date}` }),
      ...mail.pieces.map((piece) => (piece.href ? this.#button(piece) : element("p", { className: "text", text: piece.text }))));
  }

  #button({ text, href }) {
    const open = (event) => { event.preventDefault(); this.open(href); };
    return element("p", {}, element("a", { className: "button", href, text, onclick: open }));
  }

  /** Sources lead out of the inbox: they open beside, as this page may not hold them. */
  #loaded() {
    for (const link of this.page?.querySelectorAll("a[href^='http']") ?? []) {
      if (link.origin !== location.origin) link.target = "_blank";
    }
  }

  #key(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = this.tabs.find((tab) => tab !== event.currentTarget);
    this.turnTo(other.id);
    other.focus();
  }
}
