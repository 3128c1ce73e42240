// Times as the page's language writes them. They are Norwegian times, as in what the assistant says.

import { say, store } from "./store.js";

const language = document.documentElement.lang;
const locale = { nb: "nb-NO", nn: "nn-NO", en: "en-GB" }[language] ?? "nb-NO";
const timeZone = "Europe/Oslo";
const DAY = 24 * 3600;

const format = (options) => new Intl.DateTimeFormat(locale, { ...options, timeZone });
const clock = format({ hour: "2-digit", minute: "2-digit" });
const longDay = format({ weekday: "long", day: "numeric", month: "long" });
const whole = format({ dateStyle: "full", timeStyle: "short" });
const SHORT = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
const short = format(SHORT);
const shortWithYear = format({ ...SHORT, year: "numeric" });
const date = new Intl.DateTimeFormat("en-CA", { timeZone });

export function time(seconds) { return clock.format(new Date(seconds * 1000)); }

export function wholeTime(seconds) { return whole.format(new Date(seconds * 1000)); }

/** With the year only where it is not the real one. */
export function shortTime(seconds) {
  const moment = new Date(seconds * 1000);
  const isThisYear = moment.getFullYear() === new Date().getFullYear();
  return (isThisYear ? short : shortWithYear).format(moment);
}

export function dayKey(seconds) { return date.format(new Date(seconds * 1000)); }

export function day(seconds) {
  const key = dayKey(seconds);
  if (key === dayKey(store.now())) return say("today");
  if (key === dayKey(store.now() - DAY)) return say("yesterday");
  return longDay.format(new Date(seconds * 1000));
}
