// A chosen command with its options as chips.

import { h, icon } from './dom.js';
import { candidates, dataOf, given, narrow, type, valueOf } from './commands.js';
import { comboAttributes } from './popup.js';

const debounce = 180; // ms of rest in typing before the bot is asked

/** CommandForm holds the fields of one command. `on`: submit(data, text), cancel(text). */
export class CommandForm {
  constructor(leaf, { popup, lookup, suggest, upload, on }) {
    Object.assign(this, { leaf, popup, lookup, suggest, upload, on });
    this.fields = [];
    this.asked = 0;
    this.tail = h('input', {
      ...comboAttributes, id: 'composer-input', class: 'tail', type: 'text', autocomplete: 'off', spellcheck: 'false', 'aria-label': `More options of /${leaf.name}`,
      on: { keydown: (e) => this.tailKey(e), input: () => this.tailTyped(), focus: () => this.offer(), blur: () => popup.hide() },
    });
    this.errors = h('div', { class: 'form-error', id: 'form-error', role: 'alert' });
    this.row = h('div', { class: 'chips' }, h('span', { class: 'chip-command', dir: 'auto' }, `/${leaf.name}`), this.tail);
    this.el = h('div', { class: 'form', role: 'group', 'aria-label': `Command /${leaf.name}: ${leaf.description}` }, this.row, this.errors);
    for (const option of leaf.options.filter((o) => o.required)) this.add(option);
    this.hint();
  }

  /** focus goes to the first empty field, or behind the last. */
  focus() {
    (this.fields.find((f) => f.option.required && f.input.value === '')?.input ?? this.tail).focus();
  }

  add(option) {
    const field = { option, picked: null };
    field.input = option.type === type.file ? this.fileInput(field) : h('input', {
      ...comboAttributes, class: 'chip-input', type: 'text', autocomplete: 'off', spellcheck: 'false', dir: 'auto',
      inputmode: option.type === type.integer ? 'numeric' : null,
      'aria-label': `${option.name}: ${option.description ?? ''}${option.required ? ' (required)' : ''}`, 'aria-describedby': 'form-error', 'data-option': option.name,
      on: {
        input: () => this.typed(field), focus: () => this.list(field), keydown: (e) => this.fieldKey(e, field),
        blur: () => {
          this.popup.hide();
          this.asked++;
        },
      },
    });
    field.chip = h('span', { class: 'chip', on: { click: () => field.input.focus() } }, h('span', { class: 'chip-name', dir: 'auto' }, option.name), field.input);
    this.row.insertBefore(field.chip, this.tail);
    this.fields.push(field);
    this.size(field);
    this.hint();
    return field;
  }

  // fileInput takes a file, which is sent as soon as it is chosen.
  fileInput(field) {
    const { option } = field;
    const input = h('input', {
      class: 'chip-input chip-file', type: 'file', 'aria-label': `${option.name}: ${option.description ?? ''}${option.required ? ' (required)' : ''}`,
      'aria-describedby': 'form-error', 'data-option': option.name,
      on: { change: () => this.sendFile(field, input.files[0]), focus: () => this.list(field), blur: () => this.popup.hide(), keydown: (e) => this.fileKey(e, field) },
    });
    return input;
  }

  async sendFile(field, file) {
    field.picked = null;
    this.clear(field);
    if (!file) return;
    try {
      const sent = await this.upload(file);
      if (field.input.files[0] !== file) return; // another was chosen meanwhile
      field.picked = { text: file.name, value: sent.id };
      this.tail.focus();
    } catch (error) {
      field.input.value = '';
      this.refuse(field, error.message);
    }
  }

  // fileKey leaves Enter and Space to the browser, which lets one choose a file,
  // until one is chosen.
  fileKey(e, field) {
    const leave = { Backspace: () => (field.option.required ? this.back(field) : this.remove(field)), Escape: () => this.on.cancel(''), Enter: field.picked && (() => this.submit()) }[e.key];
    if (!leave) return;
    e.preventDefault();
    leave();
  }

  remove(field) {
    const i = this.fields.indexOf(field);
    this.fields.splice(i, 1);
    (this.fields[i - 1]?.input ?? this.tail).focus();
    field.chip.remove();
    this.hint();
  }

  // hint says in the tail how many options wait there.
  hint() {
    const rest = this.rest().length;
    this.tail.placeholder = rest > 0 ? `+${rest} optional` : '';
  }

