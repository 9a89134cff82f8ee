// Writing values into ranges that the caller names: one read of what stands there, then one write.

import type { Area } from '../call.ts';
import { invalid } from '../errors.ts';
import { columnName, formatA1, formatGrid } from './a1.ts';
import { confirmWrite } from './decode.ts';
import { checkExpected, type Expectation, placeExpected } from './expect.ts';
import { checkCell, createNotes, literalAt, type Notes } from './literals.ts';
import { type Google, type Resolved, resolveRange, type Spreadsheet } from './metadata.ts';
import { blockCell, readBlocksWithin, type SizedBlock } from './read.ts';
import { dateFormatRequests, growRequest, type Patch, type Request, showsDate, valueRequests } from './requests.ts';
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
interface Placed extends Patch, Resolved {
  readonly values: readonly (readonly Cell[])[];
  readonly width: number;
}

/**
 * Writes all ranges or none. Values must fit their range; a range of one cell, or a sheet's title, is an anchor.
 * `alone` resolves once nothing of ours changes the spreadsheet until this write is handed on.
 */
export async function writeRanges(
  google: Google,
  spreadsheet: Spreadsheet,
  writes: readonly RangeWrite[],
  input: Input,
  expect: readonly Expectation[] = [],
  alone: () => Promise<void> = async () => {},
): Promise<Written> {
  const notes = createNotes();
  const placed = writes.map((write, index) => place(spreadsheet, write, index, input, notes));
  const ranges = placed.map((one) => one.a1);
  const cells = placed.reduce((sum, one) => sum + one.values.flat().filter((cell) => cell !== null).length, 0);
  const noted = notes.warnings(spreadsheet.timeZone);
  const unchanged: Written = { status: 'unchanged', ranges, cells, overwritten: 0, ...noted };
  const expected = placeExpected(spreadsheet, expect);
  if (cells === 0 && expected.length === 0) return unchanged;
  if (expected.length > 0) await alone();
  const blocks = await readBlocksWithin(google, spreadsheet.id, [...placed, ...expected]);
  const before = blocks.splice(0, placed.length);
  checkExpected(expected, blocks, spreadsheet.timeZone);
  if (cells === 0) return unchanged;
  const grown = growth(placed, before);
  const overwritten = placed.reduce((sum, one, index) => sum + countFilled(one, before[index]), 0);
  const added = input === 'user_entered' ? '' : grown.words.join(', ');
  const answer: Written = { status: 'applied', ranges, cells, overwritten, ...(added && { grown: added }), ...noted };
  if (input === 'user_entered') {
    const params = userEntered(spreadsheet.id, placed);
    const areas = placed.map(({ sheetId, grid }): Area => ({ plane: sheetId, ...grid }));
    const reply = await google('spreadsheets.values.batchUpdate', spreadsheet.id, params, { answer, areas });
    confirmWrite(reply, spreadsheet.id, 'spreadsheets.values.batchUpdate');
    return answer;
  }
  const requests = [
    ...grown.requests,
    ...placed.flatMap((one, index) => [
      ...valueRequests(one),
      ...dateFormatRequests(one, (date, row, column) => showsDate(cellOf(before[index], row, column), date)),
    ]),
  ];
  const params = { spreadsheetId: spreadsheet.id, fields: 'spreadsheetId', requestBody: { requests } };
  const reply = await google('spreadsheets.batchUpdate', spreadsheet.id, params, { answer });
  confirmWrite(reply, spreadsheet.id, 'spreadsheets.batchUpdate');
  return answer;
}

function place(spreadsheet: Spreadsheet, write: RangeWrite, index: number, input: Input, notes: Notes): Placed {
  const { sheet, grid, a1 } = resolveRange(spreadsheet, write.range);
  const width = write.values.reduce((widest, row) => Math.max(widest, row.length), 0);
  const height = write.values.length;
  if (width === 0) throw invalid(`writes[${index}].values holds no cells.`, 'Give at least one row with one cell.');
  const { startRow: row = 0, startColumn: column = 0, endRow, endColumn } = grid;
  const anchor = formatGrid(grid) === '' || (endRow === row + 1 && endColumn === column + 1);
  const rows = endRow === undefined || anchor ? height : endRow - row;
  const columns = endColumn === undefined || anchor ? width : endColumn - column;
  if (height > rows || width > columns) {
    throw invalid(
      `writes[${index}].values has ${height} rows of up to ${width} cells, but ${a1} holds ${rows} rows of ${columns}.`,
      'Give the top left cell alone as the range, or a range of the size of the values.',
    );
  }
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
    grid: area,
    sheetId: sheet.sheetId,
    row,
    column,
    width,
    cells,
    values: write.values,
    a1: formatA1(sheet.title, area),
  };
}

function cellOf(block: SizedBlock | undefined, row: number, column: number) {
  return block && blockCell(block, row, column);
}

function countFilled(write: Placed, block: SizedBlock | undefined): number {
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
function growth(placed: readonly Placed[], before: readonly SizedBlock[]): { requests: Request[]; words: string[] } {
  const requests: Request[] = [];
  const words: string[] = [];
  for (const sheet of new Set(placed.map((one) => one.sheet))) {
    const own = placed.filter((one) => one.sheet === sheet);
    const size = before[placed.findIndex((one) => one.sheet === sheet)];
    const rows = Math.max(...own.map((one) => one.row + one.cells.length)) - (size?.rows ?? 0);
    const columns = Math.max(...own.map((one) => one.column + one.width)) - (size?.columns ?? 0);
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
