// The playground's clock: what it shows, and the buttons that move it.

import { moveClock } from "./api.js";
import { shortTime, wholeTime } from "./dates.js";
import { say, store } from "./store.js";

const shown = document.getElementById("time");
const state = document.getElementById("time-is");
const moves = document.getElementById("moves");
const opener = document.getElementById("moves-opener");
const back = document.getElementById("back");

export function setUpClock(onProblem) {
  opener.addEventListener("click", () => fold(opener.getAttribute("aria-expanded") !== "true"));
  moves.addEventListener("keydown", (event) => { if (event.key === "Escape") { fold(false); opener.focus(); } });
  document.addEventListener("click", (event) => { if (!event.target.closest(".moves, .fold")) fold(false); });
  for (const button of moves.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => move(button.dataset.move, onProblem));
  }
  setInterval(drawClock, 1000);
}

export function drawClock() {
  if (!store.revision) return; // nothing came yet
  shown.textContent = shortTime(store.now());
  shown.dateTime = new Date(store.now() * 1000).toISOString();
  shown.title = wholeTime(store.now());
  const isMoved = store.beside.ahead !== 0;
  state.textContent = say(isMoved ? "time_moved" : "time_real");
  shown.parentElement.classList.toggle("moved", isMoved);
  const now = moves.querySelector("[data-move=now]");
  if (!isMoved && now === document.activeElement) moves.querySelector("[data-move]").focus();
  now.hidden = !isMoved;
}

/** What a screen reader is told after a move. */
export function timeInWords() { return say("moved_to", { time: wholeTime(store.now()) }); }

async function move(name, onProblem) {
  fold(false);
  let answer = await moveClock(name);
  if (answer.error === "leads_open" && await wantsBack(answer.count)) answer = await moveClock(name, true);
  if (!answer.ok && answer.error !== "leads_open") onProblem(answer.error);
}

/** Asks, because open leads would lie in the future. */
function wantsBack(count) {
  document.getElementById("back-about").textContent = say("back_about", { count });
  back.returnValue = "";
  back.showModal();
  return new Promise((resolve) => {
    back.addEventListener("close", () => resolve(back.returnValue === "sure"), { once: true });
  });
}

function fold(open) {
  opener.setAttribute("aria-expanded", String(open));
  moves.classList.toggle("open", open);
}
