// Modals: forms that the bot asks a user to fill in.

import { h, icon } from './dom.js';
import { choose, defaults, fill, isSelect, part } from './components.js';
import { rich } from './markup.js';

let serial = 0;

/**
 * openModal shows a modal. `submit(data)` sends it and resolves to an error's
 * text, or to "" when it was taken; only then the modal closes.
 */
export function openModal(modal, refs, submit) {
  const before = document.activeElement;
  const fields = (modal.components ?? []).map((c) => field(c, refs)).filter(Boolean);
  const error = h('div', { class: 'form-error', role: 'alert' });
  const send = h('button', { class: 'btn primary', type: 'submit' }, 'Submit');
  const close = () => dialog.close();
  const form = h('form', { class: 'modal-form', method: 'dialog', novalidate: true },
    h('header', { class: 'modal-head' }, h('h2', { id: 'modal-title', dir: 'auto' }, modal.title ?? 'Form'),
      h('button', { class: 'tool', type: 'button', 'aria-label': 'Close', on: { click: close } }, icon('close'))),
    h('div', { class: 'modal-body' }, fields.map((f) => f.el), error),
    h('footer', { class: 'modal-foot' }, h('button', { class: 'btn secondary', type: 'button', on: { click: close } }, 'Cancel'), send));
  const dialog = h('dialog', { class: 'modal', 'aria-labelledby': 'modal-title' }, form);
  form.addEventListener('submit', async (e) => {
    e.preventDefault();
    const bad = fields.map((f) => ({ f, message: f.check() })).find((x) => x.message);
    if (bad) {
      error.textContent = bad.message;
      bad.f.focus();
      return;
    }
    send.setAttribute('aria-busy', 'true');
    error.textContent = '';
    const failure = await submit({ custom_id: modal.custom_id, components: fields.map((f) => f.value()).filter(Boolean) });
    send.removeAttribute('aria-busy');
    if (failure) error.textContent = failure;
    else close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (document.activeElement !== document.body) return; // the user is elsewhere by now
    if (before?.isConnected && before !== document.body) before.focus();
    else document.getElementById('composer-input')?.focus(); // its row was drawn anew
  });
  document.body.append(dialog);
  dialog.showModal();
  fields.find((f) => f.focus)?.focus();
}

// field draws one top-level component: {el, value(), check(), focus()}.
function field(c, refs) {
  if (c?.type === part.text) return { el: h('div', { class: 'rich' }, rich(c.content, refs)), value: () => null, check: () => '' };
  if (c?.type === part.row) {
    const inner = c.components?.[0];
    const made = control(inner ?? {}, inner?.label ?? '', '', refs);
    return { ...made, value: () => ({ type: part.row, components: [made.value()] }) };
  }
  if (c?.type !== part.label) return null;
  const made = control(c.component ?? {}, c.label ?? '', c.description ?? '', refs);
  return { ...made, value: () => ({ type: part.label, component: made.value() }) };
}

function control(c, label, description, refs) {
  const required = c.required !== false;
  const id = `modal-${++serial}`;
  const head = [h('label', { class: 'field-label', for: id, dir: 'auto' }, label, required && h('span', { class: 'must', title: 'required' }, ' *')),
    description && h('div', { class: 'field-help', id: `${id}-help`, dir: 'auto' }, description)];
  const wrap = (...inner) => h('div', { class: 'modal-field' }, head, inner);
  const base = { type: c.type, custom_id: c.custom_id };
  if (c.type === part.input) return textInput(c, { id, label, required, wrap, base });
  if (isSelect(c)) return selectInput(c, { id, label, required, wrap, base, refs });
  if (c.type === part.radios || c.type === part.checks || c.type === part.check) return boxes(c, { id, label, required, wrap, base });
  return { el: wrap(h('p', { class: 'field-help' }, 'This kind of field cannot be filled in here.')), value: () => base, check: () => (required ? `${label}: this field cannot be filled in here.` : ''), focus: () => {} };
}

function textInput(c, { id, label, required, wrap, base }) {
  const input = h(c.style === 2 ? 'textarea' : 'input', {
    id, class: 'modal-input', placeholder: c.placeholder, maxlength: c.max_length ?? 4000, rows: c.style === 2 ? 4 : null,
    'aria-required': String(required), 'aria-describedby': `${id}-help`, dir: 'auto', value: c.value ?? '',
  });
  const check = () => {
    const length = [...input.value].length;
    if (length === 0) return required ? `${label}: fill in this field.` : '';
    return c.min_length && length < c.min_length ? `${label}: write at least ${c.min_length} characters.` : '';
  };
  return { el: wrap(input), value: () => ({ ...base, value: input.value }), check, focus: () => input.focus() };
}

function selectInput(c, { id, label, required, wrap, base, refs }) {
  const chosen = new Set(defaults(c));
  const button = h('button', {
    id, class: 'select', type: 'button', 'aria-haspopup': 'listbox', 'aria-expanded': 'false', 'aria-describedby': `${id}-help`,
    on: {
      click: async () => {
        const picked = await choose(button, c, [...chosen], refs);
        if (!picked) return;
        chosen.clear();
        for (const v of picked) chosen.add(v);
        fill(button, c, chosen, refs);
      },
    },
  });
  fill(button, c, chosen, refs);
  const check = () => (required && chosen.size === 0 ? `${label}: make a selection.` : '');
  return { el: wrap(button), value: () => ({ ...base, values: [...chosen] }), check, focus: () => button.focus() };
}

// boxes draws radio and check groups, and the single check.
function boxes(c, { id, label, required, wrap, base }) {
  const single = c.type === part.check;
  const options = single ? [{ value: 'true', label, default: c.default }] : c.options ?? [];
  const kind = c.type === part.radios ? 'radio' : 'checkbox';
  const inputs = options.map((o, i) => h('input', { id: i === 0 ? id : `${id}-${i}`, type: kind, name: id, value: o.value, checked: Boolean(o.default) }));
  const chosen = () => inputs.filter((i) => i.checked).map((i) => i.value);
  const value = () => {
    if (single) return { ...base, value: chosen().length > 0 };
    return c.type === part.radios ? { ...base, value: chosen()[0] ?? null } : { ...base, values: chosen() };
  };
  const el = wrap(h('div', { class: 'boxes' }, options.map((o, i) => h('label', { class: 'box-line', for: inputs[i].id }, inputs[i],
    h('span', { dir: 'auto' }, o.label, o.description && h('span', { class: 'field-help' }, o.description))))));
  return { el, value, check: () => (required && !single && chosen().length === 0 ? `${label}: make a choice.` : ''), focus: () => inputs[0]?.focus() };
}
