// Sorting rows and undoing it, through the front door.

import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import {
  done,
  elsewhere,
  losesReply,
  namesInMemory,
  newBook,
  type Rows,
  refused,
  rowsOf,
} from '../support/tool-calls.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const writeId = expect.any(String);
const TABLE: Rows = [
  ['name', 'day', 'cost'],
  ['cab', '2026-03-01', 5],
  ['Abe', '2026-01-01', 7],
  ['bee', '', 5],
  ['', '2026-02-01', 9],
];

async function open(rows: Rows = TABLE) {
  const app = await testApp();
  const id = await newBook(app, { S: rows });
  return {
    app,
    id,
    sort: (by: unknown, more: object = {}) => done(app, 'sort_range', { spreadsheet: id, range: 'S', by, ...more }),
    refuse: (by: unknown, more: object = {}) =>
      refused(app, 'sort_range', { spreadsheet: id, range: 'S', by, ...more }),
    names: async () => (await rowsOf(app, id)).map(([name]) => name),
    rows: (range?: string) => rowsOf(app, id, range, 'formula'),
  };
}

describe('sort_range', () => {
  test.each<[string, unknown, unknown[]]>([
    ['by a name', [{ column: 'name' }], ['name', 'Abe', 'bee', 'cab']],
    ['the other way, blanks still last', [{ column: 'name', order: 'descending' }], ['name', 'cab', 'bee', 'Abe']],
    ['by a letter', [{ column: 'C', order: 'descending' }], ['name', '', 'Abe', 'cab', 'bee']],
    ['by several columns', [{ column: 'cost' }, { column: 'name' }], ['name', 'bee', 'cab', 'Abe']],
    ['by dates', [{ column: 'day' }], ['name', 'Abe', '', 'cab', 'bee']],
    ['given as JSON text', '[{"column":"name"}]', ['name', 'Abe', 'bee', 'cab']],
  ])('%s', async (_, by, order) => {
    const { sort, names } = await open();
    expect(await sort(by)).toEqual({ status: 'applied', range: "'S'!A2:Z1000", writeId });
    expect((await names()).slice(0, order.length)).toEqual(order);
  });

  test('the header that stays is that of the sheet, where the range holds it', async () => {
    const { sort, rows } = await open([['Report'], [], ['x', 'n', 'm'], ['b', 2], ['a', 3], ['c', 1]]);
    expect(await sort([{ column: 'n' }])).toMatchObject({ range: "'S'!A4:Z1000" });
    expect(await rows()).toEqual([['Report'], [], ['x', 'n', 'm'], ['c', 1], ['b', 2], ['a', 3]]);
    // Below it, all rows are data, and its names still hold.
    expect(await sort([{ column: 'x' }], { range: 'S!A4:B5' })).toMatchObject({ range: "'S'!A4:B5" });
    expect(await rows('S!A4:B6')).toEqual([
      ['b', 2],
      ['c', 1],
      ['a', 3],
    ]);
  });

  test('header true keeps the first row of the range; false sorts all', async () => {
    const { sort, rows } = await open([
      ['b', 1],
      ['a', 2],
      ['c', 0],
      ['A', 'n'],
      ['y', 4],
      ['x', 5],
    ]);
    expect(await sort([{ column: 'n', order: 'descending' }], { range: 'S!A4:B6', header: true })).toMatchObject({
      range: "'S'!A5:B6",
    });
    expect(await rows('S!A4:B6')).toEqual([
      ['A', 'n'],
      ['x', 5],
      ['y', 4],
    ]);
    await sort([{ column: 'A' }], { range: 'S!A1:B3' });
    expect(await rows('S!A1:B3')).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 0],
    ]);
    const texts = await open([
      ['c', 'x'],
      ['b', 'y'],
      ['a', 'z'],
    ]);
    await texts.sort([{ column: 'A' }], { header: false });
    expect(await texts.names()).toEqual(['a', 'b', 'c']);
  });

  test('a name wins over a letter that is spelled alike', async () => {
    const { sort, rows } = await open([
      ['B', 'A'],
      ['x', 2],
      ['y', 1],
    ]);
    await sort([{ column: 'A' }]);
    expect(await rows()).toEqual([
      ['B', 'A'],
      ['y', 1],
      ['x', 2],
    ]);
  });

  test('columns beside the range stay', async () => {
    const { sort, rows } = await open([
      ['n', 'm'],
      [2, 'two'],
      [1, 'one'],
    ]);
    await sort([{ column: 'n' }], { range: 'S!A:A' });
    expect(await rows()).toEqual([
      ['n', 'm'],
      [1, 'two'],
      [2, 'one'],
    ]);
  });

  test.each<[string, unknown, object, string]>([
    [
      'an unknown column',
      [{ column: 'price' }],
      {},
      'by[0].column: "price" is no column of the range, which has A to Z. Columns: name, day, cost.',
    ],
    [
      'a column outside',
      [{ column: 'cost' }],
      { range: 'S!A1:B5' },
      'by[0].column: "cost" is no column of the range, which has A to B. Columns: name, day.',
    ],
    [
      'names where no row is a header',
      [{ column: 'name' }],
      { header: false },
      'It has no header: name columns by letter.',
    ],
    ['a range without rows', [{ column: 'A' }], { range: 'S!A1:C1' }, 'range: there are no rows to sort'],
    ['a range beyond the sheet', [{ column: 'A' }], { range: 'S!A2000:C2001' }, 'range: there are no rows to sort'],
    ['an unknown sheet', [{ column: 'A' }], { range: 'Ss' }, 'Did you mean "S"?'],
    ['nothing to sort by', [], {}, 'sort_range: by: '],
    ['an order that is none', [{ column: 'A', order: 'up' }], {}, 'sort_range: by[0].order: '],
  ])('refuses %s', async (_, by, more, words) => {
    const { refuse, names } = await open();
    expect(await refuse(by, more)).toContain(words);
    expect(await names()).toEqual(['name', 'cab', 'Abe', 'bee', '']);
  });
});

