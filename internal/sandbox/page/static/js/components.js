// Message components: rows of buttons and selects, and the second generation.

import { avatar, bdi, colour, h, icon, link, nameOf } from './dom.js';
import { fileCard, picture } from './embeds.js';
import { rich, spoiler } from './markup.js';
import { pick } from './picker.js';
import { isThread, kind } from './store.js';

const buttonClass = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'secondary', 6: 'secondary' };
const deepest = 8;

/** Types of components, https://docs.discord.com/developers/components/reference. */
export const part = {
  row: 1, button: 2, strings: 3, input: 4, users: 5, roles: 6, mentionables: 7, channels: 8,
  section: 9, text: 10, thumbnail: 11, gallery: 12, file: 13, separator: 14, container: 17,
  label: 18, upload: 19, radios: 21, checks: 22, check: 23,
};

/** isSelect tells whether a component is one of the selects. */
export const isSelect = (c) => c.type === part.strings || (c.type >= part.users && c.type <= part.channels);

/**
 * components renders what a message has of them. `act(component, values)` sends
 * a press and resolves when its fate is known.
 */
export function components(message, refs, act) {
  const context = { message, refs, act };
  return (message.components ?? []).map((c) => component(c, context, 0));
}

function component(c, context, depth) {
  if (!c || depth > deepest) return null;
  const inner = () => (c.components ?? []).map((x) => component(x, context, depth + 1));
  if (isSelect(c)) return select(c, context);
  switch (c.type) {
    case part.row: return h('div', { class: 'row' }, inner());
    case part.button: return button(c, context);
    case part.text: return h('div', { class: 'rich v2-text' }, rich(c.content, context.refs));
    case part.section: return h('div', { class: 'v2-section' }, h('div', { class: 'v2-words' }, inner()), component(c.accessory, context, depth + 1));
    case part.thumbnail: return hidden(c, picture(mediaOf(c), context.message, 'embed-thumb', c.description));
    case part.gallery: return gallery(c, context);
    case part.file: return hidden(c, fileCard(fileOf(c, context.message), context.message));
    case part.separator: return h('div', { class: `v2-gap${c.spacing === 2 ? ' wide' : ''}${c.divider === false ? '' : ' line'}`, role: c.divider === false ? null : 'separator' });
    case part.container: return container(c, inner());
    default: return h('div', { class: 'v2-unknown' }, `A component of type ${Number(c.type)} cannot be shown here.`);
  }
}

function hidden(c, el) {
  return c.spoiler && el ? spoiler([el]) : el;
}

function mediaOf(c) {
  return { ...c.media, description: c.description };
}

function fileOf(c, message) {
  const name = String(c.file?.url ?? '').replace('attachment://', '');
  return message.attachments?.find((a) => a.filename === name) ?? { filename: name.split('/').at(-1), url: c.file?.url, size: c.size };
}

function container(c, children) {
  const bar = colour(c.accent_color);
  const el = h('div', { class: `v2-box${bar ? ' barred' : ''}`, style: bar ? { '--bar': bar } : null }, children);
  return hidden(c, el);
}

function gallery(c, context) {
  const items = (c.items ?? []).slice(0, 10);
  return h('div', { class: `v2-gallery n${Math.min(items.length, 4)}` },
    items.map((item) => hidden(item, picture(mediaOf(item), context.message, 'v2-picture', item.description))));
}

/** emojiText gives what stands for an emoji: itself, or the name of a custom one. */
export function emojiText(emoji) {
  if (!emoji?.name) return null;
  return h('span', { class: 'emoji', 'aria-hidden': 'true' }, emoji.id ? `:${emoji.name}:` : emoji.name);
}

function button(c, context) {
  const words = [emojiText(c.emoji), c.label && h('span', { dir: 'auto' }, c.label)];
  const cls = `btn ${buttonClass[c.style] ?? 'secondary'}`;
  if (c.style === 5) return link(c.url, { class: cls }, words, icon('out'));
  const el = h('button', {
    class: cls, type: 'button', disabled: Boolean(c.disabled) || c.style === 6, 'data-key': c.custom_id,
    'aria-label': c.label ? null : c.emoji?.name || 'Button',
    on: { click: () => press(el, () => context.act(c)) },
  }, words);
  return el;
}

