// Which rows of a sheet the rows of a call mean: by value, failing that by what is shown, and never two at once.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServalError } from '../../src/errors.ts';
import type { GridCell } from '../../src/sheets/decode.ts';
import { createKeys, type GivenKey } from '../../src/sheets/keys.ts';
import { literalOf } from '../../src/sheets/values.ts';

type Given = string | number | boolean;

const given = (...cells: Given[]): GivenKey =>
  cells.map((cell) => ({ cell, value: literalOf(cell, 'typed', 'Etc/GMT').value }));

/** A cell of the sheet: what it is, and what it shows where that is not the same. */
const cell = (
  value: Given,
  shown: string = typeof value === 'boolean' ? String(value).toUpperCase() : String(value),
): GridCell => ({
  effectiveValue:
    typeof value === 'number'
      ? { numberValue: value }
      : typeof value === 'boolean'
        ? { boolValue: value }
        : { stringValue: value },
  formattedValue: shown,
});

const FIRST = 3;

/** Rows meant, or the refusal's code and message. */
function found(keys: GivenKey[], rows: (GridCell | undefined)[][]): (number | undefined)[] | string {
  try {
    return createKeys(keys, 'S').find(rows, FIRST);
  } catch (error) {
    return `${(error as ServalError).code}: ${(error as ServalError).message}`;
  }
}

describe('a key', () => {
  test.each<[string, Given, GridCell]>([
    ['a text', 'a', cell('a')],
    ['a number', 5, cell(5, '5.00')],
    ['a boolean', true, cell(true)],
    ['a date written in ISO', '2026-11-21', cell(46_347, '11/21/2026')],
    ['a time of day, though it was worked out in another way', '2026-11-21 01:02', cell(46_347 + 1 / 24 + 2 / 1440)],
    ['a text like a number that is one', '5', cell(5)],
    ['a number of which the sheet has the text', 5, cell('5')],
    ['what a date shows', '21 Nov 2026', cell(46_347, '21 Nov 2026')],
    ['what a formula shows', 'b', { effectiveValue: { errorValue: {} }, formattedValue: 'b' }],
    ['a whole number of sixteen digits', 9_007_199_254_740_991, cell(9_007_199_254_740_991)],
  ])('that is %s finds its row', (_, key, present) => {
    expect(found([given(key)], [[cell('other')], [], [present], [undefined]])).toEqual([FIRST + 2]);
  });

  test.each<[string, Given, GridCell]>([
    ['in another case', 'A', cell('a')],
    ['with a blank behind it', 'a', cell('a ')],
    ['that is the next number of sixteen digits', 9_007_199_254_740_991, cell(9_007_199_254_740_990)],
    ['that is 1 where TRUE stands', 1, cell(true)],
    ['whose parts another cell has together', 'a', cell('1 a')],
  ])('%s does not', (_, key, present) => {
    expect(found([given(key)], [[present]])).toEqual([undefined]);
  });

  test('of several columns needs all of them', () => {
    const rows = [
      [cell('a'), cell(1)],
      [cell('a'), cell(2)],
      [cell('b'), cell(1)],
      [cell('a'), undefined],
    ];
    expect(found([given('a', 2), given('b', 2), given('b', 1), given('a', '1')], rows)).toEqual([
      FIRST + 1,
      undefined,
      FIRST + 2,
      FIRST,
    ]);
    expect(found([given('a', 'sb'), given('as', 'b')], [[cell('as'), cell('b')]])).toEqual([undefined, FIRST]);
  });

  test('means the row that is it before rows that show it', () => {
    expect(found([given('5')], [[cell(5)], [cell('5')], [cell(5)]])).toEqual([FIRST + 1]);
  });

  test('that stands in several rows is a conflict that names them', () => {
    const rows = [[cell('a')], [cell('x')], [cell('a')]];
    expect(found([given('b'), given('a')], rows)).toBe(
      'conflict: rows[1]: the key "a" stands in several rows of S: 4, 6. Nothing was written.',
    );
    expect(found([given('5')], [[cell(5)], [cell(5)]])).toMatch(/^conflict: .* several rows of S: 4, 5\./);
    expect(found([given('b')], rows)).toEqual([undefined]);
  });

  test.each<[string, Given[], Given[]]>([
    ['the same', ['a', 1], ['a', 1]],
    ['the same date written otherwise', ['2026-11-21'], ['2026-11-21T00:00']],
    ['a text like the number', [5], ['5']],
    ['a text like the truth', [true], ['TRUE']],
  ])('is refused where another row has %s', (_, first, second) => {
    expect(found([given('x', 'y').slice(0, first.length), given(...first), given(...second)], [])).toBe(
      'invalid_argument: rows[2] has the same key as rows[1].',
    );
  });

  test('is refused where another means the same row, each in its way', () => {
    expect(found([given('2026-11-21'), given('21 Nov')], [[cell(46_347, '21 Nov')]])).toBe(
      'invalid_argument: rows[1] has the same key as rows[0]: both mean row 4 of S.',
    );
  });
});

/** Every pair compared, nothing remembered. */
function slow(keys: GivenKey[], rows: (GridCell | undefined)[][]): (number | undefined)[] | string {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const textOf = (one: Given) => (typeof one === 'boolean' ? String(one).toUpperCase() : String(one));
  const equal = (first: GivenKey, second: GivenKey) =>
    first.every(
      (part, at) =>
        same(part.value, second[at]?.value) || textOf(part.cell as Given) === textOf(second[at]?.cell as Given),
    );
  for (const [index, key] of keys.entries()) {
    if (keys.slice(0, index).some((other) => equal(key, other))) return 'invalid_argument';
  }
  const all: (number | undefined)[] = [];
  for (const key of keys) {
    const by = (test: (part: GivenKey[number], cell: GridCell | undefined) => boolean) =>
      rows.flatMap((row, index) => (key.every((part, at) => test(part, row[at])) ? [FIRST + index] : []));
    const value = (part: GivenKey[number], one: GridCell | undefined) => same(part.value, one?.effectiveValue);
    const exact = by(value);
    const loose = by((part, one) => value(part, one) || textOf(part.cell as Given) === one?.formattedValue);
    const meant = exact.length > 0 ? exact : loose;
    if (meant.length > 1) return 'conflict';
    if (meant[0] !== undefined && all.includes(meant[0])) return 'invalid_argument';
    all.push(meant[0]);
  }
  return all;
}

test('rows are found, and refused, as by comparing every one with every other', () => {
  const value = fc.constantFrom<Given>('a', 'b', '5', 5, 6, true, 'TRUE', '2026-11-21', 46_347, '46347');
  const present = fc.oneof(
    value.map((one) => cell(one)),
    fc.constantFrom(
      cell(5, '6'),
      cell(46_347, '2026-11-21'),
      cell('46347', '2026-11-21'),
      cell('b', 'a'),
      undefined,
      {},
    ),
  );
  const keysOf = (columns: number) =>
    fc.record({
      keys: fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 4 }),
      rows: fc.array(fc.array(present, { minLength: columns, maxLength: columns }), { maxLength: 8 }),
    });
  let hits = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }).chain(keysOf), ({ keys, rows }) => {
      const expected = slow(
        keys.map((key) => given(...key)),
        rows,
      );
      const actual = found(
        keys.map((key) => given(...key)),
        rows,
      );
      if (Array.isArray(expected) && expected.some((row) => row !== undefined)) hits++;
      expect(typeof actual === 'string' ? actual.split(':')[0] : actual).toEqual(expected);
    }),
    { numRuns: 5_000 },
  );
  expect(hits).toBeGreaterThan(200);
});