  rest() {
    return this.leaf.options.filter((o) => !this.fields.some((f) => f.option === o));
  }

  size(field) {
    if (field.option.type === type.file) return;
    field.input.style.setProperty('--chars', String(Math.min(Math.max([...field.input.value].length, 3) + 1, 60)));
  }

  /** write takes text as if it were typed where the focus goes first. */
  write(text) {
    const field = this.fields.find((f) => f.option.required && f.input.value === '' && f.option.type !== type.file);
    if (this.spread(text, field)) return;
    if (!field) {
      this.tail.value = text.trimStart();
      this.offer();
      return;
    }
    field.input.value = text.trim();
    this.typed(field);
  }

  // spread puts `name:value` into the fields of those options, and what stands before
  // the first name into the field where it was typed. It tells whether there was any.
  spread(text, field) {
    const others = this.leaf.options.filter((o) => o !== field?.option && this.empty(o));
    let { lead, found } = given(field ? [field.option, ...others] : others, text);
    if (lead && field) ({ lead, found } = given(others, text)); // the field has its value: a word like its name is one
    if (found.length === 0) return false;
    if (field) this.put(field, lead);
    else this.tail.value = lead;
    let last = null;
    for (const { option, text: value } of found) {
      last = this.fields.find((f) => f.option === option) ?? this.add(option);
      this.put(last, value);
    }
    this.popup.hide();
    if (last.input.value === '') last.input.focus();
    else this.focus();
    return true;
  }

  // empty tells whether an option has no value yet.
  empty(option) {
    const field = this.fields.find((f) => f.option === option);
    return !field || (field.input.value === '' && !field.picked);
  }

  put(field, text) {
    if (field.option.type === type.file) return; // a file is chosen, not typed
    field.picked = null;
    field.input.value = text;
    this.size(field);
    this.clear(field);
  }

  typed(field) {
    if (this.spread(field.input.value, field)) return;
    if (/^\s/.test(field.input.value)) field.input.value = field.input.value.trimStart(); // the blank behind "name:"
    field.picked = null;
    this.size(field);
    this.clear(field);
    this.list(field);
  }

  clear(field) {
    field.chip.classList.remove('wrong');
    field.input.removeAttribute('aria-invalid');
    this.errors.textContent = '';
  }

  // list shows what can be picked for a field.
  list(field) {
    const { option, input } = field;
    if (option.autocomplete) {
      this.ask(field);
      return;
    }
    const all = candidates(option, this.lookup);
    const typed = field.picked ? '' : input.value;
    const items = all ? narrow(all, typed) : [];
    const chosen = items.findIndex((i) => field.picked && i.value === field.picked.value);
    this.popup.show(input, {
      title: option.name, items, note: items.length === 0 ? describe(option, all) : option.description ?? '',
      at: field.picked ? chosen : 0, onPick: (item) => this.take(field, item),
    });
  }

