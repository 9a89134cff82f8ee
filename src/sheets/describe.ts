// What a spreadsheet holds, in few words: the cheap first look before any read or write.

import { cut } from '../words.ts';
import { columnName, formatA1, formatGrid, type Grid } from './a1.ts';
import { colorText } from './colors.ts';
import { conditionWords } from './conditions.ts';
import type { FilterSpec, GridCell, GridRange } from './decode.ts';
import { cells, NAME_CHARACTERS, objectTexts, pivotText } from './describe-objects.ts';
import { type ColumnType, columnType, filled, findHeader, HEAD_ROWS } from './header.ts';
import { findSheet, type Google, readSpreadsheet, type Sheet, type Spreadsheet } from './metadata.ts';
import { type RangeValues, readHeads, readValues } from './read.ts';

/** Cells that one description reads to measure its sheets; those beyond it are measured by one column each. */
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
  /** `#rrggbb`, or the name of a theme's colour. */
  readonly tabColor?: string;
  readonly gridlines?: false;
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
  /** Those that are anchored in the first HEAD_ROWS rows. */
  readonly pivotTables?: string[];
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
  const grids = chosen.filter(isGrid);
  const large = largeOf(grids);
  const cellsOf = await readCells(google, spreadsheet.id, grids, large);
  const titleOf = (sheetId: number) => spreadsheet.sheets.find((sheet) => sheet.sheetId === sheetId)?.title ?? '?';
  const { title, url, locale, timeZone, namedRanges } = spreadsheet;
  const sheets = chosen.map((sheet) => ({
    ...describeSheet(sheet, cellsOf.get(sheet), large.has(sheet)),
    ...describePivots(cellsOf.get(sheet)?.head ?? [], spreadsheet),
  }));
  const names = namedRanges.map(
    ({ name, range }) => `${cut(name, NAME_CHARACTERS)}: ${titleOf(range.sheetId)}!${cells(range)}`,
  );
  return { id: spreadsheet.id, title, url, locale, timeZone, sheets, ...(names.length > 0 && { namedRanges: names }) };
}

interface Cells {
  readonly head: readonly (readonly GridCell[])[];
  /** The values below the head; absent when the head is the whole sheet. */
  readonly tail: RangeValues | undefined;
}

async function readCells(
  google: Google,
  id: string,
  sheets: readonly Sheet[],
  large: ReadonlySet<Sheet>,
): Promise<Map<Sheet, Cells>> {
  const heads = await readHeads(google, id, sheets, false);
  const longer = sheets.filter((sheet) => sheet.rows > HEAD_ROWS);
  const tails = await readValues(
    google,
    id,
    longer.map((sheet) => formatA1(sheet.title, tailOf(sheet, heads[sheets.indexOf(sheet)] ?? [], large.has(sheet)))),
    'unformatted',
  );
  return new Map(sheets.map((sheet, at) => [sheet, { head: heads[at] ?? [], tail: tails[longer.indexOf(sheet)] }]));
}

/** What is read below the head to find the last row: all columns, or of a very large sheet the first filled one. */
function tailOf(sheet: Sheet, head: Cells['head'], large: boolean): Grid {
  const column = large ? probeOf(head) : undefined;
  const columns =
    column === undefined
      ? { startColumn: 0, endColumn: sheet.columns }
      : { startColumn: column, endColumn: column + 1 };
  return { startRow: HEAD_ROWS, endRow: sheet.rows, ...columns };
}

function isGrid(sheet: Sheet): boolean {
  return sheet.reply.properties.sheetType === 'GRID';
}

/** The sheets that are too large to be read whole; the small ones come first, so that most are measured exactly. */
function largeOf(sheets: readonly Sheet[]): Set<Sheet> {
  const large = new Set<Sheet>();
  let cells = 0;
  for (const sheet of sheets.toSorted((a, b) => a.rows * a.columns - b.rows * b.columns)) {
    cells += sheet.rows * sheet.columns;
    if (cells > MAX_MEASURED_CELLS) large.add(sheet);
  }
  return large;
}

function probeOf(head: Cells['head']): number {
  return Math.max(0, head.find((row) => row.some(filled))?.findIndex(filled) ?? 0);
}

