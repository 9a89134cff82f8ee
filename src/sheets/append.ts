// Appending rows: below a sheet's last row with data, or into what a table stands for (append-table.ts). One write;
// where the rows are is told by its reply.

import { invalid } from '../errors.ts';
import { columnName, formatA1 } from './a1.ts';
import type { GridCell, Value } from './decode.ts';
import { apply, type ChangedReply, type Desk, type Outcome, planned } from './desk.ts';
import { filled, findHeader, HEAD_ROWS, type Header, placeRecord } from './header.ts';
import { type Image, keepImage, valueState } from './images.ts';
import { createNotes, literalAt } from './literals.ts';
import type { Google, Sheet } from './metadata.ts';
import { type Entered, type Line, onlyRows, probeColumn, rowsAtEnd } from './places.ts';
import { readHeads, readValues } from './read.ts';
import { type AppendPlace, appendRequest, type NumberFormat } from './requests.ts';
import type { Cell } from './values.ts';

export type NewRow = readonly Cell[] | Readonly<Record<string, Cell>>;

export interface Appended extends Outcome {
  readonly rows: number;
  /** Absent when the reply does not tell it. */
  readonly updatedRange?: string;
}

const UNTOLD = 'The reply does not tell where the rows are: read the end of the sheet if you need it.';
const LOST =
  "Google's reply was lost: the rows are there, once, but where is not told. Read the end of the sheet if you need it.";

/** What rows are appended to. */
export interface Target {
  readonly sheet: Sheet;
  /** Column of the sheet under which the first cell of an array goes. */
  readonly column: number;
  /** By which records are placed; without them they are refused. */
  readonly names?: readonly string[] | undefined;
  /** Rows may be no wider. */
  readonly width?: number;
  /** Where the request has rows begin, and what it names as their place. */
  readonly request: { readonly column: number; readonly place: AppendPlace };
  /** Number formats of the row above, by column from the request's on; asked for rows with dates. */
  formats(): Promise<readonly (NumberFormat | undefined)[]>;
}

/** Appends all rows or none. Arrays begin at the header's first column; records are placed by the header's names. */
export async function appendRows(desk: Desk, sheet: Sheet, rows: readonly NewRow[]): Promise<Appended> {
  const { google, spreadsheet } = desk;
  const [head = []] = await readHeads(google, spreadsheet.id, [sheet], true);
  const header = findHeader(head, 0, 0);
  const column = header?.column ?? 0;
  const { answer, probed } = await append(desk, rows, {
    sheet,
    column,
    names: header?.names,
    request: { column: 0, place: { sheetId: sheet.sheetId } },
    formats: async () => lastFormats(head),
  });
  const { start, values } = probed;
  const gap = start !== undefined && header && (await gapBelow(google, spreadsheet.id, sheet, header, values, start));
  return gap ? { ...answer, warnings: [...(answer.warnings ?? []), gap] } : answer;
}

/** Number formats of the last of the rows that has content, by column. */
export function lastFormats(rows: readonly (readonly GridCell[])[]): (NumberFormat | undefined)[] {
  const last = rows.findLast((row) => row.some(filled)) ?? [];
  return last.map((cell) => cell.userEnteredFormat?.numberFormat);
}

interface Probed {
  /** The probed column by row of the sheet, and the first new row in it if it can be told. */
  readonly values: readonly Entered[];
  readonly start: number | undefined;
}

/** Appends to a target; `probed` is what the reply shows of it. */
export async function append(
  desk: Desk,
  rows: readonly NewRow[],
  target: Target,
): Promise<{ answer: Appended; probed: Probed }> {
  const { timeZone } = desk.spreadsheet;
  const { sheet, column, request } = target;
  const notes = createNotes();
  const cells = rows.map((row, index) => {
    const literals = placeRow(row, index, target).map((cell, at) =>
      literalAt(cell, `rows[${index}], column ${columnName(column + at)}`, 'typed', timeZone, notes),
    );
    if (!literals.some((literal) => literal?.value)) {
      throw invalid(`rows[${index}] is empty.`, 'Appended rows need at least one value.');
    }
    return literals;
  });
  const probe = probeColumn(cells);
  const probedColumn = { startColumn: column + probe, endColumn: column + probe + 1 };
  const { warnings = [] } = notes.warnings(timeZone);
  const applied = { status: 'applied', rows: cells.length } as const;
  // With a mask for formats a cell without one would lose that of its column: all are given, but only for dates.
  const dated = cells.some((row) => row.some((cell) => cell?.date !== undefined));
  const lead = Array<null>(column - request.column).fill(null);
  const formats = dated ? await target.formats() : undefined;
  const lines = cells.map((row) => [...lead, ...row]);
  const requests = [appendRequest(request.place, lines, formats)];
  if (desk.dryRun) {
    const answer: Appended = { ...applied, ...(warnings.length > 0 && { warnings }) };
    return { answer: planned(answer), probed: { values: [], start: undefined } };
  }
  let probed: Probed = { values: [], start: undefined };
  const answer = await apply<Appended>(desk, {
    requests,
    sheets: [sheet],
    answer: { ...applied, warnings: [...warnings, LOST] },
    show: { ranges: [formatA1(sheet.title, probedColumn)], fields: SHOWN },
    told: (reply) => {
      const { found, values } = findRows(reply, sheet, request.place, cells, probe);
      probed = { values, start: found };
      const all = [...warnings, ...(found === undefined ? [reply.reread ? LOST : UNTOLD] : [])];
      if (found !== undefined) keepImage(desk, imageOf(sheet, found, column, cells));
      const updatedRange = found === undefined ? undefined : rangeOf(sheet, found, cells, column);
      return {
        ...applied,
        ...(updatedRange !== undefined && { updatedRange }),
        ...(all.length > 0 && { warnings: all }),
      };
    },
  });
  return { answer, probed };
}

