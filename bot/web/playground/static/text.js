// A message's text with its entities as nodes. Offsets are UTF-16 units, which is what JavaScript counts too.

import { element } from "./dom.js";
import { openable, startPayload } from "./links.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

/** `on` holds what pressing does: on.start(payload), on.command(text). */
export function formatted(text, entities, on) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return part(text, 0, text.length, sorted, on);
}

function part(text, from, to, entities, on) {
  const nodes = document.createDocumentFragment();
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue; // inside one that is drawn already, or outside
    nodes.append(text.slice(at, entity.offset));
    const inner = entities.slice(index + 1).filter((other) => other.offset < end);
    const holder = wrapper(entity, text.slice(entity.offset, end), on);
    holder.append(part(text, entity.offset, end, inner, on));
    nodes.append(holder);
    at = end;
  }
  nodes.append(text.slice(at, to));
  return nodes;
}

function wrapper(entity, text, on) {
  switch (entity.type) {
    case "text_link": return link(entity.url, on);
    case "url": return link(text, on);
    case "email": return link(`mailto:${text}`, on);
    case "phone_number": return link(`tel:${text.replace(/[^+\d]/g, "")}`, on);
    case "bot_command": return element("button", { className: "command", type: "button", onclick: () => on.command(text) });
    case "pre": return element("pre");
    case "spoiler": return element("button", {
      className: "spoiler", type: "button", onclick: (event) => event.currentTarget.classList.add("seen"),
    });
    default: return element(TAGS[entity.type] ?? "span");
  }
}

function link(url, on) {
  const payload = startPayload(url);
  const href = openable(url);
  if (payload !== null) {
    return element("a", {
      href, className: "start-link", onclick: (event) => { event.preventDefault(); on.start(payload); },
    });
  }
  if (href === null) return element("span");
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" });
}
