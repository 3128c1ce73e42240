// Links: which of them start the bot, and which may be opened at all.

import { store } from "./store.js";

/** The start parameter of a link to this bot ("" when it has none); null for any other link. */
export function startPayload(url) {
  const address = parsed(url);
  if (!address) return null;
  const ours = store.bot.username.toLowerCase();
  if (address.protocol === "tg:") {
    const named = (address.searchParams.get("domain") ?? "").toLowerCase();
    return named === ours ? address.searchParams.get("start") ?? "" : null;
  }
  if (!["t.me", "telegram.me", "www.t.me"].includes(address.hostname)) return null;
  const name = address.pathname.split("/")[1] ?? "";
  return name.toLowerCase() === ours ? address.searchParams.get("start") ?? "" : null;
}

/** The address if it is one a browser may open from here; null for javascript: and the like. */
export function openable(url) {
  const address = parsed(url);
  return address && ["http:", "https:", "mailto:", "tel:"].includes(address.protocol) ? address.href : null;
}

function parsed(url) {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
  } catch {
    return null;
  }
}
