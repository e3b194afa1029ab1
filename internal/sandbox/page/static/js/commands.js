// Slash commands as data: what can be typed, what it means, what is sent. Pure.

/** Types of options, https://docs.discord.com/developers/interactions/application-commands. */
export const type = {
  sub: 1, group: 2, string: 3, integer: 4, boolean: 5, user: 6, channel: 7, role: 8, mentionable: 9, number: 10, file: 11,
};

/** leaves lists all that one can run: commands, and the sub-commands of those
 * that have any. */
export function leaves(commands) {
  const out = [];
  const walk = (command, node, path) => {
    const subs = (node.options ?? []).filter((o) => o.type === type.sub || o.type === type.group);
    if (subs.length > 0) {
      for (const sub of subs) walk(command, sub, [...path, sub]);
      return;
    }
    const names = [command.name, ...path.map((p) => p.name)];
    out.push({ command, path, name: names.join(' '), description: node.description ?? '', options: node.options ?? [] });
  };
  for (const command of commands) walk(command, command, []);
  return out.sort((a, b) => a.name.localeCompare(b.name));
}

/** search finds the leaves for what was typed after the slash, best first. */
export function search(list, typed) {
  const want = typed.trim().toLowerCase();
  const rank = (leaf) => {
    if (leaf.name.startsWith(want)) return 0;
    if (leaf.name.split(/[ -]/).some((w) => w.startsWith(want))) return 1;
    if (leaf.name.includes(want)) return 2;
    return leaf.description.toLowerCase().includes(want) ? 3 : -1;
  };
  return list.map((leaf) => ({ leaf, r: rank(leaf) })).filter((x) => x.r >= 0).sort((a, b) => a.r - b.r).map((x) => x.leaf);
}

/**
 * begun finds the leaf whose whole name was typed, with a space after it. It gives
 * {leaf, rest}, what stands behind, or undefined.
 */
export function begun(list, typed) {
  const leaf = list.find((l) => typed.toLowerCase().startsWith(`${l.name} `));
  return leaf && { leaf, rest: typed.slice(leaf.name.length + 1) };
}

/**
 * given reads `name:value` of options: {lead, found}, what stands before the first
 * name, and [{option, text}] in the order of the text. A value goes up to the next
 * name of an option that is not given yet, so that it may have blanks and colons.
 */
export function given(options, text) {
  const starts = [];
  for (const m of text.matchAll(/(?<=^|\s)([^\s:]+):/gu)) {
    const option = options.find((o) => o.name === m[1].toLowerCase());
    if (option && !starts.some((s) => s.option === option)) starts.push({ option, at: m.index, from: m.index + m[0].length });
  }
  const found = starts.map(({ option, from }, i) => ({ option, text: text.slice(from, starts[i + 1]?.at).trim() }));
  return { lead: starts.length > 0 ? text.slice(0, starts[0].at).trim() : text, found };
}

/**
 * dataOf builds the interaction's data: the options [{name, type, value,
 * focused?}] below the sub-commands that lead to the leaf.
 */
export function dataOf(leaf, options) {
  let inner = options;
  for (const step of [...leaf.path].reverse()) inner = [{ name: step.name, type: step.type, options: inner }];
  return { id: leaf.command.id, name: leaf.command.name, type: 1, options: inner };
}

/**
 * candidates lists what can be picked for an option without asking the bot, or
 * null when anything may be typed. Items: {text, value, detail, mark}.
 */
export function candidates(option, lookup) {
  if (option.choices?.length > 0) return option.choices.map((c) => ({ text: c.name, value: c.value }));
  switch (option.type) {
    case type.boolean: return [{ text: 'True', value: true }, { text: 'False', value: false }];
    case type.user: return lookup.users();
    case type.role: return lookup.roles();
    case type.mentionable: return [...lookup.users(), ...lookup.roles()];
    case type.channel: return lookup.channels(option.channel_types);
    default: return null;
  }
}

/** narrow keeps the candidates that fit what was typed, best first. */
export function narrow(items, typed) {
  const want = typed.trim().toLowerCase().replace(/^[#@]/, '');
  const at = (item) => item.text.toLowerCase().replace(/^[#@]/, '').indexOf(want);
  return items.filter((i) => at(i) >= 0).sort((a, b) => Math.min(at(a), 1) - Math.min(at(b), 1));
}

/**
 * valueOf reads what stands in an option's field: {value}, {error}, or {} for
 * an empty field that may be empty.
 */
export function valueOf(option, text, picked, lookup) {
  if (option.type === type.file) return fileOf(option, text, picked);
  if (picked && picked.text === text) return { value: picked.value };
  const typed = text.trim();
  if (typed === '') return option.required ? { error: 'This option is required. Give it a value.' } : {};
  const items = candidates(option, lookup);
  if (items) {
    const bare = (s) => s.toLowerCase().replace(/^[#@]/, '');
    const id = /^<(?:#|@[!&]?)(\d+)>$/.exec(typed)?.[1] ?? typed; // mentions as messages have them
    const match = items.find((i) => bare(i.text) === bare(typed)) ?? items.find((i) => String(i.value) === id);
    return match ? { value: match.value } : { error: noMatch[option.type] ?? 'Pick one of the choices in the list.' };
  }
  switch (option.type) {
    case type.integer: return numberOf(option, typed, /^[-+]?\d{1,15}$/, 'Give a whole number.');
    case type.number: return numberOf(option, typed, /^[-+]?(\d+\.?\d*|\.\d+)$/, 'Give a number.');
    default: return stringOf(option, text);
  }
}

// fileOf gives the id of a file that was sent beforehand.
function fileOf(option, text, picked) {
  if (picked) return { value: picked.value };
  if (text) return { error: 'The file has not been sent yet.' };
  return option.required ? { error: 'Choose a file.' } : {};
}

const noMatch = {
  [type.boolean]: 'Say True or False.',
  [type.user]: 'There is no such member here.',
  [type.role]: 'There is no such role here.',
  [type.mentionable]: 'There is no such member or role here.',
  [type.channel]: 'There is no such channel here, or it does not fit.',
};

function numberOf(option, typed, pattern, complaint) {
  const n = Number(typed);
  if (!pattern.test(typed) || !Number.isFinite(n)) return { error: complaint };
  if (option.min_value !== undefined && n < option.min_value) return { error: `The least is ${option.min_value}.` };
  if (option.max_value !== undefined && n > option.max_value) return { error: `The most is ${option.max_value}.` };
  return { value: n };
}

function stringOf(option, text) {
  const length = [...text].length;
  if (option.min_length && length < option.min_length) return { error: `Give at least ${option.min_length} characters.` };
  if (option.max_length !== undefined && length > option.max_length) return { error: `Give at most ${option.max_length} characters.` };
  return { value: text };
}
