// The list of messages: rows kept by id, scrolling, older pages, new ones.

import { bdi, h, icon, replace } from './dom.js';
import { channelIcon } from './components.js';
import { grouped, newDay, row, separator, summaryOf, waitingRow } from './message.js';
import { compareIDs, isForum } from './store.js';

const bottomSlack = 48; // px from the end that still count as the end
const loadAhead = 320; // px from the start at which an older page is loaded

/** Timeline shows the open channel. `on`: act, older, open, seen. */
export class Timeline {
  constructor(store, refs, on) {
    Object.assign(this, { store, refs, on });
    this.scroller = document.getElementById('scroller');
    this.list = document.getElementById('messages');
    this.history = document.getElementById('history');
    this.pill = document.getElementById('pill');
    this.live = document.getElementById('live');
    this.rows = new Map(); // message id → {message, mark, el}
    this.failures = new Map(); // message id → what went wrong with a press
    this.stuck = true;
    this.end = { top: 0, height: 0 }; // where the view was last put to the end
    this.fresh = 0;
    this.queued = false;
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.pill.addEventListener('click', () => this.toBottom(true));
    const resized = new ResizeObserver(() => this.stuck && this.toBottom());
    resized.observe(this.list);
    resized.observe(this.scroller);
    store.on('messages', (id) => id === store.channelID && this.queue());
    store.on('place', () => this.enter());
    store.on('state', () => {
      // Rows show names; redrawing them for less would close what is open in them.
      const names = store.names();
      if (names !== this.names) this.rows.clear();
      this.names = names;
      this.queue();
    });
  }

  enter() {
    this.rows.clear();
    replace(this.list);
    this.stuck = true;
    this.end = { top: 0, height: 0 };
    this.fresh = 0;
    this.render();
  }

  // queue draws once for all changes of one turn.
  queue() {
    if (this.queued) return;
    this.queued = true;
    queueMicrotask(() => {
      this.queued = false;
      this.render();
    });
  }

  render() {
    const channel = this.store.channel();
    this.scroller.setAttribute('aria-label', channel ? `Messages in ${channel.name}` : 'Messages');
    // A reader may have scrolled away with the event for it still to come.
    const s = this.scroller;
    if (this.stuck && s.scrollHeight >= this.end.height && s.scrollTop + bottomSlack < this.end.top) this.stuck = false;
    const held = this.hold();
    this.place(channel && isForum(channel) ? this.posts(channel) : this.messages());
    this.drawHistory(channel);
    if (this.stuck) this.toBottom();
    else this.restore(held);
    this.drawPill();
    this.checkOlder();
  }

  messages() {
    const out = [];
    const list = this.store.visible();
    const kept = new Set();
    list.forEach((message, i) => {
      const before = list[i - 1];
      if (newDay(message, before)) out.push(separator(message));
      out.push(this.row(message, before));
      kept.add(message.id);
    });
    for (const id of this.rows.keys()) if (!kept.has(id)) this.rows.delete(id);
    for (const item of this.store.waiting.filter((w) => w.channelID === this.store.channelID)) {
      out.push(waitingRow(item, {
        me: this.store.me, bot: this.store.state.bot?.user,
        dismiss: () => {
          this.store.waiting = this.store.waiting.filter((w) => w !== item);
          this.queue();
        },
      }));
    }
    return out;
  }

  row(message, before) {
    const continued = grouped(message, before);
    const failure = this.failures.get(message.id);
    const mark = `${continued}|${failure ?? ''}`;
    const old = this.rows.get(message.id);
    if (old && old.message === message && old.mark === mark) return old.el;
    const el = row(message, {
      continued, failure, refs: this.refs, mentioned: this.store.mentionsMe(message),
      reference: this.store.log().messages.find((m) => m.id === message.message_reference?.message_id),
      on: {
        act: (m, c, values) => this.act(m, c, values),
        dismiss: (m) => this.dismiss(m),
        jump: (id) => this.jump(id),
      },
    });
    if (old) keepFocus(old.el, el);
    this.rows.set(message.id, { message, mark, el });
    return el;
  }

  async act(message, component, values) {
    this.failures.delete(message.id);
    const failure = await this.on.act(message, component, values);
    if (failure) this.failures.set(message.id, failure);
    this.queue();
  }

  dismiss(message) {
    this.store.dismissed.add(message.id);
    this.queue();
    document.getElementById('composer-input')?.focus();
  }

