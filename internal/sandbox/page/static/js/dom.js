// Building of elements. Data becomes text nodes or attributes, never markup.

const svgNS = 'http://www.w3.org/2000/svg';

/**
 * h builds an element. Properties: `class`, `on` (event listeners), `style`
 * (custom properties only), `value`; all others are attributes, where false,
 * null and undefined leave the attribute away.
 */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key === 'class') el.className = value;
    else if (key === 'on') for (const [event, fn] of Object.entries(value)) el.addEventListener(event, fn);
    else if (key === 'style') for (const [name, v] of Object.entries(value)) el.style.setProperty(name, v);
    else if (key === 'value') el.value = value;
    else el.setAttribute(key, value === true ? '' : String(value));
  }
  append(el, children);
  return el;
}

/** append adds children to el: nodes as they are, anything else as text. */
export function append(el, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** replace puts children in place of all that el holds. */
export function replace(el, ...children) {
  el.textContent = '';
  append(el, children);
}

const icons = {
  hash: 'M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16',
  news: 'M4 10v4h3l8 5V5L7 10zM18.5 9a4 4 0 0 1 0 6',
  forum: 'M4 5h12v8H9l-3 3v-3H4zM19 9h1v9h-1v2.5L16.5 18H11v-1.5',
  thread: 'M6 4v8a3 3 0 0 0 3 3h10M15.5 11.5 19 15l-3.5 3.5',
  voice: 'M4 10v4h3l5 4V6l-5 4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  menu: 'M4 6h16M4 12h16M4 18h16',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-4 2.7-6 6-6s6 2 6 6M16 4.5a3.2 3.2 0 0 1 0 6M18 14.5c2 .8 3 2.7 3 5.5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M5 19l1.7-1.7M17.3 6.7 19 5',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  auto: 'M4 5h16v11H4zM9 20h6M12 16v4',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 2.5 4 5.5 4 9s-1 6.5-4 9c-3-2.5-4-5.5-4-9s1-6.5 4-9',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M7 9.5l5 5 5-5',
  out: 'M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9',
  reply: 'M5 19v-5a5 5 0 0 1 5-5h9M15 5l4 4-4 4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  id: 'M3 6h18v12H3zM7 10v4M11 10v4h1.5a2 2 0 0 0 0-4z',
  pin: 'M9 3h6l-1 6 4 4H6l4-4zM12 13v8',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  box: 'M3 5h18v4H3zM5 9v10h14V9M10 13h4',
  at: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM16 8v5.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7.1',
  send: 'M4 12 20 4l-5 16-3.5-6.5z',
  down: 'M12 5v13M6 12.5l6 6 6-6',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15 9.2h.01',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  quiet: 'M6 16h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v3.5zM10 19h4M4 4l16 16',
  warn: 'M12 4 2.5 20h19zM12 10v4.5M12 17.3v.2',
};

/** icon draws one of the line icons; it is decoration for assistive tools. */
export function icon(name, cls = 'icon') {
  const svg = document.createElementNS(svgNS, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', cls);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svgNS, 'path');
  path.setAttribute('d', icons[name] ?? icons.hash);
  svg.append(path);
  return svg;
}

/** botMark draws the attaché case, the face of the bot. */
export function botMark() {
  const svg = document.createElementNS(svgNS, 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('aria-hidden', 'true');
  const shapes = [
    ['path', { d: 'M12 11.5V9.8A1.8 1.8 0 0 1 13.8 8h4.4A1.8 1.8 0 0 1 20 9.8v1.7', class: 'mark-line' }],
    ['rect', { x: 6.5, y: 11.5, width: 19, height: 12.5, rx: 2.5, class: 'mark-body' }],
    ['path', { d: 'M6.5 17h19', class: 'mark-cut' }],
    ['rect', { x: 14, y: 15.2, width: 4, height: 3.6, rx: 1, class: 'mark-lock' }],
  ];
  for (const [tag, attrs] of shapes) {
    const el = document.createElementNS(svgNS, tag);
    for (const [k, v] of Object.entries(attrs)) el.setAttribute(k, v);
    svg.append(el);
  }
  return svg;
}

/** initials gives one or two letters for a name. */
export function initials(name) {
  const words = String(name ?? '').trim().split(/[\s_.-]+/u).filter(Boolean);
  const first = (word) => [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)][0]?.segment ?? '';
  return words.slice(0, 2).map(first).join('').toUpperCase() || '?';
}

/** avatar draws a user: the case for a bot, coloured initials for a person. */
export function avatar(user, cls = 'avatar') {
  const id = String(user?.id ?? '');
  let sum = 0;
  for (const ch of id) sum = (sum * 31 + ch.codePointAt(0)) % 9973;
  return h('span', { class: `${cls} tint-${sum % 6}${user?.bot ? ' is-bot' : ''}`, 'aria-hidden': 'true' },
    user?.bot ? botMark() : initials(nameOf(user)));
}

/** nameOf gives the name that Discord would show for a user. */
export function nameOf(user) {
  return user?.global_name || user?.username || 'unknown user';
}

/** bdi isolates a name, so that its direction cannot reorder its neighbours. */
export function bdi(text, cls) {
  return h('bdi', { class: cls }, text);
}

/** webURL gives the address as a URL if it is http or https, else null. */
export function webURL(address) {
  try {
    const url = new URL(String(address));
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

/** link makes a link to a web address, or a plain span when it is none. */
export function link(address, props, ...children) {
  const url = webURL(address);
  if (!url) return h('span', { class: props?.class }, ...children);
  return h('a', { title: url.href, ...props, href: url.href, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

/** colour turns Discord's number into a CSS colour, or null. */
export function colour(number) {
  if (!Number.isInteger(number) || number < 0 || number > 0xffffff) return null;
  return `#${number.toString(16).padStart(6, '0')}`;
}
