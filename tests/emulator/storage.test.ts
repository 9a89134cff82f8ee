import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Change } from '../../src/emulator/change.ts';
import { createBlank } from '../../src/emulator/create.ts';
import { openStore, type Store } from '../../src/emulator/store.ts';
import { cell, type Sheet } from '../../src/emulator/workbook.ts';
import { temporaryFolder } from '../support/app.ts';
import { newSpreadsheet, openBench } from './clients.ts';

const newFile = () => join(temporaryFolder(), 'workbooks.sqlite');

const TABLES = ['files', 'books', 'sheets', 'rows', 'formats', 'metadata'];

/** Everything that is on disk, once nobody owns the file. */
function dump(file: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true });
  const tables = TABLES.map((table) => db.prepare(`SELECT * FROM ${table}`).all());
  db.close();
  return tables;
}

const rowsOn = (file: string) => (dump(file) as unknown[][])[TABLES.indexOf('rows')] ?? [];

function openOne(file: string): { store: Store; sheet: Sheet } {
  const store = openStore(file, systemClock);
  const [known] = store.files.keys();
  const book = known
    ? store.book(known)
    : store.transact((change) => createBlank({ store, change, clock: systemClock }, { name: 'T' }));
  return { store, sheet: book?.sheets[0] as Sheet };
}

const row = (value: number) => [cell(value, undefined, 0, undefined)];
const numbers = (sheet: Sheet) => Array.from(sheet.rows, (each) => each?.[0]?.value);

const SIZE = 12;
const step = fc.record({
  kind: fc.constantFrom('set', 'clear', 'insert', 'delete', 'move'),
  at: fc.nat(SIZE),
  count: fc.integer({ min: 1, max: 3 }),
  to: fc.nat(SIZE + 3),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
let made = 0;

function take(change: Change, sheet: Sheet, model: (number | undefined)[], { kind, at, count, to }: Step): void {
  while (model.length < 60) model.push(undefined);
  if (kind === 'set') change.setRow(sheet, at, row((model[at] = ++made)));
  if (kind === 'clear') {
    model[at] = undefined;
    change.setRow(sheet, at, undefined);
  }
  if (kind === 'insert') {
    model.splice(at, 0, ...Array.from({ length: count }, () => undefined));
    change.insertRows(sheet, at, count);
  }
  if (kind === 'delete') {
    model.splice(at, count);
    change.deleteRows(sheet, at, count);
  }
  if (kind === 'move' && (to <= at || to >= at + count)) {
    const moved = model.splice(at, count);
    model.splice(to > at ? to - count : to, 0, ...moved);
    change.moveRows(sheet, at, count, to);
  }
}

function trimmed(model: readonly (number | undefined)[]): (number | undefined)[] {
  const end = model.findLastIndex((each) => each !== undefined);
  return model.slice(0, end + 1);
}

test('rows that come, go and move are where a plain list has them, in memory and after opening again', () => {
  const batch = fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 6 }), fails: fc.boolean() });
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 8 }), (batches) => {
      const file = newFile();
      const { store, sheet } = openOne(file);
      let model: (number | undefined)[] = [];
      for (const { steps, fails } of batches) {
        const next = model.slice();
        const work = (change: Change) => {
          for (const each of steps) take(change, sheet, next, each);
          expect(numbers(sheet)).toEqual(trimmed(next));
          if (fails) throw new Error('refused');
        };
        if (fails) expect(() => store.transact(work)).toThrow('refused');
        else {
          store.transact(work);
          model = next;
        }
        expect(numbers(sheet)).toEqual(trimmed(model));
      }
      store.close();
      expect(rowsOn(file)).toHaveLength(model.filter((each) => each !== undefined).length);
      const again = openOne(file);
      expect(numbers(again.sheet)).toEqual(trimmed(model));
      again.store.close();
    }),
    { numRuns: 60 },
  );
});

