// Merges, borders, validation, rows and columns and their groups, through batchUpdate.

import type { sheets_v4 } from '@googleapis/sheets';
import { describe, expect, test } from 'vitest';
import { area, newSpreadsheet, openBench, verbsOf } from './clients.ts';

const bench = openBench();
const { batch, sheet, write, read, refused } = verbsOf(bench);

describe('merges', () => {
  const PARTIAL = 'You must select all cells in a merged range to merge or unmerge them.';

  test('keep the top left value of each piece, and are listed', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'A1:C3', [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    const merged = await batch(id, { mergeCells: { range: { sheetId: 0, ...area(0, 2, 0, 2) } } });
    expect(merged).toEqual([{}]);
    expect(await read(id, 'A1:C3')).toEqual([
      ['1', '', '3'],
      ['', '', '6'],
      ['7', '8', '9'],
    ]);
    expect(await sheet(id, 'merges')).toEqual({ merges: [area(0, 2, 0, 2)] });
    await batch(id, { mergeCells: { range: area(0, 3, 0, 3), mergeType: 'MERGE_ROWS' } });
    expect((await sheet(id, 'merges')).merges).toEqual([area(0, 1, 0, 3), area(1, 2, 0, 3), area(2, 3, 0, 3)]);
    expect(await read(id, 'A1:C3')).toEqual([['1'], [], ['7']]);
    const columns = { mergeCells: { range: area(0, 3, 0, 2), mergeType: 'MERGE_COLUMNS' } };
    expect(await refused(id, columns)).toContain(PARTIAL);
    await batch(id, { unmergeCells: { range: {} } });
    await batch(id, columns);
    expect((await sheet(id, 'merges')).merges).toEqual([area(0, 3, 0, 1), area(0, 3, 1, 2)]);
    expect(await read(id, 'A1:C3')).toEqual([['1']]);
  });

  test('are not cut by another merge or by unmerging, nor laid over frozen edges', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, { mergeCells: { range: area(1, 3, 1, 3), mergeType: 'MERGE_ALL' } });
    const cut = { range: area(2, 4, 1, 3) };
    expect(await refused(id, { mergeCells: cut })).toBe(`Invalid requests[0].mergeCells: ${PARTIAL}`);
    expect(await refused(id, { unmergeCells: cut })).toBe(`Invalid requests[0].unmergeCells: ${PARTIAL}`);
    const gridProperties = { frozenRowCount: 1, frozenColumnCount: 1 };
    const fields = 'gridProperties(frozenRowCount,frozenColumnCount)';
    await batch(id, { updateSheetProperties: { properties: { sheetId: 0, gridProperties }, fields } });
    expect(await refused(id, { mergeCells: { range: area(0, 2, 5, 6) } })).toBe(
      "Invalid requests[0].mergeCells: You can't merge frozen and non-frozen rows.",
    );
    expect(await refused(id, { mergeCells: { range: area(5, 6, 0, 2) } })).toBe(
      "Invalid requests[0].mergeCells: You can't merge frozen and non-frozen columns.",
    );
    expect(await sheet(id, 'merges')).toEqual({ merges: [area(1, 3, 1, 3)] });
  });
});

describe('borders', () => {
  const black = { color: {}, colorStyle: { rgbColor: {} } };
  const thin = { style: 'SOLID', width: 1, ...black };

  const borders = async (id: string, range: string) => {
    const field = 'data.rowData.values.userEnteredFormat.borders';
    const { data } = await sheet(id, field, [range]);
    return data?.[0]?.rowData?.map(({ values = [] }) => values.map((one) => one.userEnteredFormat?.borders ?? {}));
  };

  test('lie on both sides of an edge, inner ones between cells', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'B2', [['kept']]);
    const red = { style: 'SOLID_THICK', color: { red: 1 } };
    await batch(id, {
      updateBorders: {
        range: area(1, 3, 1, 3),
        top: red,
        innerHorizontal: { style: 'SOLID' },
        left: { style: 'DOTTED' },
      },
    });
    const thick = { style: 'SOLID_THICK', width: 3, color: { red: 1 }, colorStyle: { rgbColor: { red: 1 } } };
    const dotted = { style: 'DOTTED', width: 1, ...black };
    expect(await borders(id, 'A1:D4')).toEqual([
      [{}, { bottom: thick }, { bottom: thick }],
      [{ right: dotted }, { top: thick, bottom: thin, left: dotted }, { top: thick, bottom: thin }],
      [{ right: dotted }, { top: thin, left: dotted }, { top: thin }],
    ]);
    expect(await read(id, 'B2')).toEqual([['kept']]);
    const none = { style: 'NONE' };
    const all = { top: none, bottom: none, left: none, right: none, innerHorizontal: none, innerVertical: none };
    await batch(id, { updateBorders: { range: area(1, 3, 1, 3), ...all } });
    expect(await sheet(id, 'data.rowData.values.userEnteredFormat')).toEqual({
      data: [{ rowData: [{}, { values: [{}, {}] }] }],
    });
  });

  test('have the width of their style, whoever writes them', async () => {
    const id = await newSpreadsheet(bench);
    const cell = { userEnteredFormat: { borders: { top: { style: 'DOUBLE', width: 9 }, left: { style: 'NONE' } } } };
    await batch(id, { repeatCell: { range: area(0, 1, 0, 1), cell, fields: 'userEnteredFormat.borders' } });
    expect(await borders(id, 'A1')).toEqual([[{ top: { style: 'DOUBLE', width: 3, ...black } }]]);
    expect(await refused(id, { updateBorders: { range: {}, top: { width: 1 } } })).toContain('top must be specified');
  });
});

