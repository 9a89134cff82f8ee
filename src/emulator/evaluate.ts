// The effective value of a place: the seam between those who read cells and the calculation. Knows no formats.

import type { Effective } from './calc/calculation.ts';
import type { CellError } from './formula/value.ts';
import type { Sheet } from './workbook.ts';

export type { Effective };

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

/** The effective value of a place on a grid: a constant, a formula's result, or what spilled there. */
export function effectiveAt(sheet: Sheet, row: number, column: number): Effective {
  return sheet.book.calc.shown(sheet).at(row, column);
}

/** How an error is shown in a cell. */
export function errorText(error: CellError): string {
  return ERROR_TEXTS[error.type] ?? '#ERROR!';
}
