// Small helpers for building the page. Text always goes in as text.

export function element(tag, { className, text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `/playground/static/icons.svg#${name}`);
  made.append(use);
  return made;
}

export function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

export function avatar(person) {
  const made = element("span", { className: "avatar", text: person.name.slice(0, 1).toUpperCase(), "aria-hidden": "true" });
  const number = Number(person.id) || [...person.name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  made.style.setProperty("--hue", (number * 47) % 360);
  return made;
}
