// What upserting does to a sheet, through the front door: found rows are updated, others appended, all or none.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

type App = Awaited<ReturnType<typeof testApp>>;
type Cell = string | number | boolean | null;
type Given = Record<string, Cell | { formula: string }>;

async function book(app: App, rows: unknown[][]): Promise<string> {
  const { status, body } = await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title: 'S', rows }] });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.id;
}

async function rows(app: App, id: string, render = 'unformatted'): Promise<unknown[][]> {
  const input = { spreadsheet: id, ranges: ['S'], render, fresh: true };
  return (await app.rest('read_range', input)).body.ranges[0].rows;
}

async function upsert(app: App, id: string, given: Given[], key = ['id']) {
  const { status, body } = await app.rest('upsert_rows', { spreadsheet: id, sheet: 'S', key, rows: given });
  const { writeId: _, ...answer } = body;
  return status === 200 ? answer : `${status} ${body.code} ${body.detail}`;
}

test('given columns of found rows are written, null leaves alone, "" clears, other rows are appended in order', async () => {
  const app = await testApp();
  const id = await book(app, [
    ['Guests'],
    [],
    [null, 'id', 'name', 'n', 'note'],
    [null, 1, 'a', 10, 'x'],
    [null, 2, 'b', 20, 'y'],
    [null, 3, 'c', 30, 'z'],
  ]);
  const answer = await upsert(app, id, [
    { id: 4, note: 'new', n: null },
    { note: '', id: 3, name: null, n: 31 },
    { id: 1, name: { formula: '=1' } },
    { n: 50, id: 5 },
  ]);
  expect(answer).toEqual({ status: 'applied', updated: 2, appended: 2, appendedRange: "'S'!B7:E8" });
  expect(await rows(app, id, 'formula')).toEqual([
    ['Guests'],
    [],
    ['', 'id', 'name', 'n', 'note'],
    ['', 1, '=1', 10, 'x'],
    ['', 2, 'b', 20, 'y'],
    ['', 3, 'c', 31],
    ['', 4, '', '', 'new'],
    ['', 5, '', 50],
  ]);
  expect(await upsert(app, id, [{ id: 5, n: 51 }])).toEqual({ status: 'applied', updated: 1, appended: 0 });
});

test('the same again changes nothing more', async () => {
  const app = await testApp();
  const id = await book(app, [
    ['id', 'day'],
    ['k', 1],
  ]);
  const given = [
    { id: 'k', day: '2026-01-02' },
    { id: '2026-01-02', day: 'x' },
    { id: true, day: 5 },
  ];
  expect(await upsert(app, id, given)).toEqual({
    status: 'applied',
    updated: 1,
    appended: 2,
    appendedRange: "'S'!A3:B4",
  });
  const after = await rows(app, id);
  expect(await upsert(app, id, given)).toEqual({ status: 'applied', updated: 3, appended: 0 });
  expect(await rows(app, id)).toEqual(after);
});

test('rows of which nothing is to be written are left unchanged, and no write is sent', async () => {
  const app = await testApp();
  const id = await book(app, [
    ['id', 'n'],
    ['a', 1],
    ['b', 2],
  ]);
  const before = app.lines.length;
  expect(await upsert(app, id, [{ id: 'a' }, { id: 'b', n: null }])).toEqual({
    status: 'unchanged',
    updated: 0,
    appended: 0,
  });
  expect(app.lines.slice(before).join('')).not.toContain('"method":"spreadsheets.batchUpdate"');
});

test('a cell of the key stays as it is: its kind, its format, its formula', async () => {
  const app = await testApp();
  const id = await book(app, [
    ['id', 'n'],
    ['7', 1],
    [0.5, 2],
    [{ formula: '=1' }, 3],
  ]);
  const writes = [{ range: 'S!A3', values: [['50%']] }];
  await app.rest('write_range', { spreadsheet: id, writes, input: 'user_entered' });
  expect(
    await upsert(app, id, [
      { id: 7, n: 10 },
      { id: '50%', n: 20 },
      { id: 1, n: 30 },
    ]),
  ).toMatchObject({ updated: 3 });
  expect(await rows(app, id, 'formula')).toEqual([
    ['id', 'n'],
    ['7', 10],
    [0.5, 20],
    ['=1', 30],
  ]);
});

test('dates keep the format of a cell that shows dates, and get one where it does not; new rows take that of the column', async () => {
  const app = await testApp();
  const id = await book(app, [['id', 'day', 'share']]);
  const typed = [
    ['a', '21 Nov 2026', '12.50%'],
    ['b', '5', '7%'],
  ];
  await app.rest('write_range', { spreadsheet: id, writes: [{ range: 'S!A2', values: typed }], input: 'user_entered' });
  const given = [
    { id: 'a', day: '2026-12-24', share: 0.25 },
    { id: 'b', day: '2026-12-25' },
    { id: 'c', day: '2026-12-26', share: 0.5 },
  ];
  expect(await upsert(app, id, given)).toMatchObject({ updated: 2, appended: 1 });
  expect((await rows(app, id, 'formatted')).slice(1)).toEqual([
    ['a', '24 Dec 2026', '25.00%'],
    ['b', '12/25/2026', '7%'],
    ['c', '12/26/2026', '50%'],
  ]);
});

