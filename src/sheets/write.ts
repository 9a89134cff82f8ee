// Writing values into ranges that the caller names: one read of what stands there, then one write.

import { invalid } from '../errors.ts';
import { closeGrid, columnName, formatA1, formatGrid } from './a1.ts';
import type { GridBlock } from './decode.ts';
import { isDate } from './header.ts';
import { checkCell, createNotes, literalAt, type Notes } from './literals.ts';
import { type Google, type Resolved, resolveRange, type Sheet, type Spreadsheet } from './metadata.ts';
import { blockCell, CELL_BEFORE, readBlocks } from './read.ts';
import { dateFormatRequests, growRequest, type Patch, type Request, valueRequests } from './requests.ts';
import type { Cell, Input } from './values.ts';

export interface RangeWrite {
  readonly range: string;
  readonly values: readonly (readonly Cell[])[];
}

export interface Written {
  readonly status: 'applied' | 'unchanged';
  /** What was written, one per write, in order. */
  readonly ranges: string[];
  readonly cells: number;
  /** Cells that held something before. */
  readonly overwritten: number;
  /** Rows and columns the sheets were grown by to hold the values. */
  readonly grown?: string;
  readonly warnings?: string[];
}

/** A write with its place worked out. */
interface Placed extends Patch {
  readonly sheet: Sheet;
  readonly values: readonly (readonly Cell[])[];
  readonly width: number;
  readonly a1: string;
}

/** Writes all ranges or none. Values must fit their range; a range of one cell, or a sheet's title, is an anchor. */
export async function writeRanges(
  google: Google,
  spreadsheet: Spreadsheet,
  writes: readonly RangeWrite[],
  input: Input,
): Promise<Written> {
  const notes = createNotes();
  const placed = writes.map((write, index) => place(spreadsheet, write, index, input, notes));
  const ranges = placed.map((one) => one.a1);
  const cells = placed.reduce((sum, one) => sum + one.values.flat().filter((cell) => cell !== null).length, 0);
  const noted = notes.warnings(spreadsheet.timeZone);
  if (cells === 0) return { status: 'unchanged', ranges, cells, overwritten: 0, ...noted };
  const before = await readBefore(google, spreadsheet.id, placed);
  const grown = growth(placed);
  if (input === 'user_entered') {
    await google('spreadsheets.values.batchUpdate', spreadsheet.id, userEntered(spreadsheet.id, placed));
  } else {
    const requests = [
      ...grown.requests,
      ...placed.flatMap((one, index) => [
        ...valueRequests(one),
        ...dateFormatRequests(one, (row, column) => isDate(cellOf(before[index], row, column))),
      ]),
    ];
    await google('spreadsheets.batchUpdate', spreadsheet.id, {
      spreadsheetId: spreadsheet.id,
      fields: 'spreadsheetId',
      requestBody: { requests },
    });
  }
  const overwritten = placed.reduce((sum, one, index) => sum + countFilled(one, before[index]), 0);
  const added = input === 'user_entered' ? '' : grown.words.join(', ');
  return { status: 'applied', ranges, cells, overwritten, ...(added && { grown: added }), ...noted };
}

