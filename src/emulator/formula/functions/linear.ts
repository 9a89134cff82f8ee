// Matrices of numbers: MMULT, MINVERSE, MDETERM and the elimination that regression shares.

import { define, type FunctionSpec, wholeMatrix } from '../define.ts';
import { type CellError, fail, isError, type Matrix, matrix, type Value } from '../value.ts';
import { sizeOf } from './matrices.ts';
import { textOf } from './order.ts';
import { notNumber } from './refusals.ts';

export type NumberRows = readonly (readonly number[])[];

/** Every cell a number, or the refusal of the first that is none. */
export function numberRows(name: string, parameter: number, of: Matrix): NumberRows {
  return of.rows.map((row) =>
    row.map((value) => {
      if (typeof value === 'number') return value;
      if (isError(value)) throw fail(value.type, value.message);
      throw notNumber(name, parameter, value === null ? null : textOf(value));
    }),
  );
}

const UNDEFINED: CellError = { type: 'NUM', message: 'Result was not a number.' };

/** What is no finite number is an error. */
export function finite(value: number): Value {
  return Number.isFinite(value) ? value : UNDEFINED;
}

function finiteMatrix(of: NumberRows): Matrix {
  return matrix(of.map((row) => row.map(finite)));
}

interface Eliminated {
  readonly inverse: NumberRows;
  readonly determinant: number;
}

/** Gauss-Jordan with row pivots; the inverse is undefined where the matrix has none. */
export function eliminate(of: NumberRows): Eliminated | undefined {
  const size = of.length;
  const rows = of.map((row, r) => [...row, ...Array.from({ length: size }, (_, c) => (r === c ? 1 : 0))]);
  let determinant = 1;
  for (let at = 0; at < size; at++) {
    let pivot = at;
    for (let r = at + 1; r < size; r++) if (Math.abs(rows[r]![at]!) > Math.abs(rows[pivot]![at]!)) pivot = r;
    const chosen = rows[pivot]!;
    const head = chosen[at]!;
    if (head === 0) return undefined;
    if (pivot !== at) {
      rows[pivot] = rows[at]!;
      rows[at] = chosen;
      determinant = -determinant;
    }
    determinant *= head;
    for (let c = 0; c < chosen.length; c++) chosen[c]! /= head;
    rows.forEach((row, r) => {
      const factor = row[at]!;
      if (r === at || factor === 0) return;
      for (let c = 0; c < row.length; c++) row[c]! -= factor * chosen[c]!;
    });
  }
  return { inverse: rows.map((row) => row.slice(size)), determinant };
}

export function multiply(a: NumberRows, b: NumberRows): NumberRows {
  return a.map((row) => (b[0] ?? []).map((_, c) => row.reduce((total, one, at) => total + one * b[at]![c]!, 0)));
}

function square(name: string, of: Matrix): NumberRows {
  const rows = numberRows(name, 1, of);
  if (rows.length === rows[0]?.length) return rows;
  throw fail('VALUE', `Function ${name} parameter 1 requires a square matrix.`);
}

export const LINEAR_FUNCTIONS: readonly FunctionSpec[] = [
  define(
    'MMULT',
    [wholeMatrix, wholeMatrix],
    (_, a, b) => {
      const width = sizeOf(a).columns;
      if (width !== b.rows.length) {
        const message = `Function MMULT parameter 2 has mismatched row size. Expected: ${width}.`;
        throw fail('VALUE', `${message} Actual: ${b.rows.length}.`);
      }
      return finiteMatrix(multiply(numberRows('MMULT', 1, a), numberRows('MMULT', 2, b)));
    },
    { arrays: true },
  ),
  define(
    'MINVERSE',
    [wholeMatrix],
    (_, of) => {
      const found = eliminate(square('MINVERSE', of));
      if (!found) throw fail('NUM', 'Function MINVERSE parameter 1 is a singular matrix, which has no inverse.');
      return finiteMatrix(found.inverse);
    },
    { arrays: true },
  ),
  define('MDETERM', [wholeMatrix], (_, of) => eliminate(square('MDETERM', of))?.determinant ?? 0, { arrays: true }),
];