describe('undone', () => {
  test('everything stands where it stood, with its formula, format and note', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([
      ['n', 'm'],
      [3, 'c'],
      [1, 'a'],
      [2, 'b'],
    ]);
    const cell = {
      note: 'mine',
      userEnteredFormat: { textFormat: { bold: true } },
      userEnteredValue: { formulaValue: '=A2*2' },
    };
    const start = { sheetId: 7, rowIndex: 1, columnIndex: 2 };
    await elsewhere(world, id, { updateCells: { start, rows: [{ values: [cell] }], fields: '*' } });
    const fields = 'sheets.data.rowData.values(userEnteredValue,userEnteredFormat,note)';
    const cells = async () => (await world.direct(`/${id}?fields=${fields}&ranges=S!A1:C4`)).body;
    const before = await cells();
    const sorted = await done(app, 'sort_range', { spreadsheet: id, range: 'S', by: [{ column: 'n' }] });
    expect(await world.rows(id)).toEqual([
      ['n', 'm'],
      [1, 'a'],
      [2, 'b'],
      [3, 'c', 6],
    ]);
    const undone = await done(app, 'undo_write', { writeId: sorted.writeId });
    expect(undone).toMatchObject({ status: 'applied', ranges: ["'S'!A2:Z4"] });
    expect(await cells()).toEqual(before);
    // And the undoing, too.
    await done(app, 'undo_write', { writeId: undone.writeId });
    expect(await world.rows(id)).toEqual([
      ['n', 'm'],
      [1, 'a'],
      [2, 'b'],
      [3, 'c', 6],
    ]);
  });

  test('is refused when a cell has changed since', async () => {
    const { app, id, sort } = await open();
    const { writeId: sorted } = await sort([{ column: 'name' }]);
    await done(app, 'write_range', { spreadsheet: id, writes: [{ range: 'S!C3', values: [[99]] }] });
    expect(await refused(app, 'undo_write', { writeId: sorted })).toContain(
      'conflict: Cells have changed since that write: S!C3.',
    );
  });

  test('by force only when the reply was lost, since others may have written to the cells meanwhile', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([['n'], [2], [1]]);
    losesReply(world);
    const input = { spreadsheet: id, range: 'S', by: [{ column: 'n' }] };
    const answer = await world.until(app.run('sort_range', input));
    expect(answer).toEqual({ status: 'applied', range: "'S'!A2:Z1000", writeId });
    expect(await world.rows(id)).toEqual([['n'], [1], [2]]);
    world.onWire();
    const undo = (more: object = {}) => world.until(app.run('undo_write', { writeId: answer.writeId, ...more }));
    expect((await failureOf(undo())).code).toBe('conflict');
    await undo({ force: true });
    expect(await world.rows(id)).toEqual([['n'], [2], [1]]);
  });

  test('not when the cells are too many, which is said', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([['n'], [2], [1]]);
    await done(app, 'update_sheet', { spreadsheet: id, sheet: 'S', rows: 30_000 });
    const answer = await done(app, 'sort_range', { spreadsheet: id, range: 'S', by: [{ column: 'n' }] });
    expect(answer.warnings).toEqual([expect.stringContaining('undo_write cannot undo this')]);
    expect(await world.rows(id)).toEqual([['n'], [1], [2]]);
  });
});

test('a sheet of another name by now is sorted under its new one, or not at all', async () => {
  const world = await createWorld();
  const app = await startApp(world);
  const id = await world.book([['n'], [2], [1]]);
  await namesInMemory(app, id);
  await elsewhere(world, id, { updateSheetProperties: { properties: { sheetId: 7, title: 'New' }, fields: 'title' } });
  const input = { spreadsheet: id, range: 'S!A1:A3', by: [{ column: 'n' }] };
  expect(await refused(app, 'sort_range', input)).toContain('There is no sheet "S".');
  await elsewhere(world, id, { addSheet: { properties: { sheetId: 8, title: 'S' } } });
  expect(await done(app, 'sort_range', { ...input, range: 'New' })).toMatchObject({ range: "'New'!A2:Z1000" });
});
