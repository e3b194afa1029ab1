// The box at the bottom: slash commands, and a friendly word for all else.

import { avatar, h, icon, nameOf, replace } from './dom.js';
import { exact, leaves, search } from './commands.js';
import { channelItems, roleItems, userItems } from './components.js';
import { CommandForm } from './form.js';
import { Popup, comboAttributes } from './popup.js';
import { isForum } from './store.js';

/** Composer is the box. `on.run(data, words)` sends a command. */
export class Composer {
  constructor(store, refs, interactions, on) {
    Object.assign(this, { store, refs, interactions, on });
    const host = document.getElementById('composer');
    this.popup = new Popup(host);
    this.hint = h('div', { class: 'box-hint', role: 'status' });
    this.input = h('input', {
      ...comboAttributes, id: 'composer-input', class: 'box-input', type: 'text', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'send',
      on: {
        input: () => this.typed(), keydown: (e) => this.key(e), blur: () => this.popup.hide(),
        focus: () => this.input.value.startsWith('/') && this.typed(),
      },
    });
    this.send = h('button', { class: 'tool box-send', type: 'button', 'aria-label': 'Send', on: { click: () => this.submit() } }, icon('send'));
    this.slash = h('button', { class: 'tool box-slash', type: 'button', 'aria-label': 'Show the commands', title: 'Commands', on: { click: () => this.start('/') } }, h('span', { 'aria-hidden': 'true' }, '/'));
    this.slot = h('div', { class: 'box-slot' }, this.input);
    this.box = h('div', { class: 'box' }, this.slash, this.slot, this.send);
    host.append(this.box, this.hint);
    this.form = null;
    this.lookup = {
      users: () => userItems(refs).map((i) => ({ text: `@${i.name}`, value: i.key, detail: i.detail, mark: i.mark })),
      roles: () => roleItems(refs).map((i) => ({ text: i.name.startsWith('@') ? i.name : `@${i.name}`, value: i.key, mark: i.mark })),
      channels: (types) => channelItems(refs, types).map((i) => ({ text: `#${i.name}`, value: i.key, detail: i.detail, mark: i.mark })),
    };
    store.on('place', () => this.reset(''));
    store.on('state', () => this.refresh());
  }

  /** refresh follows the channel's name and the user's permissions. */
  refresh() {
    const channel = this.store.channel();
    let refusal = '';
    if (!channel) refusal = 'There is no channel to write in.';
    else if (isForum(channel)) refusal = 'Open a post to use commands in it.';
    else if (!this.store.mayCommand(channel)) refusal = 'You do not have permission to use commands in this channel.';
    this.box.classList.toggle('refused', Boolean(refusal));
    this.input.disabled = Boolean(refusal);
    this.slash.disabled = this.send.disabled = Boolean(refusal);
    this.input.placeholder = refusal || `Type / for commands in #${channel.name}`;
    this.input.setAttribute('aria-label', refusal || `Commands in ${channel.name}; type slash`);
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

  typed() {
    const text = this.input.value;
    this.hint.textContent = '';
    if (!text.startsWith('/')) {
      this.popup.hide();
      return;
    }
    const all = leaves(this.store.commands());
    const whole = exact(all, text.slice(1));
    if (whole) {
      this.choose(whole);
      return;
    }
    const bot = this.store.state.bot?.user;
    const found = search(all, text.slice(1));
    this.popup.show(this.input, {
      title: found.length ? nameOf(bot) : 'Commands',
      items: found.map((leaf) => ({ leaf, text: `/${leaf.name}`, detail: leaf.description, mark: avatar(bot, 'avatar small'), hint: optionNames(leaf) })),
      note: found.length ? '' : all.length ? `There is no command ${text}. Delete some letters to see more.` : 'The bot has not registered any commands yet. They appear here when it does.',
      onPick: (item) => this.choose(item.leaf),
    });
  }

  choose(leaf) {
    this.popup.hide();
    this.hint.textContent = '';
    this.form = new CommandForm(leaf, {
      popup: this.popup, lookup: this.lookup, suggest: (data) => this.interactions.suggest(data),
      on: { submit: (data, words) => this.run(data, words), cancel: (text) => this.start(text) },
    });
    replace(this.slot, this.form.el);
    this.form.focus();
  }

  key(e) {
    if (this.popup.key(e) || e.isComposing) return;
    if (e.key === 'Enter') {
      e.preventDefault();
      this.submit();
    } else if (e.key === 'Escape') {
      this.reset('');
    }
  }

  submit() {
    if (this.form) {
      this.form.submit();
      return;
    }
    const text = this.input.value.trim();
    if (text === '') return;
    if (text.startsWith('/')) this.start(text);
    else this.say('The sandbox takes slash commands only. Type / to see them.');
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