test('a header in the last row of a sheet has no rows below it yet', async () => {
  const app = await testApp();
  const id = await book(app, [['id', 'n']]);
  const { body } = await app.rest('describe_spreadsheet', { spreadsheet: id });
  expect(body.sheets[0].rows).toBeGreaterThan(1);
  expect(await upsert(app, id, [{ id: 1, n: 2 }])).toEqual({
    status: 'applied',
    updated: 0,
    appended: 1,
    appendedRange: "'S'!A2:B2",
  });
});

describe('a refusal names what to correct, and nothing is written', () => {
  const SHEET = [
    ['id', 'name', 'id'],
    [1, 'a', 'x'],
    [2, 'b', 'y'],
    [1, 'c', 'z'],
  ];

  test.each<[string, Given[], string[], string]>([
    [
      'a key that stands twice',
      [{ id: 2, name: 'new' }, { id: 1 }],
      ['id'],
      '409 conflict rows[1]: the key 1 stands in several rows of S: 2, 4. Nothing was written.',
    ],
    [
      'a row without its key',
      [{ id: 3 }, { name: 'x' }],
      ['id'],
      '400 invalid_argument rows[1] has no value for the key column "id".',
    ],
    ['a blank key', [{ id: '' }], ['id'], '400 invalid_argument rows[0] has no value for the key column "id".'],
    [
      'half a key',
      [{ id: 1, name: null }],
      ['id', 'name'],
      '400 invalid_argument rows[0] has no value for the key column "name".',
    ],
    [
      'a formula as key',
      [{ id: { formula: '=1' } }],
      ['id'],
      '400 invalid_argument rows[0] has a formula for the key column "id".',
    ],
    [
      'one key twice',
      [{ id: 5 }, { id: 6 }, { id: '5' }],
      ['id'],
      '400 invalid_argument rows[2] has the same key as rows[0].',
    ],
    [
      'an unknown column',
      [{ id: 5, age: 1 }],
      ['id'],
      '400 invalid_argument rows[0] names a column "age" that does not exist.',
    ],
    [
      'an unknown key column',
      [{ id: 5 }],
      ['id', 'age'],
      '400 invalid_argument key names a column "age" that does not exist.',
    ],
    ['a key column twice', [{ id: 5 }], ['id', 'id'], '400 invalid_argument key names the column "id" twice.'],
  ])('%s', async (_, given, key, refusal) => {
    const app = await testApp();
    const id = await book(app, SHEET);
    expect(await upsert(app, id, given, key)).toBe(refusal);
    expect(await rows(app, id)).toEqual(SHEET);
  });

  test('no header, no rows, no key, a row that is an array', async () => {
    const app = await testApp();
    const id = await book(app, [
      [1, 2],
      [3, 4],
    ]);
    expect(await upsert(app, id, [{ id: 1 }])).toMatch(
      /^400 invalid_argument S has no header row in its first 20 rows/,
    );
    expect(await upsert(app, id, [])).toMatch(/^400 invalid_argument upsert_rows: rows: /);
    expect(await upsert(app, id, [{ id: 1 }], [])).toMatch(/^400 invalid_argument upsert_rows: key: /);
    expect(await upsert(app, id, [{ id: 1 }], ['a', 'b', 'c', 'd', 'e', 'f'])).toMatch(/^413|^400/);
    const input = { spreadsheet: id, sheet: 'S', key: ['id'], rows: [[1, 2]] };
    expect((await app.rest('upsert_rows', input)).body.code).toBe('invalid_argument');
  });
});

test('the key may be of several columns, of which a blank one is no match', async () => {
  const app = await testApp();
  const id = await book(app, [
    ['who', 'day', 'n'],
    ['a', '2026-01-01', 1],
    ['a', '2026-01-02', 2],
    ['b', null, 3],
  ]);
  const given = [
    { who: 'a', day: '2026-01-02', n: 20 },
    { who: 'b', day: '2026-01-01', n: 30 },
  ];
  expect(await upsert(app, id, given, ['who', 'day'])).toEqual({
    status: 'applied',
    updated: 1,
    appended: 1,
    appendedRange: "'S'!A5:C5",
  });
  expect((await rows(app, id)).map(([, , n]) => n)).toEqual(['n', 1, 20, 3, 30]);
});

