// The box at the bottom: messages, and slash commands.

import { avatar, bdi, h, icon, nameOf, replace } from './dom.js';
import { begun, leaves, narrow, search } from './commands.js';
import { channelItems, roleItems, userItems } from './components.js';
import { CommandForm } from './form.js';
import { Popup, comboAttributes } from './popup.js';
import { isForum, kind } from './store.js';

const longest = 2000; // characters of a message
const mostNames = 10; // in the list of whom to mention

/**
 * Composer is the box. `on.run(data, words)` sends a command; `on.say(text,
 * replyTo)` sends a message and resolves to what went wrong, or to "";
 * `on.upload(file)` sends a file for an option and resolves to {id}.
 */
export class Composer {
  constructor(store, refs, interactions, on) {
    Object.assign(this, { store, refs, interactions, on });
    const host = document.getElementById('composer');
    this.popup = new Popup(host);
    this.hint = h('div', { class: 'box-hint', role: 'status' });
    this.bar = h('div', { class: 'reply-bar', hidden: true });
    this.input = h('input', {
      ...comboAttributes, id: 'composer-input', class: 'box-input', type: 'text', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'send', dir: 'auto',
      on: {
        input: () => this.typed(), keydown: (e) => this.key(e), blur: () => this.popup.hide(),
        focus: () => this.input.value.startsWith('/') && this.typed(),
      },
    });
    this.send = h('button', { class: 'tool box-send', type: 'button', 'aria-label': 'Send', on: { click: () => this.submit() } }, icon('send'));
    this.slash = h('button', { class: 'tool box-slash', type: 'button', 'aria-label': 'Show the commands', title: 'Commands', on: { click: () => this.start('/') } }, h('span', { 'aria-hidden': 'true' }, '/'));
    this.slot = h('div', { class: 'box-slot' }, this.input);
    this.box = h('div', { class: 'box' }, this.slash, this.slot, this.send);
    host.append(this.bar, this.box, this.hint);
    this.form = null;
    this.replyTo = '';
    this.lookup = {
      users: () => userItems(refs).map((i) => ({ text: `@${i.name}`, value: i.key, detail: i.detail, mark: i.mark })),
      roles: () => roleItems(refs).map((i) => ({ text: i.name.startsWith('@') ? i.name : `@${i.name}`, value: i.key, mark: i.mark })),
      channels: (types) => channelItems(refs, types).map((i) => ({ text: `#${i.name}`, value: i.key, detail: i.detail, mark: i.mark })),
    };
    store.on('place', () => {
      this.reply(null);
      this.reset('');
    });
    store.on('state', () => this.refresh());
  }

  /** refresh follows the channel's name and the user's permissions. */
  refresh() {
    const channel = this.store.channel();
    let refusal = '';
    if (!channel) refusal = 'There is no channel to write in.';
    else if (isForum(channel)) refusal = 'Open a post to write in it.';
    else if (!this.store.mayWrite(channel)) refusal = 'You do not have permission to send messages in this channel.';
    this.box.classList.toggle('refused', Boolean(refusal));
    this.input.disabled = Boolean(refusal);
    this.slash.disabled = this.send.disabled = Boolean(refusal);
    const name = channel && (channel.type === kind.dm ? `@${channel.name}` : `#${channel.name}`);
    this.input.placeholder = refusal || `Message ${name}, or / for commands`;
    this.input.setAttribute('aria-label', refusal || `Message ${name}; a slash begins a command`);
    if (refusal && this.form) this.reset('');
  }

  /** reset goes back to plain text. */
  reset(value) {
    this.form = null;
    this.hint.textContent = '';
    this.popup.hide();
    if (!this.slot.contains(this.input)) replace(this.slot, this.input); // putting it back would take its focus
    this.input.value = value;
    this.refresh();
  }

  /** start puts text in the box as if it had been typed. */
  start(value) {
    this.reset(value);
    this.input.focus();
    this.typed();
  }

  /** use opens a command by its id, for mentions of commands. */
  use(id, name) {
    const leaf = leaves(this.store.commands()).find((l) => l.command.id === id && l.name === name)
      ?? leaves(this.store.commands()).find((l) => l.command.id === id || l.name === name);
    if (leaf && !this.input.disabled) this.choose(leaf);
    else this.say(`/${name} is not available here.`);
  }

  /** reply begins an answer to a message, or with null gives it up. */
  reply(message) {
    this.replyTo = message?.id ?? '';
    this.bar.hidden = !message;
    if (!message) return;
    replace(this.bar, h('span', { class: 'reply-words' }, 'Replying to ', h('strong', null, bdi(nameOf(message.author)))),
      h('button', { class: 'tool', type: 'button', 'aria-label': 'Do not reply', on: { click: () => { this.reply(null); this.input.focus(); } } }, icon('close')));
    this.input.focus();
  }

