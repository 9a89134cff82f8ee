// Headers: which row is one, names that tell columns apart, what a column holds, records by name.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import type { GridCell } from '../../src/sheets/decode.ts';
import { columnType, findHeader, headerNames, placeRecord } from '../../src/sheets/header.ts';

const BLANK: GridCell = {};
const text = (value: string): GridCell => ({ effectiveValue: { stringValue: value }, formattedValue: value });
const number = (value: number, format?: string): GridCell => ({
  effectiveValue: { numberValue: value },
  formattedValue: String(value),
  ...(format !== undefined && { effectiveFormat: { numberFormat: { type: format } } }),
});
const row = (...cells: (string | number | null)[]) =>
  cells.map((cell) => (cell === null ? BLANK : typeof cell === 'number' ? number(cell) : text(cell)));

describe('names', () => {
  test.each<[unknown[], number, string[]]>([
    [['Name', 'Age'], 0, ['Name', 'Age']],
    [[' Name ', 'A\nB'], 0, ['Name', 'A\nB']],
    [['', 'Age', '  '], 0, ['(A)', 'Age', '(C)']],
    [['', null, undefined], 25, ['(Z)', '(AA)', '(AB)']],
    [['Total', 'Total', 'Total'], 0, ['Total', 'Total (2)', 'Total (3)']],
    [[2024, true], 0, ['2024', 'true']],
    [['total', 'Total'], 0, ['total', 'Total']],
    [[], 0, []],
  ])('of %j from column %i are %j', (cells, first, names) => {
    expect(headerNames(cells, first)).toEqual(names);
  });

  test('tell every column apart, whatever the header holds', () => {
    const cells = fc.array(fc.constantFrom('', 'A', 'A (2)', 'A (2) (2)', 'A (3)', '(B)', '(C)', 'B', ' A'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(cells, fc.nat(2), (header, first) => {
        const names = headerNames(header, first);
        expect(names).toHaveLength(header.length);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a header', () => {
  test('is the first row of texts, with its place in the sheet', () => {
    expect(findHeader([row('Name', 'Age'), row('Ann', 3)], 4, 2)).toEqual({
      row: 4,
      column: 2,
      names: ['Name', 'Age'],
    });
  });

  test('begins at its first filled cell and ends at its last', () => {
    expect(findHeader([[], row(null, 'Name', null, 'Age', null)], 0, 0)).toEqual({
      row: 1,
      column: 1,
      names: ['Name', '(C)', 'Age'],
    });
  });

  test('stands below a title and blank rows', () => {
    const rows = [row('Report of the year'), [], row('Name', 'Age', 'Town'), row('Ann', 3, 'Ulm')];
    expect(findHeader(rows, 0, 0)).toMatchObject({ row: 2, names: ['Name', 'Age', 'Town'] });
  });

  test('may be half as wide as the widest row', () => {
    expect(findHeader([row('Name', 'Age'), row('Ann', 3, 'x', 'y')], 0, 0)).toMatchObject({ row: 0 });
    expect(findHeader([row('Name', 'Age'), row('a', 'b', 'c', 'd', 'e')], 0, 0)).toMatchObject({ row: 1 });
  });

  test.each<[string, GridCell[][]]>([
    ['there is nothing', []],
    ['all is blank', [row(null, null), []]],
    ['the first full row holds a number', [row('Name', 2024), row('Ann', 3)]],
  ])('is absent when %s', (_, rows) => {
    expect(findHeader(rows, 0, 0)).toBeUndefined();
  });
});

test.each<[string, (GridCell | undefined)[]]>([
  ['empty', []],
  ['empty', [BLANK, undefined]],
  ['number', [number(1), BLANK, number(2, 'CURRENCY')]],
  ['date', [number(1, 'DATE'), number(2, 'DATE_TIME'), number(0.5, 'TIME')]],
  ['boolean', [{ effectiveValue: { boolValue: false } }]],
  ['text', [text(''), text('a')]],
  ['error', [{ effectiveValue: { errorValue: { type: 'REF' } } }]],
  ['mixed', [number(1), text('a')]],
  ['mixed', [number(1), number(1, 'DATE')]],
])('a column is %s', (type, cells) => {
  expect(columnType(cells)).toBe(type);
});

describe('a record', () => {
  const names = ['Name', 'Age', 'Town'];

  test('is put in the order of the header, null where it has no value', () => {
    expect(placeRecord({ Town: 'Ulm', Name: 'Ann' }, names, 0)).toEqual(['Ann', null, 'Ulm']);
    expect(placeRecord({ Name: '', Age: 0, Town: false }, names, 0)).toEqual(['', 0, false]);
    expect(placeRecord({}, names, 0)).toEqual([null, null, null]);
  });

  test('with a column that does not exist is refused with those that do', () => {
    const place = () => placeRecord({ Name: 'Ann', Agee: 3 }, names, 4);
    expect(place).toThrow(ServalError);
    expect(place).toThrow('rows[4] names a column "Agee" that does not exist.');
    expect(() => placeRecord({ name: 'Ann' }, names, 0)).toThrow('"name"');
    try {
      place();
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_argument', hint: 'Columns: Name, Age, Town.' });
    }
  });

  test.each(['constructor', 'toString', '__proto__'])(
    'has no value for a column named %s unless it brings one',
    (name) => {
      expect(placeRecord({ Name: 'Ann' }, ['Name', name], 0)).toEqual(['Ann', null]);
    },
  );
});
