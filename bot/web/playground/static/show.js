// "Se det skje": a minute from a question in dialect to a host's answer. What is said is really sent, what is pressed
// is really pressed, in the chat and in the host's browser; so whoever stops it goes on from where it is.

import { act, moveClock } from "./api.js";
import { Telling } from "./telling.js";
import { store } from "./store.js";

const LONGEST = 15000; // ms until something that should come counts as missing
const LOOKS_EVERY = 60;

export function setUpShow(stage) {
  const telling = new Telling(() => play(telling, stage));
  for (const node of [document.querySelector(".panes"), document.querySelector(".people")]) {
    node.addEventListener("pointerdown", (event) => takeOver(event, telling));
    node.addEventListener("keydown", (event) => takeOver(event, telling));
  }
  stage.desk.frame.addEventListener("load", () => {
    for (const kind of ["pointerdown", "keydown"]) {
      stage.desk.page?.addEventListener(kind, (event) => takeOver(event, telling));
    }
  });
}

/** Whoever presses or types something in a chat has taken over; looking around, by scrolling or Tab, is not that. */
function takeOver(event, telling) {
  const onlyLooks = event.key && event.key.length > 1 && !["Enter", "Backspace", "Delete"].includes(event.key);
  if (event.isTrusted && !onlyLooks && event.target.closest?.("button, a, input, textarea, select")) telling.stop();
}

async function play(telling, stage) {
  const show = new Show(telling, stage);
  await show.begins();
  telling.names = { name: show.mover.name, host: show.host.name };
  for (const [number, [caption, step]] of STEPS.entries()) {
    telling.says(caption, number + 1, STEPS.length);
    await step(show);
    await telling.read();
  }
}

/** The steps, each with its caption. */
const STEPS = [
  ["show_asks", (show) => show.asks()],
  ["show_answered", (show) => show.answered()],
  ["show_wants", (show) => show.presses(store.show.wants)],
  ["show_agrees", (show) => show.agrees()],
  ["show_mail", (show) => show.mailed()],
  ["show_signs_in", (show) => show.signsIn()],
  ["show_takes", (show) => show.takes()],
  ["show_drafts", (show) => show.drafts()],
  ["show_replies", (show) => show.replies()],
];

class Show {
  constructor(telling, { choose, panes, desk }) {
    Object.assign(this, { telling, choose, desk, chat: panes.asks, host: store.mailboxes[0] });
    this.seen = new Set(store.mails.map((mail) => mail.id));
  }

  // The mover, in the chat

  async begins() {
    const { id } = await act("mover", { in_show: true });
    this.mover = await this.until(() => store.person(id));
    this.hostsAnswer = store.show.answer.replace("{name}", this.mover.name);
  }

  async asks() {
    this.choose(this.host.id);
    this.desk.turnTo("tab-mail");
    this.choose(this.mover.id);
    await this.telling.read();
    await this.say(store.show.question);
  }

  async answered() { await this.answer((message) => this.hasKey(message, store.show.wants)); }

  async presses(label) {
    const message = await this.answer((one) => this.hasKey(one, label));
    await this.telling.wait(600);
    const key = [...this.chat.node.querySelectorAll(`.message[data-id="${message.message_id}"] .key`)]
      .find((one) => one.textContent.includes(label));
    await this.press(key);
  }

  async agrees() {
    await this.presses(store.show.agrees);
    const receipt = await this.answer((message) => REFERENCE.test(message.text));
    this.reference = receipt.text.match(REFERENCE)[0];
    await this.telling.read();
    if (store.beside.is_open) return;
    this.telling.says("show_closed");
    await this.telling.read();
    await moveClock("day");
    await this.until(() => store.beside.is_open);
  }

  // The host, by mail and browser

  async mailed() {
    this.choose(this.host.id);
    this.mail = await this.newMail("/inbox/lead/");
  }

  async signsIn() {
    this.choose(this.host.id);
    await this.press(this.desk.buttonIn(this.mail), true);
    while (!this.find("form[action$='/take'] button")) await this.comesCloser();
  }

