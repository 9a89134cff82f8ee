import type { sheets_v4 } from '@googleapis/sheets';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../src/emulator/formula/value.ts';
import type { PivotGroup, PivotGroupRule, PivotTable, PivotValue } from '../../src/emulator/messages/pivot.ts';
import { pivotValues } from '../../src/emulator/pivot/values.ts';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

const bench = openBench();
type Pivot = sheets_v4.Schema$PivotTable;

const SALES: Value[][] = [
  ['State', 'Item', 'Units', 'Price', 'Day'],
  ['NY', 'Pen', 1, 2, 46023],
  ['NY', 'Paper', 2, 3, 46054],
  ['OR', 'Pen', 5, 1, 46055],
  ['OR', 'Pen', 7, null, 46113],
  ['WA', 'Paper', 9, 4, 46114],
];
const source = { rows: SALES, shown: (row: number, column: number) => String(SALES[row]?.[column] ?? '') };
const by = (sourceColumnOffset: number, more: PivotGroup = {}): PivotGroup => ({
  sourceColumnOffset,
  sortOrder: 'ASCENDING',
  showTotals: true,
  ...more,
});
const of = (sourceColumnOffset: number, summarizeFunction: PivotValue['summarizeFunction'] & string = 'SUM') => ({
  sourceColumnOffset,
  summarizeFunction,
});
const draw = (pivot: PivotTable) => pivotValues(pivot, source);
const column = (pivot: PivotTable, index: number) => draw(pivot).map((row) => row[index]);

