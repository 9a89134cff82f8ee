// Inserting, deleting and moving rows and columns, through the front door.

import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  done,
  elsewhere,
  losesReply,
  namesInMemory,
  newBook,
  type Rows,
  refused,
  rowsOf,
  sheetsOf,
} from '../support/tool-calls.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const writeId = expect.any(String);
const LETTERS: Rows = [
  ['a', 'b', 'c'],
  ['d', 'e', 'f'],
  ['g', 'h', { formula: '=A1&B2' }],
];

async function open(rows: Rows = LETTERS) {
  const app = await testApp();
  const id = await newBook(app, { S: rows });
  return {
    app,
    id,
    call: (tool: string, input: object) => done(app, tool, { spreadsheet: id, sheet: 'S', ...input }),
    refuse: (tool: string, input: object) => refused(app, tool, { spreadsheet: id, sheet: 'S', ...input }),
    rows: (range?: string) => rowsOf(app, id, range, 'formula'),
    sheet: async () => (await sheetsOf(app, id)).get('S'),
  };
}

const rowsAt = (index: string | number, more: object = {}) => ({ dimension: 'rows', index, ...more });
const columnsAt = (index: string | number, more: object = {}) => ({ dimension: 'columns', index, ...more });

describe('insert_dimension', () => {
  test('puts empty rows or columns before the index, and formulas follow', async () => {
    const { call, rows } = await open();
    expect(await call('insert_dimension', rowsAt(2, { count: 2 }))).toEqual({
      status: 'applied',
      range: "'S'!2:3",
      writeId,
    });
    expect(await call('insert_dimension', columnsAt('b'))).toEqual({ status: 'applied', range: "'S'!B:B", writeId });
    expect(await rows()).toEqual([['a', '', 'b', 'c'], [], [], ['d', '', 'e', 'f'], ['g', '', 'h', '=A1&C4']]);
    expect(await call('insert_dimension', columnsAt(1))).toMatchObject({ range: "'S'!A:A" });
    expect(await call('insert_dimension', rowsAt('1'))).toMatchObject({ range: "'S'!1:1" });
    expect((await rows())[1]).toEqual(['', 'a', '', 'b', 'c']);
  });

  test('one past the last is the end, whatever the sheet holds', async () => {
    const { call, sheet } = await open();
    expect(await call('insert_dimension', rowsAt(1001, { count: 5 }))).toMatchObject({ range: "'S'!1001:1005" });
    expect(await call('insert_dimension', columnsAt('AA'))).toMatchObject({ range: "'S'!AA:AA" });
    expect(await sheet()).toMatchObject({ rows: 1005, columns: 27, usedRange: 'A1:C3' });
  });

  test('new rows look like those after them, or before them', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([['a'], ['b']]);
    const range = { sheetId: 7, endRowIndex: 1 };
    const cell = { userEnteredFormat: { textFormat: { bold: true } } };
    await elsewhere(world, id, { repeatCell: { range, cell, fields: 'userEnteredFormat' } });
    const insert = (more: object) =>
      done(app, 'insert_dimension', { spreadsheet: id, sheet: 'S', dimension: 'rows', index: 2, ...more });
    await insert({ inherit: 'before' });
    await insert({ index: 3 });
    const { body } = await world.direct(
      `/${id}?fields=sheets.data.rowData.values.userEnteredFormat.textFormat&ranges=A1:A4`,
    );
    const bold = body.sheets[0].data[0].rowData.map(
      ({ values = [] }: { values?: object[] }) => Object.keys(values[0] ?? {}).length > 0,
    );
    expect(bold).toEqual([true, true, false, false]);
  });

  test.each<[string, object, string]>([
    ['a row beyond the end', rowsAt(1002), 'index: S ends at row 1000. The most here is row 1001.'],
    ['a column beyond the end', columnsAt('AB'), 'index: S ends at column Z. The most here is column AA.'],
    ['row 0', rowsAt('0'), 'index: "0" is no row number.'],
    ['a letter for a row', rowsAt('B'), 'index: "B" is no row number.'],
    ['a column that is none', columnsAt('B2'), 'index: "B2" is no column.'],
    [
      'what comes before the first',
      rowsAt(1, { inherit: 'before' }),
      'inherit: nothing comes before row 1. Use after.',
    ],
    [
      'what comes after the last',
      columnsAt(27, { inherit: 'after' }),
      'inherit: nothing comes after column Z. Use before.',
    ],
    ['more cells than Sheets has room for', rowsAt(2, { count: 500_000 }), 'above the limit of 10000000 cells'],
    ['no rows at all', rowsAt(2, { count: 0 }), 'count: '],
  ])('refuses %s', async (_, input, words) => {
    const { refuse, sheet } = await open();
    expect(await refuse('insert_dimension', input)).toMatch(/^invalid_argument/);
    expect(await refuse('insert_dimension', input)).toContain(words);
    expect(await sheet()).toMatchObject({ rows: 1000, columns: 26 });
  });
});

