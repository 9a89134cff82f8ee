// The effective value of a cell: the one seam at which a formula engine is plugged in. Knows no formats.

import type { CellError } from './formula/value.ts';
import type { Cell, Scalar, Sheet } from './workbook.ts';

/** Undefined for a blank cell. */
export type Effective = Scalar | CellError | undefined;

const NOT_EVALUATED: CellError = {
  type: 'ERROR',
  message: 'The embedded backend does not evaluate formulas yet.',
};

const ERROR_TEXTS: Readonly<Record<string, string>> = {
  ERROR: '#ERROR!',
  NULL_VALUE: '#NULL!',
  DIVIDE_BY_ZERO: '#DIV/0!',
  VALUE: '#VALUE!',
  REF: '#REF!',
  NAME: '#NAME?',
  NUM: '#NUM!',
  N_A: '#N/A',
  LOADING: 'Loading...',
};

/** Constants are what was entered; a formula is a stated error until formulas are evaluated. */
export function effectiveValue(cell: Cell): Effective {
  return cell.formula === undefined ? cell.value : NOT_EVALUATED;
}

/** The effective value of a place on a grid: a constant, a formula's result, or what spilled there. */
export function effectiveAt(sheet: Sheet, row: number, column: number): Effective {
  const one = sheet.rows[row]?.[column];
  return one && effectiveValue(one);
}

/** How an error is shown in a cell. */
export function errorText(error: CellError): string {
  return ERROR_TEXTS[error.type] ?? '#ERROR!';
}
