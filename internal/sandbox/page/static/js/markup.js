// Markdown trees to elements.

import { bdi, colour, h, link, nameOf } from './dom.js';
import { parse, parseInline } from './markdown.js';
import { timestamp } from './time.js';

const tags = { bold: 'strong', italic: 'em', underline: 'u', strike: 's', small: 'small', quote: 'blockquote' };

/** rich renders text with blocks. `refs` looks up what mentions name, and says
 * whether @everyone is called. */
export function rich(source, refs) {
  return build(parse(source), refs);
}

/** richInline renders one line: titles, names, labels. */
export function richInline(source, refs) {
  return build(parseInline(source), refs);
}

/** plain gives the words without markup, for live regions and titles. */
export function plain(source, refs) {
  const el = h('div', null, build(parse(source), refs));
  return el.textContent.replace(/\s+/gu, ' ').trim();
}

function build(nodes, refs) {
  return nodes.map((node) => element(node, refs));
}

function element(node, refs) {
  switch (node.type) {
    case 'text': return document.createTextNode(node.text);
    case 'paragraph': return h('div', { class: 'p', dir: 'auto' }, build(node.children, refs));
    case 'heading': return h('div', { class: `h h${node.level}`, role: 'heading', 'aria-level': node.level + 3, dir: 'auto' }, build(node.children, refs));
    case 'small': return h('div', { class: 'small', dir: 'auto' }, build(node.children, refs));
    case 'code': return h('code', { dir: 'ltr' }, node.text);
    case 'fence': return h('pre', { dir: 'ltr', tabindex: 0 }, h('code', { 'data-lang': node.lang || null }, node.text));
    case 'list': return list(node, refs);
    case 'link': return link(node.href, { class: 'link' }, build(node.children, refs));
    case 'spoiler': return spoiler(build(node.children, refs));
    case 'time': return timestamp(node.unix, node.style) ?? document.createTextNode(node.text);
    case 'emoji': return h('span', { class: 'emoji' }, `:${node.name}:`);
    case 'everyone': return refs.everyone ? h('span', { class: 'mention' }, node.text) : document.createTextNode(node.text);
    case 'user': return userMention(node, refs);
    case 'role': return roleMention(node, refs);
    case 'channel': return channelMention(node, refs);
    case 'command': return commandMention(node, refs);
    default: return h(tags[node.type] ?? 'span', { dir: node.type === 'quote' ? 'auto' : null }, build(node.children, refs));
  }
}

function list(node, refs) {
  return h(node.ordered ? 'ol' : 'ul', { start: node.ordered && node.start !== 1 ? node.start : null },
    node.items.map((item) => h('li', { dir: 'auto' }, build(item, refs))));
}

function userMention(node, refs) {
  const user = refs.user?.(node.id);
  if (!user) return h('span', { class: 'mention' }, '@', bdi('unknown user'));
  const el = h('button', { class: 'mention', type: 'button', 'aria-haspopup': 'menu', on: { click: () => refs.userMenu?.(user, el) } }, '@', bdi(nameOf(user)));
  return el;
}

function roleMention(node, refs) {
  const role = refs.role(node.id);
  const tint = colour(role?.color);
  const bare = String(role?.name ?? 'deleted role').replace(/^@/, '');
  return h('span', { class: 'mention', style: tint && role.color > 0 ? { '--role': tint } : null }, '@', bdi(bare));
}

function channelMention(node, refs) {
  const channel = refs.channel(node.id);
  if (!channel) return h('span', { class: 'mention' }, '#', bdi('unknown'));
  return h('button', { class: 'mention', type: 'button', on: { click: () => refs.openChannel(node.id) } }, '#', bdi(channel.name));
}

function commandMention(node, refs) {
  return h('button', { class: 'mention', type: 'button', on: { click: () => refs.useCommand(node.id, node.name) } }, '/', bdi(node.name));
}

/** spoiler hides its content until it is pressed. */
export function spoiler(children) {
  const inner = h('span', { class: 'spoiler-text', inert: true }, children);
  const el = h('span', { class: 'spoiler', role: 'button', tabindex: 0, 'aria-label': 'Spoiler, press to reveal' }, inner);
  const reveal = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    inner.removeAttribute('inert');
    el.classList.add('shown');
    for (const name of ['role', 'tabindex', 'aria-label']) el.removeAttribute(name);
    el.removeEventListener('click', reveal);
    el.removeEventListener('keydown', reveal);
  };
  el.addEventListener('click', reveal);
  el.addEventListener('keydown', reveal);
  return el;
}
