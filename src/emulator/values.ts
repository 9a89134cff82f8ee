// The methods of spreadsheets.values on one workbook: bodies in, replies out. HTTP is routes.ts.

import type { Change } from './change.ts';
import { invalid, prefixed } from './errors.ts';
import { growTo } from './grid.ts';
import type { BatchUpdateValues, ValueRange } from './messages/values.ts';
import { type Place, printRange, type Rect, resolveRange } from './ranges.ts';
import { type RenderOptions, readRange } from './render.ts';
import type { Of } from './schema.ts';
import { tableBlock } from './table-block.ts';
import { growTablesOver } from './tables.ts';
import type { Book, Sheet } from './workbook.ts';
import { checkFit, clearValues, type Input, requireInputOption, toRows, type Written, writeAt } from './write.ts';

/** What the caller wants to see of what was written; undefined when nothing. */
export type Echo = RenderOptions | undefined;

function positive(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function updateReply(sheet: Sheet, written: Written, echoed: Rect, echo: Echo): object {
  return {
    spreadsheetId: sheet.book.id,
    updatedRange: printRange(sheet, written.rect),
    ...positive({
      updatedRows: written.rows,
      updatedColumns: written.columns,
      updatedCells: written.cells,
    }),
    ...(echo && { updatedData: readRange({ sheet, rect: echoed }, echo) }),
  };
}

function isOneCell({ rect, asked }: Place): boolean {
  return asked.endRow === rect.startRow + 1 && asked.endColumn === rect.startColumn + 1;
}

function write(change: Change, place: Place, body: ValueRange, input: Input): { written: Written; echoed: Rect } {
  const rows = toRows(body.values ?? [], body.majorDimension);
  checkFit(place, rows);
  const { startRow: row, startColumn: column } = place.rect;
  const written = writeAt(change, place.sheet, { row, column }, rows, input);
  return { written, echoed: isOneCell(place) ? written.rect : place.rect };
}

function checkSameRange(book: Book, asked: string, body: string | undefined): void {
  if (body === undefined || body === '') return;
  const [a, b] = [resolveRange(book, asked), resolveRange(book, body)];
  const [x, y] = [printRange(a.sheet, a.rect), printRange(b.sheet, b.rect)];
  if (x !== y) throw invalid(`Request range[${x}] does not match value's range[${y}]`);
}

/** values.update */
export function updateValues(
  change: Change,
  book: Book,
  range: string,
  body: ValueRange,
  input: Input,
  echo: Echo,
): object {
  requireInputOption(input.option);
  checkSameRange(book, range, body.range);
  const place = resolveRange(book, range);
  const { written, echoed } = write(change, place, body, input);
  return updateReply(place.sheet, written, echoed, echo && { ...echo, majorDimension: body.majorDimension });
}

/** One range to write, with what its response carries beside the figures. */
export interface Item {
  readonly place: Place;
  readonly range: ValueRange;
  /** Its number in the caller's `data`. */
  readonly index: number;
  readonly more?: object;
}

/** All or nothing, in order; the totals count rows and columns once however often they were written. */
export function writeRanges(change: Change, book: Book, items: readonly Item[], input: Input, echo: Echo): object {
  requireInputOption(input.option);
  const sheets = new Set<Sheet>();
  const rows = new Set<string>();
  const columns = new Set<string>();
  let cells = 0;
  const responses = items.map(({ place, range, index, more }) => {
    try {
      const { written, echoed } = write(change, place, range, input);
      const { rect } = written;
      if (written.cells > 0) sheets.add(place.sheet);
      cells += written.cells;
      for (let r = 0; r < written.rows; r++) rows.add(`${place.sheet.id}:${rect.startRow + r}`);
      for (let c = 0; c < written.columns; c++) columns.add(`${place.sheet.id}:${rect.startColumn + c}`);
      const shown = echo && { ...echo, majorDimension: range.majorDimension };
      const reply = updateReply(place.sheet, written, echoed, shown);
      return more ? { ...reply, spreadsheetId: undefined, ...more } : reply;
    } catch (error) {
      throw prefixed(`Invalid data[${index}]`, error);
    }
  });
  return {
    spreadsheetId: book.id,
    ...positive({
      totalUpdatedRows: rows.size,
      totalUpdatedColumns: columns.size,
      totalUpdatedCells: cells,
      totalUpdatedSheets: sheets.size,
    }),
    ...(responses.length > 0 && { responses }),
  };
}

/** values.batchUpdate */
export function batchUpdateValues(
  change: Change,
  book: Book,
  body: Of<typeof BatchUpdateValues>,
  input: Input,
  echo: Echo,
): object {
  requireInputOption(input.option);
  const items = (body.data ?? []).map((range, index) => {
    try {
      return { place: resolveRange(book, range.range ?? ''), range, index };
    } catch (error) {
      throw prefixed(`Invalid data[${index}]`, error);
    }
  });
  return writeRanges(change, book, items, input, echo);
}

/** values.append: after the block of data the range touches; the grid grows where it must. */
export function appendValues(
  change: Change,
  book: Book,
  range: string,
  body: ValueRange,
  input: Input,
  insertRows: boolean,
  echo: Echo,
): object {
  requireInputOption(input.option);
  checkSameRange(book, range, body.range);
  const { sheet, rect } = resolveRange(book, range);
  const table = tableBlock(sheet, rect);
  const row = table?.endRow ?? rect.startRow;
  const column = table?.startColumn ?? rect.startColumn;
  const rows = toRows(body.values ?? [], body.majorDimension);
  const width = rows.reduce((most, each) => Math.max(most, each.length), 0);
  const { rowCount } = sheet.properties.gridProperties;
  if (insertRows && table && rows.length > 0) {
    growTo(change, sheet, rowCount + rows.length, column + width);
    change.insertRows(sheet, row, rows.length);
  } else growTo(change, sheet, row + rows.length, column + width);
  const written = writeAt(change, sheet, { row, column }, rows, input);
  growTablesOver(change, sheet, written.rect);
  return {
    spreadsheetId: book.id,
    ...(table && { tableRange: printRange(sheet, table) }),
    updates: updateReply(sheet, written, written.rect, echo && { ...echo, majorDimension: body.majorDimension }),
  };
}

/** values.batchGet; also what `responseRanges` and the likes are read with. */
export function batchGetValues(book: Book, ranges: readonly string[], options: RenderOptions): object {
  const valueRanges = ranges.map((range) => readRange(resolveRange(book, range), options));
  return { spreadsheetId: book.id, ...(valueRanges.length > 0 && { valueRanges }) };
}

/** values.clear and values.batchClear: the ranges that were cleared, printed. All are resolved first. */
export function clearRanges(change: Change, book: Book, ranges: readonly string[]): string[] {
  const places = ranges.map((range) => resolveRange(book, range));
  return places.map((place) => {
    clearValues(change, place);
    return printRange(place.sheet, place.rect);
  });
}
