// The header row of a sheet and what its columns hold; records by header. Pure: the cells are handed in.

import { invalid } from '../errors.ts';
import { listed, shown } from '../words.ts';
import { columnName } from './a1.ts';
import type { GridCell } from './decode.ts';

/** Rows at the top of a sheet in which a header is looked for. */
export const HEAD_ROWS = 20;

export interface Header {
  /** Zero-based row and first column in the sheet. */
  readonly row: number;
  readonly column: number;
  /** One name per column from `column` on; blank and repeated cells are told apart. */
  readonly names: readonly string[];
}

/**
 * Column names of a header row: a blank cell is named by its column letter, `(C)`; a name that stood before gets its
 * place, `Total (2)`.
 */
export function headerNames(cells: readonly unknown[], firstColumn: number): string[] {
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    const plain = String(cell ?? '').trim() || `(${columnName(firstColumn + index)})`;
    let name = plain;
    for (let place = 2; taken.has(name); place++) name = `${plain} (${place})`;
    taken.add(name);
    return name;
  });
}

/**
 * The first row with content that is at least half as wide as the widest (so that a title above the table is passed
 * over), when all its cells are texts. `rows` start at `startRow`, `startColumn` of the sheet.
 */
export function findHeader(
  rows: readonly (readonly GridCell[])[],
  startRow: number,
  startColumn: number,
): Header | undefined {
  const widest = rows.reduce((most, row) => Math.max(most, row.filter(filled).length), 0);
  const at = rows.findIndex((row) => row.some(filled) && row.filter(filled).length * 2 >= widest);
  const row = rows[at];
  if (!row) return undefined;
  const first = row.findIndex(filled);
  const cells = row.slice(first, row.findLastIndex(filled) + 1);
  if (!cells.every((cell) => !filled(cell) || cell.effectiveValue?.stringValue !== undefined)) return undefined;
  const column = startColumn + first;
  return {
    row: startRow + at,
    column,
    names: headerNames(
      cells.map((cell) => cell.formattedValue),
      column,
    ),
  };
}

export function filled(cell: GridCell | undefined): boolean {
  return cell?.effectiveValue !== undefined;
}

export type ColumnType = 'number' | 'date' | 'boolean' | 'text' | 'error' | 'mixed' | 'empty';

/** What the cells of a column hold; blanks do not count. */
export function columnType(cells: readonly (GridCell | undefined)[]): ColumnType {
  const types = new Set(cells.filter(filled).map((cell) => typeOf(cell)));
  const [only] = types;
  return only === undefined ? 'empty' : types.size > 1 ? 'mixed' : only;
}

function typeOf(cell: GridCell | undefined): ColumnType {
  const value = cell?.effectiveValue ?? {};
  if ('errorValue' in value) return 'error';
  if ('boolValue' in value) return 'boolean';
  if ('stringValue' in value) return 'text';
  return isDate(cell) ? 'date' : 'number';
}

export function isDate(cell: GridCell | undefined): boolean {
  return /^(DATE|TIME|DATE_TIME)$/.test(cell?.effectiveFormat?.numberFormat?.type ?? '');
}

/** One set per header, however many records are placed by it. */
const sets = new WeakMap<readonly string[], Set<string>>();

function setOf(names: readonly string[]): Set<string> {
  const set = sets.get(names) ?? new Set(names);
  sets.set(names, set);
  return set;
}

/** A record's values in the order of the header; an unknown column is refused with the known ones. */
export function placeRecord<T>(
  record: Readonly<Record<string, T>>,
  names: readonly string[],
  row: number,
): (T | null)[] {
  const known = setOf(names);
  const unknown = Object.keys(record).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw invalid(`rows[${row}] names a column ${shown(unknown)} that does not exist.`, `Columns: ${listed(names)}.`);
  }
  return names.map((name) => (Object.hasOwn(record, name) ? (record[name] ?? null) : null));
}
