// Tables through the front door: made of ranges, typed, changed by id and by name, refused in words.

import { describe, expect, test } from 'vitest';
import { objectBench } from '../support/objects.ts';

const TASKS = [
  ['what', 'due', 'state', 'cost'],
  ['rent', 46025, 'open', 900],
  ['food', 46032, 'done', 14],
];
const TABLE = { range: 'S!A1:D3', name: 'Tasks' };
const tablesOf = ({ sheets }: { sheets: { tables?: object[] }[] }) => sheets.flatMap(({ tables = [] }) => tables);

describe('a new table', () => {
  test('keeps its cells, is described with its columns and can be read by name', async () => {
    const { call, described, app, id, world } = await objectBench(TASKS);
    const answer = await call('set_table', TABLE);
    expect(answer).toEqual({
      status: 'applied',
      tableId: expect.stringMatching(/^\d+$/),
      name: 'Tasks',
      range: "'S'!A1:D3",
    });
    expect(await world.rows(id)).toEqual(TASKS);
    expect((await described()).tables).toEqual([`Tasks: A1:D3, id ${answer.tableId} (what, due, state, cost)`]);
    const read = await app.rest('read_range', { spreadsheet: id, ranges: ['Tasks[cost]'], render: 'unformatted' });
    expect(read.body.ranges[0].rows).toEqual([[900], [14]]);
  });

  test('has columns with types and dropdowns, told by header or letter', async () => {
    const { call, described, raw, world, id } = await objectBench(TASKS);
    const columns = { due: 'date', state: ['open', 'done'], D: 'currency' };
    const { tableId } = await call('set_table', { ...TABLE, columns });
    const told = `Tasks: A1:D3, id ${tableId} (what, due date, state dropdown: open | done, cost currency)`;
    expect((await described()).tables).toEqual([told]);
    expect(await world.rows(id)).toEqual(TASKS);
    const [table] = tablesOf(await raw('sheets.tables'));
    expect(table).toMatchObject({
      columnProperties: [
        { columnName: 'what' },
        { columnIndex: 1, columnName: 'due', columnType: 'DATE' },
        {
          columnIndex: 2,
          columnName: 'state',
          columnType: 'DROPDOWN',
          dataValidationRule: { condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'open' }, {}] } },
        },
        { columnIndex: 3, columnName: 'cost', columnType: 'CURRENCY' },
      ],
    });
  });

  test('anywhere on the sheet keeps its headers', async () => {
    const { call, described, world, id } = await objectBench([
      ['', '', 'a', 'b'],
      ['', '', 1, 2],
      ['', '', 3, 4],
    ]);
    await call('set_table', { range: 'S!C1:D3', name: 'T', columns: { b: 'percent', a: 'checkbox' } });
    expect((await described()).tables[0]).toMatch(/^T: C1:D3, id \d+ \(a checkbox, b percent\)$/);
    expect((await world.rows(id, 'S!C1:D1'))[0]).toEqual(['a', 'b']);
  });
});

