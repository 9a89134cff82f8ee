// Shapes of arrays: what several functions do with whole matrices before they look at single values. Knows no
// function and no sheet.

import type { Scope } from '../define.ts';
import { isError, isMatrix, isReference, type Matrix, matrix, type Operand, type Value } from '../value.ts';
import type { Size } from './refusals.ts';

export type Rows = readonly (readonly Value[])[];

export function sizeOf(of: Matrix): Size {
  return { rows: of.rows.length, columns: of.rows[0]?.length ?? 0 };
}

export function sameSize(a: Matrix, b: Matrix): boolean {
  return a.rows.length === b.rows.length && a.rows[0]?.length === b.rows[0]?.length;
}

export function column(values: readonly Value[]): Matrix {
  return matrix(values.map((value) => [value]));
}

/** Cell by cell, row after row. */
export function flat(of: Matrix): readonly Value[] {
  if (of.rows.length === 1) return of.rows[0] ?? [];
  return of.rows.flat();
}

export function transpose(rows: Rows): Rows {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, index) => rows.map((row) => row[index] ?? null));
}

/** The cells of an argument, whatever it is. A lambda is an error here. */
export function cellsOf(scope: Scope, operand: Operand): Matrix {
  if (isReference(operand)) return scope.read(operand);
  if (isMatrix(operand)) return operand;
  if (operand === null || typeof operand !== 'object' || isError(operand)) return matrix([[operand]]);
  return matrix([[{ type: 'VALUE', message: 'A lambda is not a value.' }]]);
}

/** Width by height, filled from `at`. */
export function build(rows: number, columns: number, at: (row: number, column: number) => Value): Matrix {
  return matrix(Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => at(r, c))));
}