describe('what a pivot table draws', () => {
  test('one group of rows', () => {
    expect(draw({ rows: [by(0)], values: [of(2)] })).toEqual([
      ['State', 'SUM of Units'],
      ['NY', 3],
      ['OR', 12],
      ['WA', 9],
      ['Grand Total', 24],
    ]);
  });

  test('rows and columns', () => {
    expect(draw({ rows: [by(0, { label: 'Where' })], columns: [by(1)], values: [of(2)] })).toEqual([
      ['SUM of Units', 'Item', null, null],
      ['Where', 'Paper', 'Pen', 'Grand Total'],
      ['NY', 2, 1, 3],
      ['OR', null, 12, 12],
      ['WA', 9, null, 9],
      ['Grand Total', 11, 13, 24],
    ]);
  });

  test('groups within groups, with totals of each', () => {
    expect(draw({ rows: [by(0), by(1)], values: [of(2)] })).toEqual([
      ['State', 'Item', 'SUM of Units'],
      ['NY', 'Paper', 2],
      [null, 'Pen', 1],
      ['NY Total', null, 3],
      ['OR', 'Pen', 12],
      ['OR Total', null, 12],
      ['WA', 'Paper', 9],
      ['WA Total', null, 9],
      ['Grand Total', null, 24],
    ]);
    const bare = { showTotals: false };
    expect(draw({ rows: [by(0, { ...bare, repeatHeadings: true }), by(1, bare)], values: [] })).toEqual([
      ['State', 'Item'],
      ['NY', 'Paper'],
      ['NY', 'Pen'],
      ['OR', 'Pen'],
      ['WA', 'Paper'],
    ]);
  });

  test('several values side by side, or below each other', () => {
    const values = [{ ...of(2), name: 'Sold' }, of(3, 'AVERAGE')];
    const pivot = { rows: [by(0)], columns: [by(1, { showTotals: false })], values };
    expect(draw(pivot)).toEqual([
      [null, 'Item', null, null, null],
      [null, 'Paper', null, 'Pen', null],
      ['State', 'Sold', 'AVERAGE of Price', 'Sold', 'AVERAGE of Price'],
      ['NY', 2, 3, 1, 2],
      ['OR', null, null, 12, 1],
      ['WA', 9, 4, null, null],
      ['Grand Total', 11, 3.5, 13, 1.5],
    ]);
    expect(draw({ ...pivot, columns: [], valueLayout: 'VERTICAL' }).slice(0, 3)).toEqual([
      ['State', 'Values', null],
      ['NY', 'Sold', 3],
      [null, 'AVERAGE of Price', 2.5],
    ]);
  });

  test('columns alone, values alone, nothing', () => {
    expect(draw({ columns: [by(1)], values: [of(2)] })).toEqual([
      [null, 'Item', null, null],
      [null, 'Paper', 'Pen', 'Grand Total'],
      ['SUM of Units', 11, 13, 24],
    ]);
    expect(draw({ values: [of(2), of(0, 'COUNTA')] })).toEqual([
      ['SUM of Units', 'COUNTA of State'],
      [24, 5],
    ]);
    expect(
      draw({})
        .flat()
        .every((value) => value === null),
    ).toBe(true);
  });

  test.each<[PivotValue['summarizeFunction'] & string, unknown]>([
    ['SUM', 10],
    ['COUNT', 4],
    ['COUNTA', 4],
    ['COUNTUNIQUE', 4],
    ['AVERAGE', 2.5],
    ['MAX', 4],
    ['MIN', 1],
    ['MEDIAN', 2.5],
    ['PRODUCT', 24],
    ['VARP', 1.25],
    ['STDEVP', Math.sqrt(1.25)],
    ['VAR', 5 / 3],
    ['STDEV', Math.sqrt(5 / 3)],
  ])('%s', (name, expected) => {
    expect(draw({ values: [of(3, name)] })[1]).toEqual([expected]);
  });

  test('figures of nothing and of errors', () => {
    const lone = { rows: [by(2)], values: [of(3, 'VAR'), of(3, 'AVERAGE')] };
    expect(draw(lone)[4]).toEqual([
      7,
      { type: 'DIVIDE_BY_ZERO', message: expect.any(String) },
      { type: 'DIVIDE_BY_ZERO', message: expect.any(String) },
    ]);
    const error = { type: 'NUM', message: 'x' } as const;
    const rows = [['a'], [1], [error]];
    const broken = { rows, shown: () => '' };
    expect(pivotValues({ values: [of(0), of(0, 'COUNTA')] }, broken)[1]).toEqual([error, 2]);
  });

  test('order: by labels, by totals, by a bucket, no more than asked for', () => {
    const values = [of(2)];
    expect(column({ rows: [by(0, { sortOrder: 'DESCENDING' })], values }, 0).slice(1, 4)).toEqual(['WA', 'OR', 'NY']);
    expect(column({ rows: [by(0, { valueBucket: {} })], values }, 1)).toEqual(['SUM of Units', 3, 9, 12, 24]);
    const bucket = { valueBucket: { buckets: [{ stringValue: 'Pen' }] }, showTotals: false };
    const pivot = { rows: [by(0, bucket)], columns: [by(1)], values };
    expect(column(pivot, 0).slice(2)).toEqual(['WA', 'NY', 'OR']);
    const limited = by(0, { groupLimit: { countLimit: 2 }, showTotals: false });
    expect(column({ rows: [limited], values }, 0)).toEqual(['State', 'NY', 'OR']);
  });

  test('parts of totals', () => {
    const part = (calculatedDisplayType: PivotValue['calculatedDisplayType'] & string) =>
      draw({ rows: [by(0)], columns: [by(1)], values: [{ ...of(2), calculatedDisplayType }] })[2];
    expect(part('PERCENT_OF_ROW_TOTAL')).toEqual(['NY', 2 / 3, 1 / 3, 1]);
    expect(part('PERCENT_OF_COLUMN_TOTAL')).toEqual(['NY', 2 / 11, 1 / 13, 3 / 24]);
    expect(part('PERCENT_OF_GRAND_TOTAL')).toEqual(['NY', 2 / 24, 1 / 24, 3 / 24]);
  });

  test('filters: listed values, conditions, both', () => {
    const filtered = (filterCriteria: NonNullable<PivotTable['filterSpecs']>[number]['filterCriteria'], at = 1) =>
      column(
        {
          rows: [by(0)],
          values: [of(2)],
          filterSpecs: [{ columnOffsetIndex: at, ...(filterCriteria && { filterCriteria }) }],
        },
        0,
      );
    expect(filtered({ visibleValues: ['Paper'] })).toEqual(['State', 'NY', 'WA', 'Grand Total']);
    const above = { type: 'NUMBER_GREATER' as const, values: [{ userEnteredValue: '4' }] };
    expect(filtered({ condition: above, visibleByDefault: true }, 2)).toEqual(['State', 'OR', 'WA', 'Grand Total']);
    expect(filtered({ condition: above }, 2)).toEqual(['State', 'Grand Total']);
    expect(filtered({ condition: above, visibleValues: ['9', '1'] }, 2)).toEqual(['State', 'WA', 'Grand Total']);
    const text = { type: 'TEXT_CONTAINS' as const, values: [{ userEnteredValue: 'PE' }] };
    expect(filtered({ condition: text, visibleByDefault: true })).toEqual(['State', 'NY', 'OR', 'WA', 'Grand Total']);
    const blank = { type: 'BLANK' as const };
    expect(filtered({ condition: blank, visibleByDefault: true }, 3)).toEqual(['State', 'OR', 'Grand Total']);
  });

  test.each<[string, PivotGroupRule, unknown[], number?]>([
    ['months', { dateTimeRule: { type: 'YEAR_MONTH' } }, ['Day - Year-Month', '2026-Jan', '2026-Feb', '2026-Apr']],
    ['quarters', { dateTimeRule: { type: 'YEAR_QUARTER' } }, ['Day - Year-Quarter', '2026 Q1', '2026 Q2']],
    [
      'weekdays',
      { dateTimeRule: { type: 'DAY_OF_WEEK' } },
      ['Day - Day of the week', 'Sunday', 'Monday', 'Wednesday', 'Thursday'],
    ],
    ['years', { dateTimeRule: { type: 'YEAR' } }, ['Day - Year', 2026]],
    ['buckets', { histogramRule: { interval: 3 } }, ['Grouped Units', '0 - 2', '3 - 5', '6 - 8', '9 - 11'], 2],
    ['buckets to an end', { histogramRule: { interval: 3, end: 9 } }, ['Grouped Units', '0 - 2', '3 - 5', '6 - 9'], 2],
    [
      'bounded buckets',
      { histogramRule: { interval: 3, start: 2, end: 7 } },
      ['Grouped Units', '< 2', '2 - 4', '5 - 7', '> 7'],
      2,
    ],
    [
      'groups by hand',
      {
        manualRule: {
          groups: [{ groupName: { stringValue: 'Coast' }, items: [{ stringValue: 'NY' }, { stringValue: 'WA' }] }],
        },
      },
      ['Grouped State', 'Coast', 'OR'],
      0,
    ],
  ])('rules: %s', (_, groupRule, expected, offset = 4) => {
    expect(column({ rows: [by(offset, { groupRule, showTotals: false })], values: [of(2)] }, 0)).toEqual(expected);
  });

  test.each<[string, PivotTable, string]>([
    ['calculated values', { values: [{ formula: '=Units*2', summarizeFunction: 'SUM' }] }, 'calculated values'],
    [
      'filters by date',
      { filterSpecs: [{ columnOffsetIndex: 4, filterCriteria: { condition: { type: 'DATE_AFTER' } } }] },
      'a filter by DATE_AFTER',
    ],
    ['unknown functions', { values: [of(2, 'NONE')] }, 'the function NONE'],
    ['columns outside', { rows: [by(5)] }, 'not in its source range'],
  ])('%s are a stated error', (_, pivot, message) => {
    expect(draw(pivot)).toEqual([[{ type: expect.any(String), message: expect.stringContaining(message) }]]);
  });

  test('blank and whole groups', () => {
    const rows: Value[][] = [
      ['a', 'b'],
      [null, 1],
      ['x', 2],
      [true, 3],
      [5, 4],
    ];
    const pivot = { rows: [by(0)], values: [of(1)] };
    expect(pivotValues(pivot, { rows, shown: () => '' }).map((row) => row[0])).toEqual([
      'a',
      null,
      5,
      'x',
      true,
      'Grand Total',
    ]);
  });
});

