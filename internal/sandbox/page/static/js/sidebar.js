// The columns beside the messages: guilds, channels, account, members; the header.

import { avatar, bdi, h, icon, initials, nameOf, replace } from './dom.js';
import { badge, summaryOf } from './message.js';
import { channelIcon } from './components.js';
import { plain, richInline } from './markup.js';
import { languageItems, languageName } from './language.js';
import { pick } from './picker.js';
import { compareIDs, directID, isForum, isThread, kind } from './store.js';

const byPosition = (a, b) => (a.position ?? 0) - (b.position ?? 0) || compareIDs(a.id, b.id);
const el = (id) => document.getElementById(id);

/** Sidebar draws the columns. `on`: guild, channel, user, language, theme, nav, members. */
export class Sidebar {
  constructor(store, refs, on) {
    Object.assign(this, { store, refs, on });
    for (const topic of ['state', 'place']) store.on(topic, () => this.draw());
    store.on('unread', () => {
      this.drawRail();
      this.drawChannels();
    });
    store.on('connection', () => this.drawHeader());
    for (const id of ['rail', 'channels']) el(id).addEventListener('keydown', (e) => arrows(e, el(id)));
  }

  draw() {
    this.drawRail();
    this.drawChannels();
    this.drawAccount();
    this.drawHeader();
    this.drawMembers();
  }

  drawRail() {
    keepFocus(el('rail'), () => replace(el('rail'), this.store.state.guilds.map((g) => {
      const here = g.id === this.store.guildID;
      const unread = this.unreadIn(g);
      const direct = g.id === directID;
      return h('button', {
        type: 'button', class: `guild${direct ? ' direct' : ''}${here ? ' here' : ''}${unread.any ? ' unread' : ''}`, 'data-key': g.id, title: g.name,
        'aria-label': g.name + (unread.any ? ', unread messages' : ''), 'aria-current': here ? 'true' : null, tabindex: here ? 0 : -1,
        on: { click: () => this.on.guild(g.id) },
      }, h('span', { class: 'guild-face' }, direct ? icon('at') : initials(g.name)), unread.mentions > 0 && h('span', { class: 'count' }, unread.mentions));
    })));
  }

  unreadIn(guild) {
    const sum = { any: false, mentions: 0 };
    for (const c of this.store.channels(guild)) {
      const u = this.store.unread.get(c.id);
      sum.any ||= Boolean(u);
      sum.mentions += u?.mentions ?? 0;
    }
    return sum;
  }

  drawChannels() {
    keepFocus(el('guild-name'), () => replace(el('guild-name'), h('h1', null, bdi(this.store.guild()?.name ?? 'Attaché sandbox')), this.guildLanguage()));
    const all = this.store.channels();
    const top = all.filter((c) => c.type !== kind.category && !isThread(c) && !all.some((p) => p.id === c.parent_id)).sort(byPosition);
    const groups = all.filter((c) => c.type === kind.category).sort(byPosition);
    const items = (list) => h('ul', null, list.map((c) => [this.channel(c), this.threads(all, c)]));
    keepFocus(el('channels'), () => replace(el('channels'), items(top), groups.map((g) => {
      const list = all.filter((c) => c.parent_id === g.id && !isThread(c)).sort(byPosition);
      return list.length > 0 && h('section', { 'aria-label': g.name }, h('h2', { class: 'category', dir: 'auto' }, g.name), items(list));
    })));
  }

  threads(all, parent) {
    const list = all.filter((c) => isThread(c) && c.parent_id === parent.id && (!c.thread_metadata?.archived || c.id === this.store.channelID)).sort((a, b) => compareIDs(a.id, b.id));
    return list.length > 0 && h('li', null, h('ul', { class: 'threads' }, list.map((c) => this.channel(c))));
  }

  channel(c) {
    const here = c.id === this.store.channelID;
    const unread = this.store.unread.get(c.id);
    const voice = c.type === kind.voice || c.type === kind.stage;
    return h('li', null, h('button', {
      type: 'button', class: `channel${here ? ' here' : ''}${unread ? ' unread' : ''}`, 'data-key': c.id, disabled: voice,
      'aria-current': here ? 'page' : null, tabindex: here ? 0 : -1, title: voice ? 'Voice channels are silent in the sandbox' : null,
      on: { click: () => this.on.channel(c.id) },
    }, c.type === kind.dm ? avatar(c.recipients?.[0], 'avatar small') : icon(c.thread_metadata?.locked ? 'lock' : channelIcon(c)), h('span', { class: 'channel-name' }, bdi(c.name)),
    unread && h('span', { class: 'sr' }, unread.count ? `, ${unread.count} unread` : ', unread'), unread?.mentions > 0 && h('span', { class: 'count' }, unread.mentions)));
  }