// press shows that something is under way, and keeps a second press away.
async function press(el, act) {
  if (el.getAttribute('aria-busy') === 'true') return;
  el.setAttribute('aria-busy', 'true');
  try {
    await act();
  } finally {
    el.removeAttribute('aria-busy');
  }
}

function select(c, context) {
  const chosen = new Set(defaults(c));
  const el = h('button', {
    class: 'select', type: 'button', disabled: Boolean(c.disabled), 'data-key': c.custom_id, 'aria-haspopup': 'listbox', 'aria-expanded': 'false',
    on: {
      click: async () => {
        const picked = await choose(el, c, [...chosen], context.refs);
        if (!picked) return;
        chosen.clear();
        for (const value of picked) chosen.add(value);
        fill(el, c, chosen, context.refs);
        press(el, () => context.act(c, picked));
      },
    },
  });
  fill(el, c, chosen, context.refs);
  return el;
}

/** choose opens the list of a select and resolves to the values, or null. */
export function choose(anchor, c, chosen, refs) {
  const items = selectItems(c, refs);
  return pick(anchor, {
    label: c.placeholder || 'Make a selection', items, chosen,
    min: c.min_values ?? 1, max: Math.min(c.max_values ?? 1, Math.max(items.length, 1)),
  });
}

/** fill writes a select's present choice on its button. */
export function fill(el, c, chosen, refs) {
  const names = selectItems(c, refs).filter((i) => chosen.has(i.key)).map((i) => i.name);
  el.textContent = '';
  el.append(
    h('span', { class: names.length ? 'select-value' : 'select-empty', dir: 'auto' }, names.length ? names.join(', ') : c.placeholder || 'Make a selection'),
    icon('chevron'));
}

/** defaults gives the values that a select starts with. */
export function defaults(c) {
  if (c.type === part.strings) return (c.options ?? []).filter((o) => o.default).map((o) => o.value);
  return (c.default_values ?? []).map((d) => d.id);
}

function selectItems(c, refs) {
  switch (c.type) {
    case part.strings: return (c.options ?? []).map((o) => ({ key: o.value, name: o.label, label: o.label, detail: o.description, mark: emojiText(o.emoji) }));
    case part.users: return userItems(refs);
    case part.roles: return roleItems(refs);
    case part.mentionables: return [...userItems(refs), ...roleItems(refs)];
    default: return channelItems(refs, c.channel_types);
  }
}

/** userItems lists the members of the open guild. */
export function userItems(refs) {
  return refs.members().map((m) => ({ key: m.user.id, name: nameOf(m.user), label: bdi(nameOf(m.user)), detail: m.user.username, mark: avatar(m.user, 'avatar tiny') }));
}

/** roleItems lists the roles of the open guild, @everyone last. */
export function roleItems(refs) {
  return refs.roles().map((r) => ({
    key: r.id, name: r.name, label: bdi(r.name.startsWith('@') ? r.name : `@${r.name}`),
    mark: h('span', { class: 'role-dot', style: { '--role': colour(r.color) ?? 'currentColor' } }),
  }));
}

/** channelItems lists the channels of the open guild that fit the types. */
export function channelItems(refs, types) {
  return refs.channels()
    .filter((c) => c.type !== kind.dm && (types?.length ? types.includes(c.type) : c.type !== kind.category))
    .map((c) => ({ key: c.id, name: c.name, label: bdi(c.name), detail: refs.channel(c.parent_id)?.name, mark: icon(channelIcon(c)) }));
}

/** channelIcon names the icon of a channel. */
export function channelIcon(c) {
  if (isThread(c)) return 'thread';
  if (c.type === kind.dm) return 'at';
  if (c.type === kind.news) return 'news';
  if (c.type === kind.forum || c.type === kind.media) return 'forum';
  return c.type === kind.voice || c.type === kind.stage ? 'voice' : 'hash';
}
