// A formula's text as tokens with their places, so that a reference can be rewritten and the rest stays as typed.
// Knows no grammar.

import { columnIndex, type Grid, MAX_COLUMNS, parseGrid } from '../../sheets/a1.ts';

export interface ReferenceToken {
  readonly kind: 'reference';
  readonly start: number;
  readonly end: number;
  /** Title as written, unquoted; absent for the formula's own sheet. */
  readonly sheet: string | undefined;
  /** Where the cells begin, behind the sheet's `!`. */
  readonly cells: number;
  readonly grid: Grid;
}

export type Token =
  | ReferenceToken
  | { readonly kind: 'number'; readonly start: number; readonly end: number; readonly value: number }
  | {
      readonly kind: 'text' | 'error' | 'name' | 'table';
      readonly start: number;
      readonly end: number;
      readonly value: string;
    }
  | { readonly kind: 'mark'; readonly start: number; readonly end: number; readonly value: string };

/** Languages in which a comma is the decimal point: arguments are then separated by semicolons. */
export function hasDecimalComma(locale: string): boolean {
  return !/^(en|ja|zh|ko|th|he|iw|hi|es_(MX|US|GT|HN|NI|PA|PE|PR|SV|DO))/.test(locale);
}

const BLANKS = /[\s\u00a0]+/y;
const TEXT = /"(?:[^"]|"")*"/y;
const ERROR = /#(?:N\/A|REF!|DIV\/0!|VALUE!|NAME\?|NUM!|NULL!|ERROR!)/iy;
const SHEET = /(?:'((?:[^']|'')*)'|([\p{L}_][\p{L}\p{N}_.]*))!/uy;
const CELLS =
  /(?:\$?[A-Za-z]{1,3}\$?[1-9]\d{0,7}(?:\s*:\s*(?:\$?[A-Za-z]{1,3}\$?[1-9]\d{0,7}|\$?[A-Za-z]{1,3}|\$?[1-9]\d{0,7}))?|\$?[A-Za-z]{1,3}\s*:\s*\$?[A-Za-z]{1,3}(?:\$?[1-9]\d{0,7})?|\$?[1-9]\d{0,7}\s*:\s*\$?(?:[A-Za-z]{1,3}\$?)?[1-9]\d{0,7})(?![\p{L}\p{N}_.(!])/uy;
const NUMBER_POINT = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NUMBER_COMMA = /(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?/y;
const TABLE = /[\p{L}_][\p{L}\p{N}_.]*\[(?:[^[\]]|\[[^[\]]*\])*\]/uy;
const NAME = /[\p{L}_\\][\p{L}\p{N}_.]*/uy;
const MARK = /<=|>=|<>|[-+*/^&=<>(){},;:%\\]/y;

/** The tokens of a formula behind its `=`; undefined when some of it is none. */
export function tokenize(text: string, locale: string): Token[] | undefined {
  const tokens: Token[] = [];
  const number = hasDecimalComma(locale) ? NUMBER_COMMA : NUMBER_POINT;
  let at = text.startsWith('=') ? 1 : 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const push = (kind: 'text' | 'error' | 'name' | 'table' | 'mark', length: number, value: string) => {
    tokens.push({ kind, start: at, end: at + length, value });
    at += length;
  };
  while (at < text.length) {
    const blank = match(BLANKS);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const reference = referenceAt(text, at, match);
    if (reference) {
      tokens.push(reference);
      at = reference.end;
      continue;
    }
    const quoted = match(TEXT);
    if (quoted) {
      push('text', quoted[0].length, quoted[0].slice(1, -1).replaceAll('""', '"'));
      continue;
    }
    const error = match(ERROR);
    if (error) {
      push('error', error[0].length, error[0].toUpperCase());
      continue;
    }
    const digits = match(number);
    if (digits) {
      const [written] = digits;
      tokens.push({ kind: 'number', start: at, end: at + written.length, value: Number(written.replace(',', '.')) });
      at += written.length;
      continue;
    }
    const table = match(TABLE);
    if (table) {
      push('table', table[0].length, table[0]);
      continue;
    }
    const name = match(NAME);
    if (name) {
      push('name', name[0].length, name[0]);
      continue;
    }
    const mark = match(MARK);
    if (!mark) return undefined;
    push('mark', mark[0].length, mark[0]);
  }
  return tokens;
}

function referenceAt(
  text: string,
  start: number,
  match: (pattern: RegExp) => RegExpExecArray | null,
): ReferenceToken | undefined {
  const sheet = match(SHEET);
  const cells = start + (sheet?.[0].length ?? 0);
  CELLS.lastIndex = cells;
  const written = CELLS.exec(text);
  if (!written) return undefined;
  const grid = gridOf(written[0]);
  if (!grid) return undefined;
  const title = sheet && (sheet[1]?.replaceAll("''", "'") ?? sheet[2]);
  return { kind: 'reference', start, end: cells + written[0].length, sheet: title ?? undefined, cells, grid };
}

function gridOf(written: string): Grid | undefined {
  const plain = written.replaceAll(/[\s$]/g, '');
  // `A2:2` is a row from its second column on, which A1 notation elsewhere does not know.
  const open = /^([A-Za-z]+)(\d+):(\d+)$/.exec(plain);
  if (!open) return parseGrid(plain);
  const [, column = '', first = '', last = ''] = open;
  const startColumn = columnIndex(column);
  if (startColumn >= MAX_COLUMNS) return undefined;
  const rows = [Number(first), Number(last)];
  return { startRow: Math.min(...rows) - 1, endRow: Math.max(...rows), startColumn };
}
