// What cells hold beside values, and what of a sheet's features follows when cells change places or go.

import type { sheets_v4 } from '@googleapis/sheets';
import { describe, expect, test } from 'vitest';
import { area, newSpreadsheet, openBench, refusal, verbsOf } from './clients.ts';

const bench = openBench();
const { batch, get } = verbsOf(bench);

const refused = async (spreadsheetId: string, ...requests: sheets_v4.Schema$Request[]) => {
  const { status, message } = await refusal(batch(spreadsheetId, ...requests));
  expect(status).toBe(400);
  return message.replace(/^Invalid requests\[\d+\]\.\w+: /, '');
};

const columns = (startIndex: number, endIndex: number) => ({ dimension: 'COLUMNS', startIndex, endIndex });
const rows = (startIndex: number, endIndex: number) => ({ dimension: 'ROWS', startIndex, endIndex });

describe('features follow', () => {
  const filtered = {
    range: area(0, 5, 1, 4),
    sortSpecs: [{ dimensionIndex: 2, sortOrder: 'ASCENDING' }],
    filterSpecs: [1, 3].map((columnIndex) => ({ columnIndex, filterCriteria: { hiddenValues: ['x'] } })),
  };
  const indices = async (id: string) => {
    const { sheets = [] } = await get(id, 'sheets(basicFilter,filterViews)');
    const [{ basicFilter = {}, filterViews: [view = {}] = [] } = {}] = sheets;
    const of = ({ filterSpecs = [], sortSpecs = [] }: sheets_v4.Schema$FilterView) => [
      filterSpecs.map(({ columnIndex = 0 }) => columnIndex),
      sortSpecs.map(({ dimensionIndex = 0 }) => dimensionIndex),
    ];
    expect(of(view)).toEqual(of(basicFilter));
    return of(view);
  };

  test('the columns of filters, when columns come, move and go', async () => {
    const id = await newSpreadsheet(bench);
    await batch(
      id,
      { setBasicFilter: { filter: filtered } },
      { addFilterView: { filter: { ...filtered, title: 'v' } } },
      { insertDimension: { range: columns(0, 2) } },
    );
    expect(await indices(id)).toEqual([[3, 5], [4]]);
    await batch(id, { moveDimension: { source: columns(5, 6), destinationIndex: 4 } });
    expect(await indices(id)).toEqual([[3, 4], [5]]);
    await batch(id, { deleteDimension: { range: columns(4, 6) } });
    expect(await indices(id)).toEqual([[3], []]);
  });

  test('a smaller grid cuts what lay beyond it', async () => {
    const id = await newSpreadsheet(bench);
    const blank = { type: 'BLANK' };
    const rule = (range: sheets_v4.Schema$GridRange) => ({
      addConditionalFormatRule: {
        rule: { ranges: [range], booleanRule: { condition: blank, format: { textFormat: { bold: true } } } },
      },
    });
    await bench.sheets.spreadsheets.values.update({
      spreadsheetId: id,
      range: 'A1',
      valueInputOption: 'USER_ENTERED',
      requestBody: { values: [['=SUM(B1:B100)', '=Z1']] },
    });
    await batch(
      id,
      { mergeCells: { range: area(8, 12, 0, 1), mergeType: 'MERGE_ALL' } },
      { mergeCells: { range: area(20, 22, 0, 1), mergeType: 'MERGE_ALL' } },
      rule(area(0, 30, 0, 1)),
      rule(area(40, 50, 0, 1)),
      { addNamedRange: { namedRange: { namedRangeId: 'far', name: 'Far', range: area(60, 61, 0, 1) } } },
      { addDimensionGroup: { range: rows(50, 60) } },
      {
        updateSheetProperties: {
          properties: { gridProperties: { rowCount: 10, columnCount: 5 } },
          fields: 'gridProperties(rowCount,columnCount)',
        },
      },
    );
    const { sheets = [], namedRanges } = await get(
      id,
      'namedRanges,sheets(merges,conditionalFormats.ranges,rowGroups)',
    );
    expect(namedRanges).toBeUndefined();
    expect(sheets).toEqual([{ merges: [area(8, 10, 0, 1)], conditionalFormats: [{ ranges: [area(0, 10, 0, 1)] }] }]);
    const { data } = await bench.sheets.spreadsheets.values.get({
      spreadsheetId: id,
      range: 'A1:B1',
      valueRenderOption: 'FORMULA',
    });
    expect(data.values).toEqual([['=SUM(B1:B10)', '=#REF!']]);
  });

  test('conditions of filters, when a sheet gets another name', async () => {
    const id = await newSpreadsheet(bench, [{ properties: { sheetId: 0, title: 'Old' } }]);
    const condition = { type: 'CUSTOM_FORMULA', values: [{ userEnteredValue: '=Old!A2=1' }] };
    const filterSpecs = [{ columnIndex: 1, filterCriteria: { condition } }];
    await batch(
      id,
      { setBasicFilter: { filter: { range: area(0, 5, 1, 4), filterSpecs } } },
      { updateSheetProperties: { properties: { title: 'New' }, fields: 'title' } },
    );
    const { sheets = [] } = await get(id, 'sheets.basicFilter.filterSpecs.filterCriteria.condition.values');
    const [spec] = sheets[0]?.basicFilter?.filterSpecs ?? [];
    expect(spec?.filterCriteria?.condition?.values).toEqual([{ userEnteredValue: '=New!A2=1' }]);
  });

  test('a copied sheet has ids of its own and stands on no name of another sheet', async () => {
    const id = await newSpreadsheet(bench);
    const range = area(0, 5, 0, 2);
    const colors = { firstBandColor: { red: 1 }, secondBandColor: { blue: 1 } };
    await batch(
      id,
      { addNamedRange: { namedRange: { namedRangeId: 'n', name: 'There', range } } },
      { addFilterView: { filter: { filterViewId: 1, title: 'v', namedRangeId: 'n' } } },
      { addProtectedRange: { protectedRange: { protectedRangeId: 2, namedRangeId: 'n' } } },
      { addBanding: { bandedRange: { bandedRangeId: 3, range, rowProperties: colors } } },
      { duplicateSheet: { sourceSheetId: 0, newSheetId: 9, insertSheetIndex: 1 } },
    );
    const { sheets = [] } = await get(id, 'sheets(filterViews,protectedRanges,bandedRanges)');
    const [first, second] = sheets.map(({ filterViews, protectedRanges, bandedRanges }) =>
      [filterViews, protectedRanges, bandedRanges].map((list) => list?.[0]),
    );
    expect(first).toMatchObject([
      { filterViewId: 1, namedRangeId: 'n' },
      { protectedRangeId: 2, namedRangeId: 'n' },
      { bandedRangeId: 3 },
    ]);
    const copied = { sheetId: 9, ...range };
    expect(second).toMatchObject([{ range: copied }, { range: copied }, { range: copied }]);
    expect(second).not.toMatchObject([{ namedRangeId: 'n' }, {}, {}]);
    const idsOf = (given: typeof first) =>
      given?.map(
        (one) => Object.entries(one ?? {}).find(([key]) => /^(filterView|protectedR|bandedR).*Id$/.test(key))?.[1],
      );
    const ids = [...(idsOf(first) ?? []), ...(idsOf(second) ?? [])];
    expect(new Set(ids).size).toBe(6);
  });
});

