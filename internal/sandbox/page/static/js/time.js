// Times in the reader's zone, and the ones that count along.

const full = { dateStyle: 'full', timeStyle: 'short' };
const styles = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: full,
  s: { dateStyle: 'short', timeStyle: 'short' },
  S: { dateStyle: 'short', timeStyle: 'medium' },
};
const units = [
  ['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1],
];
// The page speaks English; within it, the reader's own way with dates holds.
const locale = navigator.language?.startsWith('en') ? navigator.language : 'en-GB';
const formats = new Map();

function format(date, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, options));
  return formats.get(key).format(date);
}

/** relative says how far a moment is from now: "5 minutes ago". */
export function relative(date, now = new Date()) {
  const seconds = Math.round((date - now) / 1000);
  const [unit, size] = units.find(([, n]) => Math.abs(seconds) >= n) ?? units.at(-1);
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

/** timestamp renders `<t:UNIX:STYLE>`, or null when it names no moment. */
export function timestamp(unix, style = 'f') {
  const date = new Date(Number(unix) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const el = document.createElement('time');
  el.className = 'stamp';
  el.dateTime = date.toISOString();
  el.dir = 'auto'; // isolates it in text of the other direction
  el.title = format(date, full);
  if (style === 'R') {
    el.dataset.relative = String(date.getTime());
    el.textContent = relative(date);
  } else {
    el.textContent = format(date, styles[style] ?? styles.f);
  }
  return el;
}

/** messageTime renders when a message was written, short near today. */
export function messageTime(iso, short = false) {
  const date = new Date(iso);
  const el = document.createElement('time');
  el.className = 'when';
  if (Number.isNaN(date.getTime())) return el;
  el.dateTime = date.toISOString();
  el.title = format(date, full);
  const clock = format(date, styles.t);
  const days = dayNumber(new Date()) - dayNumber(date);
  if (short || days === 0) el.textContent = clock;
  else if (days === 1) el.textContent = `Yesterday at ${clock}`;
  else el.textContent = `${format(date, styles.d)} ${clock}`;
  return el;
}

/** dayNumber counts days in the reader's zone; equal numbers are one day. */
export function dayNumber(date) {
  return Math.floor((date.getTime() - date.getTimezoneOffset() * 60000) / 86400000);
}

/** dayName names a day for a separator. */
export function dayName(iso) {
  return format(new Date(iso), { dateStyle: 'long' });
}

/** fullTime spells a moment out, for hovering. */
export function fullTime(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : format(date, full);
}

/** startClock keeps relative times current. */
export function startClock() {
  setInterval(() => {
    const now = new Date();
    for (const el of document.querySelectorAll('time[data-relative]')) {
      const text = relative(new Date(Number(el.dataset.relative)), now);
      if (el.textContent !== text) el.textContent = text;
    }
  }, 1000);
}
