// Appending rows below a sheet's last row with data, placed by its header. One write; the range is told by its reply.

import { invalid } from '../errors.ts';
import { columnName, formatA1 } from './a1.ts';
import { confirmWrite, decode, type GridCell, updatedReply, type Value } from './decode.ts';
import { filled, findHeader, HEAD_ROWS, type Header, placeRecord } from './header.ts';
import { createNotes, literalAt } from './literals.ts';
import type { Google, Sheet, Spreadsheet } from './metadata.ts';
import { readHeads, readValues } from './read.ts';
import { appendRequest, type NumberFormat } from './requests.ts';
import type { Cell, Literal } from './values.ts';

export type NewRow = readonly Cell[] | Readonly<Record<string, Cell>>;

export interface Appended {
  readonly status: 'applied';
  readonly rows: number;
  /** Absent when the reply does not tell it. */
  readonly updatedRange?: string;
  readonly warnings?: string[];
}

/** Appends all rows or none. Arrays begin at the header's first column; records are placed by the header's names. */
export async function appendRows(
  google: Google,
  spreadsheet: Spreadsheet,
  sheet: Sheet,
  rows: readonly NewRow[],
): Promise<Appended> {
  const [head = []] = await readHeads(google, spreadsheet.id, [sheet], true);
  const header = findHeader(head, 0, 0);
  const notes = createNotes();
  const lead = header?.column ?? 0;
  const cells = rows.map((row, index) => {
    const values = placeRow(row, index, header, sheet);
    const literals = values.map((cell, column) =>
      literalAt(cell, `rows[${index}], column ${columnName(lead + column)}`, 'typed', spreadsheet.timeZone, notes),
    );
    if (!literals.some((literal) => literal?.value)) {
      throw invalid(`rows[${index}] is empty.`, 'Appended rows need at least one value.');
    }
    return [...Array<null>(lead).fill(null), ...literals];
  });
  const probe = probeColumn(cells);
  const reply = await google('spreadsheets.batchUpdate', spreadsheet.id, {
    spreadsheetId: spreadsheet.id,
    fields:
      'spreadsheetId,updatedSpreadsheet.sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values.userEnteredValue))',
    requestBody: {
      requests: [appendRequest(sheet.sheetId, cells, columnFormats(cells, head))],
      includeSpreadsheetInResponse: true,
      responseIncludeGridData: true,
      responseRanges: [formatA1(sheet.title, { startColumn: probe, endColumn: probe + 1 })],
    },
  });
  confirmWrite(reply, spreadsheet.id, 'spreadsheets.batchUpdate');
  const column = probedColumn(reply, sheet);
  const end = column.findLastIndex((value) => value !== undefined) + 1;
  const told = same(column[end - 1], cells.at(-1)?.[probe]);
  const start = end - cells.length;
  const width = Math.max(...cells.map((row) => row.length));
  const range = { startRow: start, endRow: end, startColumn: lead, endColumn: width };
  const { warnings = [] } = notes.warnings(spreadsheet.timeZone);
  const gap = told && header ? await gapBelow(google, spreadsheet.id, sheet, header, column, start) : undefined;
  const all = [
    ...warnings,
    ...(told ? [] : ['The reply does not tell where the rows are: read the end of the sheet if you need it.']),
    ...(gap === undefined ? [] : [gap]),
  ];
  return {
    status: 'applied',
    rows: cells.length,
    ...(told && { updatedRange: formatA1(sheet.title, range) }),
    ...(all.length > 0 && { warnings: all }),
  };
}

function placeRow(row: NewRow, index: number, header: Header | undefined, sheet: Sheet): readonly Cell[] {
  if (isArray(row)) return row;
  if (header) return placeRecord(row, header.names, index);
  throw invalid(
    `rows[${index}] is a record, but ${sheet.title} has no header row in its first ${HEAD_ROWS} rows.`,
    'Pass arrays; the first row that you append can be the header.',
  );
}

function isArray(row: NewRow): row is readonly Cell[] {
  return Array.isArray(row);
}

/** Formats for the new rows, only when a date is among them: then every column keeps that of the rows above. */
function columnFormats(
  cells: readonly (readonly (Literal | null)[])[],
  head: readonly (readonly GridCell[])[],
): (NumberFormat | undefined)[] | undefined {
  if (!cells.some((row) => row.some((cell) => cell?.date !== undefined))) return undefined;
  const width = Math.max(...cells.map((row) => row.length));
  const last = head.findLast((row) => row.some(filled)) ?? [];
  return Array.from({ length: width }, (_, column) => last[column]?.userEnteredFormat?.numberFormat);
}

/** The column by which the new rows are found again: filled in every new row if there is such, else in the last. */
function probeColumn(cells: readonly (readonly (Literal | null)[])[]): number {
  const last = cells.at(-1) ?? [];
  const everywhere = last.findIndex((_, column) => cells.every((row) => row[column]?.value !== undefined));
  return everywhere >= 0 ? everywhere : last.findIndex((cell) => cell?.value !== undefined);
}

type Entered = GridCell['userEnteredValue'];

/** The probed column as the reply shows it, by row of the sheet. */
function probedColumn(reply: unknown, sheet: Sheet): Entered[] {
  const updated = decode(updatedReply, reply, 'spreadsheets.batchUpdate', true).updatedSpreadsheet;
  const block = updated?.sheets.find((one) => one.properties.sheetId === sheet.sheetId)?.data[0];
  if (!block) return [];
  return [...Array<undefined>(block.startRow), ...block.rowData.map((row) => row.values[0]?.userEnteredValue)];
}

function same(entered: Entered, literal: Literal | null | undefined): boolean {
  const [sent] = Object.entries(literal?.value ?? {});
  return sent !== undefined && entered?.[sent[0]] === sent[1];
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
