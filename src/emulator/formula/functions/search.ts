// Finding a value in a line of values: exact, with wildcards, nearest, and in sorted lines. Knows no function.

import type { Matrix, Scalar, Value } from '../value.ts';
import { wildcard } from './criteria.ts';
import { compareValues, rankOf } from './order.ts';

export type Line = readonly Value[];

/** Lines and places are kept as long as the cells they come from: a column that many cells look up is read once. */
const lines = new WeakMap<Matrix['rows'], Line>();
const places = new WeakMap<Line, Map<Scalar, number> | 'searched once'>();

/** The values of a matrix with one row or one column; undefined for other shapes. */
export function lineOf(of: Matrix): Line | undefined {
  if (of.rows.length === 1) return of.rows[0];
  if (of.rows[0]?.length !== 1) return undefined;
  let line = lines.get(of.rows);
  if (!line) {
    line = of.rows.map((row) => row[0] ?? null);
    lines.set(of.rows, line);
  }
  return line;
}

function keyOf(value: Scalar): Scalar {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function scan(line: Line, key: Scalar): number {
  const wanted = keyOf(key);
  if (typeof wanted !== 'string') return line.indexOf(wanted);
  return line.findIndex(
    (value) => typeof value === 'string' && value.length === wanted.length && value.toLowerCase() === wanted,
  );
}

/** First place of a value, texts in any case; -1 when it is nowhere. Blanks are found nowhere. */
export function findExact(line: Line, key: Scalar): number {
  const known = places.get(line);
  if (known === undefined || known === 'searched once') {
    if (known === undefined || line.length < 64) {
      places.set(line, 'searched once');
      return scan(line, key);
    }
    const index = new Map<Scalar, number>();
    line.forEach((value, place) => {
      if (value === null || typeof value === 'object') return;
      const at = keyOf(value);
      if (!index.has(at)) index.set(at, place);
    });
    places.set(line, index);
    return index.get(keyOf(key)) ?? -1;
  }
  return known.get(keyOf(key)) ?? -1;
}

export function findLastExact(line: Line, key: Scalar): number {
  const wanted = keyOf(key);
  return line.findLastIndex((value) => (typeof value === 'string' ? value.toLowerCase() : value) === wanted);
}

/** As VLOOKUP and MATCH search unsorted lines: a text may hold wildcards. */
export function findMatch(line: Line, key: Scalar, last = false): number {
  if (typeof key !== 'string' || !/[*?~]/.test(key)) return last ? findLastExact(line, key) : findExact(line, key);
  const matches = wildcard(key);
  const test = (value: Value) => typeof value === 'string' && matches(value);
  return last ? line.findLastIndex(test) : line.findIndex(test);
}

/**
 * In an ascending line (`direction` 1) the last value that is not greater than the key, in a descending one (-1) the
 * last that is not less; -1 when there is none. Values of another type than the key's are passed over.
 */
export function findSorted(line: Line, key: Scalar, direction: 1 | -1 = 1): number {
  const rank = rankOf(key);
  let found = -1;
  let low = 0;
  let high = line.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    let at = middle;
    while (at <= high && rankOf(line[at] ?? null) !== rank) at++;
    if (at > high) high = middle - 1;
    else if (direction * compareValues(line[at] ?? null, key) <= 0) {
      found = at;
      low = at + 1;
    } else high = middle - 1;
  }
  return found;
}

/** The place of the nearest value on one side of the key: the largest below it (-1) or the smallest above it (1). */
export function findNearest(line: Line, key: Scalar, side: 1 | -1, last: boolean): number {
  const rank = rankOf(key);
  let found = -1;
  line.forEach((value, place) => {
    if (rankOf(value) !== rank || side * compareValues(value, key) < 0) return;
    const order = found < 0 ? -1 : side * compareValues(value, line[found] ?? null);
    if (order < 0 || (order === 0 && last)) found = place;
  });
  return found;
}
