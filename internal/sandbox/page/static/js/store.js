// What the page knows, and who wants to hear of changes.

import { firstLanguage, localized } from './language.js';

const administrator = 1n << 3n;
const manageGuild = 1n << 5n;
const viewChannel = 1n << 10n;
const sendMessages = 1n << 11n;
const useCommands = 1n << 31n;
const sendInThreads = 1n << 38n;
const pinMessages = 1n << 51n;
const keepRecent = 500;
const nothingRead = '0'; // a mark below all ids
const marksPrefix = 'attache.read.'; // of the keys in the browser's storage

/** Flags of a message, https://docs.discord.com/developers/resources/message. */
export const flag = { crossposted: 1, suppressEmbeds: 4, ephemeral: 64, loading: 128, silent: 4096, v2: 32768 };

/** The type of the message that tells of a pin. */
export const pinNotice = 6;

/** Types of commands, https://docs.discord.com/developers/interactions/application-commands. */
export const commandKind = { slash: 1, user: 2, message: 3 };

/** The id that stands for a guild among those who write to each other alone. */
export const directID = '@me';

/** Types of channels, https://docs.discord.com/developers/resources/channel. */
export const kind = { text: 0, dm: 1, voice: 2, category: 4, news: 5, newsThread: 10, thread: 11, privateThread: 12, stage: 13, forum: 15, media: 16 };

/** isThread tells whether a channel is a thread of another. */
export const isThread = (channel) => channel.type >= kind.newsThread && channel.type <= kind.privateThread;

/** isForum tells whether a channel holds posts instead of messages. */
export const isForum = (channel) => channel.type === kind.forum || channel.type === kind.media;

/** compareIDs orders snowflakes, which are numbers too large for Number. */
export function compareIDs(a, b) {
  const x = String(a);
  const y = String(b);
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}

/** Store holds the state. Topics: state, place, messages, connection, typing. */
export class Store {
  constructor() {
    this.state = { users: [], guilds: [], commands: [], bot: null, application: null, me: null };
    this.guildID = '';
    this.channelID = '';
    this.connection = 'connecting';
    this.logs = new Map();
    this.unread = new Map(); // channel → {count, mentions}; a count of 0 is unknown
    this.marks = new Map(); // channel → id of the newest message that was read
    this.newest = new Map(); // channel → id of the newest message that came
    this.recent = new Map(); // message id → its last event's message, null once deleted
    this.dismissed = new Set();
    this.waiting = []; // commands sent and not answered yet, or failed
    this.typing = new Map(); // channel → time until which the bot types there
    this.listeners = new Map();
  }

  on(topic, fn) {
    if (!this.listeners.has(topic)) this.listeners.set(topic, []);
    this.listeners.get(topic).push(fn);
  }

  emit(topic, detail) {
    for (const fn of this.listeners.get(topic) ?? []) fn(detail);
  }

  setState(state) {
    const lists = ['users', 'guilds', 'commands'];
    const first = this.state.me?.id !== state?.me?.id || this.boot !== bootOf(state);
    this.state = { ...state };
    for (const key of lists) this.state[key] = Array.isArray(state?.[key]) ? state[key] : [];
    const direct = directGuild(this.state);
    if (direct) this.state.guilds = [direct, ...this.state.guilds];
    this.boot = bootOf(state);
    if (first) this.loadMarks();
    this.findUnread();
    this.emit('state');
  }

  // loadMarks takes up what the user had read in this sandbox. Who comes for the
  // first time has nothing to catch up on.
  loadMarks() {
    this.marks.clear();
    this.newest.clear();
    let saved = null;
    try {
      for (const key of Object.keys(localStorage)) { // of sandboxes that have ended
        if (key.startsWith(marksPrefix) && !key.startsWith(`${marksPrefix}${this.boot}.`)) localStorage.removeItem(key);
      }
      saved = JSON.parse(localStorage.getItem(this.marksKey()));
    } catch {
      // Without storage, or with nonsense in it, all counts as read.
    }
    for (const c of this.allChannels()) {
      const mark = saved ? saved[c.id] ?? nothingRead : c.last_message_id;
      if (mark) this.marks.set(c.id, String(mark));
    }
  }