describe('data validation', () => {
  const rule = (type: string, ...values: string[]) => ({
    condition: { type, values: values.map((userEnteredValue) => ({ userEnteredValue })) },
  });
  const set = (given: sheets_v4.Schema$DataValidationRule | undefined, range = area(0, 2, 0, 1)) => ({
    setDataValidation: { range: { sheetId: 0, ...range }, ...(given && { rule: given }) },
  });
  const rules = async (id: string, range: string) => {
    const { data } = await sheet(id, 'data.rowData.values.dataValidation', [range]);
    return data?.[0]?.rowData?.map(({ values = [] }) => values[0]?.dataValidation);
  };

  test('a rule stands on each cell until it is cleared, and does not stop the API', async () => {
    const id = await newSpreadsheet(bench);
    const list = { ...rule('ONE_OF_LIST', 'YES', 'NO'), strict: true, showCustomUi: true, inputMessage: 'choose' };
    await batch(id, set(list));
    expect(await rules(id, 'A1:A3')).toEqual([list, list]);
    await write(id, 'A1', [['MAYBE']]);
    expect(await rules(id, 'A1:A1')).toEqual([list]);
    await batch(id, set(undefined, area(0, 1, 0, 1)));
    expect(await rules(id, 'A1:A2')).toEqual([undefined, list]);
    expect(await read(id, 'A1')).toEqual([['MAYBE']]);
  });

  test('a range of values comes back held', async () => {
    const id = await newSpreadsheet(bench, [{ properties: { title: 'My list' } }]);
    await batch(id, { addSheet: { properties: { title: 'Sales' } } });
    const range = { ...area(0, 1, 0, 1), sheetId: undefined };
    const { sheetId = 0 } = (await sheet(id, 'properties')).properties ?? {};
    const at = (value: string) => ({
      setDataValidation: { range: { ...range, sheetId }, rule: rule('ONE_OF_RANGE', value) },
    });
    const wanted: [string, string][] = [
      ['=Sales!A2:A5', '=Sales!$A$2:$A$5'],
      ["='My list'!B:B", "='My list'!$B:$B"],
      ['=A1:A9', '=$A$1:$A$9'],
    ];
    for (const [given, kept] of wanted) {
      await batch(id, at(given));
      expect((await rules(id, 'A1'))?.[0]?.condition?.values).toEqual([{ userEnteredValue: kept }]);
    }
    expect(await refused(id, at('Sales!A2:A5'))).toBe(
      'Invalid requests[0].setDataValidation: Invalid ConditionValue.userEnteredValue: Sales!A2:A5 for ConditionType: ONE_OF_RANGE',
    );
    expect(await refused(id, at('=Nowhere!A1'))).toContain('Invalid ConditionValue.userEnteredValue: =Nowhere!A1');
  });

  test.each([
    [
      rule('ONE_OF_RANGE', '1', '2'),
      "ConditionType 'ONE_OF_RANGE' requires exactly one ConditionValue, but 2 values were supplied.",
    ],
    [
      rule('NUMBER_BETWEEN', '1'),
      "ConditionType 'NUMBER_BETWEEN' requires exactly two ConditionValues, but 1 values were supplied.",
    ],
    [
      rule('ONE_OF_LIST'),
      "ConditionType 'ONE_OF_LIST' requires at least one ConditionValue, but 0 values were supplied.",
    ],
    [rule('NUMBER_EQ', 'ten'), 'Invalid ConditionValue.userEnteredValue: ten for ConditionType: NUMBER_EQ'],
    [rule('CUSTOM_FORMULA', 'A1>0'), 'Invalid ConditionValue.userEnteredValue: A1>0 for ConditionType: CUSTOM_FORMULA'],
    [rule('BLANK'), "ConditionType 'BLANK' is not supported in data validation."],
    [{}, 'BooleanCondition.type must be specified.'],
    [
      { condition: { type: 'DATE_BEFORE', values: [{ relativeDate: 'TODAY' }] } },
      'Relative dates are not supported in data validation.',
    ],
  ])('refused: %j', async (given, message) => {
    const id = await newSpreadsheet(bench);
    expect(await refused(id, set(given))).toBe(`Invalid requests[0].setDataValidation: ${message}`);
  });
});