const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 6, startColumnIndex: 0, endColumnIndex: 5 };
const { sheetId: _, ...printedRange } = range;

async function put(spreadsheetId: string, pivotTable: Pivot | undefined) {
  const values = [{ ...(pivotTable && { pivotTable }) }];
  const updateCells = { start: { sheetId: 0, rowIndex: 0, columnIndex: 6 }, rows: [{ values }], fields: 'pivotTable' };
  await bench.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests: [{ updateCells }] } });
}

async function stored(spreadsheetId: string) {
  const fields = 'sheets.data.rowData.values.pivotTable';
  const { data } = await bench.sheets.spreadsheets.get({ spreadsheetId, ranges: ['G1'], fields });
  return data.sheets?.[0]?.data?.[0]?.rowData?.[0]?.values?.[0]?.pivotTable;
}

describe('how a pivot table is kept', () => {
  const rows = [{ sourceColumnOffset: 0, sortOrder: 'ASCENDING', showTotals: true }];
  const values = [{ sourceColumnOffset: 2, summarizeFunction: 'SUM' }];

  test('in its anchor cell, with both spellings of its filters', async () => {
    const id = await newSpreadsheet(bench);
    const filterCriteria = { visibleValues: ['Pen'] };
    const filterSpecs = [{ columnOffsetIndex: 1, filterCriteria }];
    const whole = { source: printedRange, rows, criteria: { 1: filterCriteria }, filterSpecs, values };
    await put(id, { source: range, rows, values, filterSpecs });
    expect(await stored(id)).toEqual(whole);
    await put(id, { source: range, rows, values, criteria: { 1: filterCriteria } });
    expect(await stored(id)).toMatchObject(whole);
    await put(id, { source: range, rows, values });
    expect(Object.keys((await stored(id)) ?? {}).sort()).toEqual(['rows', 'source', 'values']);
    await put(id, undefined);
    expect(await stored(id)).toBeUndefined();
  });

  test('until a value takes its place, or the cell is cleared', async () => {
    const id = await newSpreadsheet(bench);
    const values = bench.sheets.spreadsheets.values;
    await put(id, { source: range, rows });
    await values.clear({ spreadsheetId: id, range: 'G1' });
    expect(await stored(id)).toBeUndefined();
    await put(id, { source: range, rows });
    await values.update({ spreadsheetId: id, range: 'G1', valueInputOption: 'RAW', requestBody: { values: [['x']] } });
    expect(await stored(id)).toBeUndefined();
    await put(id, { source: range, rows });
    expect(
      (await values.get({ spreadsheetId: id, range: 'G1', valueRenderOption: 'FORMULA' })).data.values?.[0]?.[0],
    ).not.toBe('x');
  });

  test.each<[string, string, Pivot]>([
    ['no source', 'At least one source data must be specified', { rows }],
    ['an unknown grid', 'No grid with id: 9', { source: { sheetId: 9 } }],
    ['no order', 'No sort order specified.', { source: range, rows: [{ sourceColumnOffset: 0 }], values: [{}] }],
    [
      'no function',
      'No PivotValue.summarizeFunction specified.',
      { source: range, values: [{ sourceColumnOffset: 1 }] },
    ],
    [
      'an averaged formula',
      'Invalid summarizeFunction: AVERAGE. Only "CUSTOM" or "SUM" are valid if PivotValue.calculatedField is set.',
      { source: range, values: [{ formula: '=Units', summarizeFunction: 'AVERAGE' }] },
    ],
    [
      'CUSTOM of a column',
      '"CUSTOM" may not be used in PivotValue.summarizeFunction unless PivotValue.calculatedField is set.',
      { source: range, values: [{ sourceColumnOffset: 1, summarizeFunction: 'CUSTOM' }] },
    ],
    [
      'an interval of 0',
      'Histogram group rules require a positive value for interval.',
      { source: range, rows: [{ ...rows[0], groupRule: { histogramRule: { interval: 0 } } }] },
    ],
    [
      'bounds the wrong way round',
      'Start must be less than end.',
      { source: range, rows: [{ ...rows[0], groupRule: { histogramRule: { interval: 1, start: 7, end: 2 } } }] },
    ],
    [
      'a number as the name of a group',
      'Found a manual group name of type number. Manual group names must be strings.',
      {
        source: range,
        rows: [{ ...rows[0], groupRule: { manualRule: { groups: [{ groupName: { numberValue: 1 } }] } } }],
      },
    ],
    [
      'a condition of validation',
      "ConditionType 'ONE_OF_LIST' is not supported in filters.",
      {
        source: range,
        filterSpecs: [{ filterCriteria: { condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'x' }] } } }],
      },
    ],
    ['a data source', 'this backend has no data source pivot tables.', { dataSourceId: 'x' }],
  ])('refused: %s', async (_, message, pivot) => {
    const id = await newSpreadsheet(bench);
    await put(id, { source: range, rows });
    expect(await refusal(put(id, pivot))).toEqual({
      status: 400,
      message: `Invalid requests[0].updateCells: ${message}`,
    });
    expect(await stored(id)).toMatchObject({ rows });
  });

  test('a column and a formula in one value are refused by the parser', async () => {
    const id = await newSpreadsheet(bench);
    const both = { sourceColumnOffset: 1, formula: '=Units', summarizeFunction: 'SUM' };
    const path = 'requests[0].update_cells.rows[0].values[0].pivot_table.values[0]';
    expect((await refusal(put(id, { source: range, values: [both] }))).message).toBe(
      `Invalid value at '${path}' (oneof), oneof field 'value' is already set. Cannot set 'formula'`,
    );
  });
});