describe('calls at once', () => {
  test('that upsert one new key end as one row, and none is lost', async () => {
    const app = await testApp();
    const id = await book(app, [['id', 'a', 'b', 'c']]);
    const names = ['a', 'b', 'c'];
    const answers = await Promise.all(names.map((name, n) => upsert(app, id, [{ id: 'k', [name]: n }])));
    expect(answers.map(({ appended }) => appended).toSorted()).toEqual([0, 0, 1]);
    expect(await rows(app, id)).toEqual([
      ['id', 'a', 'b', 'c'],
      ['k', 0, 1, 2],
    ]);
  });

  test('are done in the order in which they came, whatever they read first', async () => {
    const app = await testApp();
    const id = await book(app, [
      ['id', 'n'],
      ['old', 0],
    ]);
    const write = (expected: Cell) => ({
      spreadsheet: id,
      writes: [{ range: 'S!B2', values: [['written']] }],
      expect: [{ range: 'S!B2', values: [[expected]] }],
    });
    const [appended, upserted, first, second, last] = await Promise.all([
      app.rest('append_rows', { spreadsheet: id, sheet: 'S', rows: [['k', 1]] }),
      upsert(app, id, [
        { id: 'k', n: 2 },
        { id: 'old', n: 5 },
      ]),
      app.rest('write_range', write(0)),
      app.rest('write_range', write(5)),
      app.rest('append_rows', { spreadsheet: id, sheet: 'S', rows: [['l', 3]] }),
    ]);
    expect(appended.body).toMatchObject({ updatedRange: "'S'!A3:B3" });
    expect(upserted).toEqual({ status: 'applied', updated: 2, appended: 0 });
    expect(first.body).toMatchObject({
      code: 'precondition_failed',
      detail: expect.stringContaining('holds 5, expected 0'),
    });
    expect(second.body).toMatchObject({ status: 'applied', overwritten: 1 });
    expect(last.body).toMatchObject({ updatedRange: "'S'!A4:B4" });
    expect(await rows(app, id)).toEqual([
      ['id', 'n'],
      ['old', 'written'],
      ['k', 2],
      ['l', 3],
    ]);
  });
});

/** The sheet after an upsert, worked out cell by cell; the refusal's code where it is refused. */
function slow(sheet: Cell[][], key: string[], given: Record<string, Cell>[]): Cell[][] | string {
  const [header = []] = sheet;
  const after = sheet.map((row) => [...row]);
  const text = (one: Cell | undefined) => (typeof one === 'boolean' ? String(one).toUpperCase() : String(one));
  const keyOf = (row: Record<string, Cell>) => key.map((name) => row[name] ?? '');
  if (given.some((row) => keyOf(row).includes(''))) return 'invalid_argument';
  const known = given.map(keyOf);
  if (known.some((one, at) => known.some((other, to) => to < at && one.every((v, n) => text(v) === text(other[n]))))) {
    return 'invalid_argument';
  }
  const places: (number | undefined)[] = [];
  for (const row of given) {
    const test = (equal: (a: Cell, b: Cell) => boolean) =>
      sheet.flatMap((line, at) =>
        at > 0 && key.every((name) => equal(row[name] ?? '', line[header.indexOf(name)] ?? '')) ? [at] : [],
      );
    const exact = test((a, b) => a === b);
    const found = exact.length > 0 ? exact : test((a, b) => text(a) === text(b));
    if (found.length > 1) return 'conflict';
    if (found[0] !== undefined && places.includes(found[0])) return 'invalid_argument';
    places.push(found[0]);
  }
  for (const [index, row] of given.entries()) {
    const at = places[index];
    const line: Cell[] = at === undefined ? header.map(() => '') : (after[at] ?? []);
    for (const [name, value] of Object.entries(row)) {
      if (value !== null && !(at !== undefined && key.includes(name))) line[header.indexOf(name)] = value;
    }
    if (at === undefined) after.push(line);
  }
  return after;
}

test('a sheet is after an upsert what it is when worked out cell by cell', async () => {
  const app = await testApp();
  const header = ['id', 'kind', 'n', 'note'];
  const keyValue = fc.constantFrom<Cell>('a', 'b', 'c', '1', 1, 2, 3, true, 'TRUE');
  const value = fc.constantFrom<Cell>('x', '', null, 7, false);
  const line = fc.tuple(keyValue, keyValue, fc.constantFrom<Cell>('p', 5), fc.constantFrom<Cell>('q', 6));
  const record = fc.record({ id: keyValue, kind: keyValue, n: value, note: value }, { requiredKeys: ['id'] });
  const trimmed = (sheet: Cell[][]) =>
    sheet.map((row) =>
      row.slice(0, row.findLastIndex((one) => one !== '' && one !== undefined) + 1).map((one) => one ?? ''),
    );
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 6 }),
      fc.array(record, { minLength: 1, maxLength: 4 }),
      fc.constantFrom<string[]>(['id'], ['id', 'kind'], ['kind', 'id']),
      async (lines, given, key) => {
        const sheet: Cell[][] = [header, ...lines];
        const id = await book(app, sheet);
        const expected = slow(sheet, key, given);
        const answer = await upsert(app, id, given, key);
        if (typeof expected === 'string') {
          expect(String(answer).split(' ')[1]).toBe(expected);
          expect(await rows(app, id)).toEqual(trimmed(sheet));
          return;
        }
        applied++;
        expect(answer).toMatchObject({ appended: expected.length - sheet.length });
        expect(await rows(app, id)).toEqual(trimmed(expected));
      },
    ),
    { numRuns: 150 },
  );
  expect(applied).toBeGreaterThan(20);
}, 60_000);
