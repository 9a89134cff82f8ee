// Expectations about cells that the embedded backend cannot show: formulas with their values, hidden and spilled ones.

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { GridCell } from '../../src/sheets/decode.ts';
import { checkExpected, type Expectation } from '../../src/sheets/expect.ts';
import type { Sheet } from '../../src/sheets/metadata.ts';
import type { Cell } from '../../src/sheets/values.ts';

const sheet = { sheetId: 1, title: 'S' } as Sheet;
const CELLS: Record<string, GridCell> = {
  sum: { userEnteredValue: { formulaValue: '=1+1' }, effectiveValue: { numberValue: 2 }, formattedValue: '2.00' },
  nothing: { userEnteredValue: { formulaValue: '=""' }, effectiveValue: { stringValue: '' }, formattedValue: '' },
  hidden: { userEnteredValue: { numberValue: 7 }, effectiveValue: { numberValue: 7 }, formattedValue: '' },
  spilled: { effectiveValue: { stringValue: 'x' }, formattedValue: 'x' },
  failed: {
    userEnteredValue: { formulaValue: '=1/0' },
    effectiveValue: { errorValue: { type: 'DIVIDE_BY_ZERO' } },
    formattedValue: '#DIV/0!',
  },
};

/** The refusal of an expectation about a row of cells; undefined when it holds. */
function refusal(cells: GridCell[], wanted: Omit<Expectation, 'range'>): string | undefined {
  const grid = { startRow: 4, endRow: 5, startColumn: 1, endColumn: 4 };
  const block = { startRow: 4, startColumn: 1, rowData: [{ values: cells }] };
  try {
    checkExpected([{ sheet, grid, a1: "'S'!B5:D5", index: 0, ...wanted }], [block], 'Etc/GMT');
    return undefined;
  } catch (error) {
    return String(error);
  }
}

test.each<[string, Cell[]]>([
  ['sum', [2, '2.00', { formula: '=1+1' }]],
  ['nothing', ['', { formula: '=""' }]],
  ['hidden', ['', 7]],
  ['spilled', ['x']],
  ['failed', ['#DIV/0!', { formula: '=1/0' }]],
])('a cell %s holds what it shows, is and was entered', (name, held) => {
  for (const value of held) expect([value, refusal([CELLS[name]!], { values: [[value]] })]).toEqual([value, undefined]);
});

test.each<[string, Cell, string]>([
  ['sum', '2', '2 (shown as "2.00"), expected "2"'],
  ['sum', { formula: '=2' }, 'the formula "=1+1", expected the formula "=2"'],
  ['nothing', 'x', 'nothing, expected "x"'],
  ['hidden', 8, '7 (shown as ""), expected 8'],
  ['spilled', '', '"x", expected nothing'],
  ['spilled', { formula: '=x' }, '"x", expected the formula "=x"'],
  ['failed', '', '"#DIV/0!", expected nothing'],
])('a cell %s is told by what it holds', (name, wanted, words) => {
  const told = refusal([{}, CELLS[name]!], { values: [[null, wanted]] });
  expect(told).toBe(`ServalError: expect[0] does not hold: 'S'!C5 holds ${words}. Nothing was written.`);
});

test('a hash holds whether a formula that shows nothing at the end counts as a cell or not', () => {
  const hashOf = (rows: string[][]) => createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  const cells = [CELLS.sum!, CELLS.nothing!, CELLS.nothing!];
  expect(refusal(cells, { hash: hashOf([['2.00']]) })).toBeUndefined();
  expect(refusal(cells, { hash: hashOf([['2.00', '', '']]) })).toBeUndefined();
  expect(refusal(cells, { hash: hashOf([['2.00', '']]) })).toContain("'S'!B5:D5 has the hash");
  expect(refusal([CELLS.nothing!], { hash: hashOf([]) })).toBeUndefined();
});
