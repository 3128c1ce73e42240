// Times as the page's language writes them.

import { say } from "./store.js";

const language = document.documentElement.lang;
const locale = { nb: "nb-NO", nn: "nn-NO", en: "en-GB" }[language] ?? "nb-NO";
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const longDay = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const whole = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

export function time(seconds) { return clock.format(new Date(seconds * 1000)); }

export function wholeTime(seconds) { return whole.format(new Date(seconds * 1000)); }

export function dayKey(seconds) { return new Date(seconds * 1000).toDateString(); }

export function day(seconds) {
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const key = dayKey(seconds);
  if (key === now.toDateString()) return say("today");
  if (key === yesterday.toDateString()) return say("yesterday");
  return longDay.format(new Date(seconds * 1000));
}
