// The frame around the parts: drawers, themes, notices, shortcuts, the title.

import { h, icon, nameOf, replace } from './dom.js';

const el = (id) => document.getElementById(id);
const narrow = matchMedia('(max-width: 760px)');
const roomy = matchMedia('(min-width: 1100px)');

/** setUpShell wires the frame and gives what the other parts call of it. */
export function setUpShell(store) {
  const app = el('app');
  let failure = '';

  const drawer = (name) => {
    app.dataset.drawer = name;
    el('scrim').hidden = name === '';
    setInert();
  };
  // A closed drawer must not take the focus.
  const setInert = () => {
    const open = app.dataset.drawer ?? '';
    el('nav').inert = narrow.matches && open !== 'nav';
    document.querySelector('.main').inert = open === 'nav';
  };
  const closeDrawers = () => {
    const open = app.dataset.drawer;
    if (!open) return;
    drawer('');
    el(open === 'nav' ? 'nav-button' : 'members-button')?.focus();
  };
  const toggleNav = () => {
    drawer(app.dataset.drawer === 'nav' ? '' : 'nav');
    (el('channels').querySelector('.here') ?? el('rail').querySelector('button'))?.focus();
  };
  const toggleMembers = () => {
    if (roomy.matches) app.classList.toggle('no-members');
    else {
      drawer(app.dataset.drawer === 'members' ? '' : 'members');
      if (app.dataset.drawer) el('members').focus();
    }
  };
  const nextTheme = () => {
    const next = { dark: 'light', light: '' }[document.documentElement.dataset.theme] ?? 'dark';
    if (next) document.documentElement.dataset.theme = next;
    else delete document.documentElement.dataset.theme;
    try {
      if (next) localStorage.setItem('attache.theme', next);
      else localStorage.removeItem('attache.theme');
    } catch {
      // Without storage the choice holds for this visit.
    }
  };
  const drawNotice = () => {
    const bot = store.state.bot;
    const words = failure || (store.me && bot && !bot.online ? `${nameOf(bot.user)} is offline: commands find no answer until it is back.` : '');
    el('notice').hidden = !words;
    if (words) replace(el('notice'), icon('warn'), h('span', null, words));
  };
  const drawTitle = () => {
    let mentions = 0;
    let unread = false;
    for (const u of store.unread.values()) {
      mentions += u.mentions;
      unread = true;
    }
    const mark = mentions ? `(${mentions}) ` : unread ? '• ' : '';
    const channel = store.channel();
    document.title = `${mark}${channel ? `#${channel.name} · ` : ''}Attaché sandbox`;
  };
  const drawTyping = () => {
    const here = store.typing.has(store.channelID);
    replace(el('typing'), here && [h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), `${nameOf(store.state.bot?.user)} is typing…`]);
  };

  el('scrim').addEventListener('click', closeDrawers);
  narrow.addEventListener('change', () => drawer(''));
  roomy.addEventListener('change', () => drawer(''));
  document.addEventListener('keydown', (e) => shortcut(e, store, closeDrawers));
  for (const topic of ['state', 'place', 'unread']) store.on(topic, drawTitle);
  for (const topic of ['state', 'connection']) store.on(topic, drawNotice);
  for (const topic of ['typing', 'place']) store.on(topic, drawTyping);
  setInert();
  return {
    closeDrawers, toggleNav, toggleMembers, nextTheme,
    fail: (words) => {
      failure = words;
      drawNotice();
    },
  };
}

// isLetter tells whether a key writes something. A space scrolls or presses.
function isLetter(e) {
  return [...e.key].length === 1 && e.key !== ' ' && !e.altKey && !document.querySelector('[popover]');
}

// shortcut: / and letters go to the box, Alt with the arrows changes the channel, Escape
// closes a drawer or goes to the newest message.
function shortcut(e, store, closeDrawers) {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || document.querySelector('dialog[open]')) return;
  const inField = e.target.closest?.('input, textarea, [contenteditable]');
  if (e.key === '/' && !inField && !e.altKey) {
    const box = el('composer-input');
    if (!box || box.disabled) return;
    // An empty box takes the slash itself, as the key's own work.
    if (!box.classList.contains('box-input') || box.value !== '') e.preventDefault();
    box.focus();
  } else if (isLetter(e) && !inField) {
    el('composer-input')?.focus(); // which then takes the letter
  } else if (e.altKey && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
    const list = [...el('channels').querySelectorAll('.channel:not([disabled])')];
    const at = list.findIndex((b) => b.dataset.key === store.channelID);
    const to = list[(at + (e.key === 'ArrowDown' ? 1 : list.length - 1)) % list.length];
    if (!to) return;
    e.preventDefault();
    to.click();
  } else if (e.key === 'Escape') {
    if (el('app').dataset.drawer) closeDrawers();
    else if (!inField && !el('pill').hidden) el('pill').click();
  }
}
