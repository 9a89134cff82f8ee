// What a spreadsheet holds, in few words: the cheap first look before any read or write.

import { columnName, formatA1, formatGrid, type Grid } from './a1.ts';
import type { GridCell, GridRange } from './decode.ts';
import { type ColumnType, columnType, filled, findHeader, HEAD_ROWS } from './header.ts';
import { findSheet, type Google, gridOf, readSpreadsheet, type Sheet } from './metadata.ts';
import { type RangeValues, readHeads, readValues } from './read.ts';

/** Above this size a sheet is measured by one column instead of by all its cells. */
const MAX_MEASURED_CELLS = 1_000_000;
/** Characters of a sample that are shown; a longer one ends in an ellipsis. */
const SAMPLE_CHARACTERS = 40;

export interface ColumnDescription {
  readonly column: string;
  readonly name?: string;
  readonly type: ColumnType;
  readonly sample?: string;
}

export interface SheetDescription {
  readonly title: string;
  readonly sheetId: number;
  readonly type?: string;
  readonly hidden?: true;
  readonly rows: number;
  readonly columns: number;
  /** The cells from A1 to the last row and column with content; absent when the sheet is empty. */
  readonly usedRange?: string;
  /** Set when the last row was measured by this column alone, because the sheet is very large. */
  readonly measuredBy?: string;
  readonly headerRow?: number;
  readonly fields?: ColumnDescription[];
  readonly frozenRows?: number;
  readonly frozenColumns?: number;
  readonly tables?: string[];
  readonly protectedRanges?: string[];
  readonly charts?: string[];
  readonly filter?: string;
  readonly filterViews?: string[];
}

export interface Description {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly sheets: SheetDescription[];
  readonly namedRanges?: string[];
}

/** Describes all sheets, or those of the titles or ids given; three calls at most, however many sheets there are. */
export async function describe(google: Google, id: string, only: readonly (string | number)[]): Promise<Description> {
  const spreadsheet = await readSpreadsheet(google, id, true);
  const chosen = only.length > 0 ? only.map((sheet) => findSheet(spreadsheet, sheet)) : spreadsheet.sheets;
  const cellsOf = await readCells(google, spreadsheet.id, chosen.filter(isGrid));
  const titleOf = (sheetId: number) => spreadsheet.sheets.find((sheet) => sheet.sheetId === sheetId)?.title ?? '?';
  const { title, url, locale, timeZone, namedRanges } = spreadsheet;
  const sheets = chosen.map((sheet) => describeSheet(sheet, cellsOf.get(sheet)));
  const names = namedRanges.map(({ name, range }) => `${name}: ${titleOf(range.sheetId)}!${cells(range)}`);
  return { id: spreadsheet.id, title, url, locale, timeZone, sheets, ...(names.length > 0 && { namedRanges: names }) };
}

interface Cells {
  readonly head: readonly (readonly GridCell[])[];
  /** The values below the head; absent when the head is the whole sheet. */
  readonly tail: RangeValues | undefined;
}

async function readCells(google: Google, id: string, sheets: readonly Sheet[]): Promise<Map<Sheet, Cells>> {
  const heads = await readHeads(google, id, sheets, false);
  const longer = sheets.filter((sheet) => sheet.rows > HEAD_ROWS);
  const tails = await readValues(
    google,
    id,
    longer.map((sheet) => formatA1(sheet.title, tailOf(sheet, heads[sheets.indexOf(sheet)] ?? []))),
    'unformatted',
  );
  return new Map(sheets.map((sheet, at) => [sheet, { head: heads[at] ?? [], tail: tails[longer.indexOf(sheet)] }]));
}

/** What is read below the head to find the last row: all columns, or of a very large sheet the first filled one. */
function tailOf(sheet: Sheet, head: Cells['head']): Grid {
  const column = isLarge(sheet) ? probeOf(head) : undefined;
  const columns =
    column === undefined
      ? { startColumn: 0, endColumn: sheet.columns }
      : { startColumn: column, endColumn: column + 1 };
  return { startRow: HEAD_ROWS, endRow: sheet.rows, ...columns };
}

