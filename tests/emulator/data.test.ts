// Requests that work on values in place: find and replace, sort, trim, duplicates, text to columns, pasted data.

import { describe, expect, test } from 'vitest';
import { area, newSpreadsheet, openBench, verbsOf } from './clients.ts';

const bench = openBench();
const { batch, refused, write, read } = verbsOf(bench);

async function book(values: unknown[][]): Promise<string> {
  const id = await newSpreadsheet(bench);
  await write(id, 'A1', values);
  return id;
}

describe('findReplace', () => {
  const rows = [
    ['Bonn', 'bonn 2', '=LEN("Bonn")'],
    ['Bonn Bonn', 5, 'a.c abc'],
  ];

  test.each([
    [
      'any case',
      { find: 'BONN', replacement: 'Ulm' },
      { valuesChanged: 3, rowsChanged: 2, sheetsChanged: 1, occurrencesChanged: 4 },
      [
        ['Ulm', 'Ulm 2', '4'],
        ['Ulm Ulm', '5', 'a.c abc'],
      ],
    ],
    [
      'the case given',
      { find: 'Bonn', replacement: '$1', matchCase: true },
      { valuesChanged: 2, rowsChanged: 2, sheetsChanged: 1, occurrencesChanged: 3 },
      [
        ['$1', 'bonn 2', '4'],
        ['$1 $1', '5', 'a.c abc'],
      ],
    ],
    [
      'whole cells',
      { find: 'bonn', replacement: 'Ulm', matchEntireCell: true },
      { valuesChanged: 1, rowsChanged: 1, sheetsChanged: 1, occurrencesChanged: 1 },
      [
        ['Ulm', 'bonn 2', '4'],
        ['Bonn Bonn', '5', 'a.c abc'],
      ],
    ],
    [
      'formulas too',
      { find: 'Bonn', replacement: 'Mainz', includeFormulas: true, matchCase: true },
      { valuesChanged: 2, formulasChanged: 1, rowsChanged: 2, sheetsChanged: 1, occurrencesChanged: 4 },
      [
        ['Mainz', 'bonn 2', '5'],
        ['Mainz Mainz', '5', 'a.c abc'],
      ],
    ],
    [
      'a text with marks',
      { find: 'a.c', replacement: 'x' },
      { valuesChanged: 1, rowsChanged: 1, sheetsChanged: 1, occurrencesChanged: 1 },
      [
        ['Bonn', 'bonn 2', '4'],
        ['Bonn Bonn', '5', 'x abc'],
      ],
    ],
    [
      'a pattern',
      { find: '(\\w)onn', replacement: '$1UNN', searchByRegex: true, matchCase: true },
      { valuesChanged: 3, rowsChanged: 2, sheetsChanged: 1, occurrencesChanged: 4 },
      [
        ['BUNN', 'bUNN 2', '4'],
        ['BUNN BUNN', '5', 'a.c abc'],
      ],
    ],
    [
      'a number',
      { find: '5', replacement: '7' },
      { valuesChanged: 1, rowsChanged: 1, sheetsChanged: 1, occurrencesChanged: 1 },
      [
        ['Bonn', 'bonn 2', '4'],
        ['Bonn Bonn', '7', 'a.c abc'],
      ],
    ],
    [
      'nothing',
      { find: 'zzz', replacement: '' },
      {},
      [
        ['Bonn', 'bonn 2', '4'],
        ['Bonn Bonn', '5', 'a.c abc'],
      ],
    ],
  ])('%s', async (_, payload, counts, expected) => {
    const id = await book(rows);
    const [reply] = (await batch(id, { findReplace: { ...payload, allSheets: true } })) ?? [];
    expect(reply?.findReplace).toEqual(counts);
    expect(await read(id, 'A1:C2')).toEqual(expected);
  });

  test('is refused without a place, without a text, with a pattern that is none', async () => {
    const id = await book(rows);
    expect(await refused(id, { findReplace: { find: 'x' } })).toContain('Exactly one of range, sheetId or allSheets');
    expect(await refused(id, { findReplace: { find: '', allSheets: true } })).toContain('find must be specified');
    const pattern = { find: '(?=x)', replacement: '', searchByRegex: true, allSheets: true };
    expect(await refused(id, { findReplace: pattern })).toContain('Invalid regular expression: (?=x)');
  });
});