describe('runs in the text of a cell', () => {
  const put = (cell: sheets_v4.Schema$CellData, fields: string) => ({
    updateCells: { rows: [{ values: [cell] }], fields, start: {} },
  });
  const cellOf = async (id: string, fields: string) =>
    (await get(id, `sheets.data.rowData.values(${fields})`)).sheets?.[0]?.data?.[0]?.rowData?.[0]?.values?.[0];
  const text = (stringValue: string) => ({ userEnteredValue: { stringValue } });

  test('carry formats and links until the text is replaced', async () => {
    const id = await newSpreadsheet(bench);
    const textFormatRuns = [
      { startIndex: 0, format: { bold: true } },
      { startIndex: 2, format: { link: { uri: 'https://example.com/' } } },
    ];
    await batch(id, put({ ...text('abcd'), textFormatRuns }, 'userEnteredValue,textFormatRuns'));
    expect(await cellOf(id, 'textFormatRuns,hyperlink')).toEqual({
      hyperlink: 'https://example.com/',
      textFormatRuns: [{ format: { bold: true } }, expect.objectContaining({ startIndex: 2 })],
    });
    await batch(id, put({ textFormatRuns: textFormatRuns.slice(0, 1) }, 'textFormatRuns'), put({ note: 'n' }, 'note'));
    expect(await cellOf(id, 'note,textFormatRuns')).toEqual({
      note: 'n',
      textFormatRuns: [{ format: { bold: true } }],
    });
    await batch(id, put(text('other'), 'userEnteredValue'));
    expect(await cellOf(id, 'note,textFormatRuns')).toEqual({ note: 'n' });
    await batch(id, put({ textFormatRuns: textFormatRuns.slice(0, 1) }, 'textFormatRuns'));
    await bench.sheets.spreadsheets.values.update({
      spreadsheetId: id,
      range: 'A1',
      valueInputOption: 'RAW',
      requestBody: { values: [['new']] },
    });
    expect(await cellOf(id, 'note,textFormatRuns')).toEqual({ note: 'n' });
  });

  test('are chips at placeholders, with empty ones between', async () => {
    const id = await newSpreadsheet(bench);
    const chip = { personProperties: { email: 'a@example.com' } };
    await batch(id, put({ ...text('to @ now'), chipRuns: [{ startIndex: 3, chip }] }, 'userEnteredValue,chipRuns'));
    expect(await cellOf(id, 'chipRuns')).toMatchObject({
      chipRuns: [{ chip: {} }, { startIndex: 3, chip }, { startIndex: 4, chip: {} }],
    });
  });

  test.each<[string, sheets_v4.Schema$CellData, string]>([
    ['a number', { userEnteredValue: { numberValue: 1 }, textFormatRuns: [{}] }, 'can only be set on cells with text'],
    ['a start beyond the text', { ...text('ab'), textFormatRuns: [{ startIndex: 2 }] }, 'after the end of the text'],
    ['runs in disorder', { ...text('ab'), textFormatRuns: [{ startIndex: 1 }, {}] }, 'must be greater'],
    ['a chip without a placeholder', { ...text('ab'), chipRuns: [{ chip: { personProperties: {} } }] }, 'placeholder'],
    ['a chip of nobody', { ...text('@'), chipRuns: [{ chip: { personProperties: {} } }] }, 'email must be specified'],
    [
      'a chip for a page outside Drive',
      { ...text('@'), chipRuns: [{ chip: { richLinkProperties: { uri: 'https://example.com/' } } }] },
      'Google Drive files',
    ],
  ])('are refused: %s', async (_, cell, part) => {
    const id = await newSpreadsheet(bench);
    expect(await refused(id, put(cell, '*'))).toContain(part);
  });
});