test('a row at the top of a large sheet writes no other row; many such are gathered up', () => {
  const file = newFile();
  const first = openOne(file);
  first.store.transact((change) => {
    for (let index = 0; index < 3000; index++) change.setRow(first.sheet, index, row(index));
  });
  first.store.close();
  const before = rowsOn(file);
  const second = openOne(file);
  second.store.transact((change) => {
    change.insertRows(second.sheet, 0, 1);
    change.setRow(second.sheet, 0, row(-1));
  });
  second.store.close();
  expect(rowsOn(file).slice(0, 3000)).toEqual(before);
  expect(rowsOn(file)).toHaveLength(3001);
  const third = openOne(file);
  third.store.transact((change) => {
    for (let index = 0; index < 600; index++) change.insertRows(third.sheet, 2 * index, 1);
  });
  const expected = numbers(third.sheet);
  expect(third.sheet.rowKeys?.runs.length).toBeLessThan(1000);
  third.store.close();
  const fourth = openOne(file);
  expect(numbers(fourth.sheet)).toEqual(expected);
  expect(expected.filter((each) => each !== undefined)).toEqual([-1, ...Array.from({ length: 3000 }, (_, n) => n)]);
  fourth.store.close();
});

test('a batch that fails at its end leaves every table and every value as it was', async () => {
  const file = newFile();
  const bench = openBench({ file });
  const id = await newSpreadsheet(bench, [{ properties: { title: 'A', sheetId: 0 } }]);
  await bench.sheets.spreadsheets.values.update({
    spreadsheetId: id,
    range: 'A!A1',
    valueInputOption: 'USER_ENTERED',
    requestBody: { values: [[1, '=A1+1', '=SUM(A1:A5)'], [2], [3], ['x', '=1/0']] },
  });
  const look = async () => (await bench.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text;
  const shown = await look();
  bench.emulator.close();
  const before = dump(file);
  const again = openBench({ file });
  const cells = { startRowIndex: 0, endRowIndex: 2, startColumnIndex: 0, endColumnIndex: 2 };
  const { status } = await again.call('POST', `/v4/spreadsheets/${id}:batchUpdate`, {
    requests: [
      { addSheet: { properties: { title: 'B' } } },
      { repeatCell: { range: cells, cell: { userEnteredValue: { numberValue: 9 }, note: 'n' }, fields: '*' } },
      { updateSheetProperties: { properties: { sheetId: 0, title: 'C' }, fields: 'title' } },
      { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 10 } },
      { addNamedRange: { namedRange: { name: 'spot', range: cells } } },
      {
        createDeveloperMetadata: {
          developerMetadata: { metadataKey: 'k', visibility: 'DOCUMENT', location: { sheetId: 0 } },
        },
      },
      { deleteSheet: { sheetId: 99 } },
    ],
  });
  expect(status).toBe(400);
  expect((await again.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text).toBe(shown);
  again.emulator.close();
  expect(dump(file)).toEqual(before);
});

test('only what is asked for is read: a damaged workbook harms no other', async () => {
  const file = newFile();
  const bench = openBench({ file });
  const ids: string[] = [];
  for (let count = 0; count < 100; count++) ids.push(await newSpreadsheet(bench));
  const append = { range: 'A1', valueInputOption: 'RAW', requestBody: { values: [[1]] } };
  for (const spreadsheetId of ids) await bench.sheets.spreadsheets.values.append({ spreadsheetId, ...append });
  bench.emulator.close();
  const db = new DatabaseSync(file);
  db.exec("UPDATE rows SET cells = 'no JSON' WHERE book = 50");
  db.close();
  const again = openBench({ file, onFault: () => undefined });
  const read = (id: string | undefined) => again.call('GET', `/v4/spreadsheets/${id}/values/A1`);
  expect((await again.drive.files.list({ pageSize: 1000 })).data.files).toHaveLength(100);
  expect((await read(ids[10])).body).toMatchObject({ values: [['1']] });
  expect((await read(ids[49])).status).toBe(500);
  again.emulator.close();
});

test('a file of the first schema is brought up to date', async () => {
  const file = newFile();
  const bench = openBench({ file });
  const id = await newSpreadsheet(bench, [{ properties: { title: 'A', sheetId: 5 } }]);
  const append = { range: 'A!A1', valueInputOption: 'RAW', requestBody: { values: [['old', -0.5]] } };
  await bench.sheets.spreadsheets.values.append({ spreadsheetId: id, ...append });
  const shown = (await bench.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text;
  bench.emulator.close();
  const db = new DatabaseSync(file);
  db.exec("UPDATE sheets SET json = json_extract(json, '$.properties'); PRAGMA user_version = 1");
  expect(db.prepare('SELECT json FROM sheets').get()?.json).toMatch(/^{"title":"A",/);
  db.close();
  const again = openBench({ file });
  expect((await again.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text).toBe(shown);
  again.emulator.close();
  const upgraded = new DatabaseSync(file);
  expect(upgraded.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  upgraded.close();
});
