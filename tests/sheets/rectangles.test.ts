// Equal cells as rectangles: exactly those cells, each once, and few rectangles.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rectanglesOf } from '../../src/sheets/rectangles.ts';

test('rectangles are exactly the cells of their kind, each once', () => {
  const kinds = fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(fc.nat(3), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    );
  fc.assert(
    fc.property(kinds, (cells) => {
      const painted = cells.map((row) => row.map(() => 0));
      for (const [kind, rectangles] of rectanglesOf(cells)) {
        for (const { startRow, endRow, startColumn, endColumn } of rectangles) {
          for (let row = startRow; row < endRow; row++) {
            for (let column = startColumn; column < endColumn; column++) {
              expect(painted[row]?.[column]).toBe(0);
              painted[row]![column] = kind;
            }
          }
        }
      }
      expect(painted).toEqual(cells);
    }),
    { numRuns: 300 },
  );
});

const cell = (kind: string) => (kind === '.' ? 0 : kind.charCodeAt(0));

test.each([
  ['a block', ['....', '.aa.', '.aa.'], 1],
  ['a column beside another kind', ['ba', '.a', 'ba'], 1],
  ['a row across', ['.b.', 'aaa', '.b.'], 1],
  ['a cross, by rows or by columns', ['.a.', 'aaa', '.a.'], 3],
  ['columns of different heights', ['aaa', 'a.a', 'a..'], 3],
  ['rows of different widths', ['aaa', 'aa.', 'a..'], 3],
])('%s', (_, rows, count) => {
  const found = rectanglesOf(rows.map((row) => [...row].map(cell)));
  expect(found.get(cell('a'))).toHaveLength(count);
});

test('nothing is of no kind', () => {
  expect([rectanglesOf([]).size, rectanglesOf([[], [0, 0]]).size]).toEqual([0, 0]);
});
