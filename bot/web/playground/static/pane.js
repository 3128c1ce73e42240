// One chat: a person's view of the bot.

import { act } from "./api.js";
import { Composer } from "./composer.js";
import { element, fromTemplate, icon } from "./dom.js";
import { day, dayKey } from "./dates.js";
import { built } from "./message.js";
import { about } from "./people.js";
import { say, sideOf, store } from "./store.js";

const NEAR_END = 120; // pixels from the end within which new messages pull the view along
const PRESS_WAITS = 15000; // as long as Telegram's app shows the little clock

export class Pane {
  person = null;
  #nodes = new Map(); // message id -> node
  #goes = false; // on its way to the newest message

  constructor(side, { onStart, onAlert }) {
    this.side = side;
    this.onAlert = onAlert;
    this.node = fromTemplate("pane-template");
    this.node.dataset.side = side;
    const find = (selector) => this.node.querySelector(selector);
    this.scroll = find(".scroll");
    this.log = find(".log");
    this.toastNode = find(".toast");
    this.composer = new Composer(this.node, {
      onProblem: (code) => this.problem(code),
      onSent: () => this.#toEnd(),
    });
    find(".newest").addEventListener("click", () => this.#toEnd());
    find(".instead button").addEventListener("click", () => this.#instead());
    find(".block").append(icon("block"));
    find(".block").addEventListener("click", () => this.#do("block", {}));
    this.scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const by of ["wheel", "touchmove", "keydown"]) {
      this.scroll.addEventListener(by, () => { this.#goes = false; }, { passive: true });
    }
    this.on = {
      start: onStart,
      command: (text) => this.composer.say(text),
      press: (message, data, key) => this.#press(message, data, key),
      copy: (text) => this.#copy(text),
      reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message),
      jump: (id) => this.#jump(id),
    };
  }

  show(person) {
    const other = this.person?.id !== person.id;
    this.person = person;
    this.composer.show(person);
    this.#head();
    if (other) {
      this.#nodes.clear();
      this.log.replaceChildren();
      this.toastNode.hidden = true;
      this.#fill([...store.chat(person.id).values()], false);
      this.#toEnd("instant");
    }
    this.#surroundings();
  }

  /** Brings the pane up to date after changes. */
  update(messages) {
    if (!this.person) return;
    this.person = store.person(this.person.id) ?? this.person;
    this.composer.refresh();
    this.#head();
    const mine = messages.filter((message) => message.chat_id === this.person.id);
    if (mine.length) {
      const atEnd = this.#atEnd() || this.#goes;
      this.#fill(mine);
      if (atEnd) this.#toEnd();
    }
    this.#surroundings();
  }

  /** "Today" is another day now. */
  dates() { if (this.person) this.#days(); }

  get visible() { return document.visibilityState === "visible" && this.node.offsetParent !== null; }

  /** Tells the program how far this has been read, once it can be seen. */
  markRead() {
    if (!this.person || !this.visible) return;
    const last = store.latest(this.person);
    if (last && store.unread(this.person) > 0) act("read", { user: this.person.id, message_id: last.message_id });
  }

  toast(text) {
    this.toastNode.textContent = text;
    this.toastNode.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { this.toastNode.hidden = true; }, 4000);
  }

  problem(code) {
    const known = `error_${code}` in store.words;
    this.toast(code === "offline" ? say("offline") : say(known ? `error_${code}` : "error_other"));
  }

  #head() {
    const { name, blocked } = this.person;
    this.node.setAttribute("aria-label", say("chat_of", { name }));
    this.node.querySelector(".bot-name").textContent = store.bot.name;
    this.node.querySelector(".you").textContent = `${say("you_play", { name })} · ${about(this.person)}`;
    const block = this.node.querySelector(".block");
    block.hidden = blocked || !this.person.started;
    block.setAttribute("aria-label", say("block"));
    block.title = say("block");
  }

  #fill(messages, asNew = true) {
    for (const message of messages) {
      const old = this.#nodes.get(message.message_id);
      if (message.deleted) { old?.remove(); this.#nodes.delete(message.message_id); continue; }
      const node = built(message, this.on);
      this.#nodes.set(message.message_id, node);
      if (old) this.#replace(old, node);
      else { node.classList.toggle("new", asNew); this.log.append(node); }
    }
    this.#days();
  }

  #replace(old, node) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? [...old.querySelectorAll("button, a")].indexOf(focused) : -1;
    old.replaceWith(node);
    if (focused) (node.querySelectorAll("button, a")[place] ?? this.scroll).focus({ preventScroll: true });
  }

  /** A line above the first message of each day, and a little room where the other one begins to speak. */
  #days() {
    for (const line of this.log.querySelectorAll(".day")) line.remove();
    let before = null;
    for (const message of store.chat(this.person.id).values()) {
      const node = this.#nodes.get(message.message_id);
      if (!node) continue;
      if (!before || dayKey(before.date) !== dayKey(message.date)) {
        node.before(element("p", { className: "day", text: day(message.date) }));
      }
      node.classList.toggle("turn", before !== null && before.from?.id !== message.from?.id);
      before = message;
    }
  }

