// Forums: the list of their posts, with tags.

import { bdi, h, icon } from './dom.js';
import { compareIDs } from './store.js';
import { timeOf, timestamp } from './time.js';

const pinnedPost = 1 << 1; // flag of a post that stays on top

/** posts lists the posts of a forum, the latest talk first. */
export function posts(store, forum, tag, open) {
  const tags = new Map((forum.available_tags ?? []).map((t) => [t.id, t]));
  const last = (c) => c.last_message_id ?? c.id;
  const top = (c) => ((c.flags ?? 0) & pinnedPost ? 1 : 0);
  return store.channels()
    .filter((c) => c.parent_id === forum.id && (!tag || c.applied_tags?.includes(tag)))
    .sort((a, b) => top(b) - top(a) || compareIDs(last(b), last(a)))
    .map((c) => post(c, (c.applied_tags ?? []).map((id) => tags.get(id)).filter(Boolean), store.unread.has(c.id), open));
}

function post(c, tags, unread, open) {
  const at = timeOf(c.last_message_id ?? c.id);
  const n = c.message_count ?? 0;
  const meta = c.thread_metadata ?? {};
  return h('li', { class: 'post' },
    h('button', { type: 'button', class: 'post-open', on: { click: () => open(c.id) } },
      tags.length > 0 && h('span', { class: 'tags' }, tags.map((t) => h('span', { class: 'tag' }, tagWords(t)))),
      h('span', { class: 'post-name' }, (c.flags ?? 0) & pinnedPost ? icon('pin') : null, meta.locked && icon('lock'), bdi(c.name), unread && h('span', { class: 'post-new' }, 'New')),
      h('span', { class: 'post-foot' }, n === 1 ? '1 message' : `${n} messages`, at && [' · ', timestamp(at / 1000, 'R')], meta.archived && ' · closed')));
}

/** tagBar lets one see the posts of one tag alone. */
export function tagBar(forum, chosen, pick) {
  const tags = forum.available_tags ?? [];
  if (tags.length === 0) return null;
  const button = (id, words) => h('button', { type: 'button', class: 'tag', 'aria-pressed': String(id === chosen), on: { click: () => pick(id) } }, words);
  return h('div', { class: 'tags tag-bar', role: 'group', 'aria-label': 'Posts with the tag' }, button('', 'All'), tags.map((t) => button(t.id, tagWords(t))));
}

function tagWords(t) {
  return [t.emoji_name && h('span', { class: 'emoji', 'aria-hidden': 'true' }, t.emoji_name), ' ', bdi(t.name)];
}
