// Texts put together, cut and compared: CONCATENATE, JOIN, LEFT, MID, REPT, TRIM, UPPER and their likes, and those that
// count bytes. Looking for one text in another is text-search.ts, numbers from and to texts text-convert.ts.

import {
  boolean,
  define,
  type FunctionSpec,
  integer,
  operand,
  optional,
  type Param,
  rest,
  type Scope,
  text,
} from '../define.ts';
import { textFrom } from '../parameters.ts';
import { fail, type Operand } from '../value.ts';
import { cellsOf } from './matrices.ts';
import { atLeast, notNegative, outOfRange } from './refusals.ts';

/** What one cell holds at most. */
const LONGEST = 50_000;

/** Throws for a text longer than a cell can hold. */
export function fitting(name: string, of: string): string {
  if (of.length <= LONGEST) return of;
  throw fail('VALUE', `Text result of ${name} is longer than the limit of ${LONGEST} characters.`);
}

/** The texts of an argument, cell by cell; the first error is the result. */
function textsOf(scope: Scope, of: Operand): readonly string[] {
  return cellsOf(scope, of).rows.flatMap((row) => row.map((value) => textFrom(value, scope.locale)));
}

/** The texts of single values, rows and columns. */
function listOf(name: string, scope: Scope, of: Operand): readonly string[] {
  const { rows } = cellsOf(scope, of);
  if (rows.length > 1 && (rows[0]?.length ?? 0) > 1) {
    throw fail('VALUE', `${name} range must be a single row or a single column.`);
  }
  return textsOf(scope, of);
}

function join(delimiters: readonly string[], parts: readonly string[]): string {
  if (delimiters.length <= 1) return parts.join(delimiters[0] ?? '');
  return parts.reduce((joined, one, index) => joined + (delimiters[(index - 1) % delimiters.length] ?? '') + one);
}

/** Characters that count as two bytes: all beyond Latin-1 but the half-width forms of Katakana. */
function widthOf(unit: number): 1 | 2 {
  return unit > 0xff && !(unit >= 0xff61 && unit <= 0xff9f) ? 2 : 1;
}

export function byteLength(of: string): number {
  let bytes = 0;
  for (let at = 0; at < of.length; at++) bytes += widthOf(of.charCodeAt(at));
  return bytes;
}

/** How many characters from the start fit a number of bytes. */
export function unitsWithin(of: string, bytes: number): number {
  let [at, left] = [0, bytes];
  while (at < of.length && left >= widthOf(of.charCodeAt(at))) left -= widthOf(of.charCodeAt(at++));
  return at;
}

function leftBytes(of: string, bytes: number): string {
  return of.slice(0, unitsWithin(of, bytes));
}

function rightBytes(of: string, bytes: number): string {
  const reversed = [...of].reverse().join('');
  return of.slice(of.length - unitsWithin(reversed, bytes));
}

const PER_CELL = [text, optional(integer, 1)] as const;

/** Cuts so many characters off one end. */
function end(name: string, cut: (of: string, count: number) => string): FunctionSpec {
  return define(name, PER_CELL, (_, of, count) => {
    notNegative(name, 2, count, 'VALUE');
    return cut(of, count);
  });
}

/** Google counts characters in MIDB and REPLACEB too. */
function middle(name: string): FunctionSpec {
  return define(name, [text, integer, integer], (_, of, start, count) => {
    atLeast(name, 2, start, 1);
    notNegative(name, 3, count, 'VALUE');
    return of.slice(start - 1, start - 1 + count);
  });
}

function replace(name: string): FunctionSpec {
  return define(name, [text, integer, integer, text], (_, of, start, count, by) => {
    atLeast(name, 2, start, 1);
    notNegative(name, 3, count, 'VALUE');
    return fitting(name, of.slice(0, start - 1) + by + of.slice(start - 1 + count));
  });
}

function mapped(name: string, of: (given: string) => string): FunctionSpec {
  return define(name, [text], (_, given) => of(given));
}

const upperFirst = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

/** The code point a text begins with. */
function codeOf(name: string): FunctionSpec {
  return define(name, [text], (_, of) => {
    if (of === '') throw fail('VALUE', `Function ${name} parameter 1 value should be non-empty.`);
    return of.codePointAt(0) ?? 0;
  });
}

function isCodePoint(code: number): boolean {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}

const anything: Param<readonly Operand[]> = rest(operand);

export const TEXT_FUNCTIONS: readonly FunctionSpec[] = [
  define('CONCATENATE', [operand, anything], (scope, first, more) =>
    fitting('CONCATENATE', [first, ...more].flatMap((one) => textsOf(scope, one)).join('')),
  ),
  define('CONCAT', [text, text], (_, a, b) => fitting('CONCAT', a + b)),
  define('JOIN', [text, operand, anything], (scope, delimiter, first, more) =>
    fitting('JOIN', [first, ...more].flatMap((one) => listOf('JOIN', scope, one)).join(delimiter)),
  ),
  define('TEXTJOIN', [operand, boolean, operand, anything], (scope, delimiter, ignoreEmpty, first, more) => {
    const parts = [first, ...more].flatMap((one) => textsOf(scope, one));
    const kept = ignoreEmpty ? parts.filter((one) => one !== '') : parts;
    return kept.length === 0 ? '' : fitting('TEXTJOIN', join(textsOf(scope, delimiter), kept));
  }),
  end('LEFT', (of, count) => of.slice(0, count)),
  end('RIGHT', (of, count) => of.slice(Math.max(0, of.length - count))),
  end('LEFTB', leftBytes),
  end('RIGHTB', rightBytes),
  middle('MID'),
  middle('MIDB'),
  replace('REPLACE'),
  replace('REPLACEB'),
  define('LEN', [text], (_, of) => of.length),
  define('LENB', [text], (_, of) => byteLength(of)),
  define('REPT', [text, integer], (_, of, count) => {
    notNegative('REPT', 2, count, 'VALUE');
    if (of.length * count > LONGEST) fitting('REPT', ' '.repeat(LONGEST + 1));
    return of.repeat(count);
  }),
  define('EXACT', [text, text], (_, a, b) => a === b),
  mapped('TRIM', (of) => of.replace(/ +/g, ' ').replace(/^ | $/g, '')),
  mapped('CLEAN', (of) => [...of].filter((one) => one >= ' ').join('')),
  mapped('UPPER', (of) => of.toUpperCase()),
  mapped('LOWER', (of) => of.toLowerCase()),
  mapped('PROPER', (of) => of.replace(/\p{L}[\p{L}\p{M}]*/gu, upperFirst)),
  codeOf('CODE'),
  codeOf('UNICODE'),
  define('CHAR', [integer], (_, code) => {
    if (!isCodePoint(code)) throw outOfRange('CHAR', 1, code);
    return String.fromCodePoint(code);
  }),
  define('UNICHAR', [integer], (_, code) => {
    if (code <= 0) {
      throw fail('VALUE', `UNICHAR requires inputs greater than 0, but one of the values entered is ${code}.`);
    }
    if (!isCodePoint(code)) throw outOfRange('UNICHAR', 1, code, 'VALUE');
    return String.fromCodePoint(code);
  }),
];