  drawAccount() {
    const me = this.store.me;
    const roles = this.standing(me?.id);
    const language = this.store.language;
    const theme = document.documentElement.dataset.theme;
    const shown = JSON.stringify([me, roles, theme, language, this.store.state.commands.length]);
    if (shown === this.account) return; // a list may be open at the button
    this.account = shown;
    const button = h('button', {
      type: 'button', class: 'act-as', 'data-key': 'act-as', 'aria-haspopup': 'listbox', 'aria-expanded': 'false', 'aria-label': `Acting as ${nameOf(me)}. Switch user`,
      on: { click: () => this.switchUser(button) },
    }, avatar(me), h('span', { class: 'act-words' }, h('span', { class: 'act-name' }, bdi(nameOf(me))), h('span', { class: 'act-hint' }, roles)), icon('chevron'));
    const [mark, words] = theme === 'dark' ? ['moon', 'Theme: dark'] : theme === 'light' ? ['sun', 'Theme: light'] : ['auto', 'Theme: as the system'];
    keepFocus(el('account'), () => replace(el('account'), button,
      this.languageButton('language', 'Your language', language, (locale) => this.on.language(locale)),
      h('button', { type: 'button', class: 'tool', 'data-key': 'theme', title: words, 'aria-label': `${words}. Change`, on: { click: () => { this.on.theme(); this.drawAccount(); } } }, icon(mark))));
  }

  // languageButton lets one choose the language of the client or of a guild.
  languageButton(key, what, now, choose) {
    const words = `${what}: ${languageName(now)}`;
    const button = h('button', {
      type: 'button', class: 'tool', 'data-key': key, title: words, 'aria-label': `${words}. Change`, 'aria-haspopup': 'listbox', 'aria-expanded': 'false',
      on: {
        click: async () => {
          const picked = await pick(button, { label: what, items: languageItems(this.store.state.commands), chosen: [now] });
          if (picked) choose(picked[0]);
        },
      },
    }, icon('globe'));
    return button;
  }

  // guildLanguage is for those who manage the open guild.
  guildLanguage() {
    const guild = this.store.guild();
    if (!guild?.locale || !this.store.managesGuild()) return null;
    return this.languageButton('guild-language', "The server's language", guild.locale, (locale) => this.on.language(locale, guild.id));
  }

  async switchUser(anchor) {
    const users = this.store.state.users.filter((u) => !u.bot);
    const items = users.map((u) => ({ key: u.id, name: nameOf(u), label: bdi(nameOf(u)), detail: this.standing(u.id), mark: avatar(u, 'avatar small') }));
    const picked = await pick(anchor, { label: 'Act as', items, chosen: [this.store.me?.id] });
    if (picked) this.on.user(picked[0]);
  }

  // standing says what a user is in the open guild.
  standing(userID) {
    const guild = this.store.guild();
    if (!guild || guild.id === directID) return '';
    if (!guild.members?.some((m) => m.user?.id === userID)) return 'not in this server';
    return this.roleNames(userID) || 'no roles';
  }

  roleNames(userID) {
    const guild = this.store.guild();
    const own = guild?.members?.find((m) => m.user?.id === userID)?.roles ?? [];
    return own.map((id) => guild.roles?.find((r) => r.id === id)?.name).filter(Boolean).join(', ');
  }

  drawHeader() {
    const c = this.store.channel();
    const topic = c?.topic && !isForum(c) ? c.topic : '';
    const parent = c && isThread(c) && this.store.channel(c.parent_id);
    const threads = c && !isForum(c) ? this.store.channels().filter((t) => isThread(t) && t.parent_id === c.id) : [];
    const connection = { connecting: 'Connecting…', connected: 'Connected', lost: 'Connection lost, trying again…' }[this.store.connection];
    keepFocus(el('header'), () => replace(el('header'),
      h('button', { type: 'button', class: 'tool only-narrow', id: 'nav-button', 'data-key': 'nav', 'aria-label': 'Servers and channels', 'aria-controls': 'nav', on: { click: this.on.nav } }, icon('menu')),
      parent && [h('button', { type: 'button', class: 'crumb', 'data-key': 'parent', on: { click: () => this.on.channel(parent.id) } }, icon(channelIcon(parent)), bdi(parent.name)), h('span', { class: 'crumb-gap', 'aria-hidden': 'true' }, '›')],
      c && icon(channelIcon(c), 'icon header-icon'),
      h('h2', { class: 'header-name' }, bdi(c?.name ?? 'Attaché sandbox')),
      topic && h('div', { class: 'topic', dir: 'auto', title: plain(topic, this.refs) }, richInline(topic, this.refs)),
      h('span', { class: 'header-gap' }),
      threads.length > 0 && this.threadsButton(threads),
      c && !isForum(c) && this.pinsButton(),
      h('span', { class: `link-state ${this.store.connection}`, role: 'status', title: connection }, h('span', { class: 'link-dot' }), h('span', { class: 'link-words' }, connection)),
      h('button', { type: 'button', class: 'tool', id: 'members-button', 'data-key': 'members', 'aria-label': 'Members', 'aria-controls': 'members', title: 'Members', on: { click: this.on.members } }, icon('people'))));
  }

