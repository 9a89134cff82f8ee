// Pivot tables through the front door: drawn, read back with their figures, replaced, refused where something stands.

import { describe, expect, test } from 'vitest';
import { objectBench } from '../support/objects.ts';

const SALES = [
  ['day', 'region', 'product', 'amount'],
  [46025, 'north', 'A', 100],
  [46032, 'south', 'B', 250],
  [46055, 'north', 'B', 175],
  [46067, 'west', 'A', 90],
];
const BY_REGION = { anchor: 'S!F1', source: 'S!A1:D5', rows: ['region'], values: [{ column: 'amount' }] };

async function bench() {
  const made = await objectBench(SALES);
  const shown = async (range = 'S!F1:K20') =>
    (await made.app.rest('read_range', { spreadsheet: made.id, ranges: [range], fresh: true })).body.ranges[0].rows ??
    [];
  return { ...made, shown };
}

test('groups and sums up by header, is described, and replaced at its anchor', async () => {
  const { call, shown, described } = await bench();
  expect(await call('set_pivot_table', BY_REGION)).toEqual({ status: 'applied', anchor: "'S'!F1" });
  expect(await shown()).toEqual([
    ['region', 'SUM of amount'],
    ['north', '275'],
    ['south', '250'],
    ['west', '90'],
    ['Grand Total', '615'],
  ]);
  expect((await described()).pivotTables).toEqual(['F1: of S!A1:D5, rows B, sum of D']);
  const other = {
    ...BY_REGION,
    rows: [{ column: 'product', order: 'desc', totals: false }],
    columns: ['B'],
    values: [{ column: 'amount', summarize: 'count', name: 'Sales' }],
    filter: { region: ['north', 'west'] },
  };
  expect(await call('set_pivot_table', other)).toEqual({ status: 'applied', anchor: "'S'!F1", replaced: true });
  expect(await shown()).toEqual([
    ['Sales', 'region'],
    ['product', 'north', 'west', 'Grand Total'],
    ['B', '1', '', '1'],
    ['A', '1', '1', '2'],
  ]);
  expect((await described()).pivotTables).toEqual(['F1: of S!A1:D5, rows C, columns B, count of D']);
});

test('orders by a value, limits, groups dates, and shows parts of a total', async () => {
  const { call, shown, raw } = await bench();
  const rows = [{ column: 'day', date: 'year_month' }];
  await call('set_pivot_table', {
    ...BY_REGION,
    rows,
    values: [{ column: 'D', summarize: 'average', percentOf: 'total' }],
  });
  expect((await shown())[1]?.[0]).toBe('2026-Jan');
  await call('set_pivot_table', { ...BY_REGION, rows: [{ column: 'region', order: 'desc', byValue: 1, limit: 2 }] });
  expect((await shown()).slice(1, 3)).toEqual([
    ['north', '275'],
    ['south', '250'],
  ]);
  const { sheets } = await raw('sheets.data.rowData.values.pivotTable');
  const cells = sheets[0].data[0].rowData[0].values;
  expect(cells[5].pivotTable.rows).toEqual([
    {
      sourceColumnOffset: 1,
      showTotals: true,
      sortOrder: 'DESCENDING',
      valueBucket: { valuesIndex: 0 },
      groupLimit: { countLimit: 2 },
    },
  ]);
});

test('takes a table for its source', async () => {
  const { call, shown } = await bench();
  await call('set_table', { range: 'S!A1:D5', name: 'Deals' });
  await call('set_pivot_table', { ...BY_REGION, source: 'Deals' });
  expect(await shown('S!F4:G5')).toEqual([
    ['west', '90'],
    ['Grand Total', '615'],
  ]);
});

test('that has no room overwrites nothing, and the answer says what it shows', async () => {
  const { call, shown, world, id } = await bench();
  await call('write_range', { writes: [{ range: 'S!F3', values: [['mine']] }] });
  const answer = await call('set_pivot_table', BY_REGION);
  expect(answer).toMatchObject({ status: 'applied', anchor: "'S'!F1" });
  expect(answer.warnings).toEqual([expect.stringMatching(/^It shows #REF!: .*overwrite data in F3/)]);
  expect(await world.rows(id, 'S!F3')).toEqual([['mine']]);
  await call('clear_range', { ranges: ['S!F3'] });
  expect((await shown())[2]).toEqual(['south', '250']);
});

test('of an open range says that blank rows are a group', async () => {
  const { call } = await bench();
  const answer = await call('set_pivot_table', { ...BY_REGION, source: 'S!A:D' });
  expect(answer.warnings).toEqual([expect.stringMatching(/open .* blank/)]);
});

describe('refused, and nothing is written:', () => {
  test.each<[string, object, string, RegExp]>([
    ['a cell that holds a value', { anchor: 'S!F2' }, 'conflict', /'S'!F2 holds "taken": nothing was changed/],
    ['a cell that holds a formula', { anchor: 'S!F3' }, 'conflict', /holds the formula "=SEQUENCE\(2\)"/],
    ['a cell that a formula fills', { anchor: 'S!F4' }, 'conflict', /'S'!F4 shows "2", of a formula or a pivot table/],
    ['a cell of the source', { anchor: 'S!B9', source: 'S!A1:D20' }, 'invalid_argument', /is a cell of the source/],
    ['several cells', { anchor: 'S!F1:G2' }, 'invalid_argument', /anchor: .* is not one cell/],
    ['a cell beyond the sheet', { anchor: 'S!F5000' }, 'invalid_argument', /1000 rows/],
    ['an unknown sheet', { anchor: 'Sx!F1' }, 'not_found', /There is no sheet "Sx"/],
    ['an unknown column', { rows: ['area'] }, 'invalid_argument', /rows\[0\]: "area" is no column/],
    ['an unknown column to filter', { filter: { area: ['x'] } }, 'invalid_argument', /filter: "area" is no column/],
    ['nothing to show', { rows: [], values: [] }, 'invalid_argument', /neither rows, columns nor values/],
    ['headers alone', { source: 'S!A1:D1' }, 'invalid_argument', /one row is no data/],
    [
      'a value that is not there',
      { rows: [{ column: 'B', byValue: 2 }] },
      'invalid_argument',
      /there is no value 2: 1/,
    ],
    ['an unknown summary', { values: [{ column: 'D', summarize: 'total' }] }, 'invalid_argument', /"sum"\|"count"/],
    [
      'an unknown key',
      { rows: [{ column: 'B', sort: 'asc' }] },
      'invalid_argument',
      /in rows\[0\], which takes column, order, byValue/,
    ],
  ])('%s', async (_, input, code, says) => {
    const { call, world, raw } = await bench();
    await call('write_range', {
      writes: [{ range: 'S!F2', values: [['taken'], [{ formula: '=SEQUENCE(2)' }]] }],
    });
    const before = world.writes().length;
    const refused = await call('set_pivot_table', { ...BY_REGION, ...input });
    expect([refused.code, refused.detail]).toEqual([code, expect.stringMatching(says)]);
    expect(world.writes()).toHaveLength(before);
    expect(JSON.stringify(await raw('sheets.data.rowData.values.pivotTable'))).not.toContain('source');
  });
});
