// Looking for one text in another: FIND, SEARCH with its wildcards, SUBSTITUTE, SPLIT. Patterns are regex.ts.

import { boolean, define, type FunctionSpec, integer, operand, optional, type Scope, text } from '../define.ts';
import { textFrom } from '../parameters.ts';
import { fail, matrix, type Operand, type Value } from '../value.ts';
import { literalIn } from './criteria.ts';
import { lifted, scalarOf, settle } from './lifting.ts';
import { atLeast, notNegative } from './refusals.ts';
import { byteLength, fitting, unitsWithin } from './text.ts';

/** A character of a pattern, or any one character. */
type Wanted = string | undefined;

/** The runs between the stars of a pattern, in lower case; `~` takes its meaning from the next character. */
function runsOf(pattern: string): readonly (readonly Wanted[])[] {
  const runs: Wanted[][] = [[]];
  const lower = pattern.toLowerCase();
  for (let at = 0; at < lower.length; at++) {
    const one = lower.charAt(at);
    if (one === '~' && '*?~'.includes(lower.charAt(at + 1) || ' ')) runs.at(-1)?.push(lower.charAt(++at));
    else if (one === '*') runs.push([]);
    else runs.at(-1)?.push(one === '?' ? undefined : one);
  }
  return runs;
}

function findRun(run: readonly Wanted[], within: string, from: number): number {
  if (!run.includes(undefined)) return within.indexOf(run.join(''), from);
  for (let start = from; start + run.length <= within.length; start++) {
    if (run.every((one, index) => one === undefined || one === within.charAt(start + index))) return start;
  }
  return -1;
}

/** Where a pattern first matches, without regard to case; -1 for nowhere. Each run is taken where it first comes. */
function search(pattern: string, within: string, from: number): number {
  const lower = within.toLowerCase();
  let first = -1;
  let at = from;
  for (const run of runsOf(pattern)) {
    const found = findRun(run, lower, at);
    if (found < 0) return -1;
    if (first < 0) first = found;
    at = found + run.length;
  }
  return first;
}

type Finder = (wanted: string, within: string, from: number) => number;

/** Places count from 1, in characters or in bytes. */
function finder(name: string, find: Finder, bytes: boolean): FunctionSpec {
  return define(name, [text, text, optional(integer, 1)], (_, wanted, within, start) => {
    atLeast(name, 3, start, 1);
    const from = bytes ? unitsWithin(within, start - 1) : start - 1;
    const found = from > within.length ? -1 : find(wanted, within, from);
    if (found < 0) throw fail('VALUE', `In ${name} evaluation, cannot find '${wanted}' within '${within}'.`);
    return 1 + (bytes ? byteLength(within.slice(0, found)) : found);
  });
}

const exactly: Finder = (wanted, within, from) => within.indexOf(wanted, from);

function substitute(of: string, wanted: string, by: string, occurrence: number | undefined): string {
  if (wanted === '') return of;
  if (occurrence === undefined) return of.replaceAll(wanted, () => by);
  let at = -wanted.length;
  for (let count = 0; count < occurrence; count++) {
    at = of.indexOf(wanted, at + wanted.length);
    if (at < 0) return of;
  }
  return occurrence === 0 ? of : of.slice(0, at) + by + of.slice(at + wanted.length);
}

/** The pieces of a text; those that look like numbers, dates or booleans are such, empty ones are blanks. */
function split(scope: Scope, of: string, delimiter: string, byEach: boolean, dropEmpty: boolean): readonly Value[] {
  for (const [index, one] of [of, delimiter].entries()) {
    if (one === '') throw fail('VALUE', `Function SPLIT parameter ${index + 1} value should be non-empty.`);
  }
  const separators = new Set(byEach ? delimiter : [delimiter]);
  let pieces = [of];
  for (const separator of separators) pieces = pieces.flatMap((piece) => piece.split(separator));
  const kept = dropEmpty ? pieces.filter((piece) => piece !== '') : pieces;
  return kept.length === 0 ? [null] : kept.map((piece) => (piece === '' ? null : literalIn(scope, piece)));
}

/**
 * A row for each value of a column in array context, the shorter filled up with blanks; else one row. What one value
 * is refused for stands in its own row.
 */
export function rowsFor(scope: Scope, of: Operand, each: (value: Value) => readonly Value[]): Operand {
  const cells = lifted(scope, of);
  if (!cells) {
    const row = each(scalarOf(scope, of));
    return row.length === 1 ? (row[0] ?? null) : matrix([row]);
  }
  const rows = cells.map((line) =>
    line.flatMap((value) =>
      settle(
        () => each(value),
        (error) => [error],
      ),
    ),
  );
  const width = Math.max(...rows.map((row) => row.length));
  return matrix(rows.map((row) => [...row, ...Array<null>(width - row.length).fill(null)]));
}

export const TEXT_SEARCH_FUNCTIONS: readonly FunctionSpec[] = [
  finder('FIND', exactly, false),
  finder('FINDB', exactly, true),
  finder('SEARCH', search, false),
  finder('SEARCHB', search, true),
  define('SUBSTITUTE', [text, text, text, optional(integer)], (_, of, wanted, by, occurrence) => {
    if (occurrence !== undefined) notNegative('SUBSTITUTE', 4, occurrence, 'VALUE');
    return fitting('SUBSTITUTE', substitute(of, wanted, by, occurrence));
  }),
  define(
    'SPLIT',
    [operand, text, optional(boolean, true), optional(boolean, true)],
    (scope, of, delimiter, byEach, dropEmpty) =>
      rowsFor(scope, of, (value) => split(scope, textFrom(value, scope.locale), delimiter, byEach, dropEmpty)),
  ),
];
