// Deleting objects through the front door: gone for the API, cells as they were; what is not there is told with what is.

import { describe, expect, test } from 'vitest';
import { objectBench } from '../support/objects.ts';

const TASKS = [
  ['what', 'due', 'state', 'cost'],
  ['rent', 46025, 'open', 900],
  ['food', 46032, 'done', 14],
];
const CELLS = 'sheets.data(rowData.values(userEnteredValue,userEnteredFormat,note,dataValidation,textFormatRuns))';

test('a chart goes, and the sheet that was its own with it', async () => {
  const { call, described, raw } = await objectBench(TASKS);
  const { chartId } = await call('set_chart', { type: 'pie', data: 'S!A1:D3', series: ['cost'], title: 'Costs' });
  const own = await call('set_chart', { type: 'line', data: 'S!A1:B3', position: 'new sheet' });
  expect(await call('delete_object', { kind: 'chart', id: chartId })).toEqual({
    status: 'applied',
    deleted: `chart ${chartId}: pie "Costs" at E1 on S`,
  });
  expect(await described()).not.toHaveProperty('charts');
  expect(await call('delete_object', { kind: 'chart', id: String(own.chartId) })).toMatchObject({
    deleted: `chart ${own.chartId}: line on Chart1`,
  });
  expect((await raw('sheets.properties.title')).sheets).toEqual([{ properties: { title: 'S' } }]);
});

describe('a table goes', () => {
  test('and its cells keep values, formulas, formats, notes, validation and runs', async () => {
    const { call, update, raw, described } = await objectBench(TASKS);
    const bold = { textFormat: { bold: true } };
    const cell = {
      userEnteredValue: { stringValue: 'rich' },
      userEnteredFormat: bold,
      note: 'a note',
      dataValidation: { condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'rich' }] } },
      textFormatRuns: [{ startIndex: 2, format: { italic: true } }],
    };
    const formula = { userEnteredValue: { formulaValue: '=D2*2' } };
    const start = { sheetId: 7, rowIndex: 1, columnIndex: 0 };
    await update({ updateCells: { start, fields: '*', rows: [{ values: [cell] }] } });
    await update({
      updateCells: { start: { ...start, columnIndex: 4 }, fields: 'userEnteredValue', rows: [{ values: [formula] }] },
    });
    const { tableId } = await call('set_table', { range: 'S!A1:E4', name: 'Tasks', columns: { due: 'date' } });
    const before = await raw(CELLS);
    expect(await call('delete_object', { kind: 'table', id: 'tasks' })).toEqual({
      status: 'applied',
      deleted: `table Tasks (id ${tableId}); the cells 'S'!A1:E4 keep values, formats, notes and validation`,
    });
    expect(await described()).not.toHaveProperty('tables');
    expect(await raw(CELLS)).toEqual(before);
  });

  test('in one call, so that nobody sees its cells empty', async () => {
    const { call, world } = await objectBench(TASKS);
    const { tableId } = await call('set_table', { range: 'S!A1:D3', name: 'Tasks' });
    await call('delete_object', { kind: 'table', id: tableId });
    expect(world.writes().at(-1)?.kinds).toEqual(['createDeveloperMetadata', 'deleteTable', 'updateCells']);
  });

  test('unless it has more cells than one call can give back', async () => {
    const { call, update, described } = await objectBench();
    await update({ appendDimension: { sheetId: 7, dimension: 'ROWS', length: 4_000 } });
    const { tableId } = await call('set_table', { range: 'S!A1:Z4500', name: 'Big' });
    expect(await call('delete_object', { kind: 'table', id: tableId })).toMatchObject({
      code: 'too_large',
      detail: expect.stringContaining('over 100000 cells or 2 MB'),
    });
    expect((await described()).tables).toHaveLength(1);
  });
});

test('a named range goes by its name, and is forgotten', async () => {
  const { call, names } = await objectBench(TASKS);
  await call('set_named_range', { name: 'costs', range: 'S!D2:D3' });
  await call('read_range', { ranges: ['costs'] });
  expect(await call('delete_object', { kind: 'named_range', id: 'Costs' })).toEqual({
    status: 'applied',
    deleted: "named range costs: 'S'!D2:D3",
  });
  expect(await call('read_range', { ranges: ['costs'] })).toMatchObject({ code: 'not_found' });
  expect(await names()).toEqual([]);
});

test('a protection and a filter view go by id', async () => {
  const { call, update, described } = await objectBench(TASKS);
  const { protectedRangeId } = await call('set_protection', { range: 'S!A1:D1', warningOnly: true });
  await update({ addFilterView: { filter: { filterViewId: 5, title: 'Open', range: { sheetId: 7 } } } });
  expect(await call('delete_object', { kind: 'protection', id: protectedRangeId })).toMatchObject({
    deleted: `protection ${protectedRangeId}: A1:D1, warning only on S`,
  });
  expect(await call('delete_object', { kind: 'filter_view', id: 5 })).toMatchObject({
    deleted: 'filter view 5: Open on S',
  });
  const told = await described();
  expect([told.protectedRanges, told.filterViews]).toEqual([undefined, undefined]);
});