describe('a table that is there', () => {
  async function made() {
    const bench = await objectBench(TASKS);
    const { tableId } = await bench.call('set_table', { ...TABLE, columns: { due: 'date', cost: 'currency' } });
    return { ...bench, tableId, told: async () => (await bench.described()).tables[0].replace(tableId, 'ID') };
  }

  test('gets another name, by id or by name, and keeps its columns', async () => {
    const { call, told, tableId } = await made();
    expect(await call('set_table', { tableId, name: 'Jobs' })).toEqual({
      status: 'applied',
      tableId,
      name: 'Jobs',
      range: "'S'!A1:D3",
    });
    expect(await told()).toBe('Jobs: A1:D3, id ID (what, due date, state, cost currency)');
    expect(await call('set_table', { tableId: 'jobs', name: 'jobs' })).toMatchObject({ tableId, name: 'jobs' });
  });

  test('gets other types, and loses one; those that are not named stay', async () => {
    const { call, told, tableId, world, id } = await made();
    await call('set_table', { tableId, columns: { state: ['open', 'late'], due: 'none' } });
    expect(await told()).toBe('Tasks: A1:D3, id ID (what, due, state dropdown: open | late, cost currency)');
    expect(await world.rows(id, 'S!A1:D1')).toEqual([TASKS[0]]);
  });

  test('gets other cells: types stay with their columns', async () => {
    const { call, told, tableId } = await made();
    await call('set_table', { tableId, range: 'S!A1:E9' });
    expect(await told()).toBe('Tasks: A1:E9, id ID (what, due date, state, cost currency, Column 5)');
    await call('set_table', { tableId, range: 'S!B1:D9', columns: { state: 'text' } });
    expect(await told()).toBe('Tasks: B1:D9, id ID (due date, state text, cost currency)');
  });

  test('that somebody else has renamed or deleted meanwhile is told as it is now', async () => {
    const { call, update, tableId } = await made();
    await update({ updateTable: { table: { tableId, name: 'Theirs' }, fields: 'name' } });
    expect(await call('set_table', { tableId: 'Tasks', name: 'x' })).toMatchObject({
      code: 'not_found',
      hint: `There are: Theirs (id ${tableId}).`,
    });
    expect(await call('set_table', { tableId: 'Thiers', name: 'x' })).toMatchObject({
      hint: expect.stringContaining('Did you mean "Theirs"?'),
    });
    await update({ deleteTable: { tableId } });
    expect(await call('set_table', { tableId, name: 'x' })).toMatchObject({
      code: 'not_found',
      hint: 'There is none at all.',
    });
  });
});

test.each<[string, object, RegExp, RegExp]>([
  ['a name alone', { name: 'T' }, /a new table needs range and name/, /tableId/],
  ['nothing to change', { tableId: 'Old' }, /Nothing is given/, /name, range or columns/],
  ['an open range', { range: 'S!A:D', name: 'T' }, /"S!A:D" is open/, /used range/],
  ['a whole sheet', { range: 'S', name: 'T' }, /"S" is open/, /Sheet!A1:D20/],
  ['cells of another table', { range: 'S!D1:G2', name: 'T' }, /cells of the table "Old", 'S'!F1:G2/, /tableId old/],
  ['a name that is taken', { range: 'S!A1:D3', name: 'OLD' }, /There is a table "Old" already/, /tableId old/],
  ['a blank name', { range: 'S!A1:D3', name: ' ' }, /blanks/, /./],
  ['an unknown column', { ...TABLE, columns: { stat: 'text' } }, /columns: "stat" is no column/, /what, due, state/],
  ['one column twice', { ...TABLE, columns: { due: 'date', B: 'text' } }, /column B is named twice/, /./],
  ['an unknown type', { ...TABLE, columns: { due: 'day' } }, /columns\.due: expected one of text, number/, /./],
  ['another sheet', { tableId: 'Old', range: 'Other!A1:B2' }, /stays on its sheet: Old is on S/, /./],
  ['beyond the sheet', { range: 'S!A1:B5000', name: 'T' }, /1000 rows and 26 columns/, /./],
])('%s: refused, and nothing is done', async (_, input, says, hint) => {
  const { call, update, world, raw } = await objectBench(TASKS);
  const range = { sheetId: 7, startRowIndex: 0, endRowIndex: 2, startColumnIndex: 5, endColumnIndex: 7 };
  await update(
    { addTable: { table: { tableId: 'old', name: 'Old', range } } },
    { addSheet: { properties: { title: 'Other' } } },
  );
  const refused = await call('set_table', input);
  expect([refused.detail, refused.hint]).toEqual([expect.stringMatching(says), expect.stringMatching(hint)]);
  expect([world.writes().length, tablesOf(await raw('sheets.tables(name)'))]).toEqual([0, [{ name: 'Old' }]]);
});
