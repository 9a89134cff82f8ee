// Requests about native tables: addTable, updateTable, deleteTable, and appendCells into a table. What a table does to
// its cells is tables.ts.

import { contains, overlaps, rangeOf, rectOf, requiredPlace } from '../areas.ts';
import { invalid } from '../errors.ts';
import { newId } from '../files.ts';
import { growTo } from '../grid.ts';
import { apply, below } from '../mask.ts';
import { CellData } from '../messages/cells.ts';
import { Table, type TableColumnProperties } from '../messages/features.ts';
import { replaceParts } from '../parts.ts';
import { printTable } from '../print-objects.ts';
import type { Rect } from '../ranges.ts';
import { applyTypes, bodyOf, checkFree, growTable, putTable, settleHeaders, tableById, writeNames } from '../tables.ts';
import { type Book, hasValue, type Sheet } from '../workbook.ts';
import { trimmed } from '../write.ts';
import { appendCells as appendToSheet, putRows } from './cells.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';
import { STRUCTURE_KINDS } from './structure-kinds.ts';

function checkName(book: Book, name: string, self?: string): void {
  if (name.trim() === '') throw invalid('The table name cannot be empty.');
  const lower = name.toLowerCase();
  const tables = book.sheets.flatMap(({ parts }) => parts.tables ?? []);
  if (tables.some((one) => one.tableId !== self && one.name?.toLowerCase() === lower)) {
    throw invalid(`A table with the name "${name}" already exists.`);
  }
}

function freeName(book: Book): string {
  const tables = book.sheets.flatMap(({ parts }) => parts.tables ?? []);
  const taken = new Set(tables.map(({ name }) => name?.toLowerCase()));
  for (let n = 1; ; n++) if (!taken.has(`table${n}`)) return `Table${n}`;
}

/** Google's rules for the columns of a table that is so wide. */
function checkColumns(columns: readonly TableColumnProperties[], width: number): void {
  const seen = new Set<number>();
  for (const { columnIndex = 0, columnType, dataValidationRule } of columns) {
    if (columnIndex < 0 || columnIndex >= width || seen.has(columnIndex)) {
      throw invalid(`Invalid TableColumnProperties.columnIndex: ${columnIndex}`);
    }
    seen.add(columnIndex);
    const condition = dataValidationRule?.condition;
    if (columnType !== 'DROPDOWN') {
      if (dataValidationRule) throw invalid('Cannot set condition for non-dropdown column type.');
      continue;
    }
    if (!condition) throw invalid('Condition must be set for dropdown column type.');
    if (condition.type !== 'ONE_OF_LIST' || !condition.values?.length) {
      throw invalid('The condition of a dropdown column must be ONE_OF_LIST.');
    }
  }
}

/** Without what says nothing, so that equal columns are stored alike. */
function kept({ columnType, ...rest }: TableColumnProperties): TableColumnProperties {
  return { ...rest, ...(columnType && columnType !== 'COLUMN_TYPE_UNSPECIFIED' && { columnType }) };
}

function checkHeader(sheet: Sheet, { startRow, startColumn, endColumn }: Rect): void {
  for (let column = startColumn; column < endColumn; column++) {
    if (sheet.rows[startRow]?.[column]?.formula !== undefined) {
      throw invalid('Formulas are not supported in a table header row.');
    }
  }
}

export const addTable: Handler<'addTable'> = ({ book, change, random }, { table = {} }) => {
  const { range, name, tableId, columnProperties = [], rowsProperties } = table;
  const { sheet, rect } = requiredPlace(book, range);
  checkName(book, name ?? freeName(book));
  const taken = (id: string) => book.sheets.some(({ parts }) => parts.tables?.some((one) => one.tableId === id));
  if (tableId && taken(tableId)) throw invalid(`Table with id ${tableId} already exists.`);
  checkColumns(columnProperties, rect.endColumn - rect.startColumn);
  checkFree(sheet, rect);
  checkHeader(sheet, rect);
  // A typed column without a name is called `Column N`, counted along such columns, whatever its header says.
  let unnamed = 0;
  const names = columnProperties.flatMap(({ columnIndex = 0, columnName, columnType }): [number, string][] => {
    if (!columnName && !columnType) return [];
    return [[columnIndex, columnName || `Column ${++unnamed}`]];
  });
  const added: Table = {
    tableId: tableId || String(newId(random, (id) => taken(String(id)))),
    name: name ?? freeName(book),
    range: rangeOf(sheet, rect),
    columnProperties: columnProperties.map(kept),
    ...(rowsProperties && { rowsProperties }),
  };
  writeNames(change, sheet, added, new Map(names));
  const settled = settleHeaders(change, sheet, added);
  putTable(change, sheet, settled);
  applyTypes(change, sheet, settled, bodyOf(sheet, settled), true);
  return { table: printTable(sheet, settled) };
};

