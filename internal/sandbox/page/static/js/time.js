// Times in the reader's zone, and the ones that count along.

import { firstLanguage } from './language.js';

const full = { dateStyle: 'full', timeStyle: 'short' };
const styles = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { day: '2-digit', month: '2-digit', year: 'numeric' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: full,
  s: ['d', 't'],
  S: ['d', 'T'],
};
const units = [
  ['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1],
];
// The page speaks English; dates and times are in the language that the reader has
// chosen there, or else in the browser's.
const own = supported(navigator.language) ? navigator.language : 'en-GB';
let locale = own;
let spans = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const formats = new Map();
const offsets = new Map(); // quarter of an hour → minutes from UTC
const keepOffsets = 5000;

/** speak chooses the language of dates and times; it tells whether that changes
 * any. */
export function speak(language) {
  const next = language !== firstLanguage && supported(language) ? language : own;
  if (next === locale) return false;
  locale = next;
  spans = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  formats.clear();
  return true;
}

function supported(language) {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language ?? '').length > 0;
  } catch {
    return false;
  }
}

// mark says which language a time is in, for those that read it aloud.
function mark(el, date, text) {
  el.dateTime = date.toISOString();
  if (!locale.startsWith('en')) el.lang = locale;
  el.title = format(date, full);
  el.textContent = text;
  return el;
}

function format(date, options) {
  if (Array.isArray(options)) return options.map((style) => format(date, styles[style])).join(', ');
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, options));
  return formats.get(key).format(date);
}

/** relative says how far a moment is from now: "5 minutes ago". */
export function relative(date, now = new Date()) {
  const seconds = Math.round((date - now) / 1000);
  const [unit, size] = units.find(([, n]) => Math.abs(seconds) >= n) ?? units.at(-1);
  return spans.format(Math.trunc(seconds / size), unit);
}

/** timestamp renders `<t:UNIX:STYLE>`, or null when it names no moment. */
export function timestamp(unix, style = 'f') {
  const date = new Date(Number(unix) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const el = document.createElement('time');
  el.className = 'stamp';
  el.dir = 'auto'; // isolates it in text of the other direction
  if (style === 'R') el.dataset.relative = String(date.getTime());
  return mark(el, date, style === 'R' ? relative(date) : format(date, styles[style] ?? styles.f));
}

/** messageTime renders when a message was written, short near today. */
export function messageTime(iso, short = false) {
  const date = new Date(iso);
  const el = document.createElement('time');
  el.className = 'when';
  if (Number.isNaN(date.getTime())) return el;
  const clock = format(date, styles.t);
  const days = dayNumber(new Date()) - dayNumber(date);
  if (short || days === 0) return mark(el, date, clock);
  const day = days === 1 ? nearDay(-1) : format(date, styles.d);
  return mark(el, date, days === 1 && locale.startsWith('en') ? `${day} at ${clock}` : `${day}, ${clock}`);
}

function nearDay(days) {
  const word = spans.format(days, 'day');
  return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
}

/** dayNumber counts days in the reader's zone; equal numbers are one day. */
export function dayNumber(date) {
  // A zone keeps its offset through a quarter of an hour; asking for it is slow.
  const quarter = Math.floor(date.getTime() / 900000);
  if (!offsets.has(quarter)) {
    if (offsets.size > keepOffsets) offsets.clear();
    offsets.set(quarter, date.getTimezoneOffset());
  }
  return Math.floor((date.getTime() - offsets.get(quarter) * 60000) / 86400000);
}

/** dayName names a day for a separator: Today, Yesterday, or its date. */
export function dayName(iso) {
  const date = new Date(iso);
  const days = dayNumber(new Date()) - dayNumber(date);
  return days === 0 || days === 1 ? nearDay(-days) : format(date, { dateStyle: 'long' });
}

/** timeOf gives the moment at which an id was made, or null for an id that says
 * none, https://docs.discord.com/developers/reference#snowflakes. */
export function timeOf(id) {
  try {
    const ms = Number(BigInt(id) >> 22n);
    return ms > 0 ? new Date(ms + 1420070400000) : null;
  } catch {
    return null;
  }
}

/** fullTime spells a moment out, for hovering. */
export function fullTime(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : format(date, full);
}

/** startClock keeps relative times current, and says when a day has begun. */
export function startClock(onDay) {
  let today = dayNumber(new Date());
  setInterval(() => {
    const now = new Date();
    for (const el of document.querySelectorAll('time[data-relative]')) {
      const text = relative(new Date(Number(el.dataset.relative)), now);
      if (el.textContent !== text) el.textContent = text;
    }
    if (dayNumber(now) === today) return;
    today = dayNumber(now);
    onDay();
  }, 1000);
}
