// The page comes together here: two panes, the people, the clock, the dialogs, and news from the program.

import { act, allMails, everything, listen } from "./api.js";
import { drawClock, setUpClock, timeInWords } from "./clock.js";
import { Desk } from "./desk.js";
import { inOneLine } from "./message.js";
import { Pane } from "./pane.js";
import { drawPeople } from "./people.js";
import { setUpShow } from "./show.js";
import { openStart, setUpStart } from "./start.js";
import { say, sideOf, store } from "./store.js";

const stage = document.querySelector(".stage");
const offline = document.getElementById("offline");
const REMEMBERED = "playground-shown";

const shown = { asks: null, answers: null }; // person's id by side
const panes = {};
const desk = new Desk(); // stands where the chat of a host stands, for one who has none
let wished = null; // somebody added by this page, to be shown as soon as the news of them comes

function setUp() {
  for (const side of ["asks", "answers"]) {
    panes[side] = new Pane(side, { onStart: openStart, onAlert: showAlert });
    document.getElementById("panes").append(panes[side].node);
    panes[side].node.addEventListener("focusin", () => { stage.dataset.shown = side; });
  }
  document.getElementById("panes").append(desk.node);
  desk.node.addEventListener("focusin", () => { stage.dataset.shown = "answers"; });
  for (const opener of document.querySelectorAll("[data-opens]")) {
    const dialog = document.getElementById(opener.dataset.opens);
    opener.addEventListener("click", () => (dialog.id === "start" ? openStart() : dialog.showModal()));
  }
  document.getElementById("new-mover").addEventListener("click", addMover);
  document.addEventListener("visibilitychange", markRead);
  window.addEventListener("resize", markRead);
  setUpClock((code) => panes[stage.dataset.shown].problem(code));
  setUpShow({ choose, panes, desk });
  setUpStart((id, ok) => { if (id) choose(id, true); if (!ok) panes[stage.dataset.shown].problem("other"); });
  store.subscribe(refresh);
}

/** Shows a person's chat; one who was only just added is shown when the news of them comes. */
function choose(id, focus = false) {
  const person = store.person(id);
  if (!person) { wished = id; return; }
  wished = null;
  const side = sideOf(person);
  shown[side] = id;
  stage.dataset.shown = side;
  if (side === "answers") {
    desk.node.hidden = !person.isMailbox;
    panes.answers.node.hidden = Boolean(person.isMailbox);
  }
  if (person.isMailbox) desk.show(person);
  else panes[side].show(person);
  remember();
  draw();
  markRead();
  if (focus && !person.isMailbox) panes[side].composer.line.focus({ preventScroll: true });
  document.querySelector(`.people .person[data-id="${id}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function refresh(messages) {
  for (const pane of Object.values(panes)) pane.update(messages);
  if (desk.person) desk.update();
  if (wished && store.person(wished)) choose(wished, true);
  draw();
  announce(messages);
  markRead();
}

function draw() { drawPeople(shown, (id) => choose(id)); }

function markRead() {
  for (const pane of Object.values(panes)) pane.markRead();
  const seen = store.seenMail;
  desk.markRead();
  if (store.seenMail !== seen) draw();
}

/** Tells a screen reader what came, to whom; what one wrote oneself needs no telling. */
function announce(messages) {
  const heard = messages.filter((message) => !message.deleted && !store.isMine(message) && !message.edit_date).at(-1);
  const person = heard && store.person(heard.chat_id);
  if (!person || !announce.ready) return;
  announceText(say("new_from", { name: person.name, text: inOneLine(heard) }));
}

/** The clock was moved, or a mail came. */
async function takeBeside(beside) {
  const before = store.beside;
  store.beside = beside;
  drawClock();
  if (beside.moves !== before.moves || beside.ahead !== before.ahead) {
    announceText(timeInWords());
    for (const pane of Object.values(panes)) pane.dates();
  }
  if (beside.newest_mail === (store.mails[0]?.id ?? "")) return;
  try {
    store.takeMails(await allMails());
  } catch {
    return; // the line to the program is lost, which the page says already; what is new comes when it is back
  }
  if (store.mails[0]) announceText(say("new_mail", { subject: store.mails[0].subject }));
}

function announceText(text) { document.getElementById("announced").textContent = text; }

async function addMover() {
  const answer = await act("mover", {});
  if (answer.ok) choose(answer.id, true);
  else panes.asks.problem(answer.error);
}

function showAlert(text) {
  document.getElementById("alert-text").textContent = text;
  document.getElementById("alert").showModal();
}

function remember() {
  try { localStorage.setItem(REMEMBERED, JSON.stringify({ ...shown, side: stage.dataset.shown })); } catch { /* private window */ }
}

function remembered() {
  try { return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {}; } catch { return {}; }
}

/** Who was shown last time, else the first on each side. */
function showSomebody() {
  const before = remembered();
  for (const side of ["answers", "asks"]) {
    const candidates = store.everybody.filter((person) => sideOf(person) === side);
    const person = candidates.find((one) => one.id === before[side]) ?? candidates[0];
    if (person) choose(person.id);
  }
  if (before.side && shown[before.side]) choose(shown[before.side]);
}

async function begin() {
  try {
    store.begin(await everything());
    store.mails = await allMails();
    store.seenMail = store.mails[0]?.id ?? "";
  } catch {
    offline.hidden = false;
    setTimeout(begin, 1500);
    return;
  }
  drawClock();
  showSomebody();
  announce.ready = true;
  listen(store.revision, {
    onNews: (news) => store.take(news),
    onBeside: takeBeside,
    onLost: () => { offline.hidden = false; },
    onBack: () => { offline.hidden = true; },
    onReset: () => location.reload(),
  });
}

setUp();
begin();
