// Where appended rows are found again in the column that was probed for them: their place, or none.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onlyRows, probeColumn, rowsAtEnd } from '../../src/sheets/places.ts';
import { literalOf } from '../../src/sheets/values.ts';

const cell = fc.constantFrom('', 'a', 'b', 1, '1', true);
const column = fc.array(cell, { maxLength: 30 });
const rows = fc.array(cell, { maxLength: 5 }).map((above) => [...above, 'a']);

type Given = string | number | boolean;
const entered = (cells: readonly Given[]) => cells.map((one) => literalOf(one, 'raw', 'Etc/GMT').value);
const lines = (cells: readonly Given[]) => cells.map((one) => [literalOf(one, 'raw', 'Etc/GMT')]);

/** Every place in which the one list stands in the other. */
function places(column: readonly Given[], sought: readonly Given[]): number[] {
  return column.flatMap((_, start) =>
    start + sought.length <= column.length && sought.every((one, index) => column[start + index] === one)
      ? [start]
      : [],
  );
}

describe('the only place of rows', () => {
  test('is told where they stand once, and nothing is told where they stand twice or never', () => {
    fc.assert(
      fc.property(column, rows, (column, sought) => {
        const all = places(column, sought);
        expect(onlyRows(entered(column), lines(sought), 0)).toBe(all.length === 1 ? all[0] : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is theirs when others write above and below, other values', () => {
    fc.assert(
      fc.property(column, rows, column, (above, sought, below) => {
        const others = (cells: Given[]) => cells.map((one) => `other ${one}`);
        const all = [...others(above), ...sought, ...others(below)];
        expect(onlyRows(entered(all), lines(sought), 0)).toBe(above.length);
      }),
    );
  });

  test('needs all values: a blank among the rows is a blank in the column', () => {
    expect(onlyRows(entered(['a', 'x', 'b']), lines(['a', '', 'b']), 0)).toBeUndefined();
    expect(onlyRows(entered(['a', '', 'b', 'a', 'x', 'b']), lines(['a', '', 'b']), 0)).toBe(0);
  });

  test('is found in time that grows with the column, however much of it begins like the rows', () => {
    const size = 200_000;
    const column = Array<string>(size).fill('a');
    const sought = [...Array<string>(10_000).fill('a'), 'b'];
    expect(onlyRows(entered([...column, 'b']), lines(sought), 0)).toBe(size - 10_000);
  });
});

describe('rows at the end', () => {
  test('are told where they are the last of the column, whatever stands above', () => {
    fc.assert(
      fc.property(column, rows, fc.nat(3), (above, sought, blanks) => {
        const all = [...above, ...sought, ...Array<string>(blanks).fill('')];
        expect(rowsAtEnd(entered(all), lines(sought), 0)).toBe(above.length);
      }),
    );
  });

  test.each<[string, Given[], Given[]]>([
    ['another value is the last', ['a', 'b', 'c'], ['a', 'b']],
    ['one of them is another', ['a', 'x', 'c'], ['a', 'b', 'c']],
    ['one of them is a number in place of a text', ['a', 1], ['a', '1']],
    ['the column is shorter', ['b'], ['a', 'b']],
    ['the column is shorter by blanks', ['b'], ['', '', 'b']],
    ['nothing stands there', [], ['a']],
  ])('are not told where %s', (_, column, sought) => {
    expect(rowsAtEnd(entered(column), lines(sought), 0)).toBeUndefined();
  });
});

test.each<[string, (Given | null)[][], number]>([
  [
    'the first column that every row fills',
    [
      ['', 'a', 1],
      [null, 'b', 2],
    ],
    1,
  ],
  ['else the first that the last row fills', [['a'], ['', 'b', 'c']], 1],
  ['with one row, its first value', [[null, '', 3]], 2],
])('rows are looked for by %s', (_, rows, expected) => {
  const cells = rows.map((row) => row.map((one) => (one === null ? null : literalOf(one, 'raw', 'Etc/GMT'))));
  expect(probeColumn(cells)).toBe(expected);
});