describe('delete_dimension', () => {
  test('a dry run counts the filled cells in them and changes nothing', async () => {
    const { call, rows } = await open();
    expect(await call('delete_dimension', { ...rowsAt(2, { count: 2 }), dryRun: true })).toEqual({
      status: 'dry_run',
      range: "'S'!2:3",
      cells: 6,
    });
    expect(await call('delete_dimension', { ...columnsAt('D'), dryRun: true })).toEqual({
      status: 'dry_run',
      range: "'S'!D:D",
      cells: 0,
    });
    expect(await rows()).toHaveLength(3);
  });

  test('deletes them, and says that this is not undone', async () => {
    const { app, call, rows, sheet } = await open();
    const { writeId: id, ...answer } = await call('delete_dimension', rowsAt(1));
    expect(answer).toEqual({ status: 'applied', range: "'S'!1:1" });
    expect(await call('delete_dimension', columnsAt('A', { count: 2 }))).toMatchObject({ range: "'S'!A:B" });
    expect(await rows()).toEqual([['f'], ['=#REF!&#REF!']]);
    expect(await sheet()).toMatchObject({ rows: 999, columns: 24 });
    expect(await refused(app, 'undo_write', { writeId: id })).toContain('was not kept');
  });

  test.each<[string, object, string]>([
    ['rows beyond the end', rowsAt(999, { count: 3 }), 'index and count: S ends at row 1000.'],
    ['all rows', rowsAt(1, { count: 1000 }), 'These are all rows of S: a sheet keeps at least one.'],
    [
      'all rows that are not frozen',
      rowsAt(2, { count: 999 }),
      'These are all rows of S that are not frozen. Unfreeze',
    ],
  ])('refuses %s, in a dry run too', async (_, input, words) => {
    const { call, refuse, rows } = await open();
    await call('update_sheet', { frozenRows: 1 });
    for (const dryRun of [true, false]) expect(await refuse('delete_dimension', { ...input, dryRun })).toContain(words);
    expect(await rows()).toHaveLength(3);
  });

  test('the rows of a sheet that was renamed meanwhile are not deleted under its old name', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([['a'], ['b']]);
    await namesInMemory(app, id);
    await elsewhere(world, id, {
      updateSheetProperties: { properties: { sheetId: 7, title: 'New' }, fields: 'title' },
    });
    const input = { spreadsheet: id, sheet: 'S', ...rowsAt(1) };
    expect(await refused(app, 'delete_dimension', input)).toContain('There is no sheet "S". Sheets: New.');
    await elsewhere(world, id, { addSheet: { properties: { sheetId: 8, title: 'S' } } });
    await done(app, 'delete_dimension', input);
    expect([await world.rows(id, 'New'), (await sheetsOf(app, id)).get('S')?.rows]).toEqual([[['a'], ['b']], 999]);
  });

  test('is made once though the reply was lost', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([['a'], ['b'], ['c'], ['d']]);
    losesReply(world);
    const input = { spreadsheet: id, sheet: 'S', ...rowsAt(2) };
    expect(await world.until(app.run('delete_dimension', input))).toEqual({
      status: 'applied',
      range: "'S'!2:2",
      writeId,
    });
    expect(await world.rows(id)).toEqual([['a'], ['c'], ['d']]);
  });
});

