// The line one writes in: sending, answering a message, changing an own one, commands, and what is not text.

import { act } from "./api.js";
import { element, icon } from "./dom.js";
import { foldOut } from "./menus.js";
import { KINDS, inOneLine, nameOf } from "./message.js";
import { say, store } from "./store.js";

export class Composer {
  #person = null;
  #drafts = new Map(); // what stands in the line of each person
  #about = null; // {message, edits} – the message that is answered or changed

  constructor(pane, { onProblem, onSent }) {
    this.form = pane.querySelector(".composer");
    this.line = this.form.querySelector("textarea");
    this.answering = pane.querySelector(".answering");
    this.onProblem = onProblem;
    this.onSent = onSent;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.line.addEventListener("keydown", (event) => this.#key(event));
    this.line.addEventListener("input", () => this.#grow());
    this.answering.querySelector("button").addEventListener("click", () => { this.leave(); this.line.focus(); });
    const [commands, attach] = this.form.querySelectorAll(".has-menu");
    foldOut(commands.querySelector("button"), commands.querySelector("ul"), () => this.#commands());
    foldOut(attach.querySelector("button"), attach.querySelector("ul"), () => this.#kinds());
  }

  show(person) {
    if (this.#person?.id === person.id) return;
    if (this.#person) this.#drafts.set(this.#person.id, this.line.value);
    this.#person = person;
    this.leave();
    this.line.value = this.#drafts.get(person.id) ?? "";
    this.line.setAttribute("aria-label", say("write_as", { name: person.name }));
    this.#grow();
  }

  reply(message) { this.#turnTo({ message, edits: false }, say("replying_to", { name: nameOf(message) })); }

  edit(message) {
    this.#turnTo({ message, edits: true }, say("editing"));
    this.line.value = message.text;
    this.#grow();
  }

  leave() {
    if (this.#about?.edits) this.line.value = "";
    this.#about = null;
    this.answering.hidden = true;
    this.#label(say("send"));
    this.#grow();
  }

  /** Sends a text at once, as pressing a command does. */
  async say(text) { await this.#do("say", { text }); }

  #turnTo(about, title) {
    this.#about = about;
    this.answering.hidden = false;
    this.answering.querySelector("strong").textContent = title;
    this.answering.querySelector("span").textContent = inOneLine(about.message);
    this.#label(say(about.edits ? "save" : "send"));
    this.line.focus();
  }

  #label(text) {
    const button = this.form.querySelector(".send");
    button.setAttribute("aria-label", text);
    button.title = text;
  }

  async #send() {
    const text = this.line.value;
    if (!text.trim()) return;
    const about = this.#about;
    const sent = about?.edits
      ? await this.#do("edit", { text, message_id: about.message.message_id })
      : await this.#do("say", { text, reply_to: about?.message.message_id });
    if (!sent) return;
    this.leave();
    this.line.value = "";
    this.#grow();
  }

  async #do(action, given) {
    const answer = await act(action, { user: this.#person.id, ...given });
    if (answer.ok) this.onSent();
    else this.onProblem(answer.error);
    return answer.ok;
  }

  #key(event) {
    if (event.key === "Escape" && this.#about) this.leave();
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (sends) { event.preventDefault(); this.#send(); }
  }

  #grow() {
    this.line.style.height = "auto";
    this.line.style.height = `${this.line.scrollHeight}px`;
  }

  #commands() {
    const commands = this.#person.commands;
    if (!commands.length) return [element("li", {}, element("p", { text: say("no_commands") }))];
    return commands.map(({ command, description }) => element("li", {}, element("button", {
      type: "button", className: "command-choice", onclick: () => this.say(`/${command}`),
    }, element("strong", { text: `/${command}` }), element("span", { text: description }))));
  }

  #kinds() {
    return KINDS.map((kind) => element("li", {}, element("button", {
      type: "button", onclick: () => this.#do("send", { kind }),
    }, icon(kind), say(`kind_${kind}`))));
  }

  refresh() { this.#person = store.person(this.#person.id) ?? this.#person; }
}
