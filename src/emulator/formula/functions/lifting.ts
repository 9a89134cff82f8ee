// For functions that read an argument themselves because a branch or a whole row depends on it: which cells it is
// mapped over, the one value it stands for elsewhere, and truth. All other arguments are read by the evaluator.

import type { Scope } from '../define.ts';
import {
  type CellError,
  FormulaError,
  fail,
  isError,
  isMatrix,
  isReference,
  type Operand,
  type Reference,
  type Value,
} from '../value.ts';
import { cellsOf, type Rows, sizeOf } from './matrices.ts';

export type Lazy = () => Operand;

/** What the places hold that a shorter array does not reach when it is laid beside a longer one. */
export const NOT_THERE: CellError = { type: 'N_A', message: 'Value is not available.' };

/**
 * The cells to map over; undefined where one value is wanted. A range outside array context stands for its cell in the
 * formula's row or column; only where there is none it is an array, too.
 */
export function lifted(scope: Scope, of: Operand): Rows | undefined {
  if (!isMatrix(of) && !isReference(of)) return undefined;
  if (isReference(of) && !scope.arrays && intersection(scope, of)) return undefined;
  const cells = cellsOf(scope, of);
  const { rows, columns } = sizeOf(cells);
  return rows * columns > 1 ? cells.rows : undefined;
}

/** The cell of a range in the formula's own row or column. */
function intersection(scope: Scope, of: Reference): Reference | undefined {
  const { startRow, endRow, startColumn, endColumn } = of.rect;
  const row = endRow - startRow === 1 ? startRow : scope.row;
  const column = endColumn - startColumn === 1 ? startColumn : scope.column;
  if (row < startRow || row >= endRow || column < startColumn || column >= endColumn) return undefined;
  return { ...of, rect: { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 } };
}

/** One value of an argument: of a range the cell in the formula's own row or column, of an array the first. */
export function scalarOf(scope: Scope, of: Operand): Value {
  if (!isReference(of)) return cellsOf(scope, of).rows[0]?.[0] ?? null;
  const cell = intersection(scope, of);
  if (!cell) return { type: 'VALUE', message: 'An array value could not be found.' };
  return scope.read(cell).rows[0]?.[0] ?? null;
}

/** The value of an array at a place, its single row or column repeated. */
export function valueAt(rows: Rows, row: number, column: number): Value {
  const line = rows[rows.length === 1 ? 0 : row];
  const value = line?.[line.length === 1 ? 0 : column];
  return value === undefined ? NOT_THERE : value;
}

export function booleanOf(name: string, parameter: number, value: Value): boolean {
  if (value === null || value === '') return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (isError(value)) throw fail(value.type, value.message);
  const upper = value.toUpperCase();
  if (upper === 'TRUE' || upper === 'FALSE') return upper === 'TRUE';
  const message = `Function ${name} parameter ${parameter} expects boolean values. But '${value}' is a text and`;
  throw fail('VALUE', `${message} cannot be coerced to a boolean.`);
}

/** What one cell of many comes to: an error thrown for it is its value and not that of the whole. */
export function settle<T>(of: () => T, instead: (error: CellError) => T): T {
  try {
    return of();
  } catch (error) {
    if (error instanceof FormulaError) return instead(error.value);
    throw error;
  }
}
