// The page: loading, events, and the wires between the parts.

import { fetchMessages, fetchPins, fetchState, listen, postFile, postLocale, postMessage, postPin } from './api.js';
import { Composer } from './composer.js';
import { Interactions } from './interactions.js';
import { appsMenu } from './menu.js';
import { openModal } from './modal.js';
import { Sidebar } from './sidebar.js';
import { Store, directID, flag, isForum, isThread, kind } from './store.js';
import { speak, startClock } from './time.js';
import { Timeline } from './timeline.js';
import { setUpShell } from './shell.js';

const pageSize = 50;
const keepMessages = 200; // of a channel, when nobody reads back in it
const typingFor = 10000; // ms; a typing event holds so long
const maxSearchPages = 20; // to look back for a message that is quoted
const retryState = 2000; // ms between tries while the sandbox does not answer

const store = new Store();
const interactions = new Interactions(store);
const refs = {
  user: (id) => store.user(id),
  role: (id) => store.role(id),
  tintOf: (id) => store.tint(id),
  channel: (id) => store.channel(id),
  members: () => (store.guild()?.members ?? []).filter((m) => m.user),
  roles: () => [...(store.guild()?.roles ?? [])].sort((a, b) => (b.position ?? 0) - (a.position ?? 0)),
  channels: () => store.channels(),
  openChannel: (id) => openChannel(id),
  useCommand: (id, name) => composer.use(id, name),
  userMenu: (user, anchor) => appsMenu(anchor, store, { user, run: runTargeted }),
};
const shell = setUpShell(store);
const timeline = new Timeline(store, refs, {
  act, older: (again) => loadOlder(again), open: (id) => openChannel(id), seen: () => store.read(store.channelID), find,
  menu: (message, anchor) => appsMenu(anchor, store, { message, run: runTargeted, reply: () => composer.reply(message), pin: () => pin(message) }),
});
const composer = new Composer(store, refs, interactions, { run, say, upload: (file) => postFile(store.channelID, store.me?.id, file) });
const sidebar = new Sidebar(store, refs, {
  guild: (id) => openGuild(id),
  channel: (id) => {
    openChannel(id);
    shell.closeDrawers();
    if (matchMedia('(pointer: fine)').matches) document.getElementById('composer-input')?.focus();
  },
  user: (id) => begin(id),
  language,
  pins: async () => {
    try {
      return await fetchPins(store.channelID, store.me?.id);
    } catch (error) {
      composer.say(error.message);
      return null;
    }
  },
  jump: (id) => timeline.jump(id),
  theme: shell.nextTheme, nav: shell.toggleNav, members: shell.toggleMembers,
});

let stopListening = () => {};
let generation = 0; // counts changes of user, so that late answers of the last one are dropped
const lastChannel = new Map(); // guild → channel shown there last

/** begin shows the sandbox as a user sees it. */
async function begin(user, place = {}) {
  const mine = ++generation;
  stopListening();
  store.logs.clear();
  store.recent.clear();
  store.unread.clear();
  store.waiting = [];
  interactions.forget();
  try {
    const state = await fetchState(user);
    if (mine !== generation) return;
    store.setState(state);
  } catch (error) {
    if (mine !== generation) return;
    if (error.status >= 400 && error.status < 500 && user) {
      begin('');
      return;
    }
    shell.fail(error.message);
    setTimeout(() => mine === generation && begin(user, place), retryState);
    return;
  }
  shell.fail('');
  const wanted = place.channel ?? store.channelID;
  if (store.channel(wanted)) openChannel(wanted, true);
  else openGuild((store.state.guilds.find((g) => g.id !== directID) ?? store.state.guilds[0])?.id ?? '', true);
  stopListening = listen(store.me?.id, store.state.event, {
    onEvent: (name, data) => mine === generation && receive(name, data),
    onState: (state) => {
      store.connection = state;
      store.emit('connection');
    },
  });
  document.getElementById('app').dataset.ready = 'true';
}

