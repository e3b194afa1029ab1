// The list of messages: rows kept by id, scrolling, older pages, new ones.

import { h, icon, nameOf, replace } from './dom.js';
import { channelIcon } from './components.js';
import { grouped, newDay, newLine, row, separator, summaryOf, waitingRow } from './message.js';
import { posts, tagBar } from './posts.js';
import { compareIDs, isForum, isThread, kind } from './store.js';

const bottomSlack = 48; // px from the end that still count as the end
const loadAhead = 320; // px from the start at which an older page is loaded

/** Timeline shows the open channel. `on`: act, older, open, seen, find, menu. */
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
    this.line = null; // id of the last message above the line of the new ones
    this.tag = ''; // of the posts that are shown, in a forum
    this.queued = false;
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.scroller.addEventListener('keydown', (e) => this.key(e));
    this.scroller.addEventListener('keyup', () => this.keyUp());
    document.addEventListener('visibilitychange', () => !document.hidden && this.stuck && this.on.seen());
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
    this.tag = '';
    this.line = this.store.unread.has(this.store.channelID) ? this.store.marks.get(this.store.channelID) ?? null : null;
    this.render();
  }

  /** redraw draws all rows again, for a new day. */
  redraw() {
    this.rows.clear();
    this.queue();
  }

  // queue draws once for all changes of one frame. A page that is hidden has no
  // frames.
  queue() {
    if (this.queued) return;
    this.queued = true;
    const draw = () => {
      if (this.queued) this.render();
    };
    if (document.hidden) setTimeout(draw);
    else requestAnimationFrame(draw);
  }

  render() {
    this.queued = false;
    const channel = this.store.channel();
    this.scroller.setAttribute('aria-label', channel ? `Messages in ${channel.name}` : 'Messages');
    this.scroller.classList.toggle('forum', Boolean(channel && isForum(channel)));
    // A reader may have scrolled away with the event for it still to come.
    const s = this.scroller;
    if (this.stuck && s.scrollHeight >= this.end.height && s.scrollTop + bottomSlack < this.end.top) this.stuck = false;
    const held = this.stuck ? null : this.hold();
    this.place(channel && isForum(channel) ? posts(this.store, channel, this.tag, this.on.open) : this.messages());
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
    let old = this.line !== null;
    list.forEach((message, i) => {
      const before = list[i - 1];
      if (newDay(message, before)) out.push(separator(message));
      const lined = old && compareIDs(message.id, this.line) > 0;
      if (lined) out.push(newLine());
      old &&= !lined;
      out.push(this.row(message, lined ? undefined : before));
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
    const begun = this.store.channel(message.id) ?? message.thread;
    const thread = begun?.id === this.store.channelID ? null : begun; // the first message of a post has its id
    const mark = `${continued}|${failure ?? ''}|${thread?.name ?? ''}|${thread?.message_count ?? ''}`;
    const old = this.rows.get(message.id);
    if (old && old.message === message && old.mark === mark) return old.el;
    const el = row(message, {
      continued, failure, thread, refs: this.refs, mentioned: this.store.mentionsMe(message),
      reference: this.store.log().messages.find((m) => m.id === message.message_reference?.message_id),
      on: {
        act: (m, c, values) => this.act(m, c, values),
        dismiss: (m) => this.dismiss(m),
        jump: (id) => this.jump(id),
        open: (id) => this.on.open(id),
        menu: (m, anchor) => this.on.menu(m, anchor),
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
    const kept = new Set(elements);
    for (const el of [...this.list.children]) if (!kept.has(el)) el.remove();
    let at = this.list.firstChild;
    for (const el of elements) {
      if (el === at) at = at.nextSibling;
      else this.list.insertBefore(el, at);
    }
    for (const el of elements) if (el.dataset.focus) restoreFocus(el);
  }

  // key walks through the messages with the arrows and opens their menus.
  key(e) {
    const rows = [...this.list.querySelectorAll(':scope > .msg, :scope > .post .post-open')];
    const at = rows.indexOf(document.activeElement);
    if ((at < 0 && document.activeElement !== this.scroller) || rows.length === 0) return;
    const to = { ArrowUp: at < 0 ? rows.length - 1 : at - 1, ArrowDown: at < 0 ? rows.length - 1 : at + 1, Home: 0, End: rows.length - 1 }[e.key];
    if (to !== undefined) rows[Math.min(Math.max(to, 0), rows.length - 1)].focus();
    else if (at >= 0 && rows[at].matches('.msg') && (e.key === 'Enter' || (e.key === 'F10' && e.shiftKey))) this.pressed = rows[at];
    else return;
    e.preventDefault();
  }

  // keyUp opens the menu: not sooner, or the same key would press what is in it.
  keyUp() {
    if (this.pressed && this.pressed === document.activeElement) this.pressed.querySelector('.msg-more')?.click();
    this.pressed = null;
  }

  drawHistory(channel) {
    const log = this.store.log();
    if (!channel) replace(this.history, welcome('hash', 'No channel', 'There is no channel here that this user may see.'));
    else if (isForum(channel)) {
      const bar = tagBar(channel, this.tag, (tag) => {
        this.tag = tag;
        this.render();
        this.history.querySelector('[aria-pressed="true"]')?.focus();
      });
      replace(this.history, welcome('forum', channel.name, channel.topic || 'Each post is a thread of its own.'), bar);
    } else if (log.error) {
      replace(this.history, h('div', { class: 'history-error', role: 'alert' }, log.error, ' ',
        h('button', { class: 'btn secondary', type: 'button', on: { click: () => this.on.older(true) } }, 'Try again')));
    } else if (log.complete) replace(this.history, welcome(channelIcon(channel), ...this.greeting(channel)));
    else replace(this.history, h('div', { class: 'skeletons', 'aria-label': 'Loading messages' }, ...Array.from({ length: 3 }, () => h('div', { class: 'skeleton' }))));
  }

  greeting(channel) {
    if (channel.type === kind.dm) return [channel.name, `This is the beginning of your direct messages with ${channel.name}.`];
    if (isThread(channel)) {
      const starter = this.refs.user(channel.owner_id);
      return [channel.name, `${starter ? `Started by ${nameOf(starter)}` : 'A thread'} in #${this.store.channel(channel.parent_id)?.name ?? 'a channel'}.`];
    }
    return [`Welcome to #${channel.name}`, 'This is the start of the channel. Alerts appear here as they happen; type / below to see what the bot can do.'];
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
    const atEnd = s.scrollHeight - s.scrollTop - s.clientHeight < bottomSlack;
    // A picture that arrived may have moved the end away from who was there.
    const grown = this.stuck && !atEnd && s.scrollTop >= this.end.top - 1 && s.scrollHeight > this.end.height;
    this.stuck = atEnd || grown;
    if (grown) this.toBottom();
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

  /** announce takes a message that has just arrived in the open channel. Who is
   * away finds a line below `before`, the last message that was there. */
  announce(message, before) {
    if (before && !this.store.unread.has(this.store.channelID)) this.line = before;
    if (!this.stuck) this.fresh++;
    this.live.append(h('p', null, summaryOf(message, this.refs)));
    while (this.live.childElementCount > 5) this.live.firstChild.remove();
    this.drawPill();
  }

  async jump(id) {
    this.stuck = false;
    if (!document.getElementById(`m-${id}`)) {
      if (!(await this.on.find(id))) return;
      this.render();
    }
    const el = document.getElementById(`m-${id}`);
    if (!el) return;
    el.scrollIntoView({ block: 'center' });
    el.focus({ preventScroll: true });
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
