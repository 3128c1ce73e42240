// How a show is told: captions, pace, pointing at what is pressed, and stopping.

import { say } from "./store.js";

const PACES = { slow: 1, fast: 0.3, skip: 0 };
const PER_LETTER = 38; // ms to read a letter of a caption
const AT_LEAST = 1200;
const TYPING = 28; // ms a letter
const POINTS = 750;

export class Stopped extends Error {}

export class Telling {
  names = {}; // of those in the captions
  #playing = false;
  #pace = "slow";
  #wake = () => {}; // ends the wait that is going on
  #caption = "";

  /** `play` plays it once, saying what happens by `says`. */
  constructor(play) {
    this.play = play;
    this.node = document.getElementById("show");
    this.step = document.getElementById("show-step");
    this.text = document.getElementById("show-caption");
    for (const id of ["see-it", "show-again"]) document.getElementById(id).addEventListener("click", () => this.begin());
    for (const key of this.node.querySelectorAll("[data-pace]")) {
      key.addEventListener("click", () => this.#setPace(key.dataset.pace));
    }
    document.getElementById("show-skip").addEventListener("click", () => this.#setPace("skip"));
    document.getElementById("show-stop").addEventListener("click", () => this.stop());
    document.getElementById("show-close").addEventListener("click", () => this.#close());
    this.node.addEventListener("keydown", (event) => { if (event.key === "Escape") this.stop(); });
  }

  async begin() {
    if (this.#playing) return;
    this.#playing = true;
    this.#setPace(this.#pace === "fast" ? "fast" : "slow");
    this.#keys(true);
    this.node.hidden = false;
    document.getElementById("show-stop").focus();
    let end = "show_done";
    try {
      await this.play();
    } catch (error) {
      if (!(error instanceof Stopped)) console.warn("the show ended early:", error);
      end = error instanceof Stopped ? "show_stopped" : "show_trouble";
    }
    this.#playing = false;
    this.#end(end);
  }

  /** Whoever watches takes over. */
  stop() {
    if (!this.#playing) return;
    this.#playing = false;
    this.#wake();
  }

  /** Raises Stopped when it was stopped. */
  check() { if (!this.#playing) throw new Stopped(); }

  /** The caption of a step; without a number, one more of the same step. */
  says(caption, number, all) {
    if (number) this.step.textContent = say("show_of", { number, all });
    this.#caption = say(caption, this.names);
    this.text.textContent = this.#caption;
  }

  /** As long as one needs to read what stands there. */
  async read() {
    const ms = Math.max(AT_LEAST, this.#caption.length * PER_LETTER);
    this.#caption = this.#caption.slice(0, 20); // the second look at the same caption is short
    await this.wait(ms);
  }

  async wait(ms) {
    this.check();
    let left = ms; // as it were at the slow pace; whoever changes the pace changes it for this wait too
    while (left > 0 && this.#playing && PACES[this.#pace] > 0) {
      const begun = performance.now(), pace = PACES[this.#pace], rest = left;
      await new Promise((resolve) => { this.#wake = resolve; setTimeout(resolve, rest * pace); });
      left -= (performance.now() - begun) / pace + 1;
    }
    this.check();
  }

  /** Calls `put` with more and more of the text; all at once where motion is not wanted. */
  async type(text, put) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      put(text);
      return this.wait(text.length * TYPING);
    }
    for (let end = 1; end < text.length && PACES[this.#pace] > 0; end += 1) {
      put(text.slice(0, end));
      await this.wait(TYPING);
    }
    return put(text);
  }

  /** Frames what is about to be pressed. */
  async point(node) {
    const { outline, outlineOffset } = node.style;
    Object.assign(node.style, { outline: "4px solid #e07a1f", outlineOffset: "2px" });
    try {
      await this.wait(POINTS);
    } finally {
      Object.assign(node.style, { outline, outlineOffset });
    }
  }

  #setPace(pace) {
    this.#pace = pace;
    for (const key of this.node.querySelectorAll("[data-pace]")) {
      key.setAttribute("aria-pressed", String(key.dataset.pace === pace));
    }
    this.#wake();
  }

  #end(caption) {
    this.step.textContent = "";
    this.text.textContent = say(caption, this.names);
    this.#keys(false);
  }

  #keys(playing) {
    document.getElementById("see-it").hidden = true; // the show has its own keys until it is put away
    const hadFocus = this.node.contains(document.activeElement);
    document.getElementById("show-playing").hidden = !playing;
    document.getElementById("show-over").hidden = playing;
    if (hadFocus) document.getElementById(playing ? "show-stop" : "show-close").focus();
  }

  #close() {
    this.node.hidden = true;
    document.getElementById("see-it").hidden = false;
    document.getElementById("see-it").focus();
  }
}
