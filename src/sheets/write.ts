// Writing values into ranges that the caller names: one read of what stands there, then one write.

import type { Area } from '../call.ts';
import { invalid } from '../errors.ts';
import { columnName, formatA1, formatGrid } from './a1.ts';
import { confirmWrite, decode, enteredReply, type Value } from './decode.ts';
import { apply, type Desk, type Outcome, planned, withWarnings } from './desk.ts';
import { checkExpected, type Expectation, placeExpected } from './expect.ts';
import { type CellState, type Image, keepImage, valueState } from './images.ts';
import { checkCell, createNotes, literalAt, type Notes } from './literals.ts';
import { type Resolved, resolveRange, type Spreadsheet } from './metadata.ts';
import { blockCell, readBlocksWithin, type SizedBlock } from './read.ts';
import { dateFormatRequests, growRequest, type Patch, type Request, showsDate, valueRequests } from './requests.ts';
import { type Cell, extended, type Input } from './values.ts';

export interface RangeWrite {
  readonly range: string;
  readonly values: readonly (readonly Cell[])[];
}

export interface Written extends Outcome {
  /** What was written, one per write, in order. */
  readonly ranges: string[];
  readonly cells: number;
  /** Cells that held something before. */
  readonly overwritten: number;
  /** Rows and columns the sheets were grown by to hold the values. */
  readonly grown?: string;
}

/** A write with its place worked out. */
interface Placed extends Patch, Resolved {
  readonly values: readonly (readonly Cell[])[];
  readonly width: number;
}

/** Writes all ranges or none. Values must fit their range; a range of one cell, or a sheet's title, is an anchor. */
export async function writeRanges(
  desk: Desk,
  writes: readonly RangeWrite[],
  input: Input,
  expect: readonly Expectation[] = [],
): Promise<Written> {
  const { google, spreadsheet } = desk;
  const notes = createNotes();
  const placed = writes.map((write, index) => place(spreadsheet, write, index, input, notes));
  const ranges = placed.map((one) => one.a1);
  const cells = placed.reduce((sum, one) => sum + one.values.flat().filter((cell) => cell !== null).length, 0);
  const noted = notes.warnings(spreadsheet.timeZone);
  const unchanged: Written = { status: 'unchanged', ranges, cells, overwritten: 0, ...noted };
  const expected = placeExpected(spreadsheet, expect);
  if (cells === 0 && expected.length === 0) return unchanged;
  if (expected.length > 0) await desk.alone();
  const blocks = await readBlocksWithin(google, spreadsheet.id, [...placed, ...expected]);
  const before = blocks.splice(0, placed.length);
  checkExpected(expected, blocks, spreadsheet.timeZone);
  if (cells === 0) return unchanged;
  const grown = growth(placed, before);
  const overwritten = placed.reduce((sum, one, index) => sum + countFilled(one, before[index]), 0);
  const added = input === 'user_entered' ? '' : grown.words.join(', ');
  const answer: Written = { status: 'applied', ranges, cells, overwritten, ...(added && { grown: added }), ...noted };
  const kept = keepImage(desk, imageOf(placed, before, input));
  if (input === 'user_entered') return withWarnings(await enter(desk, placed, before, answer), kept);
  const requests = [
    ...grown.requests,
    ...placed.flatMap((one, index) => [
      ...valueRequests(one),
      ...dateFormatRequests(one, (date, row, column) => showsDate(cellOf(before[index], row, column), date)),
    ]),
  ];
  return withWarnings(await apply(desk, { requests, answer, sheets: placed.map(({ sheet }) => sheet) }), kept);
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

/** What the write replaces and, but for what Google alone reads, what it leaves. */
function imageOf(
  placed: readonly Placed[],
  before: readonly SizedBlock[],
  input: Input,
  entered?: readonly (readonly (readonly Value[])[])[],
): Image {
  const dated = placed.some(({ cells }) => cells.some((line) => line.some((cell) => cell?.date !== undefined)));
  const formats = dated || input === 'user_entered';
  const areas = placed.map((one, index) => {
    const later = placed.slice(index + 1);
    /** The cells that this write decides; of one that is written twice the last write does. */
    const own = <T>(stateOf: (down: number, across: number) => T) =>
      one.values.map((line, down) =>
        line.map((cell, across) => {
          const covered = later.some((other) => covers(other, one.sheetId, one.row + down, one.column + across));
          return cell === null || covered ? null : stateOf(down, across);
        }),
      );
    return {
      sheetId: one.sheetId,
      title: one.sheet.title,
      row: one.row,
      column: one.column,
      before: own((down, across): CellState => {
        const { userEnteredValue, userEnteredFormat } =
          cellOf(before[index], one.row + down, one.column + across) ?? {};
        return { ...(userEnteredValue && { userEnteredValue }), ...(userEnteredFormat && { userEnteredFormat }) };
      }),
      ...(input !== 'user_entered' && {
        after: own((down, across) => valueState(one.cells[down]?.[across]?.value)),
      }),
      ...(entered && { after: own((down, across) => valueState(extended(entered[index]?.[down]?.[across]))) }),
    };
  });
  const fields = `userEnteredValue${formats ? ',userEnteredFormat.numberFormat' : ''}`;
  return { fields, compared: ['userEnteredValue'], areas };
}

function covers(other: Placed, sheetId: number, row: number, column: number): boolean {
  const given = other.values[row - other.row]?.[column - other.column];
  return other.sheetId === sheetId && given !== undefined && given !== null;
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

/** The one write that carries no marker: Google alone reads what is entered so, and tells what it made of it. */
async function enter(
  desk: Desk,
  placed: readonly Placed[],
  before: readonly SizedBlock[],
  answer: Written,
): Promise<Written> {
  if (desk.dryRun) return planned(answer);
  const { id } = desk.spreadsheet;
  const values = (line: readonly Cell[]) =>
    line.map((cell) => (typeof cell === 'object' && cell !== null ? cell.formula : cell));
  const params = {
    spreadsheetId: id,
    fields: `spreadsheetId${desk.keep ? ',responses.updatedData(range,values)' : ''}`,
    requestBody: {
      valueInputOption: 'USER_ENTERED',
      ...(desk.keep && { includeValuesInResponse: true, responseValueRenderOption: 'FORMULA' }),
      data: placed.map((one) => ({ range: one.a1, majorDimension: 'ROWS', values: one.values.map(values) })),
    },
  };
  const areas = placed.map(({ sheetId, grid }): Area => ({ plane: sheetId, ...grid }));
  const reply = await desk.google('spreadsheets.values.batchUpdate', id, params, { answer, areas });
  confirmWrite(reply, id, 'spreadsheets.values.batchUpdate');
  const { responses } = decode(enteredReply, reply, 'spreadsheets.values.batchUpdate', true);
  const entered = responses.map(({ updatedData }) => updatedData?.values);
  if (entered.every((rows) => rows !== undefined)) {
    keepImage(desk, imageOf(placed, before, 'user_entered', entered));
  }
  return answer;
}