describe('move_dimension', () => {
  test.each([
    [1, 1, 3, 'B A C D', "'S'!2:2"],
    [1, 1, 5, 'B C D A', "'S'!4:4"],
    [3, 2, 1, 'C D A B', "'S'!1:2"],
    [2, 2, 5, 'A D B C', "'S'!3:4"],
  ])('row %i (%i of them) before row %i', async (index, count, to, order, range) => {
    const { call, rows } = await open([['A'], ['B'], ['C'], ['D']]);
    expect(await call('move_dimension', rowsAt(index, { count, to }))).toEqual({ status: 'applied', range, writeId });
    expect((await rows()).join(' ')).toBe(order);
  });

  test('columns by letter, to the end of the sheet too; formulas follow', async () => {
    const { call, rows } = await open();
    await call('move_dimension', columnsAt('A', { to: 'C' }));
    expect(await rows()).toEqual([
      ['b', 'a', 'c'],
      ['e', 'd', 'f'],
      ['h', 'g', '=B1&A2'],
    ]);
    expect(await call('move_dimension', columnsAt('A', { to: 'AA' }))).toMatchObject({ range: "'S'!Z:Z" });
    expect((await rows())[0]).toHaveLength(26);
  });

  test('to where they are is no change, and sends none', async () => {
    const { app, call } = await open();
    for (const to of [2, 4]) {
      expect(await call('move_dimension', rowsAt(2, { count: 2, to }))).toEqual({
        status: 'unchanged',
        range: "'S'!2:3",
        writeId,
      });
    }
    expect(app.lines.join('')).not.toContain('"method":"spreadsheets.batchUpdate"');
  });

  test.each<[string, object, string]>([
    ['into themselves', rowsAt(2, { count: 3, to: 4 }), 'to: row 4 is one of those that move.'],
    ['beyond the end', rowsAt(2, { to: 1002 }), 'to: S ends at row 1000. The most here is row 1001.'],
    ['what is not there', columnsAt('Z', { count: 2, to: 'A' }), 'index and count: S ends at column Z.'],
    ['to what is no row', rowsAt(2, { to: 'C' }), 'to: "C" is no row number.'],
    ['without saying where', rowsAt(2), 'to: expected a row number, or the letter or number of a column'],
  ])('refuses to move %s', async (_, input, words) => {
    const { refuse, rows } = await open();
    expect(await refuse('move_dimension', input)).toContain(words);
    expect(await rows()).toHaveLength(3);
  });
});

test('a sheet that holds a chart has no rows', async () => {
  const world = await createWorld();
  const app = await startApp(world);
  const id = await world.book();
  await elsewhere(world, id, {
    addChart: {
      chart: {
        spec: {
          basicChart: {
            chartType: 'COLUMN',
            series: [
              {
                series: {
                  sourceRange: {
                    sources: [{ sheetId: 7, endRowIndex: 2, endColumnIndex: 1, startRowIndex: 0, startColumnIndex: 0 }],
                  },
                },
              },
            ],
          },
        },
        position: { newSheet: true },
      },
    },
  });
  const title = [...(await sheetsOf(app, id)).values()].find(({ type }) => type === 'OBJECT')?.title;
  const input = { spreadsheet: id, sheet: title, ...rowsAt(1) };
  expect(await refused(app, 'insert_dimension', input)).toContain('is no sheet of cells.');
});