  // place makes the list hold exactly these elements, moving as few as it can.
  place(elements) {
    let at = this.list.firstChild;
    for (const el of elements) {
      if (el === at) at = at.nextSibling;
      else this.list.insertBefore(el, at);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    for (const el of elements) if (el.dataset.focus) restoreFocus(el);
  }

  // posts lists the threads of a forum.
  posts(forum) {
    return this.store.channels().filter((c) => c.parent_id === forum.id).sort((a, b) => compareIDs(b.id, a.id)).map((c) => h('li', { class: 'post' },
      h('button', { type: 'button', class: 'post-open', on: { click: () => this.on.open(c.id) } },
        icon(channelIcon(c)), h('span', { class: 'post-name' }, bdi(c.name)), this.store.unread.has(c.id) && h('span', { class: 'post-new' }, 'New'))));
  }

  drawHistory(channel) {
    const log = this.store.log();
    if (!channel) replace(this.history, welcome('hash', 'No channel', 'There is no channel here that this user may see.'));
    else if (isForum(channel)) replace(this.history, welcome('forum', channel.name, channel.topic || 'Each post is a thread of its own.'));
    else if (log.error) {
      replace(this.history, h('div', { class: 'history-error', role: 'alert' }, log.error, ' ',
        h('button', { class: 'btn secondary', type: 'button', on: { click: () => this.on.older(true) } }, 'Try again')));
    } else if (log.complete) {
      replace(this.history, welcome(channelIcon(channel), `Welcome to #${channel.name}`,
        'This is the start of the channel. Alerts appear here as they happen; type / below to see what the bot can do.'));
    } else replace(this.history, h('div', { class: 'skeletons', 'aria-label': 'Loading messages' }, ...Array.from({ length: 3 }, () => h('div', { class: 'skeleton' }))));
  }

  // hold notes which row is at the top, to find it there again.
  hold() {
    const top = this.scroller.scrollTop;
    for (const el of this.list.children) {
      if (el.dataset.id && el.offsetTop + el.offsetHeight > top) return { id: el.id, offset: el.offsetTop - top };
    }
    return null;
  }

  restore(held) {
    const el = held && document.getElementById(held.id);
    if (el) this.scroller.scrollTop = el.offsetTop - held.offset;
  }

  scrolled() {
    const s = this.scroller;
    this.stuck = s.scrollHeight - s.scrollTop - s.clientHeight < bottomSlack;
    if (this.stuck && this.fresh) {
      this.fresh = 0;
      this.on.seen();
    }
    this.drawPill();
    this.checkOlder();
  }

  checkOlder() {
    const log = this.store.log();
    if (log.loaded && !log.complete && !log.loading && !log.error && this.scroller.scrollTop < loadAhead) this.on.older(false);
  }

  toBottom(seen = false) {
    this.stuck = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.end = { top: this.scroller.scrollTop, height: this.scroller.scrollHeight };
    if (!seen && !this.fresh) return;
    this.fresh = 0;
    this.on.seen();
    this.drawPill();
  }

  drawPill() {
    this.pill.hidden = this.stuck;
    if (this.stuck) return;
    const words = this.fresh === 0 ? 'To the newest messages' : this.fresh === 1 ? '1 new message' : `${this.fresh} new messages`;
    this.pill.classList.toggle('quiet', this.fresh === 0);
    if (this.pill.dataset.words !== words) replace(this.pill, words, icon('down'));
    this.pill.dataset.words = words;
  }

  /** announce takes a message that has just arrived in the open channel. */
  announce(message) {
    if (!this.stuck) this.fresh++;
    this.live.append(h('p', null, summaryOf(message, this.refs)));
    while (this.live.childElementCount > 5) this.live.firstChild.remove();
    this.drawPill();
  }

  jump(id) {
    const el = document.getElementById(`m-${id}`);
    if (!el) return;
    this.stuck = false;
    el.scrollIntoView({ block: 'center' });
    el.classList.remove('flash');
    void el.offsetWidth; // restarts the animation
    el.classList.add('flash');
  }
}

function welcome(name, title, words) {
  return h('div', { class: 'welcome' }, h('span', { class: 'welcome-icon' }, icon(name)), h('h2', { dir: 'auto' }, title), h('p', { dir: 'auto' }, words));
}

// A redrawn row takes over the focus from the one that it replaces.
function keepFocus(old, el) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  if (focused) el.dataset.focus = focused.dataset.key ?? '*';
}

function restoreFocus(el) {
  const key = el.dataset.focus;
  delete el.dataset.focus;
  const match = [...el.querySelectorAll('[data-key]')].find((x) => x.dataset.key === key && !x.disabled);
  (match ?? el.querySelector('button:not([disabled]), a'))?.focus({ preventScroll: true });
}