describe('rows and columns', () => {
  const resize = (dimension: string, startIndex: number, endIndex: number, properties: object, fields: string) => ({
    updateDimensionProperties: { range: { sheetId: 0, dimension, startIndex, endIndex }, properties, fields },
  });
  const columns = async (id: string, range: string) =>
    (await sheet(id, 'data.columnMetadata', [range])).data?.[0]?.columnMetadata;
  const rows = async (id: string, range: string) =>
    (await sheet(id, 'data.rowMetadata', [range])).data?.[0]?.rowMetadata;

  test('have sizes and hide, each property by its mask', async () => {
    const id = await newSpreadsheet(bench);
    await batch(
      id,
      resize('COLUMNS', 1, 3, { pixelSize: 200 }, 'pixelSize'),
      resize('COLUMNS', 2, 4, { hiddenByUser: true, pixelSize: 7 }, 'hiddenByUser'),
      resize('ROWS', 0, 2, { pixelSize: 50, hiddenByUser: true }, '*'),
    );
    expect(await columns(id, 'A1:E1')).toEqual([
      { pixelSize: 100 },
      { pixelSize: 200 },
      { pixelSize: 200, hiddenByUser: true },
      { pixelSize: 100, hiddenByUser: true },
      { pixelSize: 100 },
    ]);
    expect(await rows(id, 'A2:A3')).toEqual([{ pixelSize: 50, hiddenByUser: true }, { pixelSize: 21 }]);
    await batch(id, resize('COLUMNS', 0, 26, { hiddenByUser: false }, 'hiddenByUser'), resize('ROWS', 0, 9, {}, '*'));
    expect(await columns(id, 'B1:D1')).toEqual([{ pixelSize: 200 }, { pixelSize: 200 }, { pixelSize: 100 }]);
    expect(await rows(id, 'A1:A2')).toEqual([{ pixelSize: 21 }, { pixelSize: 21 }]);
  });

  test('cannot all be hidden, nor lie beyond the grid', async () => {
    const id = await newSpreadsheet(bench);
    expect(await refused(id, resize('COLUMNS', 0, 26, { hiddenByUser: true }, '*'))).toContain(
      "You can't hide all the columns",
    );
    expect(await refused(id, resize('ROWS', 5, 1001, { pixelSize: 3 }, '*'))).toContain(
      'is after last row in grid[999]',
    );
    expect(await refused(id, resize('ROWS', 5, 6, { pixelSize: -3 }, '*'))).toContain('pixelSize must be non-negative');
    expect(await refused(id, resize('ROWS', 5, 6, {}, 'hiddenByFilter'))).toContain('read-only');
  });

  test('a column resizes to its widest text as Google measured it; a blank one keeps its width', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'A1:B1', [['A'.repeat(1024), 'x\ny\nz']]);
    const autoResize = (dimension: string) => ({ autoResizeDimensions: { dimensions: { sheetId: 0, dimension } } });
    await batch(id, resize('COLUMNS', 2, 3, { pixelSize: 33 }, 'pixelSize'), autoResize('COLUMNS'), autoResize('ROWS'));
    const [first, second, third] = (await columns(id, 'A1:C1')) ?? [];
    expect(first).toEqual({ pixelSize: 8691 });
    expect(second?.pixelSize).toBeLessThan(30);
    expect(third).toEqual({ pixelSize: 33 });
    expect((await rows(id, 'A1:A2'))?.map(({ pixelSize }) => pixelSize)).toEqual([53, 21]);
  });

  test('metadata of a row is replaced through its properties', async () => {
    const id = await newSpreadsheet(bench);
    const mark = (metadataValue: string) => ({ metadataKey: 'k', metadataValue, visibility: 'DOCUMENT' });
    await batch(id, resize('ROWS', 4, 5, { developerMetadata: [mark('old')] }, 'developerMetadata'));
    await batch(id, resize('ROWS', 4, 5, { developerMetadata: [mark('new')] }, 'developerMetadata'));
    expect((await rows(id, 'A5'))?.[0]?.developerMetadata).toEqual([
      expect.objectContaining({
        metadataValue: 'new',
        location: { locationType: 'ROW', dimensionRange: { dimension: 'ROWS', startIndex: 4, endIndex: 5 } },
      }),
    ]);
  });
});

