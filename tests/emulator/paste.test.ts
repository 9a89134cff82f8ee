// Copying, cutting and filling: what goes along, how references shift, what lands where.

import type { sheets_v4 } from '@googleapis/sheets';
import { describe, expect, test } from 'vitest';
import { area, newSpreadsheet, openBench, verbsOf } from './clients.ts';

const bench = openBench();
const { batch, refused, sheet, write, read } = verbsOf(bench);

const copy = (source: sheets_v4.Schema$GridRange, destination: sheets_v4.Schema$GridRange, more = {}) => ({
  copyPaste: { source, destination, ...more },
});

describe('copyPaste', () => {
  test('shifts relative references and repeats over a larger destination', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'A1:B2', [
      [1, '=A1*$A$1'],
      [2, '=$A2+B$1'],
    ]);
    await batch(id, copy(area(0, 2, 1, 2), area(2, 6, 2, 3)));
    expect(await read(id, 'C3:C6', 'FORMULA')).toEqual([['=B3*$A$1'], ['=$A4+C$1'], ['=B5*$A$1'], ['=$A6+C$1']]);
    await batch(id, copy(area(1, 2, 1, 2), area(0, 1, 3, 4)), copy(area(0, 1, 1, 2), area(4, 5, 0, 1)));
    expect(await read(id, 'D1', 'FORMULA')).toEqual([['=$A1+D$1']]);
    expect(await read(id, 'A5', 'FORMULA')).toEqual([['=#REF!*$A$1']]);
  });

  test('takes values, formats, formulas or rules alone', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'A1:B1', [['5%', '=A1*2']]);
    await batch(
      id,
      copy(area(0, 1, 0, 2), area(1, 2, 0, 2), { pasteType: 'PASTE_VALUES' }),
      copy(area(0, 1, 0, 1), area(2, 3, 0, 1), { pasteType: 'PASTE_FORMAT' }),
      copy(area(0, 1, 1, 2), area(3, 4, 1, 2), { pasteType: 'PASTE_FORMULA' }),
    );
    expect(await read(id, 'A2:B2', 'FORMULA')).toEqual([[0.05, 0.1]]);
    const { data } = await sheet(id, 'data.rowData.values(userEnteredValue,userEnteredFormat.numberFormat.type)', [
      'A3',
    ]);
    expect(data?.[0]?.rowData?.[0]?.values).toEqual([{ userEnteredFormat: { numberFormat: { type: 'PERCENT' } } }]);
    expect(await read(id, 'B4', 'FORMULA')).toEqual([['=A4*2']]);
  });

  test('turns rows into columns, merges with them', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'A1', [['a', 'b', 'c']]);
    const mergeCells = { range: area(0, 1, 1, 3), mergeType: 'MERGE_ALL' };
    await batch(id, { mergeCells }, copy(area(0, 1, 0, 3), area(4, 5, 0, 1), { pasteOrientation: 'TRANSPOSE' }));
    expect(await read(id, 'A5:A7')).toEqual([['a'], ['b']]);
    expect((await sheet(id, 'merges')).merges).toEqual([area(0, 1, 1, 3), area(5, 7, 0, 1)]);
  });

  test('gives the copies the conditional formats of the source', async () => {
    const id = await newSpreadsheet(bench);
    const condition = { type: 'NOT_BLANK' };
    const rule = { ranges: [area(0, 4, 0, 1)], booleanRule: { condition, format: { textFormat: { bold: true } } } };
    await batch(
      id,
      { addConditionalFormatRule: { rule, index: 0 } },
      copy(area(0, 2, 0, 2), area(5, 7, 3, 5), { pasteType: 'PASTE_CONDITIONAL_FORMATTING' }),
      copy(area(0, 1, 1, 2), area(0, 1, 7, 8), { pasteType: 'PASTE_CONDITIONAL_FORMATTING' }),
    );
    const { conditionalFormats } = await sheet(id, 'conditionalFormats.ranges');
    expect(conditionalFormats).toEqual([{ ranges: [area(0, 4, 0, 1), area(5, 7, 3, 4)] }]);
  });

  test('is refused beyond the grid and over part of a merge', async () => {
    const id = await newSpreadsheet(bench);
    expect(await refused(id, copy(area(0, 2, 0, 1), area(999, 1000, 0, 1)))).toContain('exceeds grid limits');
    const mergeCells = { range: area(4, 6, 0, 2), mergeType: 'MERGE_ALL' };
    expect(await refused(id, { mergeCells }, copy(area(0, 1, 0, 1), area(5, 6, 1, 2)))).toContain(
      'part of a merged cell',
    );
  });
});

test('cutPaste takes cells, formulas and those that point at them along, also to another sheet', async () => {
  const id = await newSpreadsheet(bench, [
    { properties: { sheetId: 0, title: 'A' } },
    { properties: { sheetId: 7, title: 'My B' } },
  ]);
  await write(id, 'A!A1:C2', [
    [1, '=A1+A2', '=B1*10'],
    [2, null, '=SUM(A1:B1)'],
  ]);
  const destination = { sheetId: 7, rowIndex: 2, columnIndex: 2 };
  await batch(id, { cutPaste: { source: area(0, 1, 0, 2), destination, pasteType: 'PASTE_NORMAL' } });
  expect(await read(id, "'My B'!C3:D3", 'FORMULA')).toEqual([[1, '=C3+A!A2']]);
  expect(await read(id, 'A!A1:C2', 'FORMULA')).toEqual([
    ['', '', "='My B'!D3*10"],
    [2, '', "=SUM('My B'!C3:D3)"],
  ]);
  expect(await read(id, 'A!C1:C2')).toEqual([['30'], ['4']]);
});

test.each([
  ['numbers on a line', [[1], [3]], [['5'], ['7']]],
  ['one number alone', [[4]], [['4'], ['4']]],
  ['counted texts', [['Week 09']], [['Week 10'], ['Week 11']]],
  ['days', [['Friday']], [['Saturday'], ['Sunday']]],
  ['formulas', [['=ROW(A1)']], [['2'], ['3']]],
  ['a pattern', [['x'], ['y']], [['x'], ['y']]],
])('autoFill continues %s', async (_, values, expected) => {
  const id = await newSpreadsheet(bench);
  await write(id, 'B1', values);
  const source = area(0, values.length, 1, 2);
  await batch(id, { autoFill: { sourceAndDestination: { source, dimension: 'ROWS', fillLength: 2 } } });
  expect(await read(id, `B${values.length + 1}:B${values.length + 2}`)).toEqual(expected);
});