function place(spreadsheet: Spreadsheet, write: RangeWrite, index: number, input: Input, notes: Notes): Placed {
  const { sheet, grid, a1 } = resolveRange(spreadsheet, write.range);
  const width = Math.max(0, ...write.values.map((row) => row.length));
  const height = write.values.length;
  if (width === 0) throw invalid(`writes[${index}].values holds no cells.`, 'Give at least one row with one cell.');
  const box = closeGrid(grid, { rows: sheet.rows, columns: sheet.columns });
  const anchor = formatGrid(grid) === '' || (box.endRow - box.startRow === 1 && box.endColumn - box.startColumn === 1);
  const open = { rows: anchor || grid.endRow === undefined, columns: anchor || grid.endColumn === undefined };
  const fits =
    (open.rows || height <= box.endRow - box.startRow) && (open.columns || width <= box.endColumn - box.startColumn);
  if (!fits) {
    throw invalid(
      `writes[${index}].values has ${height} rows of up to ${width} cells, but ${a1} holds ${box.endRow - box.startRow} rows of ${box.endColumn - box.startColumn}.`,
      'Give the top left cell alone as the range, or a range of the size of the values.',
    );
  }
  const row = box.startRow;
  const column = box.startColumn;
  const area = { startRow: row, endRow: row + height, startColumn: column, endColumn: column + width };
  const cells = write.values.map((line, down) =>
    line.map((cell, across) => {
      const where = `${columnName(column + across)}${row + down + 1}`;
      checkCell(cell, where);
      return input === 'user_entered' ? null : literalAt(cell, where, input, spreadsheet.timeZone, notes);
    }),
  );
  return {
    sheet,
    sheetId: sheet.sheetId,
    row,
    column,
    width,
    cells,
    values: write.values,
    a1: formatA1(sheet.title, area),
  };
}

/** The cells as they are, of the part of each write that lies inside its sheet; undefined where none does. */
async function readBefore(google: Google, id: string, placed: readonly Placed[]): Promise<(GridBlock | undefined)[]> {
  const ranges = placed.map((one): Resolved | undefined => {
    const grid = {
      startRow: one.row,
      endRow: Math.min(one.row + one.cells.length, one.sheet.rows),
      startColumn: one.column,
      endColumn: Math.min(one.column + one.width, one.sheet.columns),
    };
    const inside = grid.endRow > grid.startRow && grid.endColumn > grid.startColumn;
    return inside ? { sheet: one.sheet, grid, a1: formatA1(one.sheet.title, grid) } : undefined;
  });
  const asked = ranges.filter((range) => range !== undefined);
  const blocks = await readBlocks(google, id, asked, CELL_BEFORE);
  return ranges.map((range) => (range === undefined ? undefined : blocks.shift()));
}

function cellOf(block: GridBlock | undefined, row: number, column: number) {
  return block && blockCell(block, row, column);
}

function countFilled(write: Placed, block: GridBlock | undefined): number {
  let count = 0;
  write.values.forEach((line, down) => {
    line.forEach((cell, across) => {
      const before = cellOf(block, write.row + down, write.column + across);
      if (cell !== null && before?.userEnteredValue !== undefined) count++;
    });
  });
  return count;
}

/** Rows and columns each sheet lacks to hold the writes. */
function growth(placed: readonly Placed[]): { requests: Request[]; words: string[] } {
  const requests: Request[] = [];
  const words: string[] = [];
  for (const sheet of new Set(placed.map((one) => one.sheet))) {
    const own = placed.filter((one) => one.sheet === sheet);
    const rows = Math.max(...own.map((one) => one.row + one.cells.length)) - sheet.rows;
    const columns = Math.max(...own.map((one) => one.column + one.width)) - sheet.columns;
    if (rows > 0) requests.push(growRequest(sheet.sheetId, 'ROWS', rows));
    if (columns > 0) requests.push(growRequest(sheet.sheetId, 'COLUMNS', columns));
    if (rows > 0) words.push(`${rows} rows added to ${sheet.title}`);
    if (columns > 0) words.push(`${columns} columns added to ${sheet.title}`);
  }
  return { requests, words };
}

function userEntered(spreadsheetId: string, placed: readonly Placed[]) {
  const values = (line: readonly Cell[]) =>
    line.map((cell) => (typeof cell === 'object' && cell !== null ? cell.formula : cell));
  return {
    spreadsheetId,
    fields: 'spreadsheetId',
    requestBody: {
      valueInputOption: 'USER_ENTERED',
      data: placed.map((one) => ({ range: one.a1, majorDimension: 'ROWS', values: one.values.map(values) })),
    },
  };
}