  /** What stands around the messages: the empty chat, the first lines to press, Start or the blocked bot. */
  #surroundings() {
    const { name, blocked, started, about: description } = this.person;
    const messages = [...store.chat(this.person.id).values()];
    const empty = this.node.querySelector(".empty");
    empty.hidden = messages.length > 0;
    empty.querySelector(".about").textContent = description;
    empty.querySelector(".about").hidden = !description;
    empty.querySelector(".hint").textContent = say("empty_about", { name });
    const spoken = messages.some((message) => store.isMine(message) && !message.text?.startsWith("/"));
    this.#openings(sideOf(this.person) === "asks" && !spoken && !blocked);
    const instead = this.node.querySelector(".instead");
    instead.hidden = started && !blocked;
    instead.querySelector("button").textContent = say(blocked ? "unblock" : "start");
    this.composer.form.hidden = blocked;
    if (blocked) { empty.hidden = false; empty.querySelector(".hint").textContent = say("blocked", { name }); }
  }

  #openings(shown) {
    const box = this.node.querySelector(".openings");
    if (box.hidden !== shown) return;
    box.hidden = !shown;
    box.querySelector("ul").replaceChildren(...(shown ? store.openings : []).map((line) => element("li", {},
      element("button", { className: "opening", type: "button", lang: line.language, onclick: () => this.composer.say(line.text) },
        line.text, element("small", { text: line[document.documentElement.lang], lang: document.documentElement.lang })))));
    if (shown) this.#toEnd("instant");
  }

  #instead() { this.#do(this.person.blocked ? "unblock" : "start", {}); }

  async #do(action, given) {
    const answer = await act(action, { user: this.person.id, ...given });
    if (!answer.ok) this.problem(answer.error);
    return answer;
  }

  async #press(message, data, key) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    const person = this.person;
    const done = () => key.removeAttribute("aria-busy");
    const answer = await this.#do("press", { message_id: message.message_id, data });
    if (!answer.ok) return done();
    const tooLate = setTimeout(() => { done(); this.toast(say("no_answer")); }, PRESS_WAITS);
    store.awaitAnswer(answer.query_id, (given) => {
      clearTimeout(tooLate);
      done();
      if (given.text && given.show_alert) this.onAlert(given.text);
      else if (given.text && this.person.id === person.id) this.toast(given.text);
    });
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast(`${say("copied")}: ${text}`);
    } catch {
      this.toast(say("not_copied"));
    }
  }

  #jump(id) {
    const node = this.#nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: smooth() });
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), 1600);
  }

  #atEnd() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_END; }

  #toEnd(behavior = smooth()) {
    this.#goes = true;
    requestAnimationFrame(() => this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior }));
  }

  #scrolled() {
    if (this.#atEnd()) this.#goes = false;
    this.node.querySelector(".newest").hidden = this.#atEnd();
  }
}

function smooth() { return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth"; }
