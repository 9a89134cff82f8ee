// FILTER, SORT, SORTN and UNIQUE: whole rows are kept, ordered and told apart. Changes no value.

import {
  boolean,
  define,
  type FunctionSpec,
  integer,
  operand,
  optional,
  rest,
  type Scope,
  wholeMatrix,
} from '../define.ts';
import { fail, isMatrix, isReference, type Matrix, matrix, type Operand, type Value } from '../value.ts';
import { cellsOf, type Rows, sizeOf, transpose } from './matrices.ts';
import { compareValues, keyOf } from './order.ts';
import { atLeast, mismatched, outOfRange } from './refusals.ts';
import { lineOf } from './search.ts';

const holds = (value: Value) => value === true || (typeof value === 'number' && value !== 0);

function filter(of: Matrix, conditions: readonly Matrix[]): Matrix {
  const size = sizeOf(of);
  const across = size.rows === 1 || (conditions[0]?.rows.length === 1 && size.columns > 1);
  const lines = across ? transpose(of.rows) : of.rows;
  const tests = conditions.map((condition) => {
    const got = sizeOf(condition);
    const fits = across ? got.rows === 1 && got.columns === size.columns : got.columns === 1 && got.rows === size.rows;
    const want = across ? { rows: 1, columns: size.columns } : { rows: size.rows, columns: 1 };
    if (!fits) throw mismatched('FILTER', want, got, 'N_A');
    return lineOf(condition) ?? [];
  });
  const kept = lines.filter((_, index) => tests.every((test) => holds(test[index] ?? null)));
  if (kept.length === 0) throw fail('N_A', 'No matches are found in FILTER evaluation.');
  return matrix(across ? transpose(kept) : kept);
}

interface SortKey {
  readonly values: readonly Value[];
  readonly sign: 1 | -1;
}

/** Blanks come last either way; equal rows keep their order. */
function compareAt(keys: readonly SortKey[], a: number, b: number): number {
  for (const { values, sign } of keys) {
    const x = values[a] ?? null;
    const y = values[b] ?? null;
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
      continue;
    }
    const order = compareValues(x, y);
    if (order !== 0) return order * sign;
  }
  return 0;
}

/** Columns by number or as arrays of their own, each with its direction; none given are all, from the left. */
function keysOf(name: string, scope: Scope, of: Matrix, columns: readonly Operand[], ascending: readonly boolean[]) {
  const size = sizeOf(of);
  const at = (index: number) => of.rows.map((row) => row[index] ?? null);
  if (columns.length === 0) {
    return Array.from({ length: size.columns }, (_, index): SortKey => ({ values: at(index), sign: 1 }));
  }
  const first = name === 'SORT' ? 2 : 4;
  return columns.map((given, index): SortKey => {
    const sign = (ascending[index] ?? true) ? 1 : -1;
    const cells = cellsOf(scope, given);
    if ((isMatrix(given) || isReference(given)) && cells.rows.length === size.rows && size.rows > 1) {
      return { values: lineOf(cells) ?? [], sign };
    }
    const number = cells.rows[0]?.[0];
    if (typeof number !== 'number') {
      throw mismatched(name, { rows: size.rows, columns: 1 }, sizeOf(cells), 'VALUE');
    }
    if (number < 1 || number > size.columns) throw outOfRange(name, first + 2 * index, number, 'VALUE');
    return { values: at(Math.trunc(number) - 1), sign };
  });
}

function order(length: number, keys: readonly SortKey[]): number[] {
  return Array.from({ length }, (_, index) => index).sort((a, b) => compareAt(keys, a, b));
}

/** Which of the sorted rows SORTN shows: ties with the last one too (1), no row twice (2), all like the first n (3). */
function firstRows(sorted: readonly number[], keys: readonly SortKey[], n: number, mode: number): readonly number[] {
  const same = (a: number | undefined, b: number | undefined) =>
    a !== undefined && b !== undefined && compareAt(keys, a, b) === 0;
  if (mode < 2) return sorted.filter((row, place) => place < n || (mode === 1 && same(row, sorted[n - 1])));
  let groups = 0;
  return sorted.filter((row, place) => {
    const opens = place === 0 || !same(row, sorted[place - 1]);
    if (opens) groups++;
    return groups <= n && (opens || mode === 3);
  });
}

function unique(of: Matrix, byColumn: boolean, once: boolean): Matrix {
  const lines: Rows = byColumn ? transpose(of.rows) : of.rows;
  const keys = lines.map((line) => JSON.stringify(line.map(keyOf)));
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const seen = new Set<string>();
  const kept = lines.filter((_, index) => {
    const key = keys[index] ?? '';
    if (seen.has(key) || (once && counts.get(key) !== 1)) return false;
    seen.add(key);
    return true;
  });
  if (kept.length === 0) throw fail('N_A', 'No unique values are found in UNIQUE evaluation.');
  return matrix(byColumn ? transpose(kept) : kept);
}

const pick = (of: Matrix, places: readonly number[]) => matrix(places.map((place) => of.rows[place] ?? []));

export const FILTER_FUNCTIONS: readonly FunctionSpec[] = [
  define(
    'FILTER',
    [wholeMatrix, wholeMatrix, rest(wholeMatrix)],
    (_, of, first, more) => filter(of, [first, ...more]),
    {
      arrays: true,
    },
  ),
  define(
    'SORT',
    [wholeMatrix, rest(operand), rest(boolean)],
    (scope, of, columns, ascending) => pick(of, order(of.rows.length, keysOf('SORT', scope, of, columns, ascending))),
    { arrays: true },
  ),
  define(
    'SORTN',
    [wholeMatrix, optional(integer, 1), optional(integer, 0), rest(operand), rest(boolean)],
    (scope, of, n, mode, columns, ascending) => {
      atLeast('SORTN', 2, n, 0);
      if (mode < 0 || mode > 3) throw outOfRange('SORTN', 3, mode);
      const keys = keysOf('SORTN', scope, of, columns, ascending);
      return pick(of, firstRows(order(of.rows.length, keys), keys, n, mode));
    },
    { arrays: true },
  ),
  define(
    'UNIQUE',
    [wholeMatrix, optional(boolean, false), optional(boolean, false)],
    (_, of, byColumn, once) => unique(of, byColumn, once),
    { arrays: true },
  ),
];
