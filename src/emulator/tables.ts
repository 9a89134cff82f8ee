// Native tables: their column names kept in step with the header cells, what a column's type does to its cells, how
// they grow. Works through the gate; the requests are requests/tables.ts.

import { contains, overlaps, rangeOf, rectOf } from './areas.ts';
import type { Change } from './change.ts';
import { invalid } from './errors.ts';
import { effectiveAt } from './evaluate.ts';
import { growTo } from './grid.ts';
import type { Table, TableColumnProperties } from './messages/features.ts';
import { defaultPattern, formatValue } from './number-format.ts';
import { findPart, replaceParts } from './parts.ts';
import type { Rect } from './ranges.ts';
import { type Book, type Cell, cell, type Scalar, type Sheet, withoutRuns } from './workbook.ts';
import { trimmed } from './write.ts';

export function tableById(book: Book, id: string) {
  const found = findPart(
    book,
    (parts) => parts.tables,
    ({ tableId }) => tableId === id,
  );
  if (!found) throw invalid(`No table with id: ${id}`);
  return found;
}

/** The rows between header and footer. */
export function bodyOf(sheet: Sheet, table: Table): Rect {
  const rect = rectOf(sheet, table.range ?? {});
  const footer = table.rowsProperties?.footerColorStyle ? 1 : 0;
  return { ...rect, startRow: rect.startRow + 1, endRow: Math.max(rect.startRow + 1, rect.endRow - footer) };
}

export function putTable(change: Change, sheet: Sheet, table: Table): void {
  const tables = sheet.parts.tables ?? [];
  const known = tables.some(({ tableId }) => tableId === table.tableId);
  const next = known ? tables.map((one) => (one.tableId === table.tableId ? table : one)) : [...tables, table];
  replaceParts(change, sheet, { tables: next });
}

/** Refuses a rectangle that another table, a banding or a merge lies in. */
export function checkFree(sheet: Sheet, rect: Rect, self?: string): void {
  const { tables = [], bandedRanges = [], merges = [] } = sheet.parts;
  const ranges = [...tables.filter(({ tableId }) => tableId !== self), ...bandedRanges].map(({ range }) => range ?? {});
  if (ranges.some((range) => overlaps(rect, rectOf(sheet, range)))) {
    throw invalid(
      'You cannot add alternating background colors to a range that already has alternating background colors.',
    );
  }
  if (merges.some((range) => overlaps(rect, rectOf(sheet, range)))) {
    throw invalid('A table cannot contain merged cells.');
  }
}

/** One cell replaced by what `edit` makes of it. */
function editCell(
  change: Change,
  sheet: Sheet,
  row: number,
  column: number,
  edit: (one: Cell | undefined) => Cell | undefined,
): void {
  const cells = sheet.rows[row]?.slice() ?? [];
  const next = edit(cells[column]);
  if (next === cells[column]) return;
  cells[column] = next;
  change.setRow(sheet, row, trimmed(cells));
}

/** Plain text in the place of a header cell's value, runs and chips; its format and note stay. */
function writeHeader(change: Change, sheet: Sheet, row: number, column: number, name: string): void {
  editCell(change, sheet, row, column, (one) => cell(name, undefined, one?.format ?? 0, withoutRuns(one?.extra)));
}

function headerText(sheet: Sheet, row: number, column: number): string {
  const one = sheet.rows[row]?.[column];
  if (!one || one.formula !== undefined) return '';
  const { book } = sheet;
  const format = book.formats.get(one.format)?.numberFormat;
  return formatValue(effectiveAt(sheet, row, column), format, book.properties.locale ?? 'en_US');
}

/** The name, or its next number that is not taken, without regard to case; it is taken from now on. */
function uniqueName(name: string, taken: Set<string>): string {
  const [, base = name, count] = /^(.*) (\d{1,9})$/.exec(name) ?? [];
  let unique = name;
  for (let n = Number(count ?? 1) + 1; taken.has(unique.toLowerCase()); n++) unique = `${base} ${n}`;
  taken.add(unique.toLowerCase());
  return unique;
}

/**
 * The table with one entry per column, named by the header cells: a cell leads, one that is blank or holds a formula
 * gets `Column N`, one that repeats a name before it gets a number.
 */
export function settleHeaders(change: Change, sheet: Sheet, table: Table): Table {
  const { startRow, startColumn, endColumn } = rectOf(sheet, table.range ?? {});
  const given = new Map(table.columnProperties?.map((each) => [each.columnIndex ?? 0, each]));
  const texts = Array.from({ length: endColumn - startColumn }, (_, at) =>
    headerText(sheet, startRow, startColumn + at),
  );
  const taken = new Set(texts.map((text) => text.toLowerCase()));
  const columnProperties = texts.map((shown, index): TableColumnProperties => {
    const isFirst = texts.findIndex((text) => text.toLowerCase() === shown.toLowerCase()) === index;
    const name = shown !== '' && isFirst ? shown : uniqueName(shown || `Column ${index + 1}`, taken);
    if (name !== shown) writeHeader(change, sheet, startRow, startColumn + index, name);
    const { columnIndex, columnName, ...rest } = given.get(index) ?? {};
    return { ...(index > 0 && { columnIndex: index }), columnName: name, ...rest };
  });
  return { ...table, columnProperties };
}

