// A1 notation: printing and parsing are inverse, and odd spellings mean what this table says.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  closeGrid,
  columnIndex,
  columnName,
  formatA1,
  formatGrid,
  type Grid,
  MAX_COLUMNS,
  parseA1,
  parseGrid,
  quoteSheet,
} from '../../src/sheets/a1.ts';

describe('columns', () => {
  test('names and indexes are inverse for every column of the widest sheet, and all names differ', () => {
    const names = Array.from({ length: MAX_COLUMNS }, (_, index) => columnName(index));
    expect(names.map(columnIndex)).toEqual(names.map((_, index) => index));
    expect(new Set(names).size).toBe(MAX_COLUMNS);
    expect(names.every((name) => /^[A-Z]{1,3}$/.test(name))).toBe(true);
  });

  test.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [51, 'AZ'],
    [52, 'BA'],
    [701, 'ZZ'],
    [702, 'AAA'],
    [18_277, 'ZZZ'],
  ])('%i is %s, in small letters too', (index, name) => {
    expect([columnName(index), columnIndex(name), columnIndex(name.toLowerCase())]).toEqual([name, index, index]);
  });
});

describe('cells', () => {
  const cells: [string, Grid | undefined][] = [
    ['B2', { startRow: 1, endRow: 2, startColumn: 1, endColumn: 2 }],
    ['b2', { startRow: 1, endRow: 2, startColumn: 1, endColumn: 2 }],
    ['$B$2', { startRow: 1, endRow: 2, startColumn: 1, endColumn: 2 }],
    [' B2 ', { startRow: 1, endRow: 2, startColumn: 1, endColumn: 2 }],
    ['A1:C3', { startRow: 0, endRow: 3, startColumn: 0, endColumn: 3 }],
    ['C3:A1', { startRow: 0, endRow: 3, startColumn: 0, endColumn: 3 }],
    ['C1:A3', { startRow: 0, endRow: 3, startColumn: 0, endColumn: 3 }],
    ['$A1:C$3', { startRow: 0, endRow: 3, startColumn: 0, endColumn: 3 }],
    ['A:B', { startColumn: 0, endColumn: 2 }],
    ['B:A', { startColumn: 0, endColumn: 2 }],
    ['C:C', { startColumn: 2, endColumn: 3 }],
    ['2:3', { startRow: 1, endRow: 3 }],
    ['3:2', { startRow: 1, endRow: 3 }],
    ['5:5', { startRow: 4, endRow: 5 }],
    ['A2:A', { startRow: 1, startColumn: 0, endColumn: 1 }],
    ['A2:C', { startRow: 1, startColumn: 0, endColumn: 3 }],
    ['A:C2', { startRow: 1, startColumn: 0, endColumn: 3 }],
    ['B2:4', { startRow: 1, endRow: 4, startColumn: 1 }],
    ['ZZZ1', { startRow: 0, endRow: 1, startColumn: 18_277, endColumn: 18_278 }],
    ['A', undefined],
    ['7', undefined],
    ['', undefined],
    [':', undefined],
    ['A:', undefined],
    [':B2', undefined],
    ['A1:', undefined],
    ['A0', undefined],
    ['A01', undefined],
    ['AAAA1', undefined],
    ['A1:B2:C3', undefined],
    ['A1 B2', undefined],
    ['A-1', undefined],
    ['R1C1:R2C2', undefined],
    ['Ä1', undefined],
  ];
  test.each(cells)('%j', (text, grid) => {
    expect(parseGrid(text)).toEqual(grid);
  });

  /** Any grid that notation can express: an open end, or an axis left out, but not both axes. */
  const axis = (limit: number) =>
    fc.tuple(fc.nat(limit - 1), fc.nat(limit - 1), fc.constantFrom('closed', 'open', 'absent')).map(([a, b, kind]) => ({
      kind,
      start: kind === 'absent' ? undefined : Math.min(a, b),
      end: kind === 'closed' ? Math.max(a, b) + 1 : undefined,
    }));
  const grids = fc
    .tuple(axis(1_000_000), axis(MAX_COLUMNS))
    .filter(([rows, columns]) => rows.kind !== 'absent' || columns.kind !== 'absent')
    .filter(([rows, columns]) => !(rows.kind === 'absent' && columns.kind === 'open'))
    .filter(([rows, columns]) => !(columns.kind === 'absent' && rows.kind === 'open'))
    .map(
      ([rows, columns]): Grid => ({
        ...(rows.start !== undefined && { startRow: rows.start }),
        ...(rows.end !== undefined && { endRow: rows.end }),
        ...(columns.start !== undefined && { startColumn: columns.start }),
        ...(columns.end !== undefined && { endColumn: columns.end }),
      }),
    );

  test('printed and parsed again are the same cells; columns open to the right end at ZZZ', () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const open = grid.startColumn !== undefined && grid.endColumn === undefined;
        expect(parseGrid(formatGrid(grid))).toEqual(open ? { ...grid, endColumn: MAX_COLUMNS } : grid);
      }),
      { numRuns: 2000 },
    );
  });

  test('parsed, printed and parsed again mean the same, whatever the spelling', () => {
    const spelling = fc.stringMatching(/^\$?[A-Za-z]{0,2}\$?[1-9]?\d?:?\$?[a-z]{0,2}[1-9]?$/);
    fc.assert(
      fc.property(spelling, (text) => {
        const grid = parseGrid(text);
        if (!grid) return;
        const again = parseGrid(formatGrid(grid));
        expect(closeGrid(again ?? {}, { rows: 2000, columns: MAX_COLUMNS })).toEqual(
          closeGrid(grid, { rows: 2000, columns: MAX_COLUMNS }),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('references', () => {
  const references: [string, ReturnType<typeof parseA1>][] = [
    ['Sheet1!A1', { sheet: 'Sheet1', grid: { startRow: 0, endRow: 1, startColumn: 0, endColumn: 1 } }],
    ["'Sheet1'!A:A", { sheet: 'Sheet1', grid: { startColumn: 0, endColumn: 1 } }],
    ["'It''s'!1:2", { sheet: "It's", grid: { startRow: 0, endRow: 2 } }],
    ["'a!b'!C3", { sheet: 'a!b', grid: { startRow: 2, endRow: 3, startColumn: 2, endColumn: 3 } }],
    ['a!b!C3', { sheet: 'a!b', grid: { startRow: 2, endRow: 3, startColumn: 2, endColumn: 3 } }],
    ["'My sheet'", { sheet: 'My sheet', grid: {} }],
    ['My sheet', { sheet: 'My sheet', grid: {} }],
    ["'Q1'", { sheet: 'Q1', grid: {} }],
    ['Q1', { grid: { startRow: 0, endRow: 1, startColumn: 16, endColumn: 17 } }],
    ['Deals[Amount]', { sheet: 'Deals[Amount]', grid: {} }],
    ["'Sheet1'!", undefined],
    ['Sheet1!', undefined],
    ['Sheet1!Nope', undefined],
    ["'open!A1", undefined],
    ["''", undefined],
    ["''!A1", undefined],
    ["'a'b'!A1", undefined],
    ["'a' !A1", undefined],
    ['', undefined],
    ['  ', undefined],
  ];
  test.each(references)('%j', (text, reference) => {
    expect(parseA1(text)).toEqual(reference);
  });

  /** Titles of all kinds: with quotes, bangs, spaces, brackets, other scripts, and such as look like cells. */
  const titles = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    fc.stringMatching(/^['! A1:$[\]]{1,8}$/),
    fc.constantFrom(
      'A1',
      'Q1',
      'R1C1',
      'rc',
      '2024',
      'A:B',
      "'",
      "''",
      "it's",
      'a!b',
      'Große Übersicht',
      '売上',
      '🧾',
      ' x ',
      'TRUE',
    ),
  );

  test('a title quoted and parsed again is the same title, whatever it holds', () => {
    const grid = { startRow: 1, endRow: 9, startColumn: 0, endColumn: 3 };
    fc.assert(
      fc.property(titles, (title) => {
        expect(parseA1(`${quoteSheet(title)}!A1`)?.sheet).toBe(title);
        expect(parseA1(formatA1(title, grid))).toEqual({ sheet: title, grid });
        expect(parseA1(formatA1(title, {}))).toEqual({ sheet: title, grid: {} });
      }),
      { numRuns: 1000 },
    );
  });
});

test.each<[Grid, Required<Grid>]>([
  [{}, { startRow: 0, endRow: 10, startColumn: 0, endColumn: 5 }],
  [
    { startRow: 3, startColumn: 1, endColumn: 2 },
    { startRow: 3, endRow: 10, startColumn: 1, endColumn: 2 },
  ],
  [
    { startRow: 0, endRow: 99 },
    { startRow: 0, endRow: 99, startColumn: 0, endColumn: 5 },
  ],
  [
    { startRow: 20, startColumn: 9 },
    { startRow: 20, endRow: 20, startColumn: 9, endColumn: 9 },
  ],
])('%j on a sheet of 10 rows and 5 columns', (grid, closed) => {
  expect(closeGrid(grid, { rows: 10, columns: 5 })).toEqual(closed);
});
