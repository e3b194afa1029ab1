// One message: its row in the list.

import { append, avatar, bdi, colour, h, icon, nameOf } from './dom.js';
import { attachments, editedMark, embeds } from './embeds.js';
import { components } from './components.js';
import { plain, rich } from './markup.js';
import { flag, pinNotice } from './store.js';
import { dayName, dayNumber, messageTime } from './time.js';

const groupWithin = 7 * 60000; // ms; Discord's own span
const byMenu = 23; // an answer to a command of the Apps menu
const replyTypes = new Set([0, 19, 20, 23, undefined]);

const has = (message, bit) => Boolean((message.flags ?? 0) & bit);

/** grouped tells whether a message continues the one before it. */
export function grouped(message, before) {
  if (!before || message.interaction || message.message_reference || message.interaction_metadata?.name) return false;
  if (before.author?.id !== message.author?.id || before.type === pinNotice) return false;
  if (has(before, flag.ephemeral) !== has(message, flag.ephemeral)) return false;
  const gap = new Date(message.timestamp) - new Date(before.timestamp);
  return gap >= 0 && gap < groupWithin && !newDay(message, before);
}

/** newDay tells whether a day separator stands before a message. */
export function newDay(message, before) {
  const day = dayNumber(new Date(message.timestamp));
  return Number.isFinite(day) && (!before || day !== dayNumber(new Date(before.timestamp)));
}

/** separator draws the line with the date. */
export function separator(message) {
  return h('li', { class: 'day' }, h('span', null, dayName(message.timestamp)));
}

/** newLine draws the line above what was not read yet. */
export function newLine() {
  return h('li', { class: 'new-line', role: 'separator', 'aria-label': 'New messages' }, h('span', { 'aria-hidden': 'true' }, 'New'));
}

/** summaryOf says a message in one line, for the live region. */
export function summaryOf(message, refs) {
  const first = message.embeds?.[0];
  if (message.type === pinNotice) return `${nameOf(message.author)} pinned a message`;
  const words = message.content || first?.title || first?.description || textOf(message.components) || 'a message';
  return `${nameOf(message.author)}: ${plain(words, refs).slice(0, 200)}`;
}

// textOf finds the first text among components.
function textOf(list) {
  for (const c of list ?? []) {
    const found = typeof c?.content === 'string' && c.content ? c.content : textOf(c?.components);
    if (found) return found;
  }
  return '';
}

/**
 * row draws a message. Options: continued (grouped with the one before),
 * mentioned, refs, failure (text of a failed press), reference (the message that
 * it answers), thread (begun at it), on {act, dismiss, jump, open, menu}.
 */
export function row(message, options) {
  return message.type === pinNotice ? pinRow(message, options) : plainRow(message, options);
}

// pinRow tells that a message was pinned.
function pinRow(message, { on }) {
  const id = `m-${message.id}`;
  return h('li', { class: 'msg first notice-row', id, 'data-id': message.id, tabindex: -1, 'aria-labelledby': `${id}-body` },
    h('div', { class: 'msg-grid' }, h('span', { class: 'notice-icon' }, icon('pin')),
      h('div', { class: 'msg-body', id: `${id}-body` }, h('strong', null, bdi(nameOf(message.author))), ' pinned ',
        h('button', { class: 'link-btn', type: 'button', on: { click: () => on.jump(message.message_reference?.message_id) } }, 'a message'),
        ' to this channel. ', messageTime(message.timestamp))));
}

function plainRow(message, { continued, mentioned, refs, failure, reference, thread, on }) {
  const id = `m-${message.id}`;
  const ephemeral = has(message, flag.ephemeral);
  const cls = ['msg', continued ? 'continued' : 'first', ephemeral && 'ephemeral', mentioned && 'mentioned'].filter(Boolean).join(' ');
  const body = h('div', { class: 'msg-body', id: `${id}-body` });
  const more = h('button', {
    class: 'tool msg-more', type: 'button', tabindex: -1, 'aria-label': 'Actions for this message', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'data-key': 'more',
    on: { click: () => on.menu(message, more) },
  }, icon('more'));
  const el = h('li', {
    class: cls, id, 'data-id': message.id, tabindex: -1, 'aria-labelledby': `${id}-body`,
    on: { contextmenu: (e) => menuAt(e, () => on.menu(message, more)) },
  },
  !continued && context(message, reference, refs, on),
  h('div', { class: 'msg-grid' },
    continued ? h('span', { class: 'gutter', 'aria-hidden': 'true' }, messageTime(message.timestamp, true)) : avatar(message.author),
    body),
  more);
  append(body, [
    !continued && head(message, refs),
    content(message, { ...refs, everyone: message.mention_everyone }),
    !has(message, flag.suppressEmbeds) && embeds(message, refs),
    attachments(message),
    h('div', { class: 'parts' }, components(message, refs, (c, values) => on.act(message, c, values))),
    continued && published(message),
    thread && threadCard(thread, on),
    failure && h('div', { class: 'failed', role: 'alert' }, icon('warn'), failure),
    ephemeral && onlyYou(() => on.dismiss(message)),
  ]);
  return el;
}

