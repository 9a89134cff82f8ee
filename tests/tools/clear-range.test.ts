// What clearing takes from cells and what it leaves, through the front door.

import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { createVerbs } from '../support/verbs.ts';

type App = Awaited<ReturnType<typeof testApp>>;

async function book(
  app: App,
  rows: unknown[][] = [
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
    ['g', 'h', 'i'],
  ],
) {
  const { body } = await app.rest('create_spreadsheet', {
    title: 'T',
    sheets: [{ title: 'S', rows }, { title: "It's" }],
  });
  return body.id;
}

async function rows(app: App, id: string, range = 'S'): Promise<unknown[][]> {
  return (await app.rest('read_range', { spreadsheet: id, ranges: [range] })).body.ranges[0].rows;
}

test('every range is cleared, whatever it is named by, and the answer names it in full', async () => {
  const app = await testApp();
  const id = await book(app);
  const clear = (...ranges: string[]) => app.rest('clear_range', { spreadsheet: id, ranges });
  const { body } = await clear('S!B1', 'A2:B2', "'S'!C3:C");
  expect(body).toMatchObject({ status: 'applied', ranges: ["'S'!B1", "'S'!A2:B2", "'S'!C3:C"] });
  expect(await rows(app, id)).toEqual([
    ['a', '', 'c'],
    ['', '', 'f'],
    ['g', 'h'],
  ]);
  expect((await clear('S!A:A')).body).toMatchObject({ ranges: ["'S'!A:A"] });
  expect(await rows(app, id)).toEqual([
    ['', '', 'c'],
    ['', '', 'f'],
    ['', 'h'],
  ]);
  await app.rest('write_range', { spreadsheet: id, writes: [{ range: "It's", values: [['kept']] }] });
  expect((await clear('S')).body).toMatchObject({ ranges: ["'S'"] });
  expect(await rows(app, id)).toEqual([]);
  expect(await rows(app, id, "It's")).toEqual([['kept']]);
});

test('a range that is not there is refused, and nothing is cleared', async () => {
  const app = await testApp();
  const id = await book(app);
  const clear = async (...ranges: string[]) => (await app.rest('clear_range', { spreadsheet: id, ranges })).body;
  expect(await clear('S!A1', 'Nowhere')).toMatchObject({ code: 'not_found' });
  expect(await clear('S!A1', 'S!A5000:B5001')).toMatchObject({ code: 'invalid_argument' });
  expect(await clear()).toMatchObject({ code: 'invalid_argument' });
  expect(await rows(app, id)).toHaveLength(3);
});

test('a named range is cleared and written where it is now, though its place was known before', async () => {
  const memory = new Map<string, Promise<unknown>>();
  const { book, update, sheets, writing } = createVerbs((next) => async (call, signal) => {
    if (call.kind === 'write' || call.live) return next(call, signal);
    memory.set(call.key, memory.get(call.key) ?? next(call, signal));
    return memory.get(call.key);
  });
  const id = await book([['a'], ['b'], ['c'], ['d']]);
  const { sheets: described } = await sheets.describe(id, []);
  const named = (startRowIndex: number) => ({
    namedRangeId: 'n',
    name: 'Mine',
    range: {
      sheetId: described[0]?.sheetId,
      startRowIndex,
      endRowIndex: startRowIndex + 1,
      startColumnIndex: 0,
      endColumnIndex: 1,
    },
  });
  await update(id, { addNamedRange: { namedRange: named(0) } });
  expect((await sheets.read(id, ['Mine'], 'formatted'))[0]?.range).toBe('S!A1');
  await update(id, { deleteNamedRange: { namedRangeId: 'n' } }, { addNamedRange: { namedRange: named(2) } });
  expect((await sheets.read(id, ['Mine'], 'formatted'))[0]?.range).toBe('S!A1');
  expect((await writing(id, ({ clear }) => clear(id, ['mine'], 'values'))).ranges).toEqual(["'S'!A3"]);
  const write = { range: 'Mine', values: [['new']] };
  const expected = { range: 'Mine', values: [['']] };
  expect((await writing(id, (verbs) => verbs.write(id, [write], 'typed', [expected]))).ranges).toEqual(["'S'!A3"]);
});

/** A cell with all there is to clear, and what is left of it and of its neighbour. */
async function cleared(what: 'values' | 'formats' | 'notes' | 'validation' | 'all') {
  const { book, update, writing, emulator, foreseen } = createVerbs();
  const id = await book([['a', 'b']]);
  const read = async () => {
    const fields =
      'sheets(properties.sheetId,data.rowData.values(userEnteredValue,userEnteredFormat,note,dataValidation))';
    const reply = await emulator.fetch(
      new Request(`http://emulator/v4/spreadsheets/${id}?fields=${fields}&ranges=S!A1:B1`),
    );
    const [sheet] = (await reply.json()).sheets;
    const [first = {}, second = {}] = sheet.data[0].rowData?.[0].values ?? [];
    return { sheetId: sheet.properties.sheetId, cells: [first, second].map((cell) => Object.keys(cell).sort()) };
  };
  const { sheetId } = await read();
  const cell = {
    userEnteredValue: { stringValue: 'x' },
    userEnteredFormat: { textFormat: { bold: true } },
    note: 'n',
    dataValidation: { condition: { type: 'BOOLEAN' } },
  };
  const start = { sheetId, rowIndex: 0, columnIndex: 0 };
  await update(id, { updateCells: { start, fields: '*', rows: [{ values: [cell, cell] }] } });
  const full = (await read()).cells[1];
  const answer = await writing(id, ({ clear }) => clear(id, ['S!A1'], what));
  expect(foreseen).toEqual([answer]);
  const [left, neighbour] = (await read()).cells;
  expect(neighbour).toEqual(full);
  return left;
}

test.each([
  ['values', ['dataValidation', 'note', 'userEnteredFormat']],
  ['formats', ['dataValidation', 'note', 'userEnteredValue']],
  ['notes', ['dataValidation', 'userEnteredFormat', 'userEnteredValue']],
  ['validation', ['note', 'userEnteredFormat', 'userEnteredValue']],
  ['all', []],
] as const)('clearing %s leaves %j', async (what, left) => {
  expect(await cleared(what)).toEqual(left);
});
