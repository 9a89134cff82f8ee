// Sheets, tables and ranges as tables of rows: columns named by their header, dates as ISO text, blanks as null.
// Reads values, which take a twentieth of what cells take: dates are told by reading them in two ways.

import { ServalError } from '../errors.ts';
import { shown } from '../words.ts';
import { closeGrid, columnName, formatA1, type Grid } from './a1.ts';
import type { GridCell, Value } from './decode.ts';
import { findHeader, HEAD_ROWS, headerNames } from './header.ts';
import { type Google, gridOf, type Resolved, resolveRange, type Spreadsheet, unknownName } from './metadata.ts';
import { type RangeValues, readValues } from './read.ts';
import { isoOfShown } from './shown-dates.ts';

/** A row's number at the sheet's left margin, then one value per column. */
export type TableRow = readonly (Value | null)[];

export interface SheetTable {
  /** As it was asked for. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Cells that were read for it. */
  readonly cells: number;
  /** Rows below the header that hold something. */
  rows(): Iterable<TableRow>;
}

/** Columns that a table of SQL may have. */
const MAX_COLUMNS = 2_000;

/** A text that may name a table, resolved; `table` when it is one whose first row is its header by definition. */
interface Source extends Resolved {
  readonly name: string;
  readonly table: boolean;
}

/** Consecutive rows of a source; both lists hold the same cells. */
interface Part {
  readonly startRow: number;
  readonly startColumn: number;
  /** Dates as serial numbers. */
  readonly plain: readonly (readonly Value[])[];
  /** Dates as the cells show them. */
  readonly dated: readonly (readonly Value[])[];
}

/**
 * The tables of those names, in their order: two calls, or two for each million cells of a large sheet. `spreadsheet`
 * is read with its sizes. Rejects with `too_large` beyond `mostCells` cells that hold something.
 */
export async function readTables(
  google: Google,
  spreadsheet: Spreadsheet,
  names: readonly string[],
  mostCells: number,
): Promise<SheetTable[]> {
  const sources = names.map((name) => sourceOf(spreadsheet, name));
  const sizes = sources.map(({ sheet, grid }) => {
    const { startRow, endRow, startColumn, endColumn } = closeGrid(grid, sheet);
    return (endRow - startRow) * (endColumn - startColumn);
  });
  const whole = sizes.reduce((sum, size) => sum + size, 0) <= mostCells;
  const read = whole
    ? (await readPart(google, spreadsheet.id, sources)).map((part) => [part])
    : await readPieces(google, spreadsheet.id, sources, mostCells);
  const tables = sources.map((source, index) => tableOf(source, read[index] ?? []));
  refuseBeyond(
    mostCells,
    tables.map(({ cells }) => cells),
  );
  return tables;
}

/** A sheet's title wins, as everywhere; letters may differ in case, as in SQL. */
function sourceOf(spreadsheet: Spreadsheet, name: string): Source {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  const { sheets, namedRanges } = spreadsheet;
  const sheet = sheets.find(({ title }) => title === name) ?? sheets.find(({ title }) => same(title));
  if (sheet) {
    const { sheetType } = sheet.reply.properties;
    if (sheetType === 'GRID') return { name, sheet, grid: {}, a1: formatA1(sheet.title, {}), table: false };
    throw new ServalError('invalid_argument', `The sheet ${shown(name)} has no cells: its type is ${sheetType}.`);
  }
  const named = namedRanges.some((one) => same(one.name));
  for (const owner of named ? [] : sheets) {
    const table = owner.reply.tables.find((one) => same(one.name));
    if (!table) continue;
    const grid = gridOf(table.range);
    return { name, sheet: owner, grid, a1: formatA1(owner.title, grid), table: true };
  }
  if (named || name.includes('!')) return { name, ...resolveRange(spreadsheet, name), table: false };
  const others = [
    ...namedRanges.map((one) => one.name),
    ...sheets.flatMap(({ reply }) => reply.tables.map((one) => one.name)),
  ];
  throw unknownName(`sheet, named range or table ${shown(name)}`, name, spreadsheet, others);
}

async function readPart(google: Google, id: string, ranges: readonly Resolved[], live = false): Promise<Part[]> {
  const distinct = [...new Set(ranges.map(({ a1 }) => a1))];
  const [plain, dated] = await Promise.all([
    readValues(google, id, distinct, 'unformatted', { dates: 'SERIAL_NUMBER', live }),
    readValues(google, id, distinct, 'unformatted', { live }),
  ]);
  // Of two moments, or from memory and not: what is a date could not be told.
  if (!live && !distinct.every((_, index) => agree(plain[index], dated[index]))) {
    return readPart(google, id, ranges, true);
  }
  return ranges.map(({ a1 }) => {
    const at = distinct.indexOf(a1);
    const { startRow = 0, startColumn = 0 } = plain[at]?.grid ?? {};
    return { startRow, startColumn, plain: plain[at]?.values ?? [], dated: dated[at]?.values ?? [] };
  });
}

/** Whether both hold the same, apart from numbers that are dates. */
function agree(plain: RangeValues | undefined, dated: RangeValues | undefined): boolean {
  const rows = plain?.values ?? [];
  if (rows.length !== (dated?.values ?? []).length) return false;
  return rows.every((row, at) => {
    const other = dated?.values[at] ?? [];
    return row.length === other.length && row.every((value, column) => same(value, other[column]));
  });
}

function same(plain: Value, dated: Value | undefined): boolean {
  return plain === dated || (typeof plain === 'number' && typeof dated === 'string' && dated !== '');
}

