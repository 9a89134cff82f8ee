// Builders of spreadsheets.batchUpdate requests. Pure: positions and cells in, requests out.

import type { Grid } from './a1.ts';
import type { GridCell, GridRange } from './decode.ts';
import type { DateType, ExtendedValue, Literal } from './values.ts';

export type Request = Readonly<Record<string, unknown>>;

/** A rectangle of cells at an absolute position; `null` leaves the cell alone. */
export interface Block<T> {
  readonly sheetId: number;
  readonly row: number;
  readonly column: number;
  readonly cells: readonly (readonly (T | null)[])[];
}

export type Patch = Block<Literal>;

/** updateCells requests that set the values of a patch and touch nothing else: skipped cells split it. */
export function valueRequests(patch: Patch): Request[] {
  return blocksOf(patch, (cell) => cell !== null).map(({ row, column, cells }) => ({
    updateCells: {
      start: { sheetId: patch.sheetId, rowIndex: row, columnIndex: column },
      fields: 'userEnteredValue',
      rows: cells.map((line) => ({ values: line.map((cell) => cellData(cell?.value)) })),
    },
  }));
}

/**
 * Number formats of the date cells, by themselves: a mask over the whole block would clear the format of its other
 * cells. `keep` says which cells show such a date already.
 */
export function dateFormatRequests(
  patch: Patch,
  keep: (date: DateType, row: number, column: number) => boolean,
): Request[] {
  return (['DATE', 'DATE_TIME'] as const).flatMap((type) =>
    blocksOf(patch, (cell, row, column) => cell?.date === type && !keep(type, row, column)).map(
      ({ row, column, cells }) => ({
        updateCells: {
          start: { sheetId: patch.sheetId, rowIndex: row, columnIndex: column },
          fields: 'userEnteredFormat.numberFormat',
          rows: cells.map((line) => ({ values: line.map(() => formatData({ type })) })),
        },
      }),
    ),
  );
}

/** To a sheet: after its last row with data, in column A and on. To a table: into its body, from its first column on. */
export type AppendPlace = { readonly sheetId: number } | { readonly tableId: string };

/** Appends rows; `formats` (one per column) only where dates need them. */
export function appendRequest(
  place: AppendPlace,
  rows: readonly (readonly (Literal | null)[])[],
  formats?: readonly (NumberFormat | undefined)[],
): Request {
  return {
    appendCells: {
      ...place,
      fields: formats ? 'userEnteredValue,userEnteredFormat.numberFormat' : 'userEnteredValue',
      rows: rows.map((row) => ({ values: row.map((cell, column) => newCell(cell, formats?.[column])) })),
    },
  };
}

export interface NumberFormat {
  readonly type: string;
  readonly pattern?: string | undefined;
}

/** Cell data for cells that hold nothing yet: a date gets the given date format, or its type's default. */
export function newCell(cell: Literal | null, columnFormat?: NumberFormat): Request {
  const format = cell?.date === undefined ? columnFormat : dateFormat(cell.date, columnFormat);
  return { ...cellData(cell?.value), ...(format && formatData(format)) };
}

function dateFormat(date: DateType, columnFormat?: NumberFormat): NumberFormat {
  return columnFormat && shows(columnFormat.type, date) ? columnFormat : { type: date };
}

/** A format that shows all of a date: a day is shown by either, a time of day only by a format that has one. */
function shows(format: string | undefined, date: DateType): boolean {
  return format === 'DATE_TIME' || (format === 'DATE' && date === 'DATE');
}

/** Whether a cell shows all of such a date with the format that it has. */
export function showsDate(cell: GridCell | undefined, date: DateType): boolean {
  return shows(cell?.effectiveFormat?.numberFormat?.type, date);
}

/** updateCells requests that put cells into a state as far as the mask names it; skipped cells split the block. */
export function stateRequests(block: Block<Request>, fields: string): Request[] {
  return blocksOf(block, (cell) => cell !== null).map(({ row, column, cells }) => ({
    updateCells: {
      start: { sheetId: block.sheetId, rowIndex: row, columnIndex: column },
      fields,
      rows: cells.map((line) => ({ values: line.map((cell) => cell ?? {}) })),
    },
  }));
}

/** Takes what the mask names from every cell of a grid; the rest of each stays. */
export function clearRequest(sheetId: number, grid: Grid, fields: string): Request {
  return { updateCells: { range: gridRange(sheetId, grid), fields } };
}

/** The API's GridRange. */
export function gridRange(sheetId: number, { startRow, endRow, startColumn, endColumn }: Grid): GridRange {
  return {
    sheetId,
    ...(startRow !== undefined && { startRowIndex: startRow }),
    ...(endRow !== undefined && { endRowIndex: endRow }),
    ...(startColumn !== undefined && { startColumnIndex: startColumn }),
    ...(endColumn !== undefined && { endColumnIndex: endColumn }),
  };
}

/** Adds rows or columns at the end; never takes any away, whoever else grows the sheet meanwhile. */
export function growRequest(sheetId: number, dimension: 'ROWS' | 'COLUMNS', length: number): Request {
  return { appendDimension: { sheetId, dimension, length } };
}

function cellData(value: ExtendedValue | undefined): Request {
  return value === undefined ? {} : { userEnteredValue: value };
}

function formatData(numberFormat: NumberFormat): Request {
  return { userEnteredFormat: { numberFormat } };
}

/** The patch's chosen cells as few rectangles: runs in a row, joined with equal runs of the rows above. */
function blocksOf<T>(
  patch: Block<T>,
  choose: (cell: T | null, row: number, column: number) => boolean,
): { row: number; column: number; cells: (T | null)[][] }[] {
  const done: { row: number; column: number; cells: (T | null)[][] }[] = [];
  let open = new Map<string, (typeof done)[number]>();
  patch.cells.forEach((line, index) => {
    const row = patch.row + index;
    const next: typeof open = new Map();
    for (const [from, to] of runs(line.map((cell, at) => choose(cell, row, patch.column + at)))) {
      const key = `${from}:${to}`;
      const block = open.get(key) ?? { row, column: patch.column + from, cells: [] };
      if (block.cells.length === 0) done.push(block);
      block.cells.push(line.slice(from, to));
      next.set(key, block);
    }
    open = next;
  });
  return done;
}

function runs(chosen: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  chosen.forEach((is, at) => {
    const last = found.at(-1);
    if (is && last?.[1] === at) last[1] = at + 1;
    else if (is) found.push([at, at + 1]);
  });
  return found;
}
