// Discord's subset of Markdown, from text to a tree. Pure: no DOM.
//
// A node is {type, ...}: text{text}, bold|italic|underline|strike|spoiler|
// quote|small|paragraph{children}, heading{level, children}, code{text},
// fence{text, lang}, list{ordered, start, items}, link{href, children},
// time{unix, style}, user|role|channel{id}, command{name, id}, emoji{name},
// everyone{text}. Unknown or broken markup stays text.

import { webURL } from './dom.js';

const maxDepth = 12;
const special = new Set(['*', '_', '~', '|', '`', '<', '[', 'h', '@']);
const escapable = /[!-/:-@[-`{-~]/;
const word = /[\p{L}\p{N}_]/u;
// An address ends at spaces, brackets, controls and marks of direction.
const bare = /https?:\/\/[^\s<>[\]\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/y;
const angled = [
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (m) => ({ type: 'time', unix: m[1], style: m[2], text: m[0] })],
  [/<@!?(\d{1,20})>/y, (m) => ({ type: 'user', id: m[1] })],
  [/<@&(\d{1,20})>/y, (m) => ({ type: 'role', id: m[1] })],
  [/<#(\d{1,20})>/y, (m) => ({ type: 'channel', id: m[1] })],
  [/<\/([^:<>\n]{1,100}):(\d{1,20})>/y, (m) => ({ type: 'command', name: m[1], id: m[2] })],
  [/<a?:(\w{2,32}):(\d{1,20})>/y, (m) => ({ type: 'emoji', name: m[1] })],
  [/<(https?:\/\/[^\s<>]+)>/y, (m) => webURL(m[1]) && ({ type: 'link', href: m[1], children: [text(m[1])] })],
];
const pairs = [
  ['***', ['bold', 'italic']], ['**', ['bold']], ['*', ['italic']],
  ['__', ['underline']], ['_', ['italic']], ['~~', ['strike']], ['||', ['spoiler']],
];

function text(value) {
  return { type: 'text', text: value };
}

/** parse reads a message or an embed's description. */
export function parse(source) {
  return blocks(String(source ?? ''), 0);
}

/** parseInline reads a title or a name: no blocks. */
export function parseInline(source) {
  return inline(String(source ?? ''), 0);
}

function blocks(source, depth) {
  const out = [];
  let done = 0;
  for (let open = source.indexOf('```'); open >= 0; open = source.indexOf('```', open)) {
    const close = source.indexOf('```', open + 3);
    if (close < 0) break;
    const body = source.slice(open + 3, close);
    if (source[open - 1] === '\\' || body.trim() === '') {
      open += 3;
      continue;
    }
    out.push(...lines(source.slice(done, open).replace(/\n$/, ''), depth));
    const lang = /^([\w+.-]{1,30})\n/.exec(body);
    out.push({ type: 'fence', lang: lang?.[1] ?? '', text: (lang ? body.slice(lang[0].length) : body).replace(/^\n|\n$/g, '') });
    open = done = close + 3;
    if (source[done] === '\n') open = ++done;
  }
  out.push(...lines(source.slice(done), depth));
  return out;
}

function lines(source, depth) {
  if (source === '') return [];
  const out = [];
  const all = source.split('\n');
  let plain = [];
  const flush = () => {
    // A block ends its line itself: one empty line after it is no gap more, but after
    // small text, which ends with its line alone.
    if (out.length > 0 && out.at(-1).type !== 'small' && plain[0]?.trim() === '') plain.shift();
    if (plain.some((line) => line.trim() !== '')) {
      out.push({ type: 'paragraph', children: inline(plain.join('\n'), depth) });
    }
    plain = [];
  };
  for (let i = 0; i < all.length; i++) {
    const line = all[i];
    const block = depth < maxDepth ? blockAt(all, i, depth) : null;
    if (!block) {
      plain.push(line);
      continue;
    }
    flush();
    out.push(block.node);
    i = block.last;
  }
  flush();
  return out;
}

