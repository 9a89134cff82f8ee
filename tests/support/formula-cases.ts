// Tables of formulas with what Sheets gives for them, run one by one. Values are compared as a reader would: numbers
// to nine digits, errors by type and, where it is given, by message.

import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createBlank } from '../../src/emulator/create.ts';
import { effectiveAt } from '../../src/emulator/evaluate.ts';
import { openStore } from '../../src/emulator/store.ts';
import { cell } from '../../src/emulator/workbook.ts';
import { parseGrid } from '../../src/sheets/a1.ts';

export type Cell = string | number | boolean | null;

export interface Refusal {
  readonly type: string;
  readonly message?: string;
}

export type Expected = Cell | Refusal | readonly (readonly (Cell | Refusal)[])[];

/** Constants and formulas by address. */
export type Grid = Readonly<Record<string, Cell>>;

export type Case = readonly [formula: string, expected: Expected, grid?: Grid];

/** A grid from A1, row by row. */
export function rows(...values: readonly (readonly Cell[])[]): Grid {
  return Object.fromEntries(
    values.flatMap((row, down) => row.map((value, right) => [`${String.fromCharCode(65 + right)}${down + 1}`, value])),
  );
}

/** Values below each other from A1. */
export function down(...values: readonly Cell[]): Grid {
  return rows(...values.map((value) => [value]));
}

export const refused = (type: string, message?: string): Refusal => ({
  type,
  ...(message !== undefined && { message }),
});

/** Nine digits; what is left where terms cancel out is nothing. */
function settle(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Math.abs(value) < 1e-14 ? 0 : Number(value.toPrecision(9));
}

function same(got: unknown, want: Cell | Refusal): void {
  if (typeof want === 'object' && want !== null) expect(got).toMatchObject(want);
  else expect(settle(got)).toBe(settle(want));
}

/** Where the formula stands: to the right of every grid. */
const AT = { row: 0, column: 26 };

/** What a formula gives in a new workbook whose first sheet holds the grid: a value, an error, or rows that spill. */
export function evaluated(formula: string, grid: Grid = {}): unknown {
  const store = openStore(':memory:', systemClock);
  const sheet = store.transact((change) => {
    const book = createBlank({ store, change, clock: systemClock }, {});
    const [first] = book.sheets;
    if (!first) throw new Error('a new workbook has a sheet');
    change.setSheetProperties(first, {
      ...first.properties,
      gridProperties: { rowCount: 1000, columnCount: 100 },
    });
    const rows: (ReturnType<typeof cell> | undefined)[][] = [];
    const put = (row: number, column: number, value: Cell) => {
      const line = rows[row] ?? [];
      rows[row] = line;
      const isFormula = typeof value === 'string' && value.startsWith('=');
      line[column] = cell(isFormula ? undefined : (value ?? undefined), isFormula ? value : undefined, 0, undefined);
    };
    for (const [address, value] of Object.entries(grid)) {
      const { startRow = 0, startColumn = 0 } = parseGrid(address) ?? {};
      put(startRow, startColumn, value);
    }
    put(AT.row, AT.column, formula);
    for (const [row, line] of rows.entries()) if (line) change.setRow(first, row, line);
    return first;
  });
  const shown = sheet.book.calc.shown(sheet);
  const value = (row: number, column: number) => effectiveAt(sheet, row, column) ?? null;
  const width = shown.endColumn(AT.row) - AT.column;
  let height = 0;
  while (shown.endColumn(AT.row + height) > AT.column) height++;
  store.close();
  if (height <= 1 && width <= 1) return value(AT.row, AT.column);
  return Array.from({ length: Math.max(height, 1) }, (_, r) =>
    Array.from({ length: Math.max(width, 1) }, (_, c) => value(AT.row + r, AT.column + c)),
  );
}

export function check(cases: readonly Case[]): void {
  it.each(cases.map((one) => [...one] as [string, Expected, Grid?]))('%s', (formula, expected, grid = {}) => {
    const got = evaluated(formula, grid);
    if (!Array.isArray(expected)) return same(got, expected as Cell | Refusal);
    const found = got as unknown[][];
    expect(found).toHaveLength(expected.length);
    (expected as readonly (readonly (Cell | Refusal)[])[]).forEach((row, at) => {
      expect(found[at]).toHaveLength(row.length);
      row.forEach((want, place) => {
        same(found[at]?.[place], want);
      });
    });
  });
}
