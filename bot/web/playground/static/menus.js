// Small menus that fold out of a button: opened by press, closed by Escape, by a choice or by pressing elsewhere.

const open = new Set();

export function foldOut(button, menu, fill) {
  button.addEventListener("click", () => {
    if (!menu.hidden) return close(button, menu);
    closeAll();
    menu.replaceChildren(...fill());
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    open.add(() => close(button, menu));
    menu.querySelector("button")?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const choices = [...menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { close(button, menu); button.focus(); }
    if (!step) return;
    event.preventDefault();
    const next = choices.indexOf(document.activeElement) + step;
    choices[(next + choices.length) % choices.length]?.focus();
  });
  menu.addEventListener("click", (event) => { if (event.target.closest("button")) close(button, menu); });
}

function close(button, menu) {
  menu.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

function closeAll() {
  for (const shut of open) shut();
  open.clear();
}

document.addEventListener("click", (event) => { if (!event.target.closest(".has-menu")) closeAll(); });