// blockAt reads the block that starts at line i, or gives null for plain text.
function blockAt(all, i, depth) {
  const line = all[i];
  if (line.startsWith('>>> ')) {
    const rest = [line.slice(4), ...all.slice(i + 1)].join('\n');
    return { node: { type: 'quote', children: lines(rest, depth + 1) }, last: all.length };
  }
  if (line.startsWith('> ') || line === '>') {
    let last = i;
    while (last + 1 < all.length && (all[last + 1].startsWith('> ') || all[last + 1] === '>')) last++;
    const rest = all.slice(i, last + 1).map((l) => l.slice(2)).join('\n');
    return { node: { type: 'quote', children: lines(rest, depth + 1) }, last };
  }
  const heading = /^(#{1,3}) +(\S.*)$/.exec(line);
  if (heading) {
    return { node: { type: 'heading', level: heading[1].length, children: inline(heading[2], depth + 1) }, last: i };
  }
  const small = /^-# +(\S.*)$/.exec(line);
  if (small) return { node: { type: 'small', children: inline(small[1], depth + 1) }, last: i };
  return listAt(all, i, depth);
}

function listItem(line) {
  const m = /^( {0,20})([-*]|\d{1,9}\.) +(\S.*)$/.exec(line ?? '');
  return m && { indent: m[1].length, ordered: m[2].length > 1, start: Number.parseInt(m[2], 10), text: m[3] };
}

// listAt reads a list; lines indented deeper than the first make lists in it.
function listAt(all, i, depth) {
  const first = listItem(all[i]);
  if (!first) return null;
  const node = { type: 'list', ordered: first.ordered, start: first.start || 1, items: [] };
  let last = i - 1;
  for (let item = first; item; item = listItem(all[last + 1])) {
    if (item.indent > first.indent + 1 && depth + 1 < maxDepth) {
      const inner = listAt(all, last + 1, depth + 1);
      node.items.at(-1).push(inner.node);
      last = inner.last;
      continue;
    }
    if (item.indent < first.indent || item.ordered !== first.ordered) break;
    node.items.push(inline(item.text, depth + 1));
    last++;
  }
  return { node, last };
}

function inline(source, depth) {
  const out = [];
  const dead = new Set(); // markers known to have no end in the rest
  let plain = '';
  const flush = () => {
    if (plain) out.push(text(plain));
    plain = '';
  };
  for (let i = 0; i < source.length;) {
    const c = source[i];
    if (c === '\\' && i + 1 < source.length && escapable.test(source[i + 1])) {
      plain += source[i + 1];
      i += 2;
      continue;
    }
    const hit = special.has(c) ? token(source, i, depth, dead) : null;
    if (hit) {
      flush();
      out.push(hit.node);
      i = hit.end;
      continue;
    }
    plain += c;
    i++;
  }
  flush();
  return out;
}

function token(source, i, depth, dead) {
  switch (source[i]) {
    case '`': return codeAt(source, i);
    case '<': return angledAt(source, i);
    case 'h': return bareAt(source, i);
    case '@': return everyoneAt(source, i);
    case '[': return depth < maxDepth ? maskedAt(source, i, depth) : null;
    default: return depth < maxDepth ? pairAt(source, i, depth, dead) : null;
  }
}

function codeAt(source, i) {
  const ticks = /`+/y;
  ticks.lastIndex = i;
  const run = ticks.exec(source)[0];
  const end = codeEnd(source, i + run.length, run.length);
  if (end < 0) return { node: text(run), end: i + run.length };
  const body = source.slice(i + run.length, end);
  return { node: { type: 'code', text: body.replace(/^ (?=`)|(?<=`) $/g, '') }, end: end + run.length };
}

// codeEnd finds a run of exactly n backticks at or after from.
function codeEnd(source, from, n) {
  const runs = /`+/g;
  runs.lastIndex = from;
  for (let m = runs.exec(source); m; m = runs.exec(source)) {
    if (m[0].length === n) return m.index;
  }
  return -1;
}

function angledAt(source, i) {
  for (const [pattern, build] of angled) {
    pattern.lastIndex = i;
    const m = pattern.exec(source);
    const node = m && build(m);
    if (node) return { node, end: i + m[0].length };
  }
  return null;
}

function bareAt(source, i) {
  if (i > 0 && word.test(source[i - 1])) return null;
  bare.lastIndex = i;
  const m = bare.exec(source);
  if (!m) return null;
  let address = m[0];
  for (;;) {
    const tail = address.at(-1);
    const unbalanced = tail === ')' && address.split('(').length <= address.split(')').length - 1;
    if (!unbalanced && !/[.,:;"'!?*_~|\]}]/.test(tail)) break;
    address = address.slice(0, -1);
  }
  if (!webURL(address)) return null;
  return { node: { type: 'link', href: address, children: [text(address)] }, end: i + address.length };
}

function everyoneAt(source, i) {
  const m = /^@(everyone|here)\b/.exec(source.slice(i, i + 12));
  return m && { node: { type: 'everyone', text: m[0] }, end: i + m[0].length };
}

// maskedAt reads [text](address). A text that itself looks like an address
// could lie about where it leads; Discord shows such a link raw, and so do we.
function maskedAt(source, i, depth) {
  const close = balanced(source, i, '[', ']');
  if (close < 0 || source[close + 1] !== '(') return null;
  const end = balanced(source, close + 1, '(', ')');
  if (end < 0) return null;
  const label = source.slice(i + 1, close);
  const m = /^\s*<?([^\s<>]+)>?(?:\s+"[^"]*")?\s*$/.exec(source.slice(close + 2, end));
  if (!m || !webURL(m[1]) || label.trim() === '' || /^\s*(https?:\/\/|www\.)/i.test(label)) return null;
  const children = inline(label, depth + 1).map(unlink);
  return { node: { type: 'link', href: m[1], children }, end: end + 1 };
}

// unlink turns links inside a link into their text.
function unlink(node) {
  if (!node.children) return node;
  const children = node.children.map(unlink);
  return node.type === 'link' ? { type: 'underline', children } : { ...node, children };
}

function balanced(source, i, open, close) {
  let level = 0;
  for (let j = i; j < source.length && j - i < 4096; j++) {
    if (source[j] === '\\') j++;
    else if (source[j] === open) level++;
    else if (source[j] === close && --level === 0) return j;
  }
  return -1;
}

function pairAt(source, i, depth, dead) {
  for (const [marker, types] of pairs) {
    if (!source.startsWith(marker, i) || dead.has(marker)) continue;
    const from = i + marker.length;
    if (marker === '_' && i > 0 && word.test(source[i - 1])) continue;
    if (marker === '*' && /\s/.test(source[from] ?? ' ')) continue;
    const end = closing(source, marker, from);
    if (end < 0) {
      dead.add(marker);
      continue;
    }
    let children = inline(source.slice(from, end), depth + types.length);
    for (const type of types.slice(1)) children = [{ type, children }];
    return { node: { type: types[0], children }, end: end + marker.length };
  }
  return null;
}

// closing finds the end of a pair, past escapes, code and longer runs.
function closing(source, marker, from) {
  const c = marker[0];
  for (let j = from; j < source.length; j++) {
    if (source[j] === '\\') {
      j++;
      continue;
    }
    if (source[j] === '`') {
      j = codeAt(source, j).end - 1;
      continue;
    }
    if (source[j] !== c) continue;
    let run = 1;
    while (source[j + run] === c) run++;
    const at = j + run - marker.length;
    const fits = marker.length === 1 ? run === 1 || run === 3 : run >= marker.length;
    const inWord = marker === '_' && word.test(source[j + run] ?? ' ');
    if (fits && !inWord && at > from - 1 && at !== from) return at;
    j += run - 1;
  }
  return -1;
}
