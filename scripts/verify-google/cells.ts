// Requests and addresses that the checks share. Pure.

import type { Request } from '../../src/sheets/requests.ts';
import type { Sheet } from './bench.ts';

export const text = (stringValue: string): Request => ({ userEnteredValue: { stringValue } });

/** `null` is a cell that the request leaves empty. */
export type Rows = readonly (readonly (string | null)[])[];

/** Puts texts at a corner. */
export function put(sheet: Pick<Sheet, 'id'>, row: number, column: number, rows: Rows): Request {
  return { updateCells: { start: cornerOf(sheet, row, column), fields: 'userEnteredValue', rows: linesOf(rows) } };
}

/** Appends texts to `{ sheetId }` or `{ tableId }`. */
export function append(place: object, rows: Rows): Request {
  return { appendCells: { ...place, fields: 'userEnteredValue', rows: linesOf(rows) } };
}

function linesOf(rows: Rows): object[] {
  return rows.map((row) => ({ values: row.map((cell) => (cell === null ? {} : text(cell))) }));
}

/** A request that Google refuses: of all ids of sheets nobody has this one. */
export function bad(bench: { newId: () => number }): Request {
  return put({ id: bench.newId() }, 0, 0, [['never']]);
}

export function cornerOf({ id: sheetId }: Pick<Sheet, 'id'>, rowIndex = 0, columnIndex = 0) {
  return { sheetId, rowIndex, columnIndex };
}

export const at = ({ title }: Sheet, range: string): string => `'${title}'!${range}`;

/** Cells that hold `new`, in A1 notation, of values from A1 on. */
export function placeOf(values: readonly (readonly unknown[])[]): string[] {
  return values.flatMap((row, r) => row.flatMap((cell, c) => (cell === 'new' ? `${'ABCDEFGH'[c]}${r + 1}` : [])));
}

/** The sheet of a check, or one of several. */
export function own(sheets: readonly Sheet[], index = 0): Sheet {
  const sheet = sheets[index];
  if (!sheet) throw new Error('the check lacks its sheet');
  return sheet;
}
