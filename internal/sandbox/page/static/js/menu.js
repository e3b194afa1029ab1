// The menu of a message or a user: reply, copy, and the commands of apps.

import { avatar, h, icon, nameOf } from './dom.js';
import { commandKind, flag, pinNotice } from './store.js';

const gap = 6; // px between the menu and the edge of the window

let close = () => {};

/**
 * appsMenu opens the menu of a message or a user at an element. `run(command,
 * targetID)` uses a command; `reply()` begins an answer; `pin()` pins or unpins.
 */
export function appsMenu(anchor, store, { message, user, run, reply, pin }) {
  const target = message ?? user;
  const direct = message && !((message.flags ?? 0) & flag.ephemeral);
  const apps = !message || direct ? store.commands(message ? commandKind.message : commandKind.user) : [];
  const bot = store.state.bot?.user;
  const items = [
    direct && reply && store.mayWrite(store.channel()) && item(icon('reply'), 'Reply', reply),
    direct && pin && message.type !== pinNotice && store.mayPin(store.channel()) && item(icon('pin'), message.pinned ? 'Unpin message' : 'Pin message', pin),
    message?.content && item(icon('copy'), 'Copy text', () => copy(message.content)),
    item(icon('id'), message ? 'Copy message ID' : 'Copy user ID', () => copy(target.id)),
  ].filter(Boolean);
  const title = apps.length > 0 && h('div', { class: 'menu-title', id: 'menu-apps' }, 'Apps');
  const list = apps.map((c) => item(avatar(bot, 'avatar tiny'), c.label, () => run(c, target.id)));
  open(anchor, `Actions for ${message ? `the message of ${nameOf(message.author)}` : nameOf(user)}`, [items, title, title && h('div', { role: 'group', 'aria-labelledby': 'menu-apps' }, list)]);
}

function item(mark, words, act) {
  return h('button', { class: 'menu-item', type: 'button', role: 'menuitem', tabindex: -1, on: { click: () => { close(); act(); } } }, mark, h('bdi', null, words));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // The browser may forbid it; nothing was promised.
  }
}

// open shows the menu; only one is open at a time.
function open(anchor, label, children) {
  close();
  const box = h('div', { class: 'menu', role: 'menu', 'aria-label': label, popover: 'manual' }, children);
  const outside = (e) => !box.contains(e.target) && close();
  close = () => {
    close = () => {};
    for (const event of ['pointerdown', 'resize', 'wheel']) window.removeEventListener(event, outside, true);
    const inside = box.contains(document.activeElement);
    box.remove();
    anchor.setAttribute('aria-expanded', 'false');
    if (inside) anchor.focus({ preventScroll: true });
  };
  box.addEventListener('keydown', (e) => key(e, box));
  document.body.append(box);
  box.showPopover();
  place(box, anchor);
  anchor.setAttribute('aria-expanded', 'true');
  for (const event of ['pointerdown', 'resize', 'wheel']) window.addEventListener(event, outside, true);
  box.querySelector('button').focus({ preventScroll: true });
}

function place(box, anchor) {
  const a = anchor.getBoundingClientRect();
  const b = box.getBoundingClientRect();
  const below = a.bottom + b.height + gap < innerHeight;
  box.style.top = `${Math.max(gap, below ? a.bottom : Math.min(a.top, innerHeight - gap) - b.height)}px`;
  box.style.left = `${Math.max(gap, Math.min(a.right - b.width, innerWidth - b.width - gap))}px`;
}

function key(e, box) {
  const list = [...box.querySelectorAll('button')];
  const at = list.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + list.length, Home: 0, End: list.length - 1 }[e.key];
  if (to !== undefined) list[to % list.length].focus();
  else if (e.key === 'Escape' || e.key === 'Tab') close();
  else return;
  e.preventDefault();
  e.stopPropagation();
}
