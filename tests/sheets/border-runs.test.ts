// Lines between cells as ranges with borders: the shapes that people draw are told in one or two entries, and any others
// exactly. What the places of borders mean on a range is seen with the backend in tests/property/formats.test.ts.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { borderRuns } from '../../src/sheets/border-runs.ts';
import type { CellBorders } from '../../src/sheets/borders.ts';

const ROWS = 6;
const COLUMNS = 5;
const BLOCK = { startRow: 1, endRow: 5, startColumn: 1, endColumn: 4 };

/** The borders of each cell where a block has those lines. */
function drawn(lines: Readonly<Record<string, string>>) {
  const { startRow, endRow, startColumn, endColumn } = BLOCK;
  return (row: number, column: number): CellBorders | undefined => {
    if (row < startRow || row >= endRow || column < startColumn || column >= endColumn) return undefined;
    const sides = {
      top: row === startRow ? lines.top : lines.horizontal,
      bottom: row === endRow - 1 ? lines.bottom : lines.horizontal,
      left: column === startColumn ? lines.left : lines.vertical,
      right: column === endColumn - 1 ? lines.right : lines.vertical,
    };
    return Object.fromEntries(Object.entries(sides).filter(([, style]) => style !== undefined));
  };
}

const outer = (style: string) => ({ top: style, bottom: style, left: style, right: style });
const inner = (style: string) => ({ horizontal: style, vertical: style });

test.each<[string, Record<string, string>, object[]]>([
  ['a grid', { ...outer('thin'), ...inner('thin') }, [{ all: 'thin' }]],
  ['a box', outer('thick'), [outer('thick')]],
  ['a box around a grid', { ...outer('thick'), ...inner('thin') }, [{ inner: 'thin' }, outer('thick')]],
  ['a grid without a box', inner('dotted'), [{ inner: 'dotted' }]],
  ['a box with rules across', { ...outer('thin'), horizontal: 'thin' }, [{ ...outer('thin'), horizontal: 'thin' }]],
  ['a line below', { bottom: 'medium' }, [{ bottom: 'medium' }]],
  ['a line above and one below', { top: 'thin', bottom: 'double' }, [{ bottom: 'thin' }, { bottom: 'double' }]],
  ['nothing', {}, []],
])('%s', (_, lines, expected) => {
  const found = borderRuns(ROWS, COLUMNS, drawn(lines));
  expect(found.map(({ borders }) => borders)).toEqual(expected);
  for (const { rectangles } of found) expect(rectangles).toHaveLength(1);
});

test('a line at the very top or left is told by the cells below or right of it', () => {
  const found = borderRuns(2, 2, (row, column) => ({
    ...(row === 0 && { top: 'thin' }),
    ...(column === 0 && { left: 'dashed' }),
  }));
  expect(found).toEqual([
    { borders: { top: 'thin' }, rectangles: [{ startRow: 0, endRow: 1, startColumn: 0, endColumn: 2 }] },
    { borders: { left: 'dashed' }, rectangles: [{ startRow: 0, endRow: 2, startColumn: 0, endColumn: 1 }] },
  ]);
});

test('any lines at all are told exactly, whoever of two cells has them', () => {
  const style = fc.constantFrom(undefined, undefined, 'thin', 'thin', 'double');
  const sides = fc.record({ top: style, bottom: style, left: style, right: style });
  const cells = fc.array(fc.array(sides, { minLength: 4, maxLength: 4 }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(cells, (given) => {
      const truth = new Map<string, string>();
      const lineOf = { top: [0, 0], bottom: [1, 0], left: [0, 0], right: [0, 1] } as const;
      given.forEach((row, r) => {
        row.forEach((cell, c) => {
          for (const [side, [down, across]] of Object.entries(lineOf)) {
            const name = `${side === 'top' || side === 'bottom' ? 'across' : 'down'} ${r + down} ${c + across}`;
            const own = cell[side as keyof typeof lineOf];
            if (own !== undefined) truth.set(name, own);
          }
        });
      });
      const told = new Map<string, string>();
      const at = (row: number, column: number) =>
        Object.fromEntries(Object.entries(given[row]?.[column] ?? {}).filter(([, one]) => one !== undefined));
      for (const { borders, rectangles } of borderRuns(5, 4, at)) {
        for (const { startRow, endRow, startColumn, endColumn } of rectangles) {
          const set = (name: string, ...places: (keyof typeof borders)[]) => {
            const [one] = places.flatMap((place) => borders[place] ?? []);
            if (one === undefined) return;
            expect([name, told.get(name) ?? one]).toEqual([name, one]);
            told.set(name, one);
          };
          for (let r = startRow; r <= endRow; r++) {
            for (let c = startColumn; c < endColumn; c++) {
              if (r === startRow) set(`across ${r} ${c}`, 'top', 'all');
              else if (r === endRow) set(`across ${r} ${c}`, 'bottom', 'all');
              else set(`across ${r} ${c}`, 'horizontal', 'inner', 'all');
            }
          }
          for (let r = startRow; r < endRow; r++) {
            for (let c = startColumn; c <= endColumn; c++) {
              if (c === startColumn) set(`down ${r} ${c}`, 'left', 'all');
              else if (c === endColumn) set(`down ${r} ${c}`, 'right', 'all');
              else set(`down ${r} ${c}`, 'vertical', 'inner', 'all');
            }
          }
        }
      }
      expect(new Map([...told].sort())).toEqual(new Map([...truth].sort()));
    }),
    { numRuns: 500 },
  );
});
