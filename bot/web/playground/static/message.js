// One message: bubble, what it answers, its keyboard. Built anew whenever it changes.

import { element, fromTemplate, icon } from "./dom.js";
import { openable, startPayload } from "./links.js";
import { formatted } from "./text.js";
import { time, wholeTime } from "./dates.js";
import { say, store } from "./store.js";

export const KINDS = ["photo", "voice", "sticker", "location", "contact", "document"];
const ALL_KINDS = [...KINDS, "video", "animation", "poll", "dice"];

/** `on`: start, command, press, copy, open, reply, edit, jump – what pressing a part of it does. */
export function built(message, on) {
  const mine = store.isMine(message);
  const node = fromTemplate("message-template");
  node.dataset.id = message.message_id;
  node.classList.toggle("mine", mine);
  node.classList.toggle("was-edited", Boolean(message.edit_date));
  node.setAttribute("aria-label", `${nameOf(message)}, ${time(message.date)}`);
  node.querySelector(".content").append(...contents(message, on));
  const stamp = node.querySelector("time");
  stamp.textContent = time(message.date);
  stamp.dateTime = new Date(message.date * 1000).toISOString();
  stamp.title = wholeTime(message.date);
  node.querySelector(".edited").hidden = !message.edit_date;
  quote(node.querySelector(".quoted"), message.reply_to_message, on);
  node.querySelector(".reply").addEventListener("click", () => on.reply(message));
  const edit = node.querySelector(".edit");
  edit.hidden = !(mine && message.text !== undefined);
  edit.addEventListener("click", () => on.edit(message));
  keyboard(node.querySelector(".keyboard"), message, on);
  return node;
}

export function nameOf(message) { return message.from?.first_name ?? ""; }

/** One line for lists, quotes and announcements. */
export function inOneLine(message) {
  const text = message.text ?? message.caption;
  if (text) return text.replace(/\s+/g, " ").slice(0, 160);
  return say(`kind_${kindOf(message) ?? "other"}`);
}

function kindOf(message) {
  const kind = ALL_KINDS.find((name) => name in message);
  return kind && `kind_${kind}` in store.words ? kind : kind && "other";
}

function contents(message, on) {
  const nodes = [];
  if (kindOf(message)) nodes.push(piece(message));
  if (message.text !== undefined) nodes.push(formatted(message.text, message.entities, on));
  if (message.caption) nodes.push(formatted(message.caption, message.caption_entities, on));
  return nodes;
}

function piece(message) {
  if (message.photo) return element("div", { className: "picture", text: `${say("kind_photo")} (${say("pretend_content")})` });
  if (message.sticker) return element("div", { className: "big", text: message.sticker.emoji ?? "🙂", role: "img", "aria-label": say("kind_sticker") });
  if (message.dice) return element("div", { className: "big", text: message.dice.emoji });
  if (message.document) return download(message.document);
  const kind = kindOf(message);
  const small = message.contact
    ? `${message.contact.first_name}, ${message.contact.phone_number}`
    : message.voice ? `0:0${message.voice.duration} (${say("pretend_content")})` : say("pretend_content");
  return element("div", { className: "piece" }, KINDS.includes(kind) ? icon(kind) : icon("document"),
    element("span", {}, say(`kind_${kind}`), element("small", { text: small })));
}

function download(file) {
  const real = /^PretendFile/.test(file.file_id); // a sample that a person "sent" holds no bytes
  const name = real
    ? element("a", { text: file.file_name, href: `/playground/file/${encodeURIComponent(file.file_id)}`, download: file.file_name })
    : element("span", { text: file.file_name });
  const size = real ? `${Math.max(1, Math.round(file.file_size / 1024))} kB` : say("pretend_content");
  return element("div", { className: "piece" }, icon("document"), element("span", {}, name, element("small", { text: size })));
}

function quote(node, answered, on) {
  if (!answered) return;
  node.hidden = false;
  node.querySelector("strong").textContent = nameOf(answered);
  node.querySelector("span").textContent = inOneLine(answered);
  node.addEventListener("click", () => on.jump(answered.message_id));
}

function keyboard(node, message, on) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  node.hidden = rows.length === 0;
  for (const row of rows) node.append(element("div", {}, ...row.map((button) => key(message, button, on))));
}

function key(message, button, on) {
  const made = element("button", { className: "key", type: "button", text: button.text });
  if (button.callback_data) {
    made.addEventListener("click", () => on.press(message, button.callback_data, made));
  } else if (button.copy_text) {
    made.append(icon("copy"));
    made.addEventListener("click", () => on.copy(button.copy_text.text));
  } else if (button.url) {
    made.append(icon("out"));
    made.addEventListener("click", () => follow(button.url, on));
  }
  return made;
}

/** Opens a link as Telegram would: to the bot in a chat, elsewhere in a new tab. */
export function follow(url, on) {
  const payload = startPayload(url);
  if (payload !== null) on.start(payload);
  else if (openable(url)) window.open(openable(url), "_blank", "noopener,noreferrer");
}
