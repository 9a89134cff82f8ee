// Ranges against a workbook: A1 texts, grid ranges and named ranges become a sheet and closed bounds, and are
// printed back as Google prints them. A1 notation itself is sheets/a1.ts.

import { closeGrid, formatGrid, type Grid, parseA1, parseGrid, quoteSheet } from '../sheets/a1.ts';
import { invalid } from './errors.ts';
import type { GridRange } from './messages/base.ts';
import { type Book, type Sheet, sheetById, sheetByTitle } from './workbook.ts';

/** Half-open and closed on all sides, within the sheet's grid. */
export type Rect = Required<Grid>;

export interface Place {
  readonly sheet: Sheet;
  readonly rect: Rect;
  /** What was asked for, before open sides were closed by the grid. */
  readonly asked: Grid;
}

/** Bare when the title is plain ASCII that cannot be mistaken for a cell. */
export function printTitle(title: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_.]*$/.test(title);
  return plain && !parseGrid(title) && !/^R\d*C\d*$/i.test(title) ? title : quoteSheet(title);
}

export function printRange(sheet: Sheet, rect: Rect): string {
  return `${printTitle(sheet.properties.title)}!${formatGrid(rect)}`;
}

function sizeOf(sheet: Sheet): { rows: number; columns: number } {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  return { rows: rowCount, columns: columnCount };
}

/** Ends beyond the grid are cut; a start beyond it is refused. */
function place(sheet: Sheet, asked: Grid): Place {
  const size = sizeOf(sheet);
  const { startRow, endRow, startColumn, endColumn } = closeGrid(asked, size);
  if (startRow >= size.rows || startColumn >= size.columns) throw exceeds(sheet, asked);
  const rect = {
    startRow,
    endRow: Math.min(endRow, size.rows),
    startColumn,
    endColumn: Math.min(endColumn, size.columns),
  };
  return { sheet, rect, asked };
}

/** Google's refusal of cells outside the grid. */
export function exceeds(sheet: Sheet, asked: Grid): Error {
  const { rows, columns } = sizeOf(sheet);
  const text = `${printTitle(sheet.properties.title)}!${formatGrid(asked)}`;
  return invalid(`Range (${text}) exceeds grid limits. Max rows: ${rows}, max columns: ${columns}`);
}

function gridOf(range: GridRange): Grid {
  const { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } = range;
  return {
    ...(startRowIndex !== undefined && { startRow: startRowIndex }),
    ...(endRowIndex !== undefined && { endRow: endRowIndex }),
    ...(startColumnIndex !== undefined && { startColumn: startColumnIndex }),
    ...(endColumnIndex !== undefined && { endColumn: endColumnIndex }),
  };
}

/** False for a sheet that is one chart. */
export function hasGrid({ properties }: Sheet): boolean {
  return properties.sheetType !== 'OBJECT';
}

function gridByTitle(book: Book, title: string): Sheet | undefined {
  const sheet = sheetByTitle(book, title);
  return sheet && hasGrid(sheet) ? sheet : undefined;
}

/** The cells a text names: A1 notation, a sheet's title, a named range; a range without sheet is of the first. */
export function resolveRange(book: Book, text: string): Place {
  const refusal = invalid(`Unable to parse range: ${text}`);
  const titled = gridByTitle(book, text);
  if (titled) return place(titled, {});
  const parsed = parseA1(text);
  if (!parsed) throw refusal;
  if (parsed.sheet === undefined) {
    const grids = book.sheets.filter(hasGrid);
    const first = grids.find(({ properties }) => !properties.hidden) ?? grids[0];
    if (!first) throw refusal;
    return place(first, parsed.grid);
  }
  const sheet = gridByTitle(book, parsed.sheet);
  if (sheet) return place(sheet, parsed.grid);
  const wanted = text.toLowerCase();
  const named = book.namedRanges.find(({ name }) => name?.toLowerCase() === wanted);
  const owner = named?.range && sheetById(book, named.range.sheetId ?? 0);
  if (!named?.range || !owner) throw refusal;
  return place(owner, gridOf(named.range));
}

/** The grid sheet with that id, or Google's refusal. */
export function gridById(book: Book, id: number | undefined): Sheet {
  const sheet = sheetById(book, id ?? 0);
  if (!sheet || !hasGrid(sheet)) throw invalid(`No grid with id: ${id ?? 0}`);
  return sheet;
}

/** A request's GridRange; every bound that is given must lie within the grid. */
export function resolveGridRange(book: Book, range: GridRange): Place {
  const sheet = gridById(book, range.sheetId);
  const { rows, columns } = sizeOf(sheet);
  const axis = (name: 'Row' | 'Column', start: number | undefined, end: number | undefined, size: number) => {
    if ((start ?? 0) < 0 || (end !== undefined && end < (start ?? 0))) {
      throw invalid(`GridRange.start${name}Index[${start ?? 0}] or end${name}Index[${end}] is not a valid range`);
    }
    const last = `is after last ${name.toLowerCase()} in grid[${size - 1}]`;
    if ((start ?? 0) >= size) throw invalid(`GridRange.start${name}Index[${start ?? 0}] ${last}`);
    if (end !== undefined && end > size) throw invalid(`GridRange.end${name}Index[${end - 1}] ${last}`);
  };
  axis('Row', range.startRowIndex, range.endRowIndex, rows);
  axis('Column', range.startColumnIndex, range.endColumnIndex, columns);
  return place(sheet, gridOf(range));
}

/** As Google prints a grid range: a sheetId of 0 is left out. */
export function printGridRange(range: GridRange): GridRange {
  const { sheetId, ...bounds } = range;
  return sheetId ? range : bounds;
}