/** Writes the names that are given into their header cells. */
export function writeNames(change: Change, sheet: Sheet, table: Table, names: ReadonlyMap<number, string>): void {
  const { startRow, startColumn } = rectOf(sheet, table.range ?? {});
  for (const [index, name] of names) writeHeader(change, sheet, startRow, startColumn + index, name);
}

/** After a change of cells: the tables whose header rows it touched are brought in step. */
export function settleTables(change: Change): void {
  for (const [sheet, rows] of change.dirty.rows) {
    for (const table of sheet.parts.tables ?? []) {
      if (!rows.has(table.range?.startRowIndex ?? 0)) continue;
      const settled = settleHeaders(change, sheet, table);
      if (JSON.stringify(settled) !== JSON.stringify(table)) putTable(change, sheet, settled);
    }
  }
}

/** The columns' types and lists after columns of the sheet moved; `place` is undefined for a column that is gone. */
export function moveTableColumns(
  table: Table,
  newStart: number,
  place: (column: number) => number | undefined,
): TableColumnProperties[] {
  const start = table.range?.startColumnIndex ?? 0;
  return (table.columnProperties ?? []).flatMap(({ columnIndex = 0, ...rest }) => {
    const column = place(start + columnIndex);
    if (column === undefined) return [];
    return [{ ...(column > newStart && { columnIndex: column - newStart }), ...rest }];
  });
}

/** Types whose cells show numbers in their own way. */
const NUMBER_FORMATS = new Set(['CURRENCY', 'PERCENT', 'DATE', 'TIME', 'DATE_TIME']);
/** What blank cells of a type are filled with; a checkbox replaces texts too. */
const FILLED: Readonly<Record<string, Scalar>> = { BOOLEAN: false, RATINGS_CHIP: 0 };

function typed(book: Book, type: string, one: Cell | undefined, anew: boolean): Cell | undefined {
  const { value, formula, format = 0, extra } = one ?? {};
  if (NUMBER_FORMATS.has(type)) {
    const present = book.formats.get(format) ?? {};
    if (present.numberFormat?.type === type) return one;
    const pattern = defaultPattern(type, book.properties.locale ?? 'en_US');
    const numberFormat = { type: type as 'DATE', ...(pattern !== undefined && { pattern }) };
    return cell(value, formula, book.formats.idOf({ ...present, numberFormat }), extra);
  }
  if (type === 'DROPDOWN' && anew && extra?.dataValidation) {
    const { dataValidation: _, ...rest } = extra;
    return cell(value, formula, format, Object.keys(rest).length > 0 ? rest : undefined);
  }
  const filled = FILLED[type];
  if (filled === undefined || formula !== undefined) return one;
  if (value !== undefined && !(anew && type === 'BOOLEAN' && typeof value === 'string')) return one;
  return cell(filled, undefined, format, extra);
}

/**
 * Does to cells of the body from a row to a row, exclusive, what their columns' types ask for; `anew` when the types
 * are new to the cells, which then lose what does not fit.
 */
export function applyTypes(
  change: Change,
  sheet: Sheet,
  table: Table,
  { startRow, endRow }: Pick<Rect, 'startRow' | 'endRow'>,
  anew: boolean,
): void {
  const { startColumn } = rectOf(sheet, table.range ?? {});
  for (const { columnIndex = 0, columnType = '' } of table.columnProperties ?? []) {
    if (!NUMBER_FORMATS.has(columnType) && !(columnType in FILLED) && columnType !== 'DROPDOWN') continue;
    for (let row = startRow; row < endRow; row++) {
      editCell(change, sheet, row, startColumn + columnIndex, (one) => typed(sheet.book, columnType, one, anew));
    }
  }
}

/** Gives the table more rows at its end; the cells there are its own from now on. */
export function growTable(change: Change, sheet: Sheet, table: Table, endRow: number): Table {
  const rect = { ...rectOf(sheet, table.range ?? {}), endRow };
  growTo(change, sheet, endRow, rect.endColumn);
  const grown = { ...table, range: rangeOf(sheet, rect) };
  putTable(change, sheet, grown);
  return grown;
}

/** A table without footer right above rows that were appended takes them in, unless something else is in the way. */
export function growTablesOver(change: Change, sheet: Sheet, written: Rect): void {
  for (const table of sheet.parts.tables ?? []) {
    const rect = rectOf(sheet, table.range ?? {});
    const columns = { ...written, startRow: rect.startRow, endRow: rect.endRow };
    if (!contains(rect, columns) || table.rowsProperties?.footerColorStyle) continue;
    if (written.startRow <= rect.startRow || written.startRow > rect.endRow || written.endRow <= rect.endRow) continue;
    const { tables = [], bandedRanges = [] } = sheet.parts;
    const added = { ...rect, startRow: rect.endRow, endRow: written.endRow };
    const others = [...tables.filter((one) => one !== table), ...bandedRanges];
    if (others.some(({ range }) => overlaps(added, rectOf(sheet, range ?? {})))) continue;
    applyTypes(change, sheet, growTable(change, sheet, table, written.endRow), added, false);
  }
}