// menuAt opens the menu on a right click, but for links, whose menu is better.
function menuAt(e, open) {
  if (e.target.closest('a, img, input') || !getSelection().isCollapsed) return;
  e.preventDefault();
  open();
}

function head(message, refs) {
  const author = message.author ?? {};
  const tint = refs.tintOf?.(author.id);
  const name = h('button', {
    class: 'author', type: 'button', tabindex: -1, 'aria-haspopup': 'menu', style: tint ? { '--role': colour(tint) } : null,
    on: { click: () => refs.userMenu?.(author, name) },
  }, bdi(nameOf(author)));
  return h('div', { class: 'msg-head' }, name,
    author.bot && badge(),
    messageTime(message.timestamp),
    published(message),
    message.pinned && h('span', { class: 'silent', title: 'Pinned' }, icon('pin')),
    has(message, flag.silent) && h('span', { class: 'silent', title: 'Sent without a notification' }, icon('quiet')));
}

// published marks what went out to the servers that follow the channel.
function published(message) {
  return has(message, flag.crossposted) && h('span', { class: 'published', title: 'Sent to the servers that follow this channel' }, icon('news'), 'Published');
}

function threadCard(thread, on) {
  const n = thread.message_count ?? 0;
  return h('button', { class: 'thread-card', type: 'button', 'data-key': `thread-${thread.id}`, on: { click: () => on.open(thread.id) } },
    icon('thread'), h('span', { class: 'thread-name' }, bdi(thread.name)),
    h('span', { class: 'thread-count' }, n === 1 ? '1 message' : `${n} messages`, ' ›'));
}

/** badge marks an app among the people. */
export function badge() {
  return h('span', { class: 'badge' }, 'APP');
}

// context is the line above: which command was used, or what is answered.
function context(message, reference, refs, on) {
  const used = message.interaction ?? (message.interaction_metadata?.name ? message.interaction_metadata : null);
  if (used?.name) {
    return h('div', { class: 'above' }, avatar(used.user, 'avatar tiny'),
      h('span', { class: 'above-who' }, bdi(nameOf(used.user))), ' used ', h('span', { class: 'above-cmd' }, message.type === byMenu ? null : '/', bdi(used.name)));
  }
  if (!message.message_reference?.message_id) return null;
  const quoted = message.referenced_message ?? reference;
  const words = quoted ? [h('span', { class: 'above-who' }, bdi(nameOf(quoted.author))), ' ', bdi(plain(quoted.content || quoted.embeds?.[0]?.title || 'a message', refs).slice(0, 120))] : ['a message that is gone or far back'];
  return h('div', { class: 'above' },
    h('button', { class: 'above-jump', type: 'button', on: { click: () => on.jump(message.message_reference.message_id) } }, words));
}

function content(message, refs) {
  if (has(message, flag.loading)) {
    return h('div', { class: 'thinking' }, h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      h('span', null, bdi(nameOf(message.author)), ' is thinking…'));
  }
  const edited = editedMark(message);
  if (!message.content) return edited && h('div', { class: 'lone-edited' }, edited);
  const el = h('div', { class: `rich text${replyTypes.has(message.type) ? '' : ' system'}` }, rich(message.content, refs));
  if (edited) (el.lastElementChild?.matches('.p') ? el.lastElementChild : el).append(' ', edited);
  return el;
}

function onlyYou(dismiss) {
  return h('div', { class: 'only-you' }, icon('eye'), 'Only you can see this · ',
    h('button', { class: 'link-btn', type: 'button', 'data-key': 'dismiss', on: { click: dismiss } }, 'Dismiss message'));
}

/** waitingRow draws a command that was sent and has no answer in the channel. */
export function waitingRow(item, { me, bot, dismiss }) {
  return h('li', { class: `msg first ephemeral${item.failed ? '' : ' sending'}` },
    h('div', { class: 'above' }, avatar(me, 'avatar tiny'), h('span', { class: 'above-who' }, bdi(nameOf(me))), ' used ',
      h('span', { class: 'above-cmd' }, bdi(item.command))),
    h('div', { class: 'msg-grid' }, avatar(bot),
      h('div', { class: 'msg-body' },
        h('div', { class: 'msg-head' }, h('span', { class: 'author' }, bdi(nameOf(bot))), badge(), messageTime(item.time)),
        item.failed
          ? h('div', { class: 'failed', role: 'alert' }, icon('warn'), item.failed)
          : h('div', { class: 'thinking' }, 'Sending command…'),
        item.failed && onlyYou(dismiss))));
}