function isGrid(sheet: Sheet): boolean {
  return sheet.reply.properties.sheetType === 'GRID';
}

function isLarge(sheet: Sheet): boolean {
  return sheet.rows * sheet.columns > MAX_MEASURED_CELLS;
}

function probeOf(head: Cells['head']): number {
  return Math.max(0, head.find((row) => row.some(filled))?.findIndex(filled) ?? 0);
}

function describeSheet(sheet: Sheet, cells: Cells | undefined): SheetDescription {
  const { properties } = sheet.reply;
  const { frozenRowCount, frozenColumnCount } = properties.gridProperties;
  return {
    title: sheet.title,
    sheetId: sheet.sheetId,
    ...(!isGrid(sheet) && { type: properties.sheetType }),
    ...(properties.hidden && { hidden: true as const }),
    rows: sheet.rows,
    columns: sheet.columns,
    ...(cells && describeCells(sheet, cells)),
    ...(frozenRowCount > 0 && { frozenRows: frozenRowCount }),
    ...(frozenColumnCount > 0 && { frozenColumns: frozenColumnCount }),
    ...describeObjects(sheet),
  };
}

function describeObjects({ reply }: Sheet) {
  const tables = reply.tables.map(({ name, range }) => `${name}: ${cells(range)}`);
  const protectedRanges = reply.protectedRanges.map(
    ({ range, description, warningOnly }) =>
      `${range ? cells(range) : 'named range'}${warningOnly ? ' (warning only)' : ''}${description ? `: ${description}` : ''}`,
  );
  const charts = reply.charts.map(({ chartId, spec }) => `${chartId}${spec.title ? `: ${spec.title}` : ''}`);
  const views = reply.filterViews.map(({ filterViewId, title }) => `${filterViewId}${title ? `: ${title}` : ''}`);
  return {
    ...(tables.length > 0 && { tables }),
    ...(protectedRanges.length > 0 && { protectedRanges }),
    ...(charts.length > 0 && { charts }),
    ...(reply.basicFilter && { filter: cells(reply.basicFilter.range) }),
    ...(views.length > 0 && { filterViews: views }),
  };
}

function describeCells(sheet: Sheet, { head, tail }: Cells) {
  const header = findHeader(head, 0, 0);
  const below = tail?.values ?? [];
  const rows = below.length > 0 ? HEAD_ROWS + below.length : head.findLastIndex((row) => row.some(filled)) + 1;
  if (rows === 0) return {};
  const inHead = Math.max(0, ...head.map((row) => row.findLastIndex(filled) + 1));
  const width = isLarge(sheet) ? inHead : below.reduce((widest, row) => Math.max(widest, row.length), inHead);
  const body = head.slice(header ? header.row + 1 : 0);
  const fields = Array.from({ length: width }, (_, column): ColumnDescription => {
    const own = body.map((row) => row[column]);
    const name = header?.names[column - header.column];
    const sample = own.find(filled)?.formattedValue;
    return {
      column: columnName(column),
      ...(name !== undefined && { name }),
      type: columnType(own),
      ...(sample !== undefined && { sample: shorten(sample) }),
    };
  });
  return {
    usedRange: formatGrid({ startRow: 0, endRow: rows, startColumn: 0, endColumn: width }),
    ...(isLarge(sheet) && { measuredBy: columnName(probeOf(head)) }),
    ...(header && { headerRow: header.row + 1 }),
    fields,
  };
}

function cells(range: GridRange): string {
  return formatGrid(gridOf(range)) || 'the whole sheet';
}

function shorten(text: string): string {
  return text.length > SAMPLE_CHARACTERS ? `${text.slice(0, SAMPLE_CHARACTERS - 1)}…` : text;
}