test('a conditional format goes by its sheet and index', async () => {
  const { call, update, raw } = await objectBench(TASKS);
  const rule = (row: number) => ({
    ranges: [{ sheetId: 7, startRowIndex: row, endRowIndex: row + 1, startColumnIndex: 0, endColumnIndex: 4 }],
    booleanRule: { condition: { type: 'NOT_BLANK' }, format: { textFormat: { bold: true } } },
  });
  await update(...[0, 1, 2].map((row) => ({ addConditionalFormatRule: { rule: rule(row), index: row } })));
  expect(await call('delete_object', { kind: 'conditional_format', id: 'S#1' })).toEqual({
    status: 'applied',
    deleted: 'conditional format S#1: A2:D2; the rules behind it move up by one',
  });
  const rules = (await raw('sheets.conditionalFormats.ranges')).sheets[0].conditionalFormats;
  expect(rules.map((one: { ranges: { startRowIndex: number }[] }) => one.ranges[0]?.startRowIndex)).toEqual([0, 2]);
  expect(await call('delete_object', { kind: 'conditional_format', id: 'S#2' })).toMatchObject({
    code: 'not_found',
    hint: expect.stringMatching(/There are: S#0: A1:D1, S#1: A3:D3\./),
  });
  expect(await call('delete_object', { kind: 'conditional_format', id: 'S' })).toMatchObject({
    code: 'invalid_argument',
    hint: expect.stringContaining('Sheet#0'),
  });
});

test('a pivot table goes by its anchor', async () => {
  const { call, world, id, described } = await objectBench(TASKS);
  const pivot = { source: 'S!A1:D3', rows: ['state'], values: [{ column: 'cost' }] };
  await call('set_pivot_table', { ...pivot, anchor: 'S!F1' });
  await call('set_pivot_table', { ...pivot, anchor: 'S!I40' });
  expect(await call('delete_object', { kind: 'pivot_table', id: 'S!G2' })).toMatchObject({
    code: 'not_found',
    detail: 'There is no pivot table "\'S\'!G2".',
    hint: expect.stringMatching(/There are: S!F1: of S!A1:D3, rows C, sum of D\./),
  });
  expect(await call('delete_object', { kind: 'pivot_table', id: 'S!F1' })).toEqual({
    status: 'applied',
    deleted: 'pivot table F1: of S!A1:D3, rows C, sum of D on S',
  });
  expect(await described()).not.toHaveProperty('pivotTables');
  expect(await world.rows(id)).toHaveLength(43);
  expect(await call('delete_object', { kind: 'pivot_table', id: 'S!I40' })).toMatchObject({ status: 'applied' });
  expect(await world.rows(id)).toEqual(TASKS);
});

describe('what is not there is told with what is:', () => {
  test.each([
    ['chart', 'sales', 'There is no chart "sales".'],
    ['table', 'Taskz', 'There is no table "Taskz".'],
    ['named_range', 'rates', 'There is no named range "rates".'],
    ['protection', 3, 'There is no protection "3".'],
    ['filter_view', 3, 'There is no filter view "3".'],
    ['conditional_format', 'S#0', 'There is no conditional format "S#0".'],
    ['pivot_table', 'S!A1', 'There is no pivot table "\'S\'!A1".'],
  ])('%s', async (kind, id, detail) => {
    const { call, world } = await objectBench(TASKS);
    expect(await call('delete_object', { kind, id })).toMatchObject({
      code: 'not_found',
      detail,
      hint: 'There is none at all.',
    });
    await call('set_table', { range: 'S!A1:D3', name: 'Tasks' });
    await call('set_named_range', { name: 'costs', range: 'S!D2:D3' });
    const hints: Record<string, string> = {
      table: 'Did you mean "Tasks"? There are: Tasks',
      named_range: 'There are: costs.',
    };
    const { hint } = await call('delete_object', { kind, id });
    expect(hint).toContain(hints[kind] ?? 'There is none at all.');
    expect(world.writes()).toHaveLength(2);
  });

  test('a kind that is none', async () => {
    const { call } = await objectBench(TASKS);
    expect(await call('delete_object', { kind: 'slicer', id: 1 })).toMatchObject({
      code: 'invalid_argument',
      detail: expect.stringContaining('"chart"|"table"|"named_range"'),
    });
  });
});

test('what somebody else has deleted meanwhile is not there', async () => {
  const { call, update } = await objectBench(TASKS);
  const { chartId } = await call('set_chart', { type: 'line', data: 'S!A1:B3' });
  await update({ deleteEmbeddedObject: { objectId: chartId } });
  expect(await call('delete_object', { kind: 'chart', id: chartId })).toMatchObject({ code: 'not_found' });
});
