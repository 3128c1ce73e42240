// The list of people: who is shown, who has unread messages.

import { avatar, element } from "./dom.js";
import { inOneLine } from "./message.js";
import { say, sideOf, store } from "./store.js";

const languageNames = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });

/** A person as a button, in the list and wherever one is chosen. */
export function personButton(person, { line, pressed, onclick }) {
  const unread = store.unread(person);
  const made = element("button", {
    className: "person", type: "button", onclick, title: about(person), "data-id": person.id, "data-side": sideOf(person),
    "aria-pressed": pressed === undefined ? undefined : String(pressed),
  }, avatar(person), element("span", { className: "text" },
    element("span", { className: "name", text: person.name }), element("span", { className: "line", text: line })));
  if (unread && pressed !== undefined) {
    made.classList.add("has-news");
    made.append(element("span", { className: "badge", text: unread > 99 ? "99+" : unread, "aria-label": say("unread", { count: unread }) }));
  }
  return made;
}

export function about(person) {
  if (person.description) return person.description;
  const language = languageNames.of(person.language_code ?? "nb");
  return `${say(`role_${person.role}`)}, ${say("phone_language", { language })}`;
}

function newest(person) { return person.isMailbox ? store.mails[0].subject : inOneLine(store.latest(person)); }

/** Draws the list anew, keeping focus where it was. */
export function drawPeople(shown, onChoose) {
  const focused = document.activeElement?.closest?.(".people .person")?.dataset.id;
  for (const side of ["asks", "answers"]) {
    const list = document.getElementById(`people-${side}`);
    list.replaceChildren(...store.everybody.filter((person) => sideOf(person) === side).map((person) => {
      return element("li", {}, personButton(person, {
        line: store.unread(person) ? newest(person) : about(person),
        pressed: shown[side] === person.id,
        onclick: () => onChoose(person.id),
      }));
    }));
  }
  if (focused) document.querySelector(`.people .person[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
