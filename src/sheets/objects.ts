// What verbs that set and delete objects are given: cells inside their sheet, headers of a range, ids of what is there.
// The spreadsheet is handed in as it is now; of cells only headers are read, live.

import { invalid, ServalError } from '../errors.ts';
import { listed, nearest, shown } from '../words.ts';
import { closeGrid, formatA1, type Grid } from './a1.ts';
import type { GridRange } from './decode.ts';
import type { Desk } from './desk.ts';
import { gridOf, type Resolved, resolveRange, type Sheet, type Spreadsheet } from './metadata.ts';
import { readBlocks } from './read.ts';

/** A range on a sheet of cells, inside its grid. Throws `not_found`, or `invalid_argument` with the size of the sheet. */
export function findCells(live: Spreadsheet, text: string): Resolved {
  const resolved = resolveRange(live, text);
  const { sheet, grid } = resolved;
  if (sheet.reply.properties.sheetType !== 'GRID') throw invalid(`${shown(sheet.title)} is no sheet of cells.`);
  const { endRow, endColumn } = closeGrid(grid, sheet);
  if (endRow > sheet.rows || endColumn > sheet.columns) {
    throw invalid(
      `${resolved.a1} reaches beyond its sheet, which has ${sheet.rows} rows and ${sheet.columns} columns.`,
    );
  }
  return resolved;
}

/** One cell, zero-based. Throws as findCells does, and `invalid_argument` for more cells; `where` is the argument. */
export function findCell(live: Spreadsheet, text: string, where: string) {
  const { sheet, grid, a1 } = findCells(live, text);
  const { startRow: row, startColumn: column, endRow, endColumn } = closeGrid(grid, sheet);
  if (endRow !== row + 1 || endColumn !== column + 1) {
    throw invalid(`${where}: ${shown(text)} is not one cell.`, 'Write Sheet!F2.');
  }
  return { sheet, grid: { startRow: row, endRow, startColumn: column, endColumn }, row, column, a1 };
}

/**
 * The range with its headers: of `Table[Column]`, which stands for the data of a column, the cell above them too. All
 * other ranges begin with their headers already.
 */
export function withHeader(live: Spreadsheet, text: string): Resolved {
  const resolved = findCells(live, text);
  const { sheet, grid } = resolved;
  const { startRow = 0 } = grid;
  const isColumn = /^[^!']*\[.+\]$/s.test(text.trim()) && live.sheets.every(({ title }) => title !== text.trim());
  return isColumn ? { ...resolved, sheet, grid: { ...grid, startRow: startRow - 1 } } : resolved;
}

/** Texts of the first row of a range; `''` for a blank cell. */
export async function readHeaders({ google, spreadsheet }: Desk, { sheet, grid }: Resolved): Promise<string[]> {
  const { startRow = 0, startColumn = 0, endColumn = sheet.columns } = grid;
  const top = { startRow, endRow: startRow + 1, startColumn, endColumn };
  const [block] = await readBlocks(
    google,
    spreadsheet.id,
    [{ sheet, grid: top, a1: formatA1(sheet.title, top) }],
    true,
  );
  const values = block?.rowData[0]?.values ?? [];
  return Array.from({ length: endColumn - startColumn }, (_, at) => values[at]?.formattedValue ?? '');
}

/** Whether an API range covers just the cells of the grid; open sides are those of the sheet. */
export function covers(sheet: Sheet, range: GridRange | undefined, grid: Grid): boolean {
  if (!range || range.sheetId !== sheet.sheetId) return false;
  return JSON.stringify(closeGrid(gridOf(range), sheet)) === JSON.stringify(closeGrid(grid, sheet));
}

export function overlap(a: Required<Grid>, b: Required<Grid>): boolean {
  const rows = a.startRow < b.endRow && b.startRow < a.endRow;
  return rows && a.startColumn < b.endColumn && b.startColumn < a.endColumn;
}

/** `not_found` with those there are, each as it would be named and what is said of it. */
export function noSuch(what: string, given: string | number, there: readonly { name: string; text: string }[]) {
  const meant = nearest(
    String(given),
    there.map(({ name }) => name),
  );
  return new ServalError('not_found', `There is no ${what} ${shown(given)}.`, {
    hint:
      (meant === undefined ? '' : `Did you mean ${shown(meant)}? `) +
      (there.length === 0 ? 'There is none at all.' : `There are: ${listed(there.map(({ text }) => text))}.`),
    outcome: 'none',
  });
}