  typed() {
    const text = this.input.value;
    this.hint.textContent = '';
    if (!text.startsWith('/')) {
      this.offerNames(text);
      return;
    }
    const all = leaves(this.store.commands());
    const command = begun(all, text.slice(1));
    if (command) {
      this.choose(command.leaf, command.rest);
      return;
    }
    const bot = this.store.state.bot?.user;
    const found = search(all, text.slice(1));
    this.popup.show(this.input, {
      title: found.length ? nameOf(bot) : 'Commands',
      items: found.map((leaf) => ({ leaf, text: `/${leaf.name}`, detail: leaf.description, mark: avatar(bot, 'avatar small'), hint: optionNames(leaf) })),
      note: found.length ? '' : this.noCommands(all, text),
      onPick: (item) => this.choose(item.leaf),
    });
  }

  noCommands(all, text) {
    if (all.length > 0) return `There is no command ${text}. Delete some letters to see more.`;
    if (!this.store.mayCommand(this.store.channel())) return 'You do not have permission to use commands in this channel.';
    if (this.store.guild()?.has_bot === false) return `${nameOf(this.store.state.bot?.user)} is not in this server.`;
    if (this.store.channel().type === kind.dm) return `${nameOf(this.store.state.bot?.user)} has no commands in direct messages.`;
    return this.store.state.commands.length > 0 ? 'There are no commands for you here.' : 'The bot has not registered any commands yet. They appear here when it does.';
  }

  // offerNames lists whom or what an @ or # at the end of the text may mean.
  offerNames(text) {
    const m = /(?:^|\s)([@#])([^@#]{0,32})$/u.exec(text);
    const all = m && (m[1] === '#' ? this.lookup.channels() : [...this.lookup.users(), ...this.lookup.roles()]);
    const items = m ? narrow(all, m[2]).slice(0, mostNames) : [];
    if (items.length === 0) {
      this.popup.hide();
      return;
    }
    this.popup.show(this.input, {
      title: m[1] === '#' ? 'Channels' : 'Members and roles', items,
      onPick: (item) => {
        this.input.value = `${text.slice(0, text.length - m[2].length - 1)}${item.text} `;
        this.popup.hide();
      },
    });
  }

  // coded writes the names in a text as Discord's client sends them.
  coded(text) {
    const names = [
      ...this.lookup.users().map((i) => [i.text, `<@${i.value}>`]),
      ...this.lookup.roles().filter((i) => i.text !== '@everyone').map((i) => [i.text, `<@&${i.value}>`]),
      ...this.lookup.channels().map((i) => [i.text, `<#${i.value}>`]),
    ].sort((a, b) => b[0].length - a[0].length);
    return names.reduce((out, [name, code]) => out.split(name).join(code), text);
  }

  // choose opens a command, with the options that were typed or pasted behind it.
  choose(leaf, rest = '') {
    this.popup.hide();
    this.hint.textContent = '';
    this.reply(null);
    this.form = new CommandForm(leaf, {
      popup: this.popup, lookup: this.lookup, suggest: (data) => this.interactions.suggest(data), upload: this.on.upload,
      on: { submit: (data, words) => this.run(data, words), cancel: (text) => this.start(text) },
    });
    replace(this.slot, this.form.el);
    this.form.focus();
    if (rest.trim()) this.form.write(rest);
  }

  key(e) {
    if (this.popup.key(e) || e.isComposing) return;
    if (e.key === 'Enter') {
      e.preventDefault();
      this.submit();
    } else if (e.key === 'Escape') {
      if (this.replyTo) this.reply(null);
      else this.reset('');
    } else if (e.key === 'ArrowUp' && this.input.value === '') {
      e.preventDefault();
      [...document.querySelectorAll('#messages > .msg')].at(-1)?.focus();
    }
  }

  submit() {
    if (this.form) {
      this.form.submit();
      return;
    }
    const text = this.input.value.trim();
    if (text === '') return;
    if (text.startsWith('/')) this.start(`${text} `); // the name may be whole already
    else this.post(text);
  }

  async post(text) {
    const content = this.coded(text);
    const over = [...content].length - longest;
    if (over > 0) {
      this.say(`Your message is ${over} characters too long.`);
      return;
    }
    const replyTo = this.replyTo;
    this.reply(null);
    this.reset('');
    const failure = await this.on.say(content, replyTo);
    if (!failure) return;
    if (this.input.value === '' && !this.form) this.input.value = text;
    this.say(failure);
  }

  say(words) {
    this.hint.textContent = words;
  }

  run(data, words) {
    this.reset('');
    this.input.focus();
    this.on.run(data, words);
  }
}

function optionNames(leaf) {
  const must = leaf.options.filter((o) => o.required).map((o) => o.name);
  const rest = leaf.options.length - must.length;
  return [...must, rest > 0 && `+${rest} optional`].filter(Boolean).join('  ');
}