function describeSheet(sheet: Sheet, cells: Cells | undefined, large: boolean): SheetDescription {
  const { properties } = sheet.reply;
  const { frozenRowCount, frozenColumnCount, hideGridlines } = properties.gridProperties;
  const tabColor = properties.tabColorStyle && colorText(properties.tabColorStyle);
  return {
    title: sheet.title,
    sheetId: sheet.sheetId,
    ...(!isGrid(sheet) && { type: properties.sheetType }),
    ...(properties.hidden && { hidden: true as const }),
    ...(tabColor !== undefined && { tabColor }),
    ...(hideGridlines && { gridlines: false as const }),
    rows: sheet.rows,
    columns: sheet.columns,
    ...(cells && describeCells(cells, large)),
    ...(frozenRowCount > 0 && { frozenRows: frozenRowCount }),
    ...(frozenColumnCount > 0 && { frozenColumns: frozenColumnCount }),
    ...describeObjects(sheet),
  };
}

function describeObjects(sheet: Sheet) {
  const { reply } = sheet;
  const { tables, protectedRanges, charts } = objectTexts(sheet);
  const views = reply.filterViews.map(
    ({ filterViewId, title, range, filterSpecs }) =>
      `${filterViewId}${title ? `: ${cut(title, NAME_CHARACTERS)}` : ''}${range ? ` (${filterText(range, filterSpecs)})` : ''}`,
  );
  return {
    ...(tables.length > 0 && { tables }),
    ...(protectedRanges.length > 0 && { protectedRanges }),
    ...(charts.length > 0 && { charts }),
    ...(reply.basicFilter && { filter: filterText(reply.basicFilter.range, reply.basicFilter.filterSpecs) }),
    ...(views.length > 0 && { filterViews: views }),
  };
}

function describeCells({ head, tail }: Cells, large: boolean) {
  const header = findHeader(head, 0, 0);
  const below = tail?.values ?? [];
  const rows = below.length > 0 ? HEAD_ROWS + below.length : head.findLastIndex((row) => row.some(filled)) + 1;
  if (rows === 0) return {};
  const inHead = Math.max(0, ...head.map((row) => row.findLastIndex(filled) + 1));
  const width = large ? inHead : below.reduce((widest, row) => Math.max(widest, row.length), inHead);
  const body = head.slice(header ? header.row + 1 : 0);
  const fields = Array.from({ length: width }, (_, column): ColumnDescription => {
    const own = body.map((row) => row[column]);
    const name = header?.names[column - header.column];
    const sample = own.find(filled)?.formattedValue;
    return {
      column: columnName(column),
      ...(name !== undefined && { name: cut(name, NAME_CHARACTERS) }),
      type: columnType(own),
      ...(sample !== undefined && { sample: cut(sample, SAMPLE_CHARACTERS) }),
    };
  });
  return {
    usedRange: formatGrid({ startRow: 0, endRow: rows, startColumn: 0, endColumn: width }),
    ...(large && { measuredBy: columnName(probeOf(head)) }),
    ...(header && { headerRow: header.row + 1 }),
    fields,
  };
}

/** `A1:F20: C number_greater 5, F hides 2`. */
function filterText(range: GridRange, specs: readonly FilterSpec[]): string {
  const rules = specs.flatMap(({ columnIndex, filterCriteria: { hiddenValues, condition } }) => [
    ...(condition ? [`${columnName(columnIndex)} ${cut(conditionWords(condition))}`] : []),
    ...(hiddenValues.length > 0 ? [`${columnName(columnIndex)} hides ${hiddenValues.length}`] : []),
  ]);
  return `${cells(range)}${rules.length > 0 ? `: ${rules.join(', ')}` : ''}`;
}

function describePivots(head: Cells['head'], spreadsheet: Spreadsheet) {
  const pivotTables = head.flatMap((cells, row) =>
    cells.flatMap(({ pivotTable }, column) => (pivotTable ? [pivotText(row, column, pivotTable, spreadsheet)] : [])),
  );
  return pivotTables.length > 0 ? { pivotTables } : {};
}
