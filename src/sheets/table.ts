// Tables: cells with a header row become one, or one is given another name, other cells or types of columns. Two reads
// at most and one write.

import { invalid } from '../errors.ts';
import { shown } from '../words.ts';
import { columnName, formatA1, type Grid } from './a1.ts';
import { findColumn } from './columns.ts';
import type { Table } from './decode.ts';
import { apiType } from './describe-objects.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { headerNames } from './header.ts';
import { liveSpreadsheet } from './live.ts';
import { gridOf, type Resolved, type Sheet, type Spreadsheet } from './metadata.ts';
import { findCells, noSuch, overlap, readHeaders } from './objects.ts';
import { gridRange, type Request } from './requests.ts';

/** Of columns; a dropdown is told by its options. */
export const COLUMN_TYPES = [
  'text',
  'number',
  'currency',
  'percent',
  'date',
  'time',
  'date_time',
  'checkbox',
  'rating',
  'people',
  'file',
  'place',
  'finance',
  'none',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface TableChanges {
  /** Id or name of the table that is changed; a new one when absent. */
  readonly tableId?: string | undefined;
  /** From the header row on. */
  readonly range?: string | undefined;
  readonly name?: string | undefined;
  /** By header or letter: a type, or the options of a dropdown. */
  readonly columns?: Readonly<Record<string, ColumnType | readonly string[]>> | undefined;
}

export interface TableSet extends Outcome {
  readonly tableId: string;
  readonly name: string;
  readonly range: string;
}

type Columns = Table['columnProperties'];

/** Makes a table, or changes of one what is given. */
export async function setTable(desk: Desk, changes: TableChanges): Promise<TableSet> {
  const live = await liveSpreadsheet(desk);
  return changes.tableId === undefined
    ? addTable(desk, live, changes)
    : updateTable(desk, live, changes, changes.tableId);
}

async function addTable(desk: Desk, live: Spreadsheet, { range, name, columns }: TableChanges): Promise<TableSet> {
  if (range === undefined || name === undefined) {
    throw invalid('set_table: a new table needs range and name.', 'To change a table give its tableId.');
  }
  checkName(live, name);
  const place = placeOf(live, range);
  const { sheet, grid } = place;
  const typed = columns ? await typedColumns(desk, place, undefined, columns) : [];
  // Beside the sheet's first column Google misplaces names that come with a new table: the header cells give them.
  const columnProperties = typed.map(({ columnName: _, ...rest }) => rest);
  // Google's own ids are digits, by which a table's banding is known too.
  const tableId = String(desk.newId());
  const requests: Request[] = [
    {
      addTable: {
        table: {
          tableId,
          name,
          range: gridRange(sheet.sheetId, grid),
          ...(typed.length > 0 && { columnProperties }),
        },
      },
    },
    ...typed.map((column) => headerRequest(sheet, grid, column)),
  ];
  const answer: TableSet = { status: 'applied', tableId, name, range: place.a1 };
  return apply(desk, { requests, answer, sheets: [sheet] });
}

async function updateTable(desk: Desk, live: Spreadsheet, changes: TableChanges, id: string): Promise<TableSet> {
  const { sheet, table } = findTable(live, id);
  const { tableId } = table;
  const { name, columns } = changes;
  if (name === undefined && columns === undefined && changes.range === undefined) {
    throw invalid('Nothing is given to change.', 'Give name, range or columns.');
  }
  if (name !== undefined) checkName(live, name, tableId);
  const before = closed(table);
  const place =
    changes.range === undefined
      ? { sheet, grid: before, a1: formatA1(sheet.title, before) }
      : placeOf(live, changes.range, tableId);
  if (place.sheet !== sheet) throw invalid(`A table stays on its sheet: ${table.name} is on ${sheet.title}.`);
  // Types stand by their place in the table: where that begins elsewhere they are told anew.
  const shift = place.grid.startColumn - before.startColumn;
  const retyped = columns !== undefined || shift !== 0;
  const kept = table.columnProperties.map((one) => ({ ...one, columnIndex: one.columnIndex - shift }));
  const columnProperties = retyped ? await typedColumns(desk, place, kept, columns ?? {}) : [];
  const fields = [
    ...(name === undefined ? [] : ['name']),
    ...(changes.range === undefined ? [] : ['range']),
    ...(retyped ? ['columnProperties'] : []),
  ];
  const written = { tableId, name, range: gridRange(sheet.sheetId, place.grid), columnProperties };
  const given = Object.fromEntries(
    Object.entries(written).filter(([key]) => key === 'tableId' || fields.includes(key)),
  );
  const answer: TableSet = { status: 'applied', tableId, name: name ?? table.name, range: place.a1 };
  return apply(desk, {
    requests: [{ updateTable: { table: given, fields: fields.join(',') } }],
    answer,
    sheets: [sheet],
  });
}

/** By id, else by name, case apart. Throws `not_found` with those there are. */
export function findTable({ sheets }: Spreadsheet, id: string): { sheet: Sheet; table: Table } {
  const all = sheets.flatMap((sheet) => sheet.reply.tables.map((table) => ({ sheet, table })));
  const same = (name: string) => name.toLowerCase() === id.toLowerCase();
  const found = all.find(({ table }) => table.tableId === id) ?? all.find(({ table }) => same(table.name));
  if (found) return found;
  throw noSuch(
    'table',
    id,
    all.map(({ table: { name, tableId } }) => ({ name, text: `${name} (id ${tableId})` })),
  );
}

function closed({ range }: Table): Required<Grid> {
  return { startRow: 0, endRow: 0, startColumn: 0, endColumn: 0, ...gridOf(range) };
}

function checkName({ sheets }: Spreadsheet, name: string, self?: string): void {
  if (name.trim() === '') throw invalid('name: a table cannot be called by blanks.');
  const other = sheets
    .flatMap(({ reply }) => reply.tables)
    .find((one) => one.name.toLowerCase() === name.toLowerCase() && one.tableId !== self);
  if (!other) return;
  throw invalid(`There is a table ${shown(other.name)} already.`, `To change it pass tableId ${other.tableId}.`);
}

/** Closed cells that no other table has. */
function placeOf(live: Spreadsheet, range: string, self?: string): Resolved & { grid: Required<Grid> } {
  const place = findCells(live, range);
  const { startRow, endRow, startColumn, endColumn } = place.grid;
  if (startRow === undefined || endRow === undefined || startColumn === undefined || endColumn === undefined) {
    throw invalid(
      `range: ${shown(range)} is open, and a table has a first and a last row and column.`,
      'Write Sheet!A1:D20, from the header row on; describe_spreadsheet tells the used range.',
    );
  }
  const grid = { startRow, endRow, startColumn, endColumn };
  const other = place.sheet.reply.tables.find((one) => one.tableId !== self && overlap(closed(one), grid));
  if (!other) return { ...place, grid };
  throw invalid(
    `range: ${place.a1} has cells of the table ${shown(other.name)}, ${formatA1(place.sheet.title, closed(other))}.`,
    `Choose other cells, or change that table by tableId ${other.tableId}.`,
  );
}

/**
 * The properties of the table's columns: all of them, with the types that they had and those that are given; of a table
 * that has none yet those that are given.
 */
async function typedColumns(
  desk: Desk,
  place: Resolved & { grid: Required<Grid> },
  kept: Columns | undefined,
  given: NonNullable<TableChanges['columns']>,
): Promise<Columns> {
  const { startColumn: start, endColumn: end } = place.grid;
  const texts = await readHeaders(desk, place);
  const columns = { start, end, names: headerNames(texts, start), from: start };
  const types = new Map<number, ColumnType | readonly string[]>();
  for (const [name, type] of Object.entries(given)) {
    const column = findColumn(name, columns, 'columns') - start;
    if (types.has(column)) throw invalid(`columns: column ${columnName(start + column)} is named twice.`);
    types.set(column, type);
  }
  return texts.flatMap((text, columnIndex) => {
    const type = types.get(columnIndex);
    const old = kept?.find((one) => one.columnIndex === columnIndex);
    if (type === undefined && kept === undefined) return [];
    const name = text || old?.columnName || `Column ${columnIndex + 1}`;
    return [{ ...(type === undefined ? old : typeOf(type)), columnIndex, columnName: name }];
  });
}

function typeOf(type: ColumnType | readonly string[]): Omit<Columns[number], 'columnIndex' | 'columnName'> {
  if (type === 'none') return {};
  if (typeof type === 'string') return { columnType: apiType(type) };
  const values = type.map((userEnteredValue) => ({ userEnteredValue }));
  return { columnType: 'DROPDOWN', dataValidationRule: { condition: { type: 'ONE_OF_LIST', values } } };
}

function headerRequest(
  { sheetId }: Sheet,
  { startRow, startColumn }: Required<Grid>,
  column: Columns[number],
): Request {
  const cell = { userEnteredValue: { stringValue: column.columnName } };
  const start = { sheetId, rowIndex: startRow, columnIndex: startColumn + column.columnIndex };
  return { updateCells: { start, rows: [{ values: [cell] }], fields: 'userEnteredValue' } };
}