  /** One press nearer to the lead, whichever page of signing in this is. */
  async comesCloser() {
    const email = this.find("input[name=email]"), link = this.find("form[action*='/sign-in/'] button");
    const other = this.find("form[action$='/sign-out'] button");
    if (email) {
      await this.type(email, this.host.email);
      await this.press(this.find("form:has(input[name=email]) button"), true);
    } else if (this.find("input[name=code]")) {
      this.desk.turnTo("tab-mail");
      const mail = await this.newMail("/inbox/sign-in/");
      await this.telling.wait(1500);
      await this.press(this.desk.buttonIn(mail), true);
    } else if (link) {
      await this.press(link, true);
    } else if (other && !this.triedOther) { // the browser is somebody else's just now
      this.triedOther = true;
      await this.press(other, true);
      await this.desk.open(`/inbox/lead/${this.reference}`);
    } else {
      throw new Error(`no way to the lead from ${this.desk.page?.location.pathname}`);
    }
  }

  async takes() {
    await this.telling.wait(1200);
    await this.press(this.find("form[action$='/take'] button"), true);
    this.choose(this.mover.id);
    await this.heard(this.host.name);
  }

  async drafts() {
    this.choose(this.host.id);
    await this.press(this.find("a[href$='/answer']"), true);
    const area = await this.until(() => this.find("form[action$='/answer'] textarea"));
    await this.telling.read();
    await this.type(area, this.hostsAnswer);
    await this.telling.wait(600);
    await this.press(this.find("form[action$='/answer']:has(textarea) button.main"), true);
  }

  async replies() {
    this.choose(this.mover.id);
    await this.heard(this.hostsAnswer.split("\n").at(1));
    await this.telling.read();
    await this.say(store.show.thanks);
    await this.newMail("/inbox/lead/");
  }

  // Hands

  async say(text) {
    const { line, form } = this.chat.composer;
    await this.type(line, text);
    await this.telling.wait(400);
    this.telling.check();
    const before = this.count;
    form.requestSubmit();
    await this.until(() => this.count > before);
  }

  async type(field, text) {
    await this.telling.type(text, (typed) => {
      field.value = typed;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.scrollTop = field.scrollHeight;
    });
  }

  /** Points at it, then presses it. With `leads`, until the page that follows is there. */
  async press(node, leads = false) {
    if (!node) throw new Error("there is nothing to press");
    node.scrollIntoView({ block: "nearest" });
    await this.telling.point(node);
    const next = leads ? this.desk.nextPage() : null;
    node.click();
    if (next) await this.within(next);
  }

  find(selector) { return this.desk.page?.querySelector(selector); }

  // Eyes

  get messages() { return [...store.chat(this.mover.id).values()]; }

  get count() { return this.messages.length; }

  hasKey(message, label) {
    return message.reply_markup?.inline_keyboard?.some((row) => row.some((key) => key.text.includes(label)));
  }

  /** The newest message of the assistant that is like this, once it is there. */
  answer(isLike) { return this.until(() => this.messages.findLast((one) => !store.isMine(one) && isLike(one))); }

  heard(text) { return this.answer((message) => (message.text ?? "").includes(text)); }

  /** A mail with a button to there that came since this began, each only once. */
  async newMail(address) {
    const isNew = (mail) => !this.seen.has(mail.id) && mail.pieces.some((piece) => piece.href.startsWith(address));
    const mail = await this.until(() => store.mails.find(isNew));
    this.seen.add(mail.id);
    return mail;
  }

  async until(look) {
    const end = performance.now() + LONGEST;
    while (performance.now() < end) {
      this.telling.check();
      const found = look();
      if (found) return found;
      await new Promise((resolve) => { setTimeout(resolve, LOOKS_EVERY); });
    }
    throw new Error(`not seen: ${look}`);
  }

  /** A page that never comes must not hold the show for ever. */
  async within(next) {
    let there = false;
    next.then(() => { there = true; });
    await this.until(() => there);
  }
}

const REFERENCE = /\b[A-Z]{2,3}-[2-9A-Z]{4}\b/;