  marksKey() {
    return `${marksPrefix}${this.boot}.${this.me?.id ?? ''}`;
  }

  allChannels() {
    return this.state.guilds.flatMap((g) => g.channels ?? []);
  }

  // findUnread compares what channels hold with what was read of them.
  findUnread() {
    for (const c of this.allChannels()) {
      if (!c.last_message_id || this.unread.has(c.id)) continue;
      if (!this.marks.has(c.id)) this.marks.set(c.id, nothingRead);
      if (compareIDs(c.last_message_id, this.marks.get(c.id)) > 0 && c.id !== this.channelID) this.unread.set(c.id, { count: 0, mentions: 0 });
    }
  }

  /** read marks all of a channel as read. */
  read(channelID) {
    const ids = [this.newest.get(channelID), this.logs.get(channelID)?.messages.at(-1)?.id, this.channel(channelID)?.last_message_id].filter(Boolean);
    const newest = ids.sort(compareIDs).at(-1);
    if (newest && newest !== this.marks.get(channelID)) {
      this.marks.set(channelID, newest);
      try {
        localStorage.setItem(this.marksKey(), JSON.stringify(Object.fromEntries(this.marks)));
      } catch {
        // The marks hold for this visit then.
      }
    }
    if (this.unread.delete(channelID)) this.emit('unread');
  }

  get me() {
    return this.state.me;
  }

  guild(id = this.guildID) {
    return this.state.guilds.find((g) => g.id === id);
  }

  /** channels lists what the user may see in a guild. */
  channels(guild = this.guild()) {
    return (guild?.channels ?? []).filter((c) => this.may(c, viewChannel));
  }

  channel(id = this.channelID) {
    for (const guild of this.state.guilds) {
      const found = guild.channels?.find((c) => c.id === id);
      if (found) return found;
    }
    return undefined;
  }

  guildOf(channelID) {
    return this.state.guilds.find((g) => g.channels?.some((c) => c.id === channelID));
  }

  role(id) {
    return this.guild()?.roles?.find((r) => r.id === id);
  }

  user(id) {
    const known = this.state.users.find((u) => u.id === id);
    if (known) return known;
    if (this.state.bot?.user?.id === id) return this.state.bot.user;
    return this.guild()?.members?.find((m) => m.user?.id === id)?.user;
  }

  member(id) {
    return this.guild()?.members?.find((m) => m.user?.id === id);
  }

  /** tint gives the colour of a member's highest coloured role, or 0. */
  tint(userID) {
    const own = this.member(userID)?.roles ?? [];
    const roles = (this.guild()?.roles ?? []).filter((r) => own.includes(r.id) && r.color > 0);
    return roles.sort((a, b) => (b.position ?? 0) - (a.position ?? 0))[0]?.color ?? 0;
  }

  permissions(channel) {
    try {
      return channel?.permissions === undefined ? null : BigInt(channel.permissions);
    } catch {
      return 0n;
    }
  }

  // A channel without the permissions field hides nothing.
  may(channel, bits) {
    const have = this.permissions(channel);
    return have === null || (have & administrator) !== 0n || (have & bits) === bits;
  }

  mayCommand(channel) {
    return this.may(channel, useCommands);
  }

  mayWrite(channel) {
    return this.may(channel, isThread(channel) ? sendInThreads : sendMessages);
  }

  mayPin(channel) {
    return channel?.type === kind.dm || this.may(channel, pinMessages);
  }

  /** commands lists what of a kind the user may use in the open channel. */
  commands(wanted = commandKind.slash) {
    const channel = this.channel();
    const guild = this.guild();
    if (!channel || guild?.has_bot === false || !this.mayCommand(channel)) return [];
    const context = guild?.id === directID ? 1 : 0;
    return [...(guild?.commands ?? []), ...this.state.commands].filter((c) => {
      if ((c.type ?? commandKind.slash) !== wanted) return false;
      if (Array.isArray(c.contexts) && !c.contexts.includes(context)) return false;
      if (context === 1 || c.default_member_permissions === null || c.default_member_permissions === undefined) return true;
      try {
        const need = BigInt(c.default_member_permissions);
        return need === 0n ? this.may(channel, administrator) : this.may(channel, need);
      } catch {
        return true;
      }
    }).map((c) => localized(c, this.language));
  }