describe('sortRange', () => {
  test.each([
    ['ASCENDING', ['-1', '2', '10', 'apple', 'Banana', 'FALSE', 'TRUE']],
    ['DESCENDING', ['TRUE', 'FALSE', 'Banana', 'apple', '10', '2', '-1']],
  ])('%s: numbers, texts, booleans; blanks last', async (sortOrder, expected) => {
    const id = await book([[10], ['Banana'], [null], [true], [2], ['apple'], [false], [-1]]);
    await batch(id, { sortRange: { range: area(0, 8, 0, 1), sortSpecs: [{ dimensionIndex: 0, sortOrder }] } });
    expect((await read(id, 'A1:A8'))?.flat()).toEqual(expected);
  });

  test('by several columns; equal rows keep their order, formulas look along their row', async () => {
    const id = await book([
      ['b', 1, '=B1*10', 'first'],
      ['a', 2, '=B2*10', 'second'],
      ['b', 1, '=B3*10', 'third'],
      ['a', 3, '=B4*10', 'fourth'],
    ]);
    const sortSpecs = [{ dimensionIndex: 0 }, { dimensionIndex: 1, sortOrder: 'DESCENDING' }];
    await batch(id, { sortRange: { range: area(0, 4, 0, 4), sortSpecs } });
    expect(await read(id, 'A1:D4', 'FORMULA')).toEqual([
      ['a', 3, '=B1*10', 'fourth'],
      ['a', 2, '=B2*10', 'second'],
      ['b', 1, '=B3*10', 'first'],
      ['b', 1, '=B4*10', 'third'],
    ]);
  });

  test('a column outside and a vertical merge are refused', async () => {
    const id = await book([[1], [2]]);
    const sort = { sortRange: { range: area(0, 2, 0, 1), sortSpecs: [{ dimensionIndex: 3 }] } };
    expect(await refused(id, sort)).toContain('outside of the range');
    const mergeCells = { range: area(0, 2, 0, 1), mergeType: 'MERGE_ALL' };
    const merged = { sortRange: { range: area(0, 2, 0, 1), sortSpecs: [{ dimensionIndex: 0 }] } };
    expect(await refused(id, { mergeCells }, merged)).toContain('vertically merged');
  });
});

test('trimWhitespace and deleteDuplicates count what they changed', async () => {
  const id = await book([
    [' a  b ', 1],
    ['x', 1],
    ['A b', 2],
    ['x', 3],
  ]);
  const range = area(0, 4, 0, 2);
  const comparisonColumns = [{ dimension: 'COLUMNS', startIndex: 0, endIndex: 1 }];
  const replies = await batch(id, { trimWhitespace: { range } }, { deleteDuplicates: { range, comparisonColumns } });
  expect(replies).toEqual([
    { trimWhitespace: { cellsChangedCount: 1 } },
    { deleteDuplicates: { duplicatesRemovedCount: 2 } },
  ]);
  expect(await read(id, 'A1:B4')).toEqual([
    ['a b', '1'],
    ['x', '1'],
  ]);
});

test.each([
  ['COMMA', undefined, [['a, 1,TRUE']], [['a', 1, true]]],
  ['CUSTOM', '--', [['a--2024-02-29']], [['a', 45351]]],
  [
    'AUTODETECT',
    undefined,
    [['a;b'], ['c;d']],
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
])('textToColumns by %s', async (delimiterType, delimiter, values, expected) => {
  const id = await book(values);
  await batch(id, {
    textToColumns: { source: area(0, values.length, 0, 1), delimiterType, ...(delimiter && { delimiter }) },
  });
  expect(await read(id, 'A1:C2', 'UNFORMATTED_VALUE')).toEqual(expected);
});

test.each([
  ['a delimiter', { data: 'a,5%\n=1+1,', delimiter: ',' }, [['a', 0.05], [2]]],
  ['a table of HTML', { data: '<table><tr><th>a &amp; b</th><td>7</td></tr></table>', html: true }, [['a & b', 7]]],
])('pasteData by %s is read as typed', async (_, payload, expected) => {
  const id = await book([]);
  const coordinate = { rowIndex: 1, columnIndex: 1 };
  await batch(id, { pasteData: { coordinate, type: 'PASTE_NORMAL', ...payload } });
  expect(await read(id, 'B2:C3', 'UNFORMATTED_VALUE')).toEqual(expected);
});
