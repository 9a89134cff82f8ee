// Drive's query language: a text becomes a predicate on files. Knows no HTTP and reads no workbook itself.

import { ApiError } from './errors.ts';
import { type DriveFile, ROOT_FOLDER } from './files.ts';

/** The text of a file's content, asked for by `fullText` only. */
export type Content = (file: DriveFile) => string;
type Predicate = (file: DriveFile, content: Content) => boolean;

const TOKEN = /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(<=|>=|!=|=|<|>|\(|\)|\{|\})|([A-Za-z][A-Za-z.]*))/y;

type Token = { readonly text: string; readonly kind: 'value' | 'mark' | 'word' };

function refusal(): ApiError {
  return new ApiError(400, 'Invalid Value', { reason: 'invalid', location: 'q' });
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = query.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(query);
    if (!match) throw refusal();
    const [, value, mark, word] = match;
    if (value !== undefined) tokens.push({ kind: 'value', text: value.slice(1, -1).replaceAll(/\\(.)/g, '$1') });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Drive matches the beginnings of words in names. */
function nameContains(name: string, wanted: string): boolean {
  const lower = name.toLowerCase();
  const text = wanted.toLowerCase();
  for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(lower[at - 1] ?? '')) return true;
  }
  return false;
}

/** Every word of the text, or the phrase in double quotes, in name, description or content. */
function fullTextContains(file: DriveFile, wanted: string, content: Content): boolean {
  const phrase = /^"(.*)"$/s.exec(wanted.trim())?.[1];
  const haystack = words(`${file.name}\n${file.description ?? ''}\n${content(file)}`);
  const needles = words(phrase ?? wanted);
  if (phrase === undefined) return needles.every((word) => haystack.includes(word));
  return ` ${haystack.join(' ')} `.includes(` ${needles.join(' ')} `);
}

const COMPARE: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const OWNER = 'you@localhost';

function comparison(field: string, operator: string, value: string): Predicate {
  const compare = COMPARE[operator];
  if (field === 'fullText' && operator === 'contains') {
    return (file, content) => fullTextContains(file, value, content);
  }
  if (field === 'name' || field === 'title') {
    if (operator === 'contains') return (file) => nameContains(file.name, value);
    if (operator === '=' || operator === '!=') return (file) => (file.name === value) === (operator === '=');
  }
  if (field === 'mimeType') {
    if (operator === 'contains') return (file) => file.mimeType.startsWith(value);
    if (operator === '=' || operator === '!=') return (file) => (file.mimeType === value) === (operator === '=');
  }
  if ((field === 'modifiedTime' || field === 'createdTime') && compare) {
    const at = Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`);
    const instant = Number.isNaN(at) ? Date.parse(value) : at;
    if (Number.isNaN(instant)) throw refusal();
    const wanted = new Date(instant).toISOString();
    return (file) => compare(file[field], wanted);
  }
  throw refusal();
}

/** The predicate of a query; an empty query accepts every file. Throws Drive's refusal of a malformed one. */
export function parseQuery(query: string): Predicate {
  const tokens = tokenize(query);
  let at = 0;
  const peek = (text: string) => tokens[at]?.kind !== 'value' && tokens[at]?.text.toLowerCase() === text;
  const take = (kind: Token['kind'], text?: string): string => {
    const token = tokens[at++];
    if (token?.kind !== kind || (text !== undefined && token.text.toLowerCase() !== text)) throw refusal();
    return token.text;
  };

  function membership(value: string): Predicate {
    take('word', 'in');
    const list = take('word');
    if (list === 'parents') {
      return (file) => file.parents.includes(value) || (value === 'root' && file.parents.includes(ROOT_FOLDER));
    }
    if (list === 'owners' || list === 'writers' || list === 'readers') return () => value === OWNER || value === 'me';
    throw refusal();
  }

  function has(field: string): Predicate {
    if (field !== 'appProperties' && field !== 'properties') throw refusal();
    take('mark', '{');
    take('word', 'key');
    take('mark', '=');
    const key = take('value');
    take('word', 'and');
    take('word', 'value');
    take('mark', '=');
    const value = take('value');
    take('mark', '}');
    return (file) => file[field]?.[key] === value;
  }

  function term(): Predicate {
    if (tokens[at]?.kind === 'value') return membership(take('value'));
    const field = take('word');
    const operator = tokens[at++]?.text ?? '';
    if (operator === 'has') return has(field);
    if (tokens[at]?.kind === 'value') return comparison(field, operator, take('value'));
    const wanted = take('word').toLowerCase();
    if (COMPARE[operator] === undefined || (wanted !== 'true' && wanted !== 'false')) throw refusal();
    const expected = (wanted === 'true') === (operator === '=');
    if (field === 'trashed' || field === 'starred') return (file) => file[field] === expected;
    if (field === 'sharedWithMe') return () => !expected;
    throw refusal();
  }

  function unary(): Predicate {
    if (peek('not')) {
      at++;
      const inner = unary();
      return (file, content) => !inner(file, content);
    }
    if (!peek('(')) return term();
    at++;
    const inner = either();
    take('mark', ')');
    return inner;
  }

  function both(): Predicate {
    let left = unary();
    while (peek('and')) {
      at++;
      const [first, second] = [left, unary()];
      left = (file, content) => first(file, content) && second(file, content);
    }
    return left;
  }

  function either(): Predicate {
    let left = both();
    while (peek('or')) {
      at++;
      const [first, second] = [left, both()];
      left = (file, content) => first(file, content) || second(file, content);
    }
    return left;
  }

  if (tokens.length === 0) return () => true;
  const predicate = either();
  if (at < tokens.length) throw refusal();
  return predicate;
}

const ORDERS: Readonly<Record<string, (a: DriveFile, b: DriveFile) => number>> = {
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  name_natural: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
  createdTime: (a, b) => Date.parse(a.createdTime) - Date.parse(b.createdTime),
  starred: (a, b) => Number(b.starred) - Number(a.starred),
  folder: (a, b) => Number(b.mimeType.endsWith('.folder')) - Number(a.mimeType.endsWith('.folder')),
};
for (const name of ['modifiedTime', 'modifiedByMeTime', 'recency', 'viewedByMeTime', 'sharedWithMeTime']) {
  (ORDERS as Record<string, unknown>)[name] = (a: DriveFile, b: DriveFile) =>
    Date.parse(a.modifiedTime) - Date.parse(b.modifiedTime);
}

/** A comparison from `orderBy`, such as `folder,modifiedTime desc,name`; last modified first when it is absent. */
export function parseOrder(orderBy: string | undefined): (a: DriveFile, b: DriveFile) => number {
  const keys = (orderBy || 'modifiedTime desc').split(',').map((part) => {
    const [name = '', direction, ...rest] = part.trim().split(/\s+/);
    const order = Object.hasOwn(ORDERS, name) ? ORDERS[name] : undefined;
    if (!order || rest.length > 0 || (direction !== undefined && direction !== 'desc')) {
      throw new ApiError(400, 'Invalid Value', { reason: 'invalid', location: 'orderBy' });
    }
    return direction === 'desc' ? (a: DriveFile, b: DriveFile) => -order(a, b) : order;
  });
  return (a, b) => {
    for (const key of keys) {
      const order = key(a, b);
      if (order !== 0) return order;
    }
    return b.key - a.key;
  };
}
