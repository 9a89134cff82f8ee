// What formulas compute with: scalars, blanks, errors, matrices, references, lambdas; and how one becomes another.
// Knows no cells and no functions.

import type { Rect } from '../ranges.ts';
import type { Sheet } from '../workbook.ts';

export type Scalar = string | number | boolean;

export type ErrorType =
  | 'ERROR'
  | 'NULL_VALUE'
  | 'DIVIDE_BY_ZERO'
  | 'VALUE'
  | 'REF'
  | 'NAME'
  | 'NUM'
  | 'N_A'
  | 'LOADING';

export interface CellError {
  /** ErrorType of the API. */
  readonly type: ErrorType;
  readonly message: string;
}

/** One cell's worth: null is blank, as `IF(,,)` and an empty cell are. */
export type Value = Scalar | CellError | null;

/** Rows of equal length, at least 1 x 1. */
export interface Matrix {
  readonly kind: 'matrix';
  readonly rows: readonly (readonly Value[])[];
}

/** Cells of a sheet, not read yet. */
export interface Reference {
  readonly kind: 'reference';
  readonly sheet: Sheet;
  readonly rect: Rect;
}

export interface Lambda {
  readonly kind: 'lambda';
  readonly parameters: readonly string[];
  readonly call: (args: readonly Operand[]) => Operand;
}

export type Operand = Value | Matrix | Reference | Lambda;

/** Thrown by functions for an error value that becomes the result; never leaves the evaluator. */
export class FormulaError extends Error {
  readonly value: CellError;
  constructor(value: CellError) {
    super(value.message);
    this.value = value;
  }
}

/** `throw fail('NUM', 'Function SQRT parameter 1 value is -1. It should be greater than or equal to 0.')` */
export function fail(type: ErrorType, message: string): FormulaError {
  return new FormulaError({ type, message });
}

export function isError(value: Operand): value is CellError {
  return typeof value === 'object' && value !== null && 'type' in value;
}

export function isMatrix(value: Operand): value is Matrix {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'matrix';
}

export function isReference(value: Operand): value is Reference {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'reference';
}

export function isLambda(value: Operand): value is Lambda {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'lambda';
}

export function matrix(rows: readonly (readonly Value[])[]): Matrix {
  return { kind: 'matrix', rows };
}
