import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createCalculation } from '../../src/emulator/calc/calculation.ts';
import type { Change } from '../../src/emulator/change.ts';
import { createBlank } from '../../src/emulator/create.ts';
import { openStore } from '../../src/emulator/store.ts';
import { type Cell, cell, type Sheet } from '../../src/emulator/workbook.ts';
import { trimmed } from '../../src/emulator/write.ts';

const ROWS = 5;
const COLUMNS = 3;

const place = fc.tuple(fc.nat(ROWS - 1), fc.nat(COLUMNS - 1));
const nameOf = (row: number, column: number) => `${'ABC'[column]}${row + 1}`;
const name = place.map(([row, column]) => nameOf(row, column));
const range = fc.tuple(name, name).map(([a, b]) => {
  const [left, right] = [a[0], b[0]].sort();
  const [top, bottom] = [Number(a.slice(1)), Number(b.slice(1))].sort((x, y) => x - y);
  return `${left}${top}:${right}${bottom}`;
});
const size = fc.oneof(
  fc.constantFrom('1', '2', '3', '4'),
  name,
  name.map((a) => `IF(${a}="",3,1)`),
);
const sequence = fc
  .tuple(fc.boolean(), size, fc.option(name, { nil: '1' }))
  .map(([down, n, start]) => (down ? `=SEQUENCE(${n},1,${start})` : `=SEQUENCE(1,${n},${start})`));
const formula = fc.oneof(
  { weight: 5, arbitrary: sequence },
  { weight: 3, arbitrary: fc.constantFrom('=SEQUENCE(3)', '=SEQUENCE(1,3)', '=SEQUENCE(2,2)') },
  { weight: 3, arbitrary: name.map((a) => `=${a}`) },
  name.map((a) => `=${a}+1`),
  fc.tuple(name, name).map(([a, b]) => `=${a}+${b}`),
  range.map((a) => `=SUM(${a})`),
  range.map((a) => `=COUNT(${a})`),
  fc.constantFrom('=SUM(B:B)', '=COUNT(A:C)', '=SUM(S2!A1:B2)', '=S2!A1'),
  fc.tuple(name, name, name).map(([a, b, c]) => `=IF(${a},${b},${c})`),
  fc.tuple(name, name).map(([a, b]) => `=IFERROR(${a},${b})`),
  fc.tuple(name, name).map(([a, b]) => `=SUM(OFFSET(${a},0,0,${b},1))`),
  name.map((a) => `=INDIRECT("A"&${a})`),
  name.map((a) => `=ISFORMULA(${a})`),
  fc.constantFrom('=ROWS(A:B)', '=COLUMNS(S2!1:2)', '=ROW()', '=INDIRECT("S2!A7")', '=A7'),
);
const content = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 5, arbitrary: formula },
);
const rarely = fc.integer({ min: 0, max: 4 }).map((n) => n === 0);
const edit = fc.record({
  kind: fc.constantFrom('set', 'set', 'set', 'set', 'set', 'loop', 'insert', 'delete', 'move', 'grow'),
  at: place,
  to: fc.nat(ROWS - 1),
  other: rarely,
  content,
  reads: fc.boolean(),
  fails: rarely,
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function put(change: Change, sheet: Sheet, row: number, column: number, what: string | number | undefined): void {
  const cells: (Cell | undefined)[] = sheet.rows[row]?.slice() ?? [];
  cells[column] = typeof what === 'string' ? cell(undefined, what, 0, undefined) : cell(what, undefined, 0, undefined);
  change.setRow(sheet, row, trimmed(cells));
}

function apply(change: Change, sheet: Sheet, { kind, at: [row, column], to, content: what }: Edit): void {
  if (kind === 'set') put(change, sheet, row, column, what);
  if (kind === 'loop') {
    // An array and a cell that reads it, on which it stands in turn.
    const other = (column + 1) % COLUMNS;
    put(change, sheet, row, column, `=SEQUENCE(3,1,${nameOf(to, other)})`);
    put(change, sheet, to, other, `=${nameOf(row + 1 + (to % 2), column)}`);
  }
  if (kind === 'insert') change.insertRows(sheet, row, 1 + (to % 2));
  if (kind === 'delete') change.deleteRows(sheet, row, 1 + (to % 2));
  if (kind === 'move') {
    const count = 1 + (column % 2);
    if (to <= row || to >= row + count) change.moveRows(sheet, row, count, to);
  }
  if (kind === 'grow') {
    const { properties } = sheet;
    const gridProperties = { rowCount: ROWS + (to % 3), columnCount: COLUMNS + (row % 3) };
    change.setSheetProperties(sheet, { ...properties, gridProperties });
  }
}

function openTwoSheets() {
  const store = openStore(':memory:', systemClock);
  const book = store.transact((change) => {
    const made = createBlank({ store, change, clock: systemClock }, { name: 'T' });
    const first = made.sheets[0] as Sheet;
    const gridProperties = { rowCount: ROWS + 2, columnCount: COLUMNS + 2 };
    const properties = { ...first.properties, gridProperties };
    change.setSheetProperties(first, properties);
    change.setSheets(made, [first, { ...first, id: 1, properties: { ...properties, title: 'S2' }, rows: [] }]);
    return made;
  });
  const [first, second] = book.sheets as [Sheet, Sheet];
  return { store, book, first, second };
}

function values(sheets: readonly Sheet[], calc = sheets[0]?.book.calc): unknown[] {
  return sheets.map((sheet) => {
    const shown = calc?.shown(sheet);
    return Array.from({ length: ROWS + 6 }, (_, row) =>
      Array.from({ length: COLUMNS + 4 }, (__, column) => shown?.at(row, column) ?? null),
    );
  });
}

const edited = (name: string, content: string | number, more: Partial<Edit> = {}): Edit => ({
  kind: 'set',
  at: [Number(name.slice(1)) - 1, 'ABC'.indexOf(name.charAt(0))],
  to: 0,
  other: false,
  content,
  reads: false,
  fails: false,
  ...more,
});

/** Found by chance: the circle of the first three was found twice, and what then came into its way was overlooked. */
const CIRCLE_THEN_BLOCKED: readonly Edit[] = [
  edited('B2', '', { kind: 'loop', to: 2 }),
  edited('A1', '=SEQUENCE(1,3,B3)'),
  edited('C3', '=IF(A1,A1,A1)'),
  edited('A1', 0, { other: true, fails: true }),
  edited('B1', '=A1'),
];

test('what is computed bit by bit equals what is computed anew, and a failed change leaves all values', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 25, size: 'max' }), (edits) => {
      const { store, book, first, second } = openTwoSheets();
      for (const one of edits) {
        const before = one.fails ? values(book.sheets) : undefined;
        try {
          store.transact((change) => {
            apply(change, one.other ? second : first, one);
            if (one.reads) values(book.sheets);
            if (one.fails) {
              apply(change, first, { ...one, kind: 'set' });
              throw new Error('refused');
            }
          });
        } catch (error) {
          if (!(error instanceof Error) || error.message !== 'refused') throw error;
        }
        if (before) expect(values(book.sheets)).toEqual(before);
        if (one.reads) {
          expect(values(book.sheets)).toEqual(values(book.sheets, createCalculation(systemClock)));
        }
      }
      expect(values(book.sheets)).toEqual(values(book.sheets, createCalculation(systemClock)));
      store.close();
    }),
    { numRuns: Number(process.env.CALC_RUNS ?? 300), examples: [[[...CIRCLE_THEN_BLOCKED]]] },
  );
});