/** What the reply must show for its new rows to be found. */
export const SHOWN = 'tables(tableId,range),data(startRow,startColumn,rowData.values.userEnteredValue)';

/** New rows replace nothing: undone, their cells are blank again. Formats stay, their columns may have had them. */
export function imageOf(sheet: Sheet, row: number, column: number, cells: readonly Line[]): Image {
  const states = <T>(stateOf: (value: object | undefined) => T) =>
    cells.map((line) => line.map((literal) => (literal?.value ? stateOf(literal.value) : null)));
  const area = { sheetId: sheet.sheetId, title: sheet.title, row, column };
  return {
    fields: 'userEnteredValue',
    compared: ['userEnteredValue'],
    areas: [{ ...area, before: states(() => ({})), after: states(valueState) }],
  };
}

function placeRow(row: NewRow, index: number, { sheet, names, width }: Target): readonly Cell[] {
  if (!isArray(row)) {
    if (names) return placeRecord(row, names, index);
    throw invalid(
      `rows[${index}] is a record, but ${sheet.title} has no header row in its first ${HEAD_ROWS} rows.`,
      'Pass arrays; the first row that you append can be the header.',
    );
  }
  if (width === undefined || row.length <= width) return row;
  throw invalid(`rows[${index}] has ${row.length} cells, but the table has ${width} columns.`);
}

function isArray(row: NewRow): row is readonly Cell[] {
  return Array.isArray(row);
}

/**
 * The first of the new rows and the probed column, by row of the sheet, as the reply shows it. Only where nothing of
 * others can be behind the rows are they the last ones; else they are where nothing else is.
 */
export function findRows(
  reply: ChangedReply,
  { sheetId }: Sheet,
  place: AppendPlace,
  cells: readonly Line[],
  probe: number,
): { found: number | undefined; values: readonly Entered[] } {
  const { updatedSpreadsheet, reread } = reply;
  const shown = updatedSpreadsheet?.sheets.find((one) => one.properties.sheetId === sheetId);
  const block = shown?.data[0] ?? { startRow: 0, rowData: [] };
  const column = block.rowData.map((row) => row.values[0]?.userEnteredValue);
  const values = [...Array<undefined>(block.startRow).fill(undefined), ...column];
  /** Behind that row no new ones can be; undefined for a table whose end the reply does not tell. */
  const end =
    'tableId' in place
      ? shown?.tables.find((one) => one.tableId === place.tableId)?.range.endRowIndex
      : Number.POSITIVE_INFINITY;
  const last = reread || end === undefined ? undefined : rowsAtEnd(values.slice(0, end), cells, probe);
  return { found: last ?? (reread || 'tableId' in place ? onlyRows(values, cells, probe) : undefined), values };
}

export function rangeOf(sheet: Sheet, startRow: number, cells: readonly Line[], startColumn: number): string {
  const endColumn = startColumn + Math.max(...cells.map((row) => row.length));
  return formatA1(sheet.title, { startRow, endRow: startRow + cells.length, startColumn, endColumn });
}

/** Blank stretches looked at for the warning; a sparser column is not worth a larger read. */
const MAX_STRETCHES = 20;

/** A warning when whole rows are blank between the header's block and the new rows; undefined when none is. */
async function gapBelow(
  google: Google,
  id: string,
  sheet: Sheet,
  header: Header,
  column: readonly Entered[],
  start: number,
): Promise<string | undefined> {
  const stretches: { startRow: number; endRow: number }[] = [];
  for (let row = header.row + 1; row < start; row++) {
    if (column[row] !== undefined) continue;
    const last = stretches.at(-1);
    if (last?.endRow === row) last.endRow = row + 1;
    else stretches.push({ startRow: row, endRow: row + 1 });
  }
  if (stretches.length === 0 || stretches.length > MAX_STRETCHES) return undefined;
  const ranges = stretches.map((rows) => formatA1(sheet.title, rows));
  // The rows are appended already: a failing look must not turn that into an error.
  const values = await readValues(google, id, ranges, 'unformatted').catch(() => []);
  const found = values.findIndex(({ values: rows }, index) => {
    const height = (stretches[index]?.endRow ?? 0) - (stretches[index]?.startRow ?? 0);
    return rows.length < height || rows.some((row: readonly Value[]) => row.every((value) => value === ''));
  });
  const rows = stretches[found];
  if (!rows) return undefined;
  const { startRow, endRow } = rows;
  return `There are blank rows between the header's block and the appended rows (near rows ${startRow + 1} to ${endRow}): the rows went below the sheet's last row with data.`;
}