// reload takes everything anew after a gap in the events, and stays in place.
async function reload() {
  interactions.forget();
  store.logs.clear();
  store.recent.clear();
  await refreshState();
  if (!store.channel()) openGuild(store.guildID, true);
  else await loadOlder(true);
}

let refreshing = null;

// refreshState asks for the state once for all events of a moment.
function refreshState() {
  const mine = generation;
  refreshing ??= Promise.resolve().then(async () => {
    refreshing = null;
    try {
      const state = await fetchState(store.me?.id);
      if (mine !== generation) return;
      store.setState(state);
      if (!store.channel() && store.guildID) openGuild(store.guildID, true);
    } catch {
      // The stream of events breaks too then, and its return brings a reload.
    }
  });
  return refreshing;
}

function openGuild(id, force = false) {
  const guild = store.guild(id) ?? store.state.guilds[0];
  const list = store.channels(guild).filter((c) => c.type !== kind.category && c.type !== kind.voice && c.type !== kind.stage);
  const first = list.find((c) => c.id === lastChannel.get(guild?.id))
    ?? [...list].filter((c) => c.type === kind.text || c.type === kind.news || c.type === kind.dm).sort((a, b) => (a.position ?? 0) - (b.position ?? 0))[0] ?? list[0];
  store.guildID = guild?.id ?? '';
  openChannel(first?.id ?? '', force);
}

function openChannel(id, force = false) {
  if (id === store.channelID && !force) return;
  const guild = store.guildOf(id);
  if (guild) {
    store.guildID = guild.id;
    lastChannel.set(guild.id, id);
  }
  store.channelID = id;
  history.replaceState(null, '', `#/${store.me?.id ?? ''}/${id}`);
  store.emit('place');
  const channel = store.channel();
  if (!channel || isForum(channel)) return;
  if (store.log().loaded) store.read(id);
  else loadOlder(true);
}

// loadOlder loads the newest page of a channel, or the one before what is there.
async function loadOlder(again) {
  const channel = store.channel();
  if (!channel || isForum(channel)) return;
  const log = store.log();
  if (log.loading || (log.complete && !again)) return;
  log.loading = true;
  log.error = '';
  const before = log.loaded ? log.messages[0]?.id : undefined;
  try {
    const messages = await fetchMessages(channel.id, store.me?.id, before, pageSize);
    if (store.log(channel.id) !== log) return;
    log.loaded = true;
    log.complete = !Array.isArray(messages) || messages.length < pageSize;
    log.loading = false;
    store.mergePage(channel.id, messages ?? []);
    if (!before && channel.id === store.channelID && !document.hidden) store.read(channel.id);
  } catch (error) {
    log.loading = false;
    log.error = error.message;
    store.emit('messages', channel.id);
  }
}

function receive(name, data) {
  switch (name) {
    case 'message_create': return created(data);
    case 'message_update': return updated(data);
    case 'message_delete': return deleted(data);
    case 'interaction': return interactions.settle(data);
    case 'typing': return typing(data);
    case 'reset': return reload();
    default: return refreshState();
  }
}

function created({ channel_id: channelID, message }) {
  if (!message?.id) return;
  store.note(message.id, message);
  const log = store.log(channelID);
  const isNew = !log.messages.some((m) => m.id === message.id);
  const before = log.messages.at(-1)?.id;
  store.newest.set(channelID, message.id);
  const channel = store.channel(channelID);
  if (channel && isThread(channel) && isNew) channel.message_count = (channel.message_count ?? 0) + 1;
  if (channelID === store.channelID || store.logs.get(channelID)?.loaded) store.merge(channelID, [message]);
  if (channelID !== store.channelID || timeline.stuck) store.trim(channelID, keepMessages);
  if (store.typing.delete(channelID)) store.emit('typing');
  if (!isNew) return;
  const away = channelID !== store.channelID || document.hidden || !timeline.stuck;
  if (message.author?.id === store.me?.id || !away) store.read(channelID);
  if (message.author?.id === store.me?.id) return;
  if (channelID === store.channelID) timeline.announce(message, away ? before : undefined);
  if (away && channel) store.countUnread(channelID, store.mentionsMe(message));
}