describe('groups', () => {
  const range = (startIndex: number, endIndex: number, dimension = 'COLUMNS') => ({ dimension, startIndex, endIndex });
  const add = (start: number, end: number) => ({ addDimensionGroup: { range: range(start, end) } });
  const remove = (start: number, end: number) => ({ deleteDimensionGroup: { range: range(start, end) } });
  const listed = async (id: string) =>
    ((await sheet(id, 'columnGroups')).columnGroups ?? []).map(({ range: of, depth, collapsed }) => {
      return `${of?.startIndex}-${of?.endIndex}:${depth}${collapsed ? ' collapsed' : ''}`;
    });

  test('a group is answered with all groups and puts the control after it', async () => {
    const id = await newSpreadsheet(bench);
    const group = { range: range(0, 2, 'ROWS'), depth: 1 };
    expect(await batch(id, { addDimensionGroup: { range: { sheetId: 0, ...range(0, 2, 'ROWS') } } })).toEqual([
      { addDimensionGroup: { dimensionGroups: [group] } },
    ]);
    const listedRows = await sheet(id, 'properties.gridProperties,rowGroups');
    expect(listedRows).toEqual({
      properties: { gridProperties: { rowCount: 1000, columnCount: 26, rowGroupControlAfter: true } },
      rowGroups: [group],
    });
    expect(await batch(id, { deleteDimensionGroup: { range: range(0, 2, 'ROWS') } })).toEqual([
      { deleteDimensionGroup: {} },
    ]);
    expect((await sheet(id, 'rowGroups')).rowGroups).toBeUndefined();
  });

  // Google, "AddDimensionGroupRequest" and "DeleteDimensionGroupRequest": B is 1, E ends at 5.
  test.each([
    ['superset', [add(2, 4), add(1, 5)], ['1-5:1', '2-4:2']],
    ['subset', [add(1, 5), add(2, 4)], ['1-5:1', '2-4:2']],
    ['overlap', [add(1, 4), add(2, 5)], ['1-5:1', '2-4:2']],
    ['same', [add(1, 5), add(1, 5)], ['1-5:1', '1-5:2']],
    ['neighbours', [add(1, 3), add(3, 5)], ['1-5:1']],
    ['deleted in part', [add(1, 5), add(2, 4), remove(3, 5)], ['1-4:1', '2-3:2']],
  ])('depths: %s', async (_, requests, groups) => {
    const id = await newSpreadsheet(bench);
    await batch(id, ...requests);
    expect(await listed(id)).toEqual(groups);
  });

  test('collapsing hides, expanding shows; a collapsed group stays so when another surrounds it', async () => {
    const id = await newSpreadsheet(bench);
    const collapse = (depth: number, collapsed: boolean) => ({
      updateDimensionGroup: { dimensionGroup: { range: range(2, 4), depth, collapsed }, fields: 'collapsed' },
    });
    await batch(id, add(2, 4), collapse(1, true), add(1, 5));
    expect(await listed(id)).toEqual(['1-5:1', '2-4:2 collapsed']);
    const hidden = async () =>
      (await sheet(id, 'data.columnMetadata', ['A1:F1'])).data?.[0]?.columnMetadata?.map((one) => one.hiddenByUser);
    expect(await hidden()).toEqual([undefined, undefined, true, true, undefined, undefined]);
    await batch(id, collapse(2, false));
    expect(await hidden()).toEqual(Array(6).fill(undefined));
    expect(await refused(id, collapse(0, true))).toBe(
      'Invalid requests[0].updateDimensionGroup: dimensionGroup.depth must be > 0',
    );
    expect(await refused(id, collapse(1, true))).toContain('No group with depth: 1');
    expect(await refused(id, remove(8, 9))).toContain("doesn't exist");
    expect(await refused(id, ...Array.from({ length: 8 }, () => add(2, 4)))).toContain('Invalid requests[6]');
  });
});