  /** language is the one that the user has chosen for the client. */
  get language() {
    return this.state.locale ?? firstLanguage;
  }

  /** managesGuild tells whether the user may change the open guild. */
  managesGuild() {
    try {
      return (BigInt(this.member(this.me?.id)?.permissions ?? 0) & (manageGuild | administrator)) !== 0n;
    } catch {
      return false;
    }
  }

  /** names is equal for two states that show the same names and roles. */
  names() {
    return JSON.stringify(this.state.guilds.map((g) => [g.id, g.roles, g.members, (g.channels ?? []).map((c) => [c.id, c.name, c.type])])
      .concat([this.state.users, this.state.me?.id]));
  }

  /** log gives the messages of a channel as far as they are loaded. */
  log(channelID = this.channelID) {
    if (!this.logs.has(channelID)) {
      this.logs.set(channelID, { messages: [], loaded: false, complete: false, loading: false, error: '' });
    }
    return this.logs.get(channelID);
  }

  /** merge puts messages into a channel's log, each once, in order. */
  merge(channelID, messages) {
    const log = this.log(channelID);
    const newest = log.messages.at(-1)?.id;
    if (messages.length === 1 && messages[0]?.id && (!newest || compareIDs(messages[0].id, newest) > 0)) {
      log.messages = [...log.messages, messages[0]];
      this.emit('messages', channelID);
      return;
    }
    const byID = new Map(log.messages.map((m) => [m.id, m]));
    for (const m of messages) if (m?.id) byID.set(m.id, m);
    log.messages = [...byID.values()].sort((a, b) => compareIDs(a.id, b.id));
    this.emit('messages', channelID);
  }

  /** note remembers what an event said of a message. */
  note(id, message) {
    if (!id) return;
    this.recent.delete(id);
    this.recent.set(id, message);
    if (this.recent.size > keepRecent) this.recent.delete(this.recent.keys().next().value);
  }

  /** mergePage takes an answer to a request. An event may have overtaken it:
   * what events said of a message goes before what the page says. */
  mergePage(channelID, messages) {
    const now = messages.map((m) => (this.recent.has(m?.id) ? this.recent.get(m.id) : m));
    this.merge(channelID, now.filter(Boolean));
  }

  /** trim forgets the oldest messages of a long log; scrolling up loads them
   * again. */
  trim(channelID, keep) {
    const log = this.log(channelID);
    if (log.messages.length <= 2 * keep) return;
    log.messages = log.messages.slice(-keep);
    log.complete = false;
    this.emit('messages', channelID);
  }

  remove(channelID, id) {
    const log = this.log(channelID);
    log.messages = log.messages.filter((m) => m.id !== id);
    this.emit('messages', channelID);
  }

  /** visible lists what the timeline shows of the open channel. */
  visible() {
    return this.log().messages.filter((m) => !this.dismissed.has(m.id));
  }

  countUnread(channelID, mention) {
    const now = this.unread.get(channelID) ?? { count: 0, mentions: 0 };
    this.unread.set(channelID, { count: now.count + 1, mentions: now.mentions + (mention ? 1 : 0) });
    this.emit('unread');
  }

  /** mentionsMe tells whether a message calls the user. */
  mentionsMe(message) {
    if (message.mention_everyone) return true;
    if (message.mentions?.some((u) => u.id === this.me?.id)) return true;
    const roles = this.member(this.me?.id)?.roles ?? [];
    return Boolean(message.mention_roles?.some((r) => roles.includes(r)));
  }
}

// bootOf tells one run of the sandbox from another.
function bootOf(state) {
  return String(state?.event ?? '').split('-')[0];
}

// directGuild makes a guild of the channels that a user has with the bot alone.
function directGuild({ dms, me, bot }) {
  if (!Array.isArray(dms) || dms.length === 0) return null;
  const channels = dms.map((c) => ({ ...c, name: c.name || (c.recipients ?? []).map((u) => u.global_name || u.username).join(', ') }));
  return { id: directID, name: 'Direct messages', roles: [], channels, members: [me, bot?.user].filter(Boolean).map((user) => ({ user, roles: [] })) };
}