// find loads older pages until a message is there; it tells whether it is.
async function find(id) {
  const channelID = store.channelID;
  for (let i = 0; i < maxSearchPages; i++) {
    const log = store.log(channelID);
    if (log.messages.some((m) => m.id === id)) return true;
    if (log.complete || log.error || channelID !== store.channelID) return false;
    await loadOlder(false);
  }
  return false;
}

function deleted({ channel_id: channelID, message_id: id }) {
  store.note(id, null);
  store.remove(channelID, id);
}

function updated({ channel_id: channelID, message }) {
  store.note(message?.id, message);
  const old = store.logs.get(channelID)?.messages.find((m) => m.id === message?.id);
  if (!old) return;
  store.merge(channelID, [{ ...old, ...message }]);
  const wasLoading = (old.flags ?? 0) & flag.loading;
  if (channelID === store.channelID && wasLoading && !((message.flags ?? 0) & flag.loading)) timeline.announce(message);
}

function typing(data) {
  const channelID = data.channel_id;
  const until = Date.now() + typingFor;
  store.typing.set(channelID, until);
  store.emit('typing');
  setTimeout(() => {
    if (store.typing.get(channelID) === until && store.typing.delete(channelID)) store.emit('typing');
  }, typingFor);
}

// run sends a slash command as it was typed.
function run(data, words) {
  return use(data, words.join(' '));
}

// runTargeted sends a command of the Apps menu.
function runTargeted(command, targetID) {
  return use({ id: command.id, name: command.name, type: command.type, target_id: targetID }, command.name);
}

// use sends a command; its row waits in the channel until the answer is there.
async function use(data, words) {
  const item = { channelID: store.channelID, command: words, time: new Date().toISOString(), failed: '' };
  store.waiting.push(item);
  timeline.toBottom();
  store.emit('messages', item.channelID);
  const fate = await interactions.send({ type: 2, data });
  if (fate.state === 'failed') {
    item.failed = fate.reason || 'The application did not respond.';
  } else {
    store.waiting = store.waiting.filter((w) => w !== item);
    if (fate.state === 'modal') showModal(fate.modal);
  }
  store.emit('messages', item.channelID);
}

// say writes a message of the user; it gives the text of a failure, or "".
async function say(content, replyTo) {
  timeline.toBottom();
  try {
    await postMessage(store.channelID, { user: store.me?.id, content, ...(replyTo && { reply_to: replyTo }) });
    return '';
  } catch (error) {
    return error.message;
  }
}

// language chooses that of the user, or of a guild.
async function language(locale, guildID) {
  try {
    await postLocale({ user: store.me?.id, locale, ...(guildID && { guild_id: guildID }) });
  } catch (error) {
    composer.say(error.message);
  }
}

// pin pins or unpins a message; the events then show it.
async function pin(message) {
  try {
    await postPin(store.channelID, { user: store.me?.id, message_id: message.id, pinned: !message.pinned });
  } catch (error) {
    composer.say(error.message);
  }
}

// act sends the press of a component; it gives the text of a failure, or "".
async function act(message, component, values) {
  const data = { custom_id: component.custom_id, component_type: component.type };
  if (values) data.values = values;
  const fate = await interactions.send({ type: 3, message_id: message.id, data });
  if (fate.state === 'modal') showModal(fate.modal);
  return fate.state === 'failed' ? fate.reason || 'This interaction failed.' : '';
}

function showModal(modal) {
  if (!modal) return;
  openModal(modal, refs, async (data) => {
    const fate = await interactions.send({ type: 5, data });
    return fate.state === 'failed' ? fate.reason || 'Something went wrong. Try again.' : '';
  });
}

const [, user, channel] = location.hash.split('/').map((part) => part.replace(/\D/g, ''));
sidebar.draw();
startClock(() => timeline.redraw());
store.on('state', () => {
  if (speak(store.language)) timeline.redraw();
});
begin(user ?? '', { channel });