/** Large sheets in pieces, one after the other, so that no reply holds more than `mostCells`. */
async function readPieces(
  google: Google,
  id: string,
  sources: readonly Source[],
  mostCells: number,
): Promise<Part[][]> {
  const read: Part[][] = [];
  let cells = 0;
  for (const source of sources) {
    const parts: Part[] = [];
    for (const grid of piecesOf(source, mostCells)) {
      const piece = { ...source, grid, a1: formatA1(source.sheet.title, grid) };
      const [part] = await readPart(google, id, [piece]);
      if (!part) continue;
      parts.push(part);
      cells += cellsOf(part);
      refuseBeyond(mostCells, [cells]);
    }
    read.push(parts);
  }
  return read;
}

function piecesOf({ sheet, grid }: Source, mostCells: number): Grid[] {
  const { startRow, endRow, startColumn, endColumn } = closeGrid(grid, sheet);
  const height = Math.max(1, Math.floor(mostCells / Math.max(1, endColumn - startColumn)));
  const pieces: Grid[] = [];
  for (let row = startRow; row < endRow; row += height) {
    pieces.push({ startRow: row, endRow: Math.min(row + height, endRow), startColumn, endColumn });
  }
  return pieces;
}

function cellsOf({ plain }: Part): number {
  return plain.reduce((sum, row) => sum + row.length, 0);
}

function refuseBeyond(most: number, cells: readonly number[]): void {
  if (cells.reduce((sum, one) => sum + one, 0) <= most) return;
  throw new ServalError(
    'too_large',
    `The tables hold more than ${most.toLocaleString('en-US')} cells, the most that one query reads.`,
    {
      hint: 'Name fewer sheets, or a part of one as a table: "My sheet!A1:D50000".',
    },
  );
}

function tableOf({ name, table, sheet, grid }: Source, parts: readonly Part[]): SheetTable {
  const { startRow = grid.startRow ?? 0, startColumn = grid.startColumn ?? 0, plain = [], dated = [] } = parts[0] ?? {};
  const head = plain
    .slice(0, HEAD_ROWS)
    .map((row, at) => row.map((value, column) => cellOf(value, dated[at]?.[column])));
  const header = table ? startRow : findHeader(head, startRow, startColumn)?.row;
  const firstRow = header === undefined ? startRow : header + 1;
  const filled = new Set<number>();
  let width = 0;
  for (const part of parts) {
    for (const [at, row] of part.plain.entries()) {
      width = Math.max(width, row.length);
      if (part.startRow + at >= firstRow || part.startRow + at === header) {
        for (const [column, value] of row.entries()) if (value !== '') filled.add(column);
      }
    }
  }
  const named = header === undefined ? undefined : (dated[header - startRow] ?? []);
  const cells = Array.from({ length: width }, (_, column) => named?.[column] ?? '');
  const names = named ? headerNames(cells, startColumn) : cells.map((_, column) => columnName(startColumn + column));
  // A column without a name and without a value says nothing.
  const kept = names.flatMap((_, column) => (filled.has(column) ? [column] : []));
  if (kept.length > MAX_COLUMNS - 1) {
    throw new ServalError(
      'too_large',
      `${shown(name)} has ${kept.length} columns, and a table of SQL has ${MAX_COLUMNS - 1} at most.`,
      {
        hint: `Name a part of it: "${sheet.title}!A:ZZ".`,
      },
    );
  }
  return {
    name,
    columns: kept.length > 0 ? distinct(kept.map((column) => names[column] ?? '')) : [columnName(startColumn)],
    cells: parts.reduce((sum, part) => sum + cellsOf(part), 0),
    rows: () => rowsOf(parts, firstRow, kept),
  };
}

/** The cell that a header is looked for in: its value, and what it shows. */
function cellOf(plain: Value, dated: Value | undefined): GridCell {
  if (plain === '') return {};
  const formattedValue = String(dated ?? plain);
  if (typeof plain === 'number') return { effectiveValue: { numberValue: plain }, formattedValue };
  if (typeof plain === 'boolean') return { effectiveValue: { boolValue: plain }, formattedValue };
  const effectiveValue = ERROR.test(plain) ? { errorValue: {} } : { stringValue: plain };
  return { effectiveValue, formattedValue };
}

const ERROR = /^#(?:ERROR!|NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|N\/A)$/;

/** SQL takes names that differ in case alone for the same: the later ones get a place, as repeated ones do. */
function distinct(names: readonly string[]): string[] {
  const plain = names.map((name) => name.replaceAll('\0', ''));
  const all = new Set(plain.map((name) => name.toLowerCase()));
  const taken = new Set<string>();
  return plain.map((name) => {
    let own = name;
    for (let place = 2; taken.has(own.toLowerCase()); place++) {
      const next = `${name} (${place})`;
      if (!all.has(next.toLowerCase())) own = next;
    }
    taken.add(own.toLowerCase());
    return own;
  });
}

function* rowsOf(parts: readonly Part[], firstRow: number, kept: readonly number[]): Iterable<TableRow> {
  for (const { startRow, plain, dated } of parts) {
    for (let at = Math.max(0, firstRow - startRow); at < plain.length; at++) {
      const row = plain[at] ?? [];
      if (row.every((value) => value === '')) continue;
      yield [startRow + at + 1, ...kept.map((column) => columnValue(row[column], dated[at]?.[column]))];
    }
  }
}

function columnValue(plain: Value | undefined, dated: Value | undefined): Value | null {
  if (plain === undefined || plain === '') return null;
  return typeof plain === 'number' && typeof dated === 'string' ? isoOfShown(plain, dated) : plain;
}
