// Embeds, attachments and pictures.

import { bdi, colour, h, icon, link, replace, webURL } from './dom.js';
import { rich, richInline } from './markup.js';
import { fullTime, messageTime } from './time.js';

const maxFieldsInRow = 3;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** embeds renders the embeds of a message; one with a known url shows once. */
export function embeds(message, refs) {
  const seen = new Set();
  const list = (message.embeds ?? []).filter((e) => {
    if (!e || (e.url && seen.has(e.url))) return false;
    if (e.url) seen.add(e.url);
    return true;
  });
  return list.map((e) => embed(e, message, refs));
}

function embed(e, message, refs) {
  const bar = colour(e.color);
  const thumb = e.thumbnail?.url && picture(e.thumbnail, message, 'embed-thumb');
  return h('div', { class: `embed${thumb ? ' has-thumb' : ''}`, style: bar ? { '--bar': bar } : null },
    h('div', { class: 'embed-main' },
      e.author?.name && h('div', { class: 'embed-author', dir: 'auto' }, tiny(e.author.icon_url, message), e.author.url ? link(e.author.url, null, bdi(e.author.name)) : bdi(e.author.name)),
      e.title && h('div', { class: 'embed-title', dir: 'auto', role: 'heading', 'aria-level': 3 }, e.url ? link(e.url, { class: 'link' }, richInline(e.title, refs)) : richInline(e.title, refs)),
      e.description && h('div', { class: 'embed-text rich' }, rich(e.description, refs)),
      e.fields?.length > 0 && fields(e.fields, refs)),
    thumb,
    e.image?.url && picture(e.image, message, 'embed-image'),
    (e.footer?.text || e.timestamp) && footer(e, message));
}

// Inline fields stand in rows of up to three; each other field fills its row.
function fields(list, refs) {
  const grid = h('div', { class: 'fields' });
  let row = [];
  const flush = () => {
    for (const f of row) grid.append(field(f, 12 / row.length, refs));
    row = [];
  };
  for (const f of list) {
    if (!f.inline) {
      flush();
      grid.append(field(f, 12, refs));
      continue;
    }
    row.push(f);
    if (row.length === maxFieldsInRow) flush();
  }
  flush();
  return grid;
}

function field(f, span, refs) {
  return h('div', { class: span === 12 ? 'field wide' : 'field', style: { '--span': String(span) } },
    h('div', { class: 'field-name', dir: 'auto' }, richInline(f.name, refs)),
    h('div', { class: 'field-value rich' }, rich(f.value, refs)));
}

function footer(e, message) {
  return h('div', { class: 'embed-footer', dir: 'auto' }, e.footer?.text && tiny(e.footer.icon_url, message),
    e.footer?.text && bdi(e.footer.text),
    e.footer?.text && e.timestamp && h('span', { class: 'dot', 'aria-hidden': 'true' }, ' • '),
    e.timestamp && messageTime(e.timestamp));
}

// tiny shows the icon of an author or a footer, if it is the sandbox's own.
function tiny(url, message) {
  const address = url && resolve(url, message);
  if (!address) return null;
  const img = h('img', { class: 'embed-icon', src: address, alt: '', width: 20, height: 20, decoding: 'async' });
  img.addEventListener('error', () => img.remove());
  return img;
}

/**
 * picture shows an image of the sandbox's own. One from elsewhere is named and
 * linked instead: the page never makes a request to a foreign host.
 */
export function picture(media, message, cls, alt) {
  const address = resolve(media.url, message);
  const label = alt || media.description || '';
  if (!address) {
    const url = webURL(media.url);
    if (!url) return null;
    return link(url.href, { class: `${cls} elsewhere` }, icon('picture'), h('span', null, 'Picture at ', bdi(url.hostname)));
  }
  const img = h('img', {
    src: address, alt: label, loading: 'lazy', decoding: 'async',
    width: media.width > 0 ? media.width : null, height: media.height > 0 ? media.height : null,
    style: media.width > 0 && media.height > 0 ? { '--w': `${Number(media.width)}px`, '--ratio': String(media.width / media.height) } : null,
  });
  const box = h('a', { class: `${cls} shown`, href: address, target: '_blank', rel: 'noopener', 'aria-label': label ? `Picture: ${label}` : 'Open the picture' }, img, label && label !== media.filename && h('span', { class: 'alt', 'aria-hidden': 'true', title: label }, 'ALT'));
  img.addEventListener('error', () => {
    box.classList.add('elsewhere');
    replace(box, icon('picture'), h('span', null, 'Picture not available'));
  });
  return box;
}

// resolve gives the address of a picture on this origin, or "".
function resolve(address, message) {
  let url = String(address ?? '');
  if (url.startsWith('attachment://')) {
    const name = url.slice('attachment://'.length);
    url = message?.attachments?.find((a) => a.filename === name)?.url ?? '';
  }
  try {
    const full = new URL(url, location.origin);
    // The sandbox may name itself otherwise than the reader's address bar does.
    const ours = full.port === location.port && loopback.has(full.hostname) && loopback.has(location.hostname);
    if (!url || !(ours || full.origin === location.origin)) return '';
    return location.origin + full.pathname + full.search;
  } catch {
    return '';
  }
}

/** attachments renders files; those an embed or component shows are left out. */
export function attachments(message) {
  const used = JSON.stringify([message.embeds ?? [], message.components ?? []]);
  return (message.attachments ?? [])
    .filter((a) => !used.includes(`attachment://${a.filename}`) && !(a.url && used.includes(JSON.stringify(a.url))))
    .map((a) => attachment(a, message));
}

function attachment(a, message) {
  if (String(a.content_type ?? '').startsWith('image/') && resolve(a.url, message)) {
    return picture(a, message, 'attached', a.description || a.filename);
  }
  return fileCard(a, message);
}

/** fileCard shows a file with its name and size. */
export function fileCard(a, message) {
  const address = resolve(a.url, message);
  const name = bdi(a.filename ?? 'file');
  return h('div', { class: 'file' }, icon('file'), h('div', null,
    h('div', { class: 'file-name' }, address ? h('a', { class: 'link', href: address, download: a.filename }, name) : name),
    a.size > 0 && h('div', { class: 'file-size' }, size(a.size))));
}

function size(bytes) {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let n = bytes;
  let i = 0;
  for (; n >= 1024 && i < units.length - 1; i++) n /= 1024;
  return `${i === 0 ? n : n.toFixed(1)} ${units[i]}`;
}

/** editedMark says that a message was edited, and when. */
export function editedMark(message) {
  if (!message.edited_timestamp) return null;
  return h('span', { class: 'edited', title: fullTime(message.edited_timestamp) }, '(edited)');
}
