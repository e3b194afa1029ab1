// A list to pick from, above everything, for menus and select components.

import { append, h, icon, replace } from './dom.js';

const filterFrom = 8; // a list this long can be filtered
const gap = 6; // px between a list and what opened it

let serial = 0;

/**
 * pick opens a list at `anchor` and resolves to the chosen keys, or to null
 * when it was closed without a choice. Options: label, items [{key, name,
 * label, detail, mark}], chosen (keys), min, max; with max 1 a
 * choice closes it; none (what stands in an empty list).
 */
export function pick(anchor, options) {
  return new Promise((resolve) => {
    new Picker(anchor, options, resolve).open();
  });
}

class Picker {
  constructor(anchor, { label, items, chosen = [], min = 1, max = 1, none = 'Nothing matches.' }, resolve) {
    Object.assign(this, { anchor, label, items, min, max, none, resolve });
    this.chosen = new Set(chosen);
    this.before = [...chosen].sort().join(' ');
    this.at = Math.max(0, items.findIndex((i) => this.chosen.has(i.key)));
    this.id = `pick-${++serial}`;
    this.shown = items;
  }

  open() {
    this.list = h('div', { class: 'pick-list', id: `${this.id}-list`, role: 'listbox', 'aria-label': this.label, 'aria-multiselectable': this.max > 1 ? 'true' : null });
    this.input = h('input', {
      class: this.items.length >= filterFrom ? 'pick-filter' : 'pick-filter sr', type: 'text', autocomplete: 'off', spellcheck: 'false',
      placeholder: 'Search', role: 'combobox', 'aria-expanded': 'true', 'aria-autocomplete': 'list', 'aria-controls': this.list.id, 'aria-label': this.label,
      readonly: this.items.length < filterFrom,
      on: { input: () => this.filter(), keydown: (e) => this.key(e) },
    });
    this.foot = h('div', { class: 'pick-foot', role: 'status', hidden: this.max === 1 });
    this.box = h('div', { class: 'pick', popover: 'manual' }, this.input, this.list, this.foot);
    (this.anchor.closest('dialog') ?? document.body).append(this.box);
    this.anchor.setAttribute('aria-expanded', 'true');
    this.box.showPopover();
    this.draw();
    this.place();
    this.input.focus({ preventScroll: true });
    this.outside = (e) => {
      if (e.target === window || !this.box.contains(e.target)) this.close(true, e.type === 'pointerdown');
    };
    document.addEventListener('pointerdown', this.outside, true);
    window.addEventListener('resize', this.outside);
    this.box.addEventListener('focusout', (e) => {
      if (e.relatedTarget && !this.box.contains(e.relatedTarget)) this.close(true, true);
    });
  }

  place() {
    const a = this.anchor.getBoundingClientRect();
    const width = Math.min(Math.max(a.width, 220), innerWidth - 2 * gap);
    const below = innerHeight - a.bottom - gap;
    const above = a.top - gap;
    const up = below < 260 && above > below;
    const s = this.box.style;
    s.width = `${width}px`;
    s.maxHeight = `${Math.max(120, Math.min(360, (up ? above : below) - gap))}px`;
    s.left = `${Math.min(Math.max(gap, a.left), innerWidth - width - gap)}px`;
    s.top = up ? 'auto' : `${a.bottom + gap}px`;
    s.bottom = up ? `${innerHeight - a.top + gap}px` : 'auto';
  }

  filter() {
    const want = this.input.value.trim().toLowerCase();
    this.shown = this.items.filter((i) => `${i.name} ${i.detail ?? ''}`.toLowerCase().includes(want));
    this.at = 0;
    this.draw();
  }

  draw() {
    replace(this.list);
    if (this.shown.length === 0) append(this.list, [h('div', { class: 'pick-none' }, this.none)]);
    this.shown.forEach((item, i) => {
      const on = this.chosen.has(item.key);
      this.list.append(h('div', {
        class: `pick-item${i === this.at ? ' at' : ''}`, id: `${this.id}-${i}`, role: 'option', 'aria-selected': String(on),
        on: { click: () => this.choose(i), pointermove: () => this.move(i) },
      }, item.mark, h('span', { class: 'pick-words' }, h('span', { class: 'pick-label', dir: 'auto' }, item.label),
        item.detail && h('span', { class: 'pick-detail', dir: 'auto' }, item.detail)), on && icon('check', 'icon tick')));
    });
    const span = this.min === this.max ? `${this.min}` : `${this.min} to ${this.max}`;
    this.foot.textContent = `Choose ${span} · ${this.chosen.size} chosen`;
    this.foot.classList.toggle('short', this.chosen.size < this.min);
    this.point();
  }

  move(to) {
    if (this.shown.length === 0 || to === this.at) return;
    this.at = (to + this.shown.length) % this.shown.length;
    [...this.list.children].forEach((el, i) => el.classList.toggle('at', i === this.at));
    this.point();
  }

  point() {
    const el = this.list.children[this.at];
    if (!el?.id) {
      this.input.removeAttribute('aria-activedescendant');
      return;
    }
    this.input.setAttribute('aria-activedescendant', el.id);
    el.scrollIntoView({ block: 'nearest' });
  }

  key(e) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (e.key in steps) this.move(this.at + steps[e.key]);
    else if (e.key === 'Home') this.move(0);
    else if (e.key === 'End') this.move(this.shown.length - 1);
    else if (e.key === 'Enter' || (e.key === ' ' && this.input.readOnly)) this.choose(this.at);
    else if (e.key === 'Escape') this.close(false);
    else if (e.key === 'Tab') this.close(true);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  choose(i) {
    const item = this.shown[i];
    if (!item) return;
    if (this.max === 1) {
      if (this.chosen.has(item.key) && this.min === 0) this.chosen.clear();
      else this.chosen = new Set([item.key]);
      this.close(true);
      return;
    }
    if (!this.chosen.delete(item.key) && this.chosen.size < this.max) this.chosen.add(item.key);
    this.draw();
  }

  close(keep, quietly = false) {
    if (this.done) return;
    this.done = true;
    document.removeEventListener('pointerdown', this.outside, true);
    window.removeEventListener('resize', this.outside);
    this.anchor.setAttribute('aria-expanded', 'false');
    if (!quietly) this.anchor.focus({ preventScroll: true });
    this.box.remove();
    const values = this.items.map((i) => i.key).filter((k) => this.chosen.has(k));
    const changed = [...values].sort().join(' ') !== this.before;
    this.resolve(keep && changed && values.length >= this.min ? values : null);
  }
}
