// Opening a start link: from a message, a button, or a code that somebody typed; as whom is chosen here.

import { act } from "./api.js";
import { element } from "./dom.js";
import { startPayload } from "./links.js";
import { about, personButton } from "./people.js";
import { say, store } from "./store.js";

const dialog = document.getElementById("start");
const field = document.getElementById("start-code");
const problem = document.getElementById("start-problem");

export function setUpStart(onOpened) {
  dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  dialog.querySelector("[data-closes]").addEventListener("click", () => dialog.close());
  field.addEventListener("input", () => { problem.hidden = true; });
  openStart.onOpened = onOpened;
}

export function openStart(payload = "") {
  field.value = payload;
  problem.hidden = true;
  const newcomer = element("button", { className: "person", type: "button", onclick: () => openAs(null) },
    element("span", { className: "avatar", text: "+", "aria-hidden": "true" }),
    element("span", { className: "text" }, element("span", { className: "name", text: say("someone_new") })));
  document.getElementById("start-people").replaceChildren(newcomer, ...store.people.map((person) => personButton(person, {
    line: about(person), onclick: () => openAs(person.id),
  })));
  dialog.showModal();
}

async function openAs(id) {
  const payload = startPayload(field.value.trim()) ?? field.value.trim();
  if (payload && !/^[A-Za-z0-9_-]{1,64}$/.test(payload)) {
    problem.hidden = false;
    field.focus();
    return;
  }
  const user = id ?? (await act("mover", {})).id;
  const answer = user ? await act("start", { user, payload }) : { ok: false };
  dialog.close();
  openStart.onOpened(user, answer.ok);
}
