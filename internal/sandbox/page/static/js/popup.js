// The list above the box: commands, options, choices.

import { append, h, replace } from './dom.js';

/** Popup is a listbox that the input which has the focus drives. */
export class Popup {
  constructor(host) {
    this.title = h('div', { class: 'popup-title', id: 'popup-title' });
    this.list = h('div', { class: 'popup-list', id: 'popup-list', role: 'listbox', 'aria-labelledby': 'popup-title' });
    this.note = h('div', { class: 'popup-note', role: 'status' });
    this.box = h('div', { class: 'popup', hidden: true }, this.title, this.list, this.note);
    this.box.addEventListener('pointerdown', (e) => e.preventDefault()); // keeps the focus in the input
    host.append(this.box);
    this.items = [];
    this.at = -1;
  }

  get open() {
    return !this.box.hidden;
  }

  /**
   * show lists items [{text, detail, mark, hint, value}] for an input. `at` is
   * the one that Enter takes, -1 for none; `note` stands below.
   */
  show(input, { title, items = [], note = '', at = 0, onPick }) {
    if (this.input && this.input !== input) this.release();
    Object.assign(this, { input, items, onPick, at: items.length ? at : -1 });
    replace(this.title, title);
    replace(this.note, note);
    this.note.hidden = !note;
    replace(this.list);
    append(this.list, items.map((item, i) => h('div', {
      class: 'popup-item', id: `popup-${i}`, role: 'option', 'aria-selected': 'false',
      on: { click: () => this.pick(i), pointermove: () => this.point(i) },
    }, item.mark, h('span', { class: 'popup-words' }, h('span', { class: 'popup-text' }, h('bdi', null, item.text), item.hint && h('span', { class: 'popup-hint' }, item.hint)),
      item.detail && h('span', { class: 'popup-detail', dir: 'auto' }, item.detail)), item.tail && h('span', { class: 'popup-tail' }, item.tail))));
    this.box.hidden = items.length === 0 && !note;
    input.setAttribute('aria-expanded', String(items.length > 0));
    this.point(this.at);
  }

  /** await marks a list whose items are on their way. */
  await(coming) {
    this.list.setAttribute('aria-busy', String(coming));
  }

  hide() {
    this.await(false);
    this.box.hidden = true;
    this.items = [];
    this.at = -1;
    this.release();
  }

  release() {
    this.input?.setAttribute('aria-expanded', 'false');
    this.input?.removeAttribute('aria-activedescendant');
  }

  point(i) {
    this.list.children[this.at]?.classList.remove('at');
    this.list.children[this.at]?.setAttribute('aria-selected', 'false');
    this.at = i;
    const el = this.list.children[i];
    if (!el) {
      this.input?.removeAttribute('aria-activedescendant');
      return;
    }
    el.classList.add('at');
    el.setAttribute('aria-selected', 'true');
    el.scrollIntoView({ block: 'nearest' });
    this.input?.setAttribute('aria-activedescendant', el.id);
  }

  pick(i = this.at) {
    const item = this.items[i];
    if (item) this.onPick(item);
    return Boolean(item);
  }

  /** key handles a key for the list and tells whether it was one. */
  key(e) {
    if (!this.open || e.isComposing) return false;
    const n = this.items.length;
    if (e.key === 'ArrowDown' && n) this.point((this.at + 1) % n);
    else if (e.key === 'ArrowUp' && n) this.point((this.at + (this.at < 0 ? n : n - 1)) % n);
    else if (e.key === 'Enter' && this.at >= 0) this.pick();
    else if (e.key === 'Tab' && !e.shiftKey && this.at >= 0) this.pick();
    else if (e.key === 'Escape') this.hide();
    else return false;
    e.preventDefault();
    return true;
  }
}

/** comboAttributes marks an input as the driver of the popup. */
export const comboAttributes = {
  role: 'combobox', 'aria-expanded': 'false', 'aria-autocomplete': 'list', 'aria-controls': 'popup-list', 'aria-haspopup': 'listbox',
};
