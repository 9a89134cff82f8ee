// The effective value of a cell: the one seam at which a formula engine is plugged in. Knows no formats.

import type { Cell, Scalar } from './workbook.ts';

export interface CellError {
  /** ErrorType of the API. */
  readonly type: string;
  readonly message: string;
}

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

/** How an error is shown in a cell. */
export function errorText(error: CellError): string {
  return ERROR_TEXTS[error.type] ?? '#ERROR!';
}