  // threadsButton lists all threads of the channel, those that are closed too.
  threadsButton(threads) {
    const words = (t) => [t.message_count === 1 ? '1 message' : `${t.message_count ?? 0} messages`, t.thread_metadata?.archived && 'closed'].filter(Boolean).join(' · ');
    const button = h('button', {
      type: 'button', class: 'tool', 'data-key': 'threads', 'aria-label': 'Threads', title: 'Threads', 'aria-haspopup': 'listbox', 'aria-expanded': 'false',
      on: {
        click: async () => {
          const items = [...threads].sort((a, b) => compareIDs(b.id, a.id)).map((t) => ({ key: t.id, name: t.name, label: bdi(t.name), detail: words(t), mark: icon('thread') }));
          const picked = await pick(button, { label: 'Threads', items });
          if (picked) this.on.channel(picked[0]);
        },
      },
    }, icon('thread'));
    return button;
  }

  // pinsButton lists the pinned messages of the channel; one that is picked is
  // shown in its place.
  pinsButton() {
    const button = h('button', {
      type: 'button', class: 'tool', 'data-key': 'pins', 'aria-label': 'Pinned messages', title: 'Pinned messages', 'aria-haspopup': 'listbox', 'aria-expanded': 'false',
      on: {
        click: async () => {
          const pins = await this.on.pins();
          if (!pins) return;
          const items = pins.map((m) => {
            const words = summaryOf(m, this.refs);
            return { key: m.id, name: words, label: bdi(words), mark: avatar(m.author, 'avatar small') };
          });
          const picked = await pick(button, { label: 'Pinned messages', items, none: 'Nothing is pinned here yet.' });
          if (picked) this.on.jump(picked[0]);
        },
      },
    }, icon('pin'));
    return button;
  }

  drawMembers() {
    const members = this.store.guild()?.members ?? [];
    const bot = this.store.state.bot;
    const people = members.filter((m) => m.user && !m.user.bot);
    const apps = members.filter((m) => m.user?.bot).map((m) => m.user);
    if (bot?.user && !apps.some((u) => u.id === bot.user.id)) apps.unshift(bot.user);
    const entry = (u, cls, ...inner) => {
      const el = h('button', { type: 'button', class: `member${cls}`, 'aria-haspopup': 'menu', 'aria-expanded': 'false', on: { click: () => this.refs.userMenu(u, el) } }, inner);
      return h('li', null, el);
    };
    const group = (title, list) => list.length > 0 && h('section', null, h('h3', { class: 'category' }, `${title} — ${list.length}`), h('ul', null, list));
    replace(el('members'),
      group('Apps', apps.map((u) => {
        const online = u.id === bot?.user?.id && bot.online;
        return entry(u, online ? '' : ' away', h('span', { class: 'member-face' }, avatar(u, 'avatar small'), h('span', { class: `presence${online ? ' on' : ''}` })),
          h('span', { class: 'member-words' }, h('span', { class: 'member-name' }, bdi(nameOf(u)), badge()), h('span', { class: 'member-roles' }, online ? 'online' : 'offline')));
      })),
      group('People', people.map((m) => entry(m.user, '', h('span', { class: 'member-face' }, avatar(m.user, 'avatar small')),
        h('span', { class: 'member-words' }, h('span', { class: 'member-name' }, bdi(nameOf(m.user)), m.user.id === this.store.me?.id && h('span', { class: 'you' }, 'you')),
          h('span', { class: 'member-roles', dir: 'auto' }, this.standing(m.user.id)))))));
  }
}

// keepFocus redraws and puts the focus back on the control of the same key.
function keepFocus(box, draw) {
  const key = box.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  draw();
  if (key !== undefined) [...box.querySelectorAll('[data-key]')].find((x) => x.dataset.key === key)?.focus();
}

// arrows moves the focus through a column of buttons.
function arrows(e, box) {
  const list = [...box.querySelectorAll('button:not([disabled])')];
  const at = list.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[e.key];
  if (to === undefined || e.altKey || at < 0) return;
  e.preventDefault();
  list[Math.min(Math.max(to, 0), list.length - 1)]?.focus();
}