test('colours of the theme stay named and are shown as they are', async () => {
  const id = await newSpreadsheet(bench);
  const { properties } = await get(id, 'properties.spreadsheetTheme.themeColors');
  const accent = properties?.spreadsheetTheme?.themeColors?.find(({ colorType }) => colorType === 'ACCENT1')?.color;
  const userEnteredFormat = { backgroundColorStyle: { themeColor: 'ACCENT1' } };
  await batch(id, {
    repeatCell: {
      range: area(0, 1, 0, 1),
      cell: { userEnteredFormat },
      fields: 'userEnteredFormat.backgroundColorStyle',
    },
  });
  const { sheets = [] } = await get(id, 'sheets.data.rowData.values.userEnteredFormat');
  expect(accent?.rgbColor).toBeDefined();
  expect(sheets[0]?.data?.[0]?.rowData?.[0]?.values?.[0]?.userEnteredFormat).toEqual({
    backgroundColor: accent?.rgbColor,
    backgroundColorStyle: { themeColor: 'ACCENT1' },
  });
});

test('figures of a colour scale are read in the locale of the spreadsheet', async () => {
  const id = await newSpreadsheet(bench);
  await batch(id, { updateSpreadsheetProperties: { properties: { locale: 'de_DE' }, fields: 'locale' } });
  const scale = (value: string) => ({
    addConditionalFormatRule: {
      rule: {
        ranges: [area(0, 5, 0, 1)],
        gradientRule: {
          minpoint: { type: 'NUMBER', value, color: { red: 1 } },
          maxpoint: { type: 'MAX', color: { blue: 1 } },
        },
      },
    },
  });
  expect(await refused(id, scale('1.5'))).toContain('Invalid InterpolationPoint.value: 1.5');
  await batch(id, scale('1,5'));
  const { sheets = [] } = await get(id, 'sheets.conditionalFormats.gradientRule.minpoint.value');
  expect(sheets[0]?.conditionalFormats?.[0]?.gradientRule?.minpoint?.value).toBe('1,5');
});