export const updateTable: Handler<'updateTable'> = ({ book, change }, { table: given = {}, fields }) => {
  const { sheet, part: old } = tableById(book, given.tableId ?? '');
  const mask = fieldsOf(fields, Table);
  const covers = (name: keyof Table) => below(mask, name) !== undefined;
  const wanted = apply(mask, old, given);
  if (covers('name')) checkName(book, wanted.name ?? '', old.tableId);
  const before = rectOf(sheet, old.range ?? {});
  let rect = before;
  if (covers('range')) {
    const place = requiredPlace(book, given.range);
    if (place.sheet !== sheet) throw invalid('A table cannot be moved to another sheet.');
    rect = place.rect;
  } else {
    const footers = [wanted, old].map(({ rowsProperties }) => (rowsProperties?.footerColorStyle ? 1 : 0));
    rect = { ...before, endRow: before.endRow + (footers[0] ?? 0) - (footers[1] ?? 0) };
  }
  checkFree(sheet, rect, old.tableId);
  checkHeader(sheet, rect);
  growTo(change, sheet, rect.endRow, rect.endColumn);
  const width = rect.endColumn - rect.startColumn;
  const columns = covers('columnProperties') ? (given.columnProperties ?? []) : (old.columnProperties ?? []);
  if (covers('columnProperties')) {
    checkColumns(columns, width);
    if (columns.some(({ columnName }) => !columnName)) throw invalid('Table header row cell must have a value.');
  }
  const { name, rowsProperties } = wanted;
  const next: Table = {
    ...(old.tableId !== undefined && { tableId: old.tableId }),
    ...(name !== undefined && { name }),
    range: rangeOf(sheet, rect),
    columnProperties: columns.filter(({ columnIndex = 0 }) => columnIndex < width).map(kept),
    ...(rowsProperties && Object.keys(rowsProperties).length > 0 && { rowsProperties }),
  };
  if (covers('columnProperties')) {
    const names = columns.map(({ columnIndex = 0, columnName = '' }): [number, string] => [columnIndex, columnName]);
    writeNames(change, sheet, next, new Map(names));
  }
  const settled = settleHeaders(change, sheet, next);
  putTable(change, sheet, settled);
  if (covers('columnProperties') || covers('range')) applyTypes(change, sheet, settled, bodyOf(sheet, settled), true);
  return undefined;
};

/** The table goes with its cells and with the conditional formats that are about nothing else. */
export const deleteTable: Handler<'deleteTable'> = ({ book, change }, { tableId = '' }) => {
  const { sheet, parts, part: table } = tableById(book, tableId);
  const rect = rectOf(sheet, table.range ?? {});
  const rules = (sheet.parts.conditionalFormats ?? []).flatMap((rule) => {
    const ranges = (rule.ranges ?? []).filter((range) => !contains(rect, rectOf(sheet, range)));
    return ranges.length > 0 ? [{ ...rule, ranges }] : [];
  });
  replaceParts(change, sheet, { tables: parts.filter((one) => one !== table), conditionalFormats: rules });
  for (let row = rect.startRow; row < Math.min(rect.endRow, sheet.rows.length); row++) {
    const cells = sheet.rows[row]?.slice();
    if (!cells) continue;
    for (let column = rect.startColumn; column < Math.min(rect.endColumn, cells.length); column++) {
      cells[column] = undefined;
    }
    change.setRow(sheet, row, trimmed(cells));
  }
  return undefined;
};

function blankBelow(sheet: Sheet, rect: Rect): boolean {
  for (let row = rect.startRow; row < Math.min(rect.endRow, sheet.rows.length); row++) {
    if (sheet.rows[row]?.slice(rect.startColumn, rect.endColumn).some(hasValue)) return false;
  }
  const { tables = [], bandedRanges = [], merges = [] } = sheet.parts;
  const ranges = [...merges, ...[...tables, ...bandedRanges].map(({ range }) => range ?? {})];
  return !ranges.some((range) => overlaps(rect, rectOf(sheet, range)));
}

/** Makes room at the end of the body; what stands below in the table's columns, its footer too, moves down. */
function makeRoom(context: Context, sheet: Sheet, table: Table, count: number): Table {
  const { change } = context;
  const rect = rectOf(sheet, table.range ?? {});
  const body = bodyOf(sheet, table);
  const added = { ...rect, startRow: body.endRow, endRow: body.endRow + count };
  if (body.endRow < rect.endRow || !blankBelow(sheet, added)) {
    const { rowCount, columnCount } = sheet.properties.gridProperties;
    growTo(change, sheet, Math.max(rowCount, added.endRow), columnCount);
    const { insertRange } = STRUCTURE_KINDS;
    if (!insertRange) throw invalid('this backend does not support insertRange yet.');
    insertRange(context, { range: rangeOf(sheet, added), shiftDimension: 'ROWS' });
  }
  const { part } = tableById(context.book, table.tableId ?? '');
  return growTable(change, sheet, part, rect.endRow + count);
}

/** After the last row of the table's body that holds anything, or after the last row of the sheet. */
export const appendCells: Handler<'appendCells'> = (context, payload) => {
  const { rows = [], fields, tableId } = payload;
  if (!tableId) return appendToSheet(context, payload);
  const { change, book } = context;
  const { sheet, part: table } = tableById(book, tableId);
  const mask = fieldsOf(fields, CellData);
  const body = bodyOf(sheet, table);
  const width = rows.reduce((most, { values = [] }) => Math.max(most, values.length), 0);
  if (body.startColumn + width > body.endColumn) {
    const last = body.endColumn - 1;
    throw invalid(`Attempting to write column: ${body.endColumn}, beyond the last requested column of: ${last}`);
  }
  let row = Math.min(body.endRow, sheet.rows.length);
  const filled = (at: number) => sheet.rows[at]?.slice(body.startColumn, body.endColumn).some(hasValue);
  while (row > body.startRow && !filled(row - 1)) row--;
  row = Math.max(row, body.startRow);
  const missing = row + rows.length - body.endRow;
  const grown = missing > 0 ? makeRoom(context, sheet, table, missing) : table;
  putRows(change, sheet, { row, column: body.startColumn }, rows, mask);
  applyTypes(change, sheet, grown, { startRow: row, endRow: row + rows.length }, false);
  return undefined;
};