  // ask gets suggestions from the bot; answers to older questions are dropped.
  ask(field) {
    const { option, input } = field;
    const ticket = ++this.asked;
    const show = (items, note) => this.popup.show(input, {
      title: option.name, items, note, at: field.picked ? items.findIndex((i) => i.value === field.picked.value) : 0, onPick: (item) => this.take(field, item),
    });
    if (this.popup.input !== input || !this.popup.open) show([], 'Loading options…');
    this.popup.await(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const text = input.value;
      try {
        const choices = await this.suggest(dataOf(this.leaf, this.values(field)));
        if (ticket !== this.asked) return;
        this.popup.await(false);
        const items = choices.map((c) => ({ text: String(c.name), value: c.value }));
        show(items, items.length ? option.description ?? '' : text ? 'No options match; you can still send what you typed.' : option.description ?? '');
      } catch {
        if (ticket !== this.asked) return;
        this.popup.await(false);
        show([], 'Loading options failed. You can still type a value.');
      }
    }, debounce);
  }

  // values gives the options as far as they hold, with `focused` marked.
  values(focused) {
    const out = [];
    for (const f of this.fields) {
      const { name, type: kind } = f.option;
      if (f === focused) {
        out.push({ name, type: kind, value: f.input.value, focused: true });
        continue;
      }
      const { value } = valueOf(f.option, f.input.value, f.picked, this.lookup);
      if (value !== undefined) out.push({ name, type: kind, value });
    }
    return out;
  }

  take(field, item) {
    field.input.value = item.text;
    field.picked = item;
    this.size(field);
    this.clear(field);
    this.popup.hide();
    this.focus();
  }

  tailTyped() {
    this.errors.textContent = '';
    if (!this.spread(this.tail.value)) this.offer();
  }

  // offer lists the options that are not given yet.
  offer() {
    const want = this.tail.value.trim().toLowerCase();
    const items = this.rest().filter((o) => o.name.startsWith(want)).map((o) => ({ text: o.name, detail: o.description, option: o, hint: o.required ? 'required' : 'optional' }));
    this.popup.show(this.tail, {
      title: 'Options', items, note: want && items.length === 0 ? `There is no option ${want}.` : items.length && !want ? 'Enter sends the command as it is; ↓ picks an option.' : '', at: want ? 0 : -1,
      onPick: (item) => {
        this.tail.value = '';
        this.add(item.option).input.focus();
      },
    });
  }

  fieldKey(e, field) {
    if (this.popup.key(e) || e.isComposing) return;
    const { input } = field;
    if (e.key === 'Enter') {
      e.preventDefault();
      this.submit();
    } else if (e.key === 'Backspace' && input.value === '') {
      e.preventDefault();
      if (field.option.required) this.back(field);
      else this.remove(field);
    } else if (e.key === 'Backspace' && field.picked && input.selectionStart === input.selectionEnd) {
      e.preventDefault(); // a picked value goes as a whole
      input.value = '';
      this.typed(field);
    } else this.walk(e, input);
  }

  tailKey(e) {
    if (this.popup.key(e) || e.isComposing) return;
    if (e.key === 'Enter') {
      e.preventDefault();
      this.submit();
    } else if (e.key === 'Backspace' && this.tail.value === '') {
      e.preventDefault();
      const last = this.fields.at(-1);
      if (last) last.input.focus();
      else this.on.cancel(`/${this.leaf.name}`);
    } else this.walk(e, this.tail);
  }

  // back leaves an empty required field to the left: out of the command at the end.
  back(field) {
    const i = this.fields.indexOf(field);
    if (i > 0) this.fields[i - 1].input.focus();
    else this.on.cancel(`/${this.leaf.name}`);
  }

  // walk moves between the fields with the arrows, and leaves with Escape.
  walk(e, input) {
    const all = [...this.fields.map((f) => f.input), this.tail];
    const i = all.indexOf(input);
    const still = input.selectionStart === input.selectionEnd;
    if (e.key === 'ArrowLeft' && still && input.selectionStart === 0 && i > 0) all[i - 1].focus();
    else if (e.key === 'ArrowRight' && still && input.selectionStart === input.value.length && i < all.length - 1) all[i + 1].focus();
    else if (e.key === 'Escape') this.on.cancel('');
    else return;
    e.preventDefault();
  }

  // refuse says what is wrong with a field.
  refuse(field, why) {
    this.complain(field.input, `${field.option.name}: ${why}`);
  }

  complain(input, words) {
    input.focus();
    this.popup.hide();
    this.errors.textContent = '';
    this.errors.append(icon('warn'), words);
  }

  submit() {
    let first = null;
    const options = [];
    const words = [`/${this.leaf.name}`];
    for (const f of this.fields) {
      const { value, error } = valueOf(f.option, f.input.value, f.picked, this.lookup);
      f.chip.classList.toggle('wrong', Boolean(error));
      if (error) {
        f.input.setAttribute('aria-invalid', 'true');
        first ??= { f, error };
      } else if (value !== undefined) {
        options.push({ name: f.option.name, type: f.option.type, value });
        words.push(`${f.option.name}: ${f.option.type === type.file ? f.picked.text : f.input.value}`);
      }
    }
    if (first) {
      this.refuse(first.f, first.error);
      return;
    }
    const left = this.tail.value.trim();
    if (left) {
      this.complain(this.tail, `${left} belongs to no option. Delete it, or write an option's name and a colon before it.`);
      return;
    }
    this.popup.hide();
    this.on.submit(dataOf(this.leaf, options), words);
  }
}

function describe(option, candidatesOf) {
  if (candidatesOf) return 'Nothing matches.';
  const bounds = [];
  if (option.min_value !== undefined) bounds.push(`from ${option.min_value}`);
  if (option.max_value !== undefined) bounds.push(`up to ${option.max_value}`);
  return [option.description ?? '', bounds.join(' ')].filter(Boolean).join(' · ');
}
